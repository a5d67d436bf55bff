"""An item's ``ignore`` list: what it leaves out, and what it leaves out in vain."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from jianbao.diagnostics import CODES, Code, Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.model import Issue, Item, Text

#: What addresses answer comes and goes; an entry that has nothing to catch today stays.
_PASSING = {
    code.slug
    for code in (Code.LINK_DEAD, Code.LINK_MISSING, Code.LINK_UNVERIFIED, Code.LINK_ELSEWHERE)
}


def apply_ignores(issue: Issue, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """``diagnostics`` without what items ignore, with what is wrong with their lists."""
    wanted = {
        (item.path, entry.value)
        for item in issue.items
        for entry in item.ignore
        if entry.value in CODES and _may_ignore(CODES[entry.value])
    }
    ignored = {(d.path, d.code.slug) for d in diagnostics} & wanted
    kept = tuple(d for d in diagnostics if (d.path, d.code.slug) not in ignored)
    return kept + tuple(d for item in issue.items for d in _list_problems(item, ignored))


def _may_ignore(code: Code) -> bool:
    return code.ignorable or code.severity is not Severity.ERROR


def _list_problems(item: Item, ignored: set[tuple[str, str]]) -> Iterator[Diagnostic]:
    for entry in item.ignore:
        code = CODES.get(entry.value)
        if code is None:
            yield _unknown(item, entry)
        elif not _may_ignore(code):
            message = f"{entry.value} 不能忽略：{code.explanation}"
            yield Diagnostic(Code.IGNORE_UNKNOWN, item.path, entry.span, message, "改正稿件")
        elif (item.path, entry.value) not in ignored and entry.value not in _PASSING:
            message = f"ignore 里的 {entry.value} 没有对应的问题"
            yield Diagnostic(Code.IGNORE_UNUSED, item.path, entry.span, message, "删去它")


def _unknown(item: Item, entry: Text) -> Diagnostic:
    near = get_close_matches(entry.value, CODES, n=1, cutoff=0.6)
    message = f"没有 {entry.value or '（空）'} 这个代号"
    hint = f"是不是 {near[0]}？" if near else "代号见 docs/diagnostics.md"
    return Diagnostic(Code.IGNORE_UNKNOWN, item.path, entry.span, message, hint)
