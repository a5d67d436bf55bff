"""The days of an original against the issue's and against each other."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from jianbao.check.attribution import parse_date
from jianbao.check.rule import HOUSE, item_rule, report
from jianbao.dates import day_in_address
from jianbao.diagnostics import Code, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.rule import Context
    from jianbao.model import Issue, Item

#: A page is entered some days before it is published, or stays in a queue over a weekend.
_ENTERED_BEFORE = timedelta(days=7)

_KEYS = "---\ntitle: 题\nsection: 国策要论\nsource: 国家数据局\nurl: {}\n{}---\n\n正文。"
_URL = "https://www.nda.gov.cn/1.html"


@item_rule(
    Code.DATE_AFTER_ISSUE,
    clause=HOUSE,
    bad=_KEYS.format(_URL, "published: 2025-02-11\n"),
    good=_KEYS.format(_URL, "published: 2025-02-10\n"),
)
def after_issue(item: Item, issue: Issue, context: Context) -> Iterator[Diagnostic]:
    """An issue cannot carry what was published after it; days to come are another rule's."""
    day = parse_date(item.published) if item.published else None
    if day and issue.head and issue.head.date < day <= context.today:
        message = f"published 是 {day}，在出刊日期 {issue.head.date} 之后"
        yield report(Code.DATE_AFTER_ISSUE, item, item.published, message, "核对两处日期")


@item_rule(
    Code.DATE_EARLY,
    clause=HOUSE,
    bad=_KEYS.format(_URL, "published: 2024-01-20\n"),
    good=_KEYS.format(_URL, "published: 2025-01-20\n"),
)
def before_window(item: Item, issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """Old news; often a slip in the year. ``[check] window_days`` says how old is old."""
    day = parse_date(item.published) if item.published else None
    if day is None or issue.head is None:
        return
    age = (issue.head.date - day).days
    if age > issue.settings.window_days:
        message = f"published 是 {day}，比出刊早 {age} 天"
        hint = f"核对年份；本刊收 {issue.settings.window_days} 天以内的（[check] window_days）"
        yield report(Code.DATE_EARLY, item, item.published, message, hint)


@item_rule(
    Code.DATE_ORDER,
    clause=HOUSE,
    bad=_KEYS.format(_URL, "published: 2025-02-09\naccessed: 2025-02-08\n"),
    good=_KEYS.format(_URL, "published: 2025-02-08\naccessed: 2025-02-08\n"),
)
def read_before_published(item: Item, _issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """Nobody reads a page before it is published."""
    published = parse_date(item.published) if item.published else None
    accessed = parse_date(item.accessed) if item.accessed else None
    if published and accessed and accessed < published:
        message = f"accessed 是 {accessed}，在发布日期 {published} 之前"
        yield report(Code.DATE_ORDER, item, item.accessed, message, "核对两处日期")


@item_rule(
    Code.DATE_UNLIKE_URL,
    clause=HOUSE,
    bad=_KEYS.format("https://www.nda.gov.cn/202501/t20250120_1.html", "published: 2025-02-10\n"),
    good=_KEYS.format("https://www.nda.gov.cn/202501/t20250120_1.html", "published: 2025-01-22\n"),
)
def unlike_url(item: Item, _issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """The day that the address gives, where it gives one."""
    published = parse_date(item.published) if item.published else None
    entered = day_in_address(item.url.value) if item.url else None
    if published is None or entered is None:
        return
    if not timedelta(0) <= published - entered <= _ENTERED_BEFORE:
        message = f"published 是 {published}，网址里的日期是 {entered}"
        yield report(Code.DATE_UNLIKE_URL, item, item.published, message, "核对原文的发布日期")
