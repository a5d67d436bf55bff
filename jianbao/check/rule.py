"""What a rule is: a pure function from an issue to what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code, Diagnostic
from jianbao.model import Body, Issue, Item, Text

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Context:
    """What rules know besides the issue: the day on which they are asked."""

    today: date


Rule = Callable[[Issue, Context], Iterator[Diagnostic]]
ItemRule = Callable[[Item, Issue, Context], Iterator[Diagnostic]]
BodyRule = Callable[[Body, Issue], Iterator[Diagnostic]]


def each_item(rule: ItemRule) -> Rule:
    """A rule for items as a rule for the issue."""

    def over_items(issue: Issue, context: Context) -> Iterator[Diagnostic]:
        for item in issue.items:
            yield from rule(item, issue, context)

    return over_items


def each_body(rule: BodyRule) -> Rule:
    """A rule for texts, those of the back matter too, as a rule for the issue."""

    def over_bodies(issue: Issue, _context: Context) -> Iterator[Diagnostic]:
        for body in (*(i.body for i in issue.items), *(page.body for page in issue.back_matter)):
            yield from rule(body, issue)

    return over_bodies


def report(
    code: Code, item: Item, text: Text | None, message: str, hint: str | None = None
) -> Diagnostic:
    """A problem of ``item`` at ``text``, or at its front matter where nothing is written."""
    span = text.span if text else item.front_matter
    return Diagnostic(code, item.path, span, message, hint)
