"""What is read out of pages: each of ``cases/pages`` is synthetic, with what it should give.

A case has a page and its address, its content type where the server names one, and the fields,
each with where it was found and how sure it is, above the Markdown of its text.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from case_files import Case, read_case

from jianbao.candidates import Page
from jianbao.gather.texts.extract import Extract, extract
from jianbao.gather.texts.markdown import to_markdown
from jianbao.gather.texts.written_dates import BEIJING
from jianbao.gather.web.charset import decode_page

FILES = sorted((Path(__file__).parent / "cases" / "pages").glob("*.txt"))
NOW = datetime(2025, 2, 10, 15, tzinfo=BEIJING)
FIELDS = ("title", "published", "source", "author", "column", "original")


def page_of(case: Case) -> Page:
    """The page of ``case``."""
    ((name, body),) = ((n, b) for n, b in case.files.items() if n.startswith("page "))
    content_type = case.files.get("content-type") or b""
    assert isinstance(body, bytes)
    assert isinstance(content_type, bytes)
    return Page(
        url=name.removeprefix("page "),
        content_type=content_type.decode().strip(),
        body=body,
        fetched=NOW,
    )


def shown(said: Extract) -> str:
    """``said`` as cases write it."""
    told = {name: getattr(said, name) for name in FIELDS}
    lines = [f"{n}: {one.value} [{one.origin}, {one.sureness}]" for n, one in told.items() if one]
    lines += [f"remark: {remark}" for remark in said.remarks]
    if said.content is None:
        return "\n".join([*lines, ""])
    written = to_markdown(said.content.value)
    lines += [f"attachment: {one.name} {one.address}" for one in said.attachments]
    lines += [f"content: [{said.content.origin}, {said.content.sureness}]", "", written.markdown]
    return "\n".join(lines)


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_page_gives(file: Path) -> None:
    case = read_case(file)

    assert shown(extract(page_of(case), None, NOW)) == case.expected, case.sentence


@pytest.mark.parametrize("page", ["", " ", "\x00", "<", "<!-- -->", "<html>", "文字" * 30])
def test_what_is_no_page_gives_no_trouble(page: str) -> None:
    body = page.encode()
    said = extract(Page(url="", content_type="", body=body, fetched=NOW), None, NOW)

    assert said.published is None


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("数据".encode(), "", "数据"),
        (b"\xef\xbb\xbf" + "数据".encode(), "", "数据"),
        ("数据".encode("gbk"), "", "数据"),
        ("数据".encode("gbk"), "text/html; charset=GB2312", "数据"),
        ("镕".encode("gb18030"), "text/html; charset=gb2312", "镕"),
        (b'<meta charset="gbk">' + "数据".encode("gbk"), "", '<meta charset="gbk">数据'),
        (b'<meta charset="gbk">' + "数据".encode(), "", '<meta charset="gbk">数据'),
        ("数据".encode("gbk"), "text/html; charset=utf-8", "数据"),
        ("數據".encode("big5"), "text/html; charset=big5", "數據"),
        ("数据".encode("gbk"), "text/html; charset=nonsense", "数据"),
        ("数据".encode()[:-1], "", "数"),
        (("数据" * 20).encode() + b"\xe6<p>", "", "数据" * 20 + "\ufffd<p>"),
    ],
)
def test_bytes_are_read_as_what_they_are(body: bytes, content_type: str, text: str) -> None:
    assert decode_page(body, content_type) == text
