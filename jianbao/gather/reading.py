"""A source's list or feed to entries. Pure: the page is there already."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from jianbao.candidates import Entry
from jianbao.gather.feed import read_feed
from jianbao.gather.lines import Line, Reading, Taken, Written, absolute
from jianbao.gather.listing import address_of_list, read_listing
from jianbao.gather.words import one_line, without_markup
from jianbao.gather.written_dates import read_date
from jianbao.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from jianbao.candidates import Page
    from jianbao.records import Source


def read_entries(source: Source, page: Page) -> Reading:
    """What ``page``, one of the ``lists`` of ``source`` or what it led to, has to offer.

    Nothing in a page can make it fail: what is no list gives no lines and a problem.
    """
    if source.kind is Kind.MANUAL:
        return Reading(problems=("这个来源由人工查阅，不采集",))
    follow = address_of_list(source, page) if source.kind is Kind.LISTING else ""
    if follow:
        return Reading(follow=follow)
    taken = read_feed(page) if source.kind is Kind.FEED else read_listing(source, page)
    lines = tuple(_lines(source, page, taken))
    problems = taken.problems
    if not lines and not problems:
        problems = ("列表是空的",)
    return Reading(lines=lines, problems=problems, took=taken.took)


def _lines(source: Source, page: Page, taken: Taken) -> Iterator[Line]:
    seen: set[str] = set()
    for written in taken.lines:
        line = _line(source, written, taken.base or page.url, page.fetched)
        if line.entry is None or line.entry.url not in seen:
            yield line
        if line.entry is not None:
            seen.add(line.entry.url)


def _line(source: Source, written: Written, base: str, fetched: datetime) -> Line:
    title, url = without_markup(written.title), absolute(written.link, base)
    if not title or not url:
        problem = f"链接不是网址：{written.link.strip() or '（空）'}" if title else "没有标题"
        return Line(written=written, problem=problem)
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
    """What the list says, else what the address does; a moment in the source's own zone.

    feedparser takes a time without a zone for one of Greenwich, so our own reader comes first.
    """
    found = read_date(written.date, fetched, zone) or written.published
    if isinstance(found, datetime):
        return found.astimezone(zone)
    return found or read_date(url, fetched, zone)


def _wants(source: Source, title: str) -> bool:
    is_included = not source.include or any(word in title for word in source.include)
    return is_included and not any(word in title for word in source.exclude)
