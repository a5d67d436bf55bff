"""From an `Issue` to a `CheckedIssue`, or to what stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.check.attribution import parse_date
from jianbao.check.ignores import apply_ignores
from jianbao.check.prose import manuscripts
from jianbao.check.rule import Context
from jianbao.check.rules import RULES
from jianbao.check.signatures import missing_signatures, reviews
from jianbao.diagnostics import Code, Diagnostic, has_errors, sort_key
from jianbao.model import Article, Attribution, CheckedIssue, SectionOfIssue, Text

if TYPE_CHECKING:
    from datetime import date

    from jianbao.model import Issue, Item

_LINK_LABEL = "全文"

#: After one of these an item was read as empty, and everything would seem to be missing.
_UNREAD = {
    Code.FILE_UNREADABLE,
    Code.ENCODING_INVALID,
    Code.CONTROL_CHARACTER,
    Code.FRONT_MATTER_MISSING,
    Code.YAML_INVALID,
}
_GAPS = {
    Code.SOURCE_MISSING,
    Code.URL_MISSING,
    Code.TITLE_EMPTY,
    Code.SECTION_MISSING,
    Code.BODY_EMPTY,
}


def check_issue(
    issue: Issue, found: tuple[Diagnostic, ...], today: date
) -> tuple[CheckedIssue | None, tuple[Diagnostic, ...]]:
    """Ask every rule.

    Args:
        issue: As it was read.
        found: What reading it already found.
        today: The day that dates are held against.

    Returns:
        The issue fit for print, or None where there is an error; and all diagnostics,
        sorted by place. What an item ignores is left out.
    """
    misshapen = {(d.path, d.span) for d in found if d.code is Code.VALUE_INVALID}
    unread = {d.path for d in found if d.code in _UNREAD}
    context = context_of(issue, today)
    asked = [d for rule in RULES for d in rule(issue, context)]
    fresh = [
        d
        for d in asked
        if (d.path, d.span) not in misshapen and not (d.path in unread and d.code in _GAPS)
    ]
    kept = apply_ignores(issue, (*found, *fresh))
    diagnostics = tuple(sorted(kept, key=sort_key))
    if has_errors(diagnostics) or issue.head is None:
        return None, diagnostics
    return _checked(issue), diagnostics


def context_of(issue: Issue, today: date) -> Context:
    """What rules are asked with."""
    texts = tuple(manuscripts(issue))
    whole = "\n".join(prose.text for manuscript in texts for prose in manuscript.proses)
    return Context(today, texts, whole)


def _checked(issue: Issue) -> CheckedIssue:
    head = issue.head
    assert head is not None  # noqa: S101  (narrowing: the caller returned otherwise)
    articles = tuple(_article(item) for item in issue.items)
    names = dict.fromkeys(article.section for article in articles)
    return CheckedIssue(
        id=issue.id,
        number=head.number,
        total=head.total,
        date=head.date,
        headline=_value(head.headline) or articles[0].title,
        cover=head.cover,
        publication=issue.publication,
        masthead=issue.masthead,
        press=issue.press,
        wechat=issue.wechat,
        sections=tuple(
            SectionOfIssue(name=name, articles=tuple(a for a in articles if a.section == name))
            for name in names
        ),
        back_matter=issue.back_matter,
        record=issue.record,
        reviews=reviews(issue),
        unsigned=tuple(missing_signatures(issue)),
    )


def _article(item: Item) -> Article:
    url = _value(item.url)
    return Article(
        slug=item.slug_text.value,
        title=_value(item.title),
        title_lines=tuple(line.value for line in item.title_lines),
        section=_value(item.section),
        attribution=Attribution(
            source=_value(item.source),
            url=url or None,
            no_url=_value(item.no_url) or None,
            published=parse_date(item.published) if item.published else None,
            accessed=parse_date(item.accessed) if item.accessed else None,
            author=_value(item.author),
            link_label=_value(item.link_label) or _LINK_LABEL,
        ),
        summary=_value(item.summary),
        keywords=tuple(keyword.value for keyword in item.keywords),
        body=item.body,
    )


def _value(text: Text | None) -> str:
    return text.value if text else ""
