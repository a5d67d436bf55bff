"""Feeds of every kind: ``cases/feeds`` has them as text, with the entries that they give.

All are synthetic. A case has the feed, where it matters its address and the type that the
server names, and a line for each entry, in the form of `list_pages.shown`. Bombs that are too
large to lie in a file are made here.
"""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser
import pytest
from case_files import read_case
from list_pages import FETCHED, make_page, make_source, shown

from jianbao.candidates import Page
from jianbao.gather.lists.reading import MOST_BYTES, read_entries
from jianbao.gather.lists.words import without_markup
from jianbao.records import Kind

if TYPE_CHECKING:
    from case_files import Case

FILES = sorted((Path(__file__).parent / "cases" / "feeds").glob("*.txt"))
CASES = {file.stem: read_case(file) for file in FILES}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())

FEED = make_source(Kind.FEED)

#: Where feedparser gives something else, and why ours is right.
OTHERWISE = {
    "json-": "version 6 reads no JSON Feed",
    "hostile-wrapped-json": "likewise",
    "encoding-gbk-is-utf8": "it believes the XML, though the bytes are UTF-8",
    "encoding-cut": "of UTF-8 that is cut inside a character it makes Windows-1252",
}

#: Seconds that no feed may take on a slow machine; each of these takes up to four.
PATIENCE = 40
ITEM = "<item><title>数据</title><link>https://a.example.cn/1.html</link></item>"
BOMBS = {
    "elements inside one another": "<rss version='2.0'><channel>" + ITEM + "<a>" * 200_000,
    "items inside one another": "<rss version='2.0'><channel>" + "<item><title>x" * 50_000,
    "a namespace each": ITEM + "".join(f'<x{n}:a xmlns:x{n}="urn:{n}"/>' for n in range(20_000)),
    "a long entity many times": f'<!DOCTYPE rss [<!ENTITY a "{"x" * 99_999}">]><rss>{"&a;" * 999}',
    "ampersands": "<rss><channel><item><title>" + "&" * 4_000_000,
    "angle brackets": "<rss><channel><item><title>" + "<" * 1_000_000,
    "comments": "<rss><channel>" + ITEM + "<!--" * 1_000_000,
    "declarations": "<!DOCTYPE " * 400_000,
    "lists of JSON": '{"version": "https://jsonfeed.org/version/1", "items":' + "[" * 2_000_000,
    "nothing": "\0" * 4_000_000,
}


def page_of(case: Case) -> Page:
    """The feed as a server would send it."""
    texts = {name: content for name, content in case.files.items() if isinstance(content, bytes)}
    return Page(
        url=texts.get("address", b"https://a.example.cn/feed.xml").decode().strip(),
        content_type=texts.get("type", b"").decode().strip(),
        body=texts["feed"],
        fetched=FETCHED,
    )


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 120
    assert all("(synthetic)" in case.sentence for case in CASES.values())


@every_case
def test_a_feed_gives(case: Case) -> None:
    assert shown(read_entries(FEED, page_of(case))) == case.expected, case.sentence


@pytest.mark.parametrize("name", [name for name in CASES if not name.startswith((*OTHERWISE,))])
def test_titles_and_addresses_are_those_of_feedparser(name: str) -> None:
    page = page_of(CASES[name])
    headers = {"content-type": page.content_type, "content-location": page.url}
    theirs = feedparser.parse(io.BytesIO(page.body), response_headers=headers).entries

    ours = [(line.written.title, line.written.link) for line in read_entries(FEED, page).lines]

    repeats = 1 if name == "entries-same-link" else 0
    assert len(theirs) == len(ours) + repeats
    for entry, (title, link) in zip(theirs, ours, strict=False):
        assert without_markup(entry.get("title", "")) == without_markup(title)
        assert entry.get("link", "") == link


def test_no_entity_opens_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", "utf-8")
    for declared in (f'SYSTEM "{secret.as_uri()}"', f'PUBLIC "x" "{secret}"'):
        feed = (
            f"<!DOCTYPE rss [<!ENTITY x {declared}><!ENTITY % p {declared}> %p;]>"
            f"<rss version='2.0'><channel>{ITEM.replace('数据', '数据&x;')}</channel></rss>"
        )

        reading = read_entries(FEED, make_page(feed))

        assert [entry.title for entry in reading.entries] == ["数据&x;"]
    assert read_entries(FEED, make_page(str(secret))).entries == ()


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_no_feed_hangs(bomb: str) -> None:
    began = time.monotonic()

    reading = read_entries(FEED, make_page(bomb.encode()[:MOST_BYTES]))

    assert time.monotonic() - began < PATIENCE
    assert all(len(entry.title) <= 500 for entry in reading.entries)


def test_a_feed_without_end_is_not_begun() -> None:
    reading = read_entries(FEED, make_page(b"<rss>" + b" " * MOST_BYTES))

    assert shown(reading) == "! 超过 5 MB，不读\n"


def test_of_a_feed_that_is_too_long_the_beginning_is_read() -> None:
    item = "<item><title>数据</title><link>https://a.example.cn/{}.html</link></item>"
    items = "".join(item.format(number) for number in range(15_000))

    reading = read_entries(FEED, make_page(f"<rss version='2.0'><channel>{items}</channel></rss>"))

    assert reading.problems == ("太长，只读了开头",)
    assert len(reading.entries) == 2000
    assert reading.entries[-1].url == "https://a.example.cn/1999.html"
