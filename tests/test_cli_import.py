"""``jianbao import`` as a whole command."""

from __future__ import annotations

import base64
import io
import zipfile
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from originals import BODY, PAGE, PNG, PROSE, URL, front, saved, workspace
from workspaces import (
    ITEM,
    Ran,
    contents,
    item_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Jianbao = Callable[..., Ran]


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
