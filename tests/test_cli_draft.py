"""``jianbao draft``, ``import`` and ``verify`` as whole commands."""

from __future__ import annotations

import base64
import io
import socket
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from web_server import Page, serve
from workspaces import (
    CONFIGURATION,
    ISSUE,
    ITEM,
    PUBLICATION,
    Ran,
    contents,
    item_text,
    make_workspace,
)

from jianbao.candidates import Entry
from jianbao.choosing import open_inbox
from jianbao.gather.poll import Outcome, Poll, SourceState
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Jianbao = Callable[..., Ran]

URL = "https://www.nda.gov.cn/sjj/zwgk/0207/20250207093000123_pc.html"
#: A name that leads to this machine.
HOST = "news.jianbao.cn"
NDA = (
    'name = "国家数据局"\nlevel = "national"\nhosts = ["www.nda.gov.cn"]\n'
    'section = "国策要论"\nkind = "manual"\n'
)
PROSE = (
    "国家数据局印发《数据指引》，到2028年建成100个标杆，涉及数据流通、数据交易和数据安全"
    "等方面的工作，各地要抓好落实。"
)
#: 合成样例, like every page of the tests.
PAGE = (
    '<html><head><meta name="ArticleTitle" content="数据指引">'
    '<meta name="PubDate" content="2025-02-07 09:30"><meta name="ContentSource" content="数据司">'
    f'</head><body><div class="TRS_Editor"><p>　　{PROSE}</p>'
    '<p><img src="a.png" alt="流程"></p></div></body></html>'
)
#: The smallest picture there is.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)
BODY = f"\n{PROSE}\n"


def workspace(folder: Path, **files: str | bytes) -> Path:
    """One with the registered source, and with ``files`` in it."""
    own = f'{PUBLICATION}[gather]\nprivate_hosts = ["127.0.0.1", "{HOST}"]\n'
    return make_workspace(folder, {CONFIGURATION: own, "sources/nda.toml": NDA, **files})


