"""What a letter says of an issue: its headline and its contents with their sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from jianbao.model import Article, CheckedIssue


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the contents. ``url`` is "" without an original, ``page`` 0 without a PDF."""

    title: str
    source: str
    url: str
    summary: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesOfSection:
    """栏目 with what is in it."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """An issue as a letter shows it."""

    issue: str
    publication: str
    tagline: str
    number: int
    total: int
    date: date
    headline: str
    sections: tuple[EntriesOfSection, ...]


def contents_of(issue: CheckedIssue, pages: Mapping[str, int]) -> Contents:
    """What there is in ``issue``; ``pages`` are printed page numbers by slug."""
    return Contents(
        issue=issue.id,
        publication=issue.publication.name,
        tagline=issue.publication.tagline,
        number=issue.number,
        total=issue.total,
        date=issue.date,
        headline=issue.headline,
        sections=tuple(
            EntriesOfSection(
                name=section.name,
                entries=tuple(_entry(article, pages) for article in section.articles),
            )
            for section in issue.sections
        ),
    )


def _entry(article: Article, pages: Mapping[str, int]) -> Entry:
    return Entry(
        title=article.title,
        source=article.attribution.source,
        url=article.attribution.url or "",
        summary=article.summary,
        page=pages.get(article.slug, 0),
    )
