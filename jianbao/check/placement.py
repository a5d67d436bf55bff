"""Where an item belongs: its section, its slug, and the numbers of its issue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jianbao.check.rule import report
from jianbao.diagnostics import Code, Diagnostic, Edit
from jianbao.misspelling import meant
from jianbao.patterns import pattern
from jianbao.spans import START

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.rule import Context
    from jianbao.model import Issue, IssueHead, Item, LedgerEntry, Text

_SLUG = pattern(r"\w[\w.-]*")


def section(item: Item, issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """One of the publication's sections."""
    names = issue.publication.sections
    choice = f"可用的栏目：{'、'.join(names)}"
    if item.section is None or not item.section.value:
        message = "没有写栏目" if item.section is None else "栏目是空的"
        yield report(Code.SECTION_MISSING, item, item.section, message, choice)
    elif item.section.value not in names:
        near = meant(item.section.value, names, alike=0.5)
        message = f"没有“{item.section.value}”这个栏目"
        hint = f"是不是“{near[0]}”？" if near else choice
        fix = _sure_section(item.section, names)
        yield Diagnostic(Code.SECTION_UNKNOWN, item.path, item.section.span, message, hint, fix)


def _sure_section(written: Text, names: tuple[str, ...]) -> Edit | None:
    """The one section that ``written`` is a slip of, quoted where YAML wants that."""
    near = meant(written.value, names, most=2, alike=0.75)
    if len(near) != 1 or written.span.line != written.span.end_line:
        return None
    name = near[0] if near[0].isalnum() else json.dumps(near[0], ensure_ascii=False)
    return Edit(written.span, name)


def slug(item: Item, _issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """A name that can be part of a file name and an address."""
    if _SLUG.fullmatch(item.slug_text.value) is None:
        message = f"“{item.slug_text.value}”不能用作文件名和网址的一部分"
        hint = "改文件名，或写 slug: 01-ndrc 这样的短名"
        yield report(Code.SLUG_INVALID, item, item.slug, message, hint)


def duplicate_slugs(issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """Case is folded: on some file systems A and a are one file."""
    first: dict[str, Item] = {}
    for item in issue.items:
        other = first.setdefault(item.slug_text.value.casefold(), item)
        if other is not item:
            message = f"slug “{item.slug_text.value}”已经用在 {other.path}"
            yield report(Code.SLUG_DUPLICATE, item, item.slug, message, "换一个")


def some_items(issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """An issue without articles is not printed."""
    if not issue.items:
        message, hint = "这一期没有任何稿件", "在这个文件夹里放入 .md 稿件"
        yield Diagnostic(Code.ISSUE_EMPTY, issue.path, START, message, hint)


def contiguous_sections(issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """Sections are printed as blocks, whatever order ``items`` gives."""
    if issue.head is None or issue.head.items is None:
        return
    seen: list[str] = []
    for item in issue.items:
        name = item.section.value if item.section else ""
        if name in seen and seen[-1] != name:
            message = f"“{name}”的稿件没有排在一起；排印时会归到一处"
            span = item.section.span if item.section else item.front_matter
            hint = "在 issue.toml 的 items 里把它们移到一起"
            yield Diagnostic(Code.ITEMS_INTERLEAVED, item.path, span, message, hint)
        elif name not in seen:
            seen.append(name)


def numbers(issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """期号 and 总期号 as the ledger has them, and no other issue's."""
    head = issue.head
    if head is None:
        return
    for entry in issue.ledger:
        if entry.id == issue.id:
            yield from _differs(head, entry)
        elif entry.total == head.total:
            message = f"总期号 {head.total} 已经给了 {entry.id}"
            yield _repeated(head, message, of_total=True)
        elif entry.number == head.number and entry.date.year == head.date.year:
            message = f"{head.date.year} 年第 {head.number} 期已经给了 {entry.id}"
            yield _repeated(head, message, of_total=False)


def _differs(head: IssueHead, entry: LedgerEntry) -> Iterator[Diagnostic]:
    for name, span, here, there in (
        ("期号", head.number_span, head.number, entry.number),
        ("总期号", head.total_span, head.total, entry.total),
    ):
        if here != there:
            message = f"{name}是 {here}，台账 issues/ledger.csv 里是 {there}"
            yield Diagnostic(Code.NUMBER_MISMATCH, head.path, span, message, "核对后改正一处")


def _repeated(head: IssueHead, message: str, *, of_total: bool) -> Diagnostic:
    span = head.total_span if of_total else head.number_span
    hint = "用 jianbao new 建立新的一期，编号由台账给出"
    return Diagnostic(Code.NUMBER_REPEATED, head.path, span, message, hint)
