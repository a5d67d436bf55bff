"""What is not to be reported: an item's ``ignore`` list, and what the record has with a name.

A list that leaves out something in vain is reported. A line of the record is not, since
that file only grows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.diagnostics import CODES, Code, Diagnostic
from jianbao.misspelling import meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.model import Issue, Item, Text

#: What addresses answer comes and goes; an entry that has nothing to catch today stays.
_PASSING = {
    code.slug
    for code in (Code.LINK_DEAD, Code.LINK_MISSING, Code.LINK_UNVERIFIED, Code.LINK_ELSEWHERE)
}


def apply_ignores(issue: Issue, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """``diagnostics`` without what is ignored, with what is wrong with the lists and the record."""
    lists = {(item.path, entry.value) for item in issue.items for entry in item.ignore}
    recorded = {(entry.file, entry.code) for entry in issue.record.ignores}
    wanted = {
        (path, slug)
        for path, slug in lists | recorded
        if slug in CODES and CODES[slug].may_be_ignored
    }
    ignored = {(d.path, d.code.slug) for d in diagnostics} & wanted
    kept = tuple(d for d in diagnostics if (d.path, d.code.slug) not in ignored)
    wrong = (d for item in issue.items for d in _list_problems(item, ignored))
    return (*kept, *wrong, *_record_problems(issue))


def _record_problems(issue: Issue) -> Iterator[Diagnostic]:
    for entry in issue.record.ignores:
        code = CODES.get(entry.code)
        if code is None or not code.may_be_ignored:
            message = f"{entry.code} 不是可以忽略的代号"
            hint = "从版本库恢复这一行；忽略用 jianbao ignore，不手写"
            yield Diagnostic(Code.IGNORE_UNKNOWN, issue.record.path, entry.span, message, hint)


def _list_problems(item: Item, ignored: set[tuple[str, str]]) -> Iterator[Diagnostic]:
    for entry in item.ignore:
        code = CODES.get(entry.value)
        if code is None:
            yield _unknown(item, entry)
        elif not code.may_be_ignored:
            message = f"{entry.value} 不能忽略：{code.explanation}"
            yield Diagnostic(Code.IGNORE_UNKNOWN, item.path, entry.span, message, "改正稿件")
        elif (item.path, entry.value) not in ignored and entry.value not in _PASSING:
            message = f"ignore 里的 {entry.value} 没有对应的问题"
            yield Diagnostic(Code.IGNORE_UNUSED, item.path, entry.span, message, "删去它")


def _unknown(item: Item, entry: Text) -> Diagnostic:
    near = meant(entry.value, CODES)
    message = f"没有 {entry.value or '（空）'} 这个代号"
    hint = f"是不是 {near[0]}？" if near else "代号见 docs/diagnostics.md"
    return Diagnostic(Code.IGNORE_UNKNOWN, item.path, entry.span, message, hint)