@pytest.fixture
def everywhere_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every name lead to this machine."""

    def resolve(_host: str, port: int, **_options: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def front(folder: Path, stem: str) -> str:
    """The item, without the day on which it was read."""
    text = (folder / f"issues/2025-04/{stem}.md").read_text("utf-8")
    return "".join(
        line for line in text.splitlines(keepends=True) if not line.startswith("accessed")
    )


def saved(url: str = URL) -> str:
    """``PAGE`` as Chromium saves it."""
    return f"<!-- saved from url=({len(url):04})https{url.removeprefix('https')} -->\n{PAGE}"


def test_a_saved_page_becomes_an_item_with_its_picture_and_evidence(
    jianbao: Jianbao, tmp_path: Path
) -> None:
    workspace(tmp_path, **{"p.html": saved(), "p_files/a.png": PNG})
    text = saved().replace('src="a.png"', 'src="./p_files/a.png"')
    (tmp_path / "p.html").write_text(text, "utf-8")

    ran = jianbao(tmp_path, "import", "p.html", "--issue", "2025-04", "--by", "编辑甲")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "已写成 issues/2025-04/02-nda-20250207.md\n"
        "  标题：数据指引（网页标签 ArticleTitle）\n"
        "  日期：2025-02-07（网页标签 PubDate）\n"
        "  来源：国家数据局（网页写的是数据司，网页标签 ContentSource）\n"
        f"  正文：{len(PROSE)} 字（网页上的容器 .TRS_Editor）\n"
        "  存证：evidence/2025-04/02-nda-20250207.toml\n"
        "下一步：与原文核对以后运行 jianbao check 2025-04\n"
    )
    assert front(tmp_path, "02-nda-20250207") == (
        '---\ntitle: "数据指引"\nsection: 国策要论\nsource: 国家数据局\n'
        f'url: "{URL}"\npublished: 2025-02-07\n---\n{BODY}\n'
        "![流程](02-nda-20250207-1.png)\n"
    )
    written = contents(tmp_path)
    assert written["issues/2025-04/02-nda-20250207-1.png"] == PNG
    record = written["evidence/2025-04/02-nda-20250207.toml"].decode()
    assert 'how = "saved"\ntool = "jianbao ' in record
    assert 'origins = "title: meta ArticleTitle (sure); published: meta PubDate (sure); ' in record
    assert jianbao(tmp_path, "check", "2025-04").code == 0


def test_what_is_not_known_is_left_to_the_check(jianbao: Jianbao, tmp_path: Path) -> None:
    workspace(tmp_path, **{"a.txt": f"数据指引\n\n{PROSE}\n"})

    ran = jianbao(tmp_path, "import", "a.txt", "--issue", "2025-04")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "已写成 issues/2025-04/02-item-20250211.md\n"
        "  标题：数据指引（最前面的标题，是推测的，务必核对）\n"
        f"  正文：{len(PROSE)} 字（全文）\n"
        "待填：section: 栏目\n"
        "待填：source: 发布单位\n"
        "待填：url: 原文网址；确无公开原文的，改为 no_url: 原因\n"
        "待填：published: 发布日期，例如 2025-02-10；查不到的，删去这一行\n"
        "下一步：填好以后运行 jianbao check 2025-04\n"
    )
    found = jianbao(tmp_path, "check", "2025-04", "--format", "concise").out
    for code in ("section-missing", "source-missing", "url-missing", "date-invalid"):
        assert f"error[{code}]" in found


def test_pasted_text_tells_its_source_and_address(jianbao: Jianbao, tmp_path: Path) -> None:
    pasted = f"数据指引\n{PROSE}\n（来源：国家数据局）\n原文链接：<{URL}>\n"
    workspace(tmp_path, **{"a.txt": pasted})

    ran = jianbao(tmp_path, "import", "a.txt", "--issue", "2025-04", "--name", "guide")

    assert ran.code == 0
    assert front(tmp_path, "02-guide") == (
        '---\ntitle: "数据指引"\nsection: 国策要论\nsource: 国家数据局\n'
        f'url: "{URL}"\npublished: 2025-02-07\n---\n{BODY}'
    )


def test_a_page_saved_as_one_file_brings_its_pictures(jianbao: Jianbao, tmp_path: Path) -> None:
    message = EmailMessage()
    message["Snapshot-Content-Location"] = URL
    message.set_content(PAGE.replace('"a.png"', '"cid:p@mhtml"'), subtype="html", charset="utf-8")
    message.make_related()
    message.add_related(PNG, "image", "png", cid="<p@mhtml>")
    workspace(tmp_path, **{"p.mhtml": message.as_bytes()})

    ran = jianbao(tmp_path, "import", "p.mhtml", "--issue", "2025-04")

    assert (ran.code, ran.err) == (0, "")
    assert front(tmp_path, "02-nda-20250207").endswith("![流程](02-nda-20250207-1.png)\n")
    assert (tmp_path / "issues/2025-04/02-nda-20250207-1.png").read_bytes() == PNG


def test_text_is_taken_from_standard_input(
    jianbao: Jianbao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pasted = f"数据指引\r\n\r\n{PROSE}\r\n".encode("gb18030")  # as Windows pastes it
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(pasted)))

    ran = jianbao(workspace(tmp_path), "import", "-", "--issue", "2025-04", "--url", URL)

    assert (ran.code, ran.err) == (0, "")
    assert front(tmp_path, "02-nda-20250207") == (
        '---\ntitle: "数据指引"\nsection: 国策要论\nsource: 国家数据局\n'
        f'url: "{URL}"\npublished: 2025-02-07\n---\n{BODY}'
    )


def test_a_page_of_singlefile_tells_its_address_and_has_its_pictures_inside(
    jianbao: Jianbao, tmp_path: Path
) -> None:
    head = f"<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: {URL} \n-->"
    large = PNG + bytes(2000)  # a small one beside data-src is a spacer
    inside = f"data:image/png;base64,{base64.b64encode(large).decode()}"
    page = PAGE.replace("<html>", head).replace("a.png", f'{inside}" data-src="/late.png')
    workspace(tmp_path, **{"p.html": page})

    ran = jianbao(tmp_path, "import", "p.html", "--issue", "2025-04")

    assert (ran.code, ran.err) == (0, "")
    assert f'url: "{URL}"\n' in front(tmp_path, "02-nda-20250207")
    assert (tmp_path / "issues/2025-04/02-nda-20250207-1.png").read_bytes() == large


#: 合成样例: what the platform sends, as a browser saves it.
WECHAT = (
    "<!-- saved from url=(0042)https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnO_1 -->\n"
    '<html><head><meta property="og:title" content="数据指引"></head><body>'
    '<h1 id="activity-name">数据指引</h1><a id="js_name"> 合成研究院 </a>'
    f'<div id="js_content" style="visibility: hidden"><p>{PROSE}</p>'
    '<p><img data-src="https://mmbiz.qpic.cn/a/640?wx_fmt=png" src="./p_files/640" alt="图"></p>'
    '</div><script>var ct = "1738893600";</script></body></html>'
)


def test_an_article_of_a_public_account_becomes_an_item(jianbao: Jianbao, tmp_path: Path) -> None:
    workspace(tmp_path, **{"p.html": WECHAT, "p_files/640": PNG})

    ran = jianbao(
        tmp_path, "import", "p.html", "--issue", "2025-04", "--section", "国策要论", "--name", "wx"
    )

    assert (ran.code, ran.err) == (0, "")
    assert front(tmp_path, "02-wx") == (
        '---\ntitle: "数据指引"\nsection: 国策要论\nsource: 合成研究院\n'
        'url: "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnO_1"\npublished: 2025-02-07\n---\n'
        f"{BODY}\n![图](02-wx-1.png)\n"
    )
    assert (tmp_path / "issues/2025-04/02-wx-1.png").read_bytes() == PNG


def word_file(*paragraphs: str) -> bytes:
    """A Word file of ``paragraphs`` and no more than it takes."""
    names = "http://schemas.openxmlformats.org"
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{names}/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        )
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{names}/package/2006/relationships"><Relationship Id="a" '
            f'Type="{names}/officeDocument/2006/relationships/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        file.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{names}/wordprocessingml/2006/main"><w:body>{body}</w:body>'
            "</w:document>",
        )
    return packed.getvalue()


def test_a_word_file_becomes_an_item(jianbao: Jianbao, tmp_path: Path) -> None:
    workspace(tmp_path, **{"a.docx": word_file("数据指引", "来源：国家数据局", PROSE)})

    ran = jianbao(tmp_path, "import", "a.docx", "--issue", "2025-04", "--url", URL)

    assert (ran.code, ran.err) == (0, "")
    assert front(tmp_path, "02-nda-20250207").startswith(
        '---\ntitle: "数据指引"\nsection: 国策要论\nsource: 国家数据局\n'
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99,
            "错误：这是旧的 .doc 格式，读不了\n怎么办：在 Word 或 WPS 里另存为 .docx，再导入\n",
        ),
        (
            b"%PDF-1.7",
            "错误：不能导入 PDF\n怎么办：在阅读器里复制文字，再用 jianbao import - 粘贴进来\n",
        ),
        (
            b"PK\x03\x04abc",
            "错误：Word 文件已损坏，读不出来\n怎么办：用 Word 或 WPS 打开它，另存一份\n",
        ),
        (b" \n", "错误：里面什么也没有\n怎么办：先复制文字，再粘贴；粘贴完另起一行，按 Ctrl-D\n"),
    ],
    ids=["doc", "pdf", "broken", "blank"],
)
def test_what_cannot_be_read_says_what_to_do(
    content: bytes, message: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    before = contents(workspace(tmp_path, a=content))

    ran = jianbao(tmp_path, "import", "a", "--issue", "2025-04")

    assert (ran.code, ran.out, ran.err) == (2, "", message)
    assert contents(tmp_path) == before


def test_an_original_is_imported_once(jianbao: Jianbao, tmp_path: Path) -> None:
    workspace(tmp_path, **{ITEM: item_text(url=f"{URL}#a"), "p.html": saved()})
    before = contents(tmp_path)

    ran = jianbao(tmp_path, "import", "p.html", "--issue", "2025-04")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "错误：这一期已有这一篇：issues/2025-04/01-a.md\n怎么办：要重写的，先移走那个文件\n"
    )
    assert contents(tmp_path) == before


def keep_candidate(folder: Path, url: str) -> None:
    """Put one into the inbox."""
    now = datetime(2025, 2, 10, 9, tzinfo=UTC)
    state = SourceState(
        source="国家数据局",
        address=url,
        since=now,
        polled=now,
        outcome=Outcome.READ,
        next_due=now,
    )
    with open_inbox(Workspace(folder.resolve())) as choosing:
        choosing.inbox.record(Poll(state=state, entries=(Entry(url=url, title="数据指引"),)))


@pytest.mark.usefixtures("loopback")
def test_a_candidate_becomes_an_item(jianbao: Jianbao, tmp_path: Path) -> None:
    workspace(tmp_path)
    png = Page(PNG, headers={"Content-Type": "image/png"})
    with serve({"/a/t20250207_1.html": Page(PAGE), "/a/a.png": png}) as site:
        keep_candidate(tmp_path, site.at("/a/t20250207_1.html"))
        ran = jianbao(tmp_path, "draft", "1", "--issue", "2025-04", "--name", "guide")

    assert (ran.code, ran.out.splitlines()[0]) == (0, "已写成 issues/2025-04/02-guide.md")
    assert 'title: "数据指引"\nsection: 国策要论\nsource: 数据司\n' in front(tmp_path, "02-guide")
    assert (tmp_path / "issues/2025-04/02-guide-1.png").read_bytes() == PNG
    assert '"drafted"' in jianbao(tmp_path, "inbox", "--since", "all", "--format", "json").out


@pytest.mark.usefixtures("loopback")
def test_a_candidate_whose_item_was_removed_is_drafted_anew(
    jianbao: Jianbao, tmp_path: Path
) -> None:
    workspace(tmp_path)
    with serve({"/1.html": Page(PAGE)}) as site:
        keep_candidate(tmp_path, site.at("/1.html"))
        draft = ("draft", "1", "--issue", "2025-04", "--name", "a")
        jianbao(tmp_path, *draft)
        refused = jianbao(tmp_path, "inbox", "take", "1")
        for file in [*tmp_path.glob("issues/*/02-a*"), *tmp_path.glob("evidence/*/02-a*")]:
            file.unlink()
        taken = jianbao(tmp_path, "inbox", "take", "1")
        again = jianbao(tmp_path, *draft)

    assert refused.err == "1 没有选用：已经写成 2025-04 的稿件；不用它，先移走稿件\n"
    assert (taken.code, again.code) == (0, 0)


@pytest.mark.usefixtures("loopback")
def test_a_draft_that_nobody_worked_on_is_taken_back(jianbao: Jianbao, tmp_path: Path) -> None:
    workspace(tmp_path)
    undo = ("draft", "1", "--issue", "2025-04", "--undo")
    with serve({"/1.html": Page(PAGE), "/a.png": Page(PNG)}) as site:
        keep_candidate(tmp_path, site.at("/1.html"))
        before = {name for name in contents(tmp_path) if not name.startswith(".jianbao")}
        jianbao(tmp_path, "draft", "1", "--issue", "2025-04", "--name", "a")
        item = tmp_path / "issues/2025-04/02-a.md"
        written = item.read_text("utf-8")
        item.write_text(written + "一句。\n", "utf-8")
        changed = jianbao(tmp_path, *undo)
        item.write_text(written, "utf-8")
        taken_back = jianbao(tmp_path, *undo)
        again = jianbao(tmp_path, *undo)

    by_hand = "怎么办：确实不要的，自己删去这些文件，再运行 jianbao inbox take 编号\n"
    assert changed == Ran(2, "", f"错误：issues/2025-04/02-a.md 起草以后改过，没有动\n{by_hand}")
    assert taken_back == Ran(
        0,
        "已删去 issues/2025-04/02-a-1.png\n"
        "已删去 evidence/2025-04/02-a.warc.gz\n"
        "已删去 evidence/2025-04/02-a.txt\n"
        "已删去 evidence/2025-04/02-a.toml\n"
        "已删去 issues/2025-04/02-a.md\n"
        "1 号候选稿回到选用\n",
        "",
    )
    assert {name for name in contents(tmp_path) if not name.startswith(".jianbao")} == before
    assert '"shortlisted"' in jianbao(tmp_path, "inbox", "--since", "all", "--format", "json").out
    assert again.err.startswith("错误：2025-04 里没有 1 号候选稿的稿件\n")


@pytest.mark.usefixtures("loopback")
def test_a_page_that_does_not_come_leaves_everything_as_it_was(
    jianbao: Jianbao, tmp_path: Path
) -> None:
    workspace(tmp_path)
    with serve({"/1.html": Page("<script>go()</script>", 412)}) as site:
        url = site.at("/1.html")
        ran = jianbao(tmp_path, "import", url, "--issue", "2025-04")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"2025-04 读取 {url}…\n"
        f"错误：没有取到 {url}：网站不答复程序（HTTP 412 Precondition Failed）\n"
        "怎么办：在浏览器里打开它，另存网页，再运行 "
        f"jianbao import 文件 --issue 2025-04 --url {url}\n"
    )
    assert {ITEM, ISSUE} == {name for name in contents(tmp_path) if name.startswith("issues/2025")}


#: A registered source on this machine, but for its manners.
LOCAL = NDA.replace("www.nda.gov.cn", HOST) + "[manners]\ngap = 0\n"


@pytest.mark.usefixtures("loopback", "everywhere_is_here")
def test_a_page_of_a_source_is_asked_for_as_the_source_wants(
    jianbao: Jianbao, tmp_path: Path
) -> None:
    closed = Page("User-agent: *\nDisallow: /a/")
    with serve({"/robots.txt": closed, "/a/1.html": Page(PAGE)}) as site:
        url = site.at("/a/1.html").replace("127.0.0.1", HOST)
        workspace(tmp_path, **{"sources/nda.toml": LOCAL})
        obeyed = jianbao(tmp_path, "import", url, "--issue", "2025-04")
        asked = list(site.visits)
        reason = 'robots = "ignore"\nrobots_reason = "已征得同意"\n'
        (tmp_path / "sources/nda.toml").write_text(LOCAL + reason, "utf-8")
        allowed = jianbao(tmp_path, "import", url, "--issue", "2025-04")

    assert (obeyed.code, asked) == (2, [("GET", "/robots.txt")])
    assert "网站的 robots.txt 不许程序读这一页\n怎么办：在浏览器里打开它，另存网页" in obeyed.err
    assert allowed.code == 0


@pytest.mark.usefixtures("loopback")
def test_the_pages_and_pictures_of_a_source_come_through_its_proxy(
    jianbao: Jianbao, tmp_path: Path
) -> None:
    url = f"http://{HOST}/a/1.html"
    pages = {url: Page(PAGE), f"http://{HOST}/a/a.png": Page(PNG)}
    with serve(pages) as proxy:  # which sees whole addresses
        through = f'{LOCAL}proxy = "{proxy.address}"\n'
        workspace(tmp_path, **{"sources/nda.toml": through})
        ran = jianbao(tmp_path, "import", url, "--issue", "2025-04", "--name", "a")

    assert (ran.code, (tmp_path / "issues/2025-04/02-a-1.png").read_bytes()) == (0, PNG)


@pytest.mark.usefixtures("loopback", "everywhere_is_here")
def test_the_encoding_of_a_source_overrules_what_its_pages_declare(
    jianbao: Jianbao, tmp_path: Path
) -> None:
    prose = "數據流通規則發布，提出六項任務，要求各機關於年內訂定細則，並向公眾說明施行情形。"
    page = Page(PAGE.replace(PROSE, prose).replace("数据", "資料").encode("big5", "replace"))
    with serve({"/a/1.html": page}) as site:
        url = site.at("/a/1.html").replace("127.0.0.1", HOST)
        big5 = LOCAL.replace("[manners]", 'encoding = "big5"\n[manners]')
        workspace(tmp_path, **{"sources/nda.toml": big5})
        jianbao(tmp_path, "import", url, "--issue", "2025-04", "--name", "a")

    assert prose in front(tmp_path, "02-a")


@pytest.mark.usefixtures("loopback", "everywhere_is_here")
def test_verify_tells_what_became_of_each_page(jianbao: Jianbao, tmp_path: Path) -> None:
    pages = {f"/{name}.html": Page(PAGE.replace("数据指引", name)) for name in "abc"}
    with serve(pages) as site:
        items = {
            f"issues/2025-04/0{number}-{name}.md": item_text(
                url=site.at(f"/{name}.html").replace("127.0.0.1", HOST)
            )
            for number, name in enumerate("abc", 1)
        }
        workspace(tmp_path, **items)
        jianbao(tmp_path, "snapshot", "2025-04", "01-a", "02-b")
        pages["/a.html"] = Page(PAGE.replace("数据指引", "a").replace("100个", "120个"))
        pages["/b.html"] = Page("没有", 404)
        before = contents(tmp_path)
        ran = jianbao(tmp_path, "verify", "2025-04")

    old = PROSE.replace("数据指引", "a")
    assert ran.code == 1
    assert ran.out == (
        "01-a：已变更\n"
        f"  -{old}\n"
        f"  +{old.replace('100个', '120个')}\n"
        "02-b：已失效（HTTP 404 Not Found）\n"
        "03-c：没有存证\n"
        "没有存证的，先运行 jianbao snapshot 2025-04\n"
    )
    after = contents(tmp_path)
    assert {name for name in after if after[name] != before.get(name)} == {".jianbao/links.json"}
