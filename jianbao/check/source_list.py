"""Sources against the 稿源名单, where the workspace has one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jianbao.check.rule import Context, report
from jianbao.diagnostics import Code, Diagnostic
from jianbao.spans import START

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from jianbao.model import Issue, Item
    from jianbao.records import SourceList

#: The 国家网信办 brought out editions in 2015, 2016 and 2021: older than this, look for a new one.
_MONTHS = 24


def edition(issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """A list of an edition that may have been replaced."""
    units = issue.source_list
    if units is None or issue.head is None:
        return
    if units.edition is None:
        message, hint = "稿源名单没有写版本日期", "加一列“版本日期”，写在任何一行"
        yield Diagnostic(Code.SOURCE_LIST_OLD, units.path, START, message, hint)
    elif _months(units.edition, issue.head.date) > _MONTHS:
        message = f"稿源名单是 {units.edition} 的版本，已超过 {_MONTHS} 个月"
        hint = "查有没有新版；没有的，把版本日期改为查过的那天"
        yield Diagnostic(Code.SOURCE_LIST_OLD, units.path, START, message, hint)


def _months(first: date, last: date) -> int:
    whole = (last.year - first.year) * 12 + last.month - first.month
    return whole if last.day <= first.day else whole + 1


def unlisted(item: Item, issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """A source that the list has neither by its name nor by its host."""
    units = issue.source_list
    if units is None or item.source is None or not item.source.value:
        return
    if item.source.value not in units.names and not _has_host(item, units):
        message = f"稿源名单里没有“{item.source.value}”"
        hint = "改用名单里单位的稿件；确可采用的，加入名单或写 ignore"
        yield report(Code.SOURCE_UNLISTED, item, item.source, message, hint)


def _has_host(item: Item, units: SourceList) -> bool:
    try:
        host = urlsplit(item.url.value).hostname if item.url else None
    except ValueError:  # [ in a host
        return False
    labels = (host or "").removeprefix("www.").split(".")
    return any(".".join(labels[at:]) in units.hosts for at in range(len(labels)))
