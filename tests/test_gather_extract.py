"""What is read out of pages: each of ``cases/pages`` is synthetic, with what it should give.

A ``.txt`` has the title, the day and the source on a line each, empty where the page does
not say, then a blank line and the text.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from jianbao.gather.charset import decode_page

PAGES = sorted((Path(__file__).parent / "cases" / "pages").glob("*.html"))


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_a_page_gives(page: Path) -> None:
    expected = page.with_suffix(".txt").read_text("utf-8")

    assert told(page.read_bytes()) == expected


@pytest.mark.parametrize("page", ["", " ", "\x00", "<", "<!-- -->", "<html>", "文字" * 30])
def test_what_is_no_page_gives_no_trouble(page: str) -> None:
    assert told(page.encode()).startswith("\n\n\n")


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
    ],
)
def test_bytes_are_read_as_what_they_are(body: bytes, content_type: str, text: str) -> None:
    assert decode_page(body, content_type) == text
