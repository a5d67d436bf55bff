"""``jianbao draft`` and ``verify`` as whole commands."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from originals import HOST, NDA, PAGE, PNG, PROSE, front, workspace
from web_server import Page, serve
from workspaces import (
    ISSUE,
    ITEM,
    Ran,
    contents,
    item_text,
)

from jianbao.candidates import Entry
from jianbao.gather.rounds.poll import Outcome, Poll, SourceState
from jianbao.newsroom.choosing import open_inbox
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Jianbao = Callable[..., Ran]


@pytest.fixture
def everywhere_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every name lead to this machine."""

    def resolve(_host: str, port: int, **_options: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


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
