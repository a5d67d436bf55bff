"""Every article says who published it and where: the rules no print run may pass over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.addresses import canonical
from jianbao.check.rule import report
from jianbao.dates import iso_date
from jianbao.diagnostics import Code, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from jianbao.check.rule import Context
    from jianbao.model import Issue, Item, Text


def source(item: Item, _issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """The 来源 printed after the last paragraph."""
    if item.source is None:
        yield report(Code.SOURCE_MISSING, item, None, "没有写来源", "加一行 source: 发布单位")
    elif not item.source.value:
        yield report(Code.SOURCE_MISSING, item, item.source, "来源是空的", "写上发布单位")


def original(item: Item, _issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """Either the address of the original or why there is none."""
    url, reason = item.url, item.no_url
    if url and reason and url.value and reason.value:
        later = max(url, reason, key=lambda text: (text.span.line, text.span.column))
        message = "url 与 no_url 只能写一个"
        yield report(Code.URL_CONFLICT, item, later, message, "有公开原文就删去 no_url")
    elif (url and url.value) or (reason and reason.value):
        return
    elif url or reason:
        empty = url or reason
        name = "url" if url else "no_url"
        hint = "写上原文网址；确无公开原文的，改为 no_url: 原因"
        yield report(Code.URL_MISSING, item, empty, f"{name} 是空的", hint)
    else:
        hint = "加一行 url: 原文网址；确无公开原文的，加一行 no_url: 原因"
        yield report(Code.URL_MISSING, item, None, "没有写原文网址", hint)


def dates(item: Item, _issue: Issue, context: Context) -> Iterator[Diagnostic]:
    """``published`` and ``accessed`` are days that have been."""
    for name, text in (("published", item.published), ("accessed", item.accessed)):
        if text is None:
            continue
        day = parse_date(text)
        if day is None:
            message = f"{name} 不是一个日期：{text.value or '（空）'}"
            yield report(Code.DATE_INVALID, item, text, message, "写成 2025-02-10 这样")
        elif day > context.today:
            message = f"{name} 是 {day.isoformat()}，还没有到（今天是 {context.today.isoformat()}）"
            yield report(Code.DATE_FUTURE, item, text, message, "核对原文的日期")


def parse_date(text: Text) -> date | None:
    """The day that ``text`` names, or None where it names none."""
    try:
        return iso_date(text.value)
    except ValueError:
        return None


def duplicate_urls(issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """The same original under two articles is usually a slip of copy and paste."""
    first: dict[str, Item] = {}
    for item in issue.items:
        if item.url is None or not item.url.value:
            continue
        other = first.setdefault(canonical(item.url.value), item)
        if other is not item:
            message = f"这个网址已经用在 {other.path}"
            hint = "核对两条稿件的原文；确是同一原文的，在 ignore 里写 url-duplicate"
            yield report(Code.URL_DUPLICATE, item, item.url, message, hint)
