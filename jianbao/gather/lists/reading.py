"""A source's list or feed to entries. Pure: the page is there already."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urldefrag
from zoneinfo import ZoneInfo

from jianbao.candidates import Entry
from jianbao.gather.lists.feed import read_feed
from jianbao.gather.lists.lines import Line, Reading, Taken, Written, absolute
from jianbao.gather.lists.listing import address_of_list, read_listing
from jianbao.gather.lists.words import one_line, without_markup
from jianbao.gather.texts.written_dates import read_date
from jianbao.gather.web.charset import decode_page
from jianbao.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from jianbao.candidates import Page
    from jianbao.records import Source


#: Of bytes: ten times the longest list of a ministry, and some seconds of feedparser.
MOST_BYTES = 5 * 1024 * 1024
#: Where a list has whole numbers for moments: seconds, and thousandths, since 1970.
_SINCE_1970 = re.compile(r"([0-9]{10})(?:[0-9]{3})?")


def read_entries(source: Source, page: Page) -> Reading:
    """What ``page``, one of the ``lists`` of ``source`` or what it led to, has to offer.

    Nothing in a page can make it fail: what is no list gives no lines and a problem.
    """
    if source.kind is Kind.MANUAL:
        return Reading(problems=("这个来源由人工查阅，不采集",))
    if len(page.body) > MOST_BYTES:
        return Reading(problems=(f"超过 {MOST_BYTES // 1024 // 1024} MB，不读",))
    text, is_feed = _text(source, page), source.kind is Kind.FEED
    follow = "" if is_feed else address_of_list(source.listing, text, page.url)
    if follow:
        return Reading(follow=follow)
    taken = read_feed(text, page.url) if is_feed else read_listing(source.listing, text, page.url)
    problems = taken.problems or ("列表是空的",) * (not taken.lines)
    lines = tuple(_lines(source, page, taken))
    return Reading(lines=lines, problems=problems, took=(("item", taken.items), *_took(lines)))


def _text(source: Source, page: Page) -> str:
    """In the encoding that the source names, else as it is declared."""
    if source.encoding:
        return page.body.decode(source.encoding, errors="replace")
    return decode_page(page.body, page.content_type)


def _lines(source: Source, page: Page, taken: Taken) -> Iterator[Line]:
    seen: set[str] = set()
    for written in taken.lines:
        line = _line(source, written, taken.base or page.url, page.fetched)
        if line.entry is None or line.entry.url not in seen:
            yield line
        if line.entry is not None:
            seen.add(line.entry.url)


def _took(lines: tuple[Line, ...]) -> Iterator[tuple[str, int]]:
    entries = [line.entry for line in lines if line.entry]
    yield "title", sum(bool(line.written.title.strip()) for line in lines)
    yield "link", len(entries)
    yield "date", sum(entry.published is not None for entry in entries)


def _line(source: Source, written: Written, base: str, fetched: datetime) -> Line:
    title, url = without_markup(written.title), absolute(written.link, base)
    if not title or not url:
        problem = f"链接不是网址：{one_line(written.link) or '（空）'}" if title else "没有标题"
        return Line(written=written, problem=problem)
    if urldefrag(url).url == urldefrag(base).url:
        return Line(written=written, problem="链接指向列表自己")
    zone = ZoneInfo(source.timezone)
    published = _published(written, url, fetched.astimezone(zone), zone)
    summary = without_markup(written.summary)
    entry = Entry(url=url, title=title, published=published, summary=summary)
    return Line(
        written=written,
        entry=entry,
        problem="" if published else f"日期读不出：{one_line(written.date) or '（空）'}",
        is_wanted=_wants(source, title),
    )


def _published(
    written: Written, url: str, fetched: datetime, zone: ZoneInfo
) -> datetime | date | None:
    """What the list says, else what the address does; a moment in the source's own zone."""
    number = _SINCE_1970.fullmatch(written.date.strip())
    if number:
        return datetime.fromtimestamp(int(number[1]), zone)
    found = read_date(written.date, fetched, zone) or read_date(url, fetched, zone)
    return found.astimezone(zone) if isinstance(found, datetime) else found


def _wants(source: Source, title: str) -> bool:
    is_included = not source.include or any(word in title for word in source.include)
    return is_included and not any(word in title for word in source.exclude)
