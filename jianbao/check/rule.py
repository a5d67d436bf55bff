"""What a rule is: a pure function from an issue to what is wrong with it.

Rules of form (what a key must hold, what must be there) are plain functions. Those of
the copy desk are `Rule`s: each rests on a clause and carries an example that it reports
and one that it does not, which are its tests and its documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Manuscript, Prose
from jianbao.diagnostics import Code, Diagnostic
from jianbao.frozen import dataclass
from jianbao.model import Body, Issue, Item, Text

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Context:
    """What rules know besides the issue: the day on which they are asked, and its prose.

    ``text`` is all prose in one, block by block.
    """

    today: date
    manuscripts: tuple[Manuscript, ...]
    text: str


Ask = Callable[[Issue, Context], Iterator[Diagnostic]]
AskItem = Callable[[Item, Issue, Context], Iterator[Diagnostic]]
AskBody = Callable[[Body, Issue], Iterator[Diagnostic]]
AskProse = Callable[[Prose], Iterator[Finding]]
AskManuscript = Callable[[Manuscript, Issue], Iterator[tuple[Prose, Finding]]]
AskIssue = Callable[[Issue, Context], Iterator[tuple[Prose, Finding]]]

#: What a rule rests on where no standard says it.
HOUSE = "体例"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the copy desk.

    ``bad`` and ``good`` are the Markdown of a body (or, starting with ``---``, of a whole
    item): the rule reports the one, and the whole desk is silent on the other. ``beside``
    are the files of the workspace that both examples need, by path. ``needs`` are words of
    which any text that the rule reports has one: without them it need not be asked.
    """

    code: Code
    ask: Ask
    clause: str
    bad: str
    good: str
    beside: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


def item_rule(
    code: Code, *, clause: str, bad: str, good: str, beside: Mapping[str, str] | None = None
) -> Callable[[AskItem], Rule]:
    """Make a function over items, mostly their keys, a `Rule`."""

    def rule(ask: AskItem) -> Rule:
        return Rule(code, each_item(ask), clause, bad, good, beside or {})

    return rule


def prose_rule(
    code: Code, *, clause: str, bad: str, good: str, needs: Iterable[str] = ()
) -> Callable[[AskProse], Rule]:
    """Make a function over single blocks, titles and summaries a `Rule`."""

    def rule(ask: AskProse) -> Rule:
        def over_proses(_issue: Issue, context: Context) -> Iterator[Diagnostic]:
            for manuscript in context.manuscripts:
                for prose in manuscript.proses:
                    for finding in ask(prose):
                        yield prose.report(code, finding)

        return Rule(code, over_proses, clause, bad, good, needs=tuple(needs))

    return rule


def manuscript_rule(  # noqa: PLR0913  (a line of the table of rules)
    code: Code,
    *,
    clause: str,
    bad: str,
    good: str,
    beside: Mapping[str, str] | None = None,
    needs: Iterable[str] = (),
) -> Callable[[AskManuscript], Rule]:
    """Make a function over whole texts a `Rule`."""

    def rule(ask: AskManuscript) -> Rule:
        def over_manuscripts(issue: Issue, context: Context) -> Iterator[Diagnostic]:
            for manuscript in context.manuscripts:
                for prose, finding in ask(manuscript, issue):
                    yield prose.report(code, finding)

        return Rule(code, over_manuscripts, clause, bad, good, beside or {}, tuple(needs))

    return rule


def issue_rule(code: Code, *, clause: str, bad: str, good: str) -> Callable[[AskIssue], Rule]:
    """Make a function over the issue's whole prose a `Rule`."""

    def rule(ask: AskIssue) -> Rule:
        def over_issue(issue: Issue, context: Context) -> Iterator[Diagnostic]:
            for prose, finding in ask(issue, context):
                yield prose.report(code, finding)

        return Rule(code, over_issue, clause, bad, good)

    return rule


def where_needed(rule: Rule) -> Ask:
    """``rule`` as it is asked: it neither runs nor compiles patterns where its words are not."""

    def ask_where_needed(issue: Issue, context: Context) -> Iterator[Diagnostic]:
        if any(word in context.text for word in rule.needs):
            yield from rule.ask(issue, context)

    return ask_where_needed if rule.needs else rule.ask


def each_item(ask: AskItem) -> Ask:
    """A rule for items as a rule for the issue."""

    def over_items(issue: Issue, context: Context) -> Iterator[Diagnostic]:
        for item in issue.items:
            yield from ask(item, issue, context)

    return over_items


def each_body(ask: AskBody) -> Ask:
    """A rule for texts, those of the back matter too, as a rule for the issue."""

    def over_bodies(issue: Issue, _context: Context) -> Iterator[Diagnostic]:
        for body in (*(i.body for i in issue.items), *(page.body for page in issue.back_matter)):
            yield from ask(body, issue)

    return over_bodies


def report(
    code: Code, item: Item, text: Text | None, message: str, hint: str | None = None
) -> Diagnostic:
    """A problem of ``item`` at ``text``, or at its front matter where nothing is written."""
    span = text.span if text else item.front_matter
    return Diagnostic(code, item.path, span, message, hint)
