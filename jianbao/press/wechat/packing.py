"""Which articles (图文) an issue becomes, and what stands in each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from jianbao.press.views import edition_title
from jianbao.settings import Packing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.model import Article, CheckedIssue, SectionOfIssue


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article for WeChat; ``section`` counts from 1 where it is of one section only."""

    name: str
    title: str
    sections: tuple[SectionOfIssue, ...]
    section: int = 0
    is_first: bool = False  # carries the masthead and the contents
    is_last: bool = False  # carries the back matter and the colophon

    @property
    def articles(self) -> tuple[Article, ...]:
        """Its items in reading order."""
        return tuple(article for section in self.sections for article in section.articles)


def pack(issue: CheckedIssue, packing: Packing) -> tuple[Piece, ...]:
    """The pieces of ``issue``, in the order in which readers see them."""
    match packing:
        case Packing.SINGLE:
            title = edition_title(issue)
            whole = Piece(
                name="issue", title=title, sections=issue.sections, is_first=True, is_last=True
            )
            return (whole,)
        case Packing.SECTIONS:
            return tuple(_by_section(issue))
        case Packing.ARTICLES:
            return tuple(_by_article(issue))


def parted(piece: Piece, count: int) -> tuple[Piece, ...]:
    """``piece``, which is of one section, in ``count`` parts of about the same length."""
    (section,) = piece.sections
    groups = _groups(section.articles, count)
    return tuple(
        Piece(
            name=f"{piece.name}-{number}",
            title=f"{section.name}（{number}/{count}）｜{articles[0].title}",
            sections=(replace(section, articles=articles),),
            section=piece.section,
        )
        for number, articles in enumerate(groups, start=1)
    )


def _groups(articles: tuple[Article, ...], count: int) -> list[tuple[Article, ...]]:
    """``articles`` in ``count`` groups, none empty; each ends where its share is reached."""
    lengths = [sum(len(p.text) for p in article.body.passages) + 1 for article in articles]
    ends = tuple(accumulate(lengths))
    groups, start = [], 0
    for number in range(1, count):
        share = ends[-1] * number / count
        end = min(range(len(ends)), key=lambda at: abs(ends[at] - share)) + 1
        end = min(max(end, start + 1), len(articles) - (count - number))
        groups.append(articles[start:end])
        start = end
    return [*groups, articles[start:]]


def _by_section(issue: CheckedIssue) -> Iterator[Piece]:
    title = edition_title(issue)
    yield Piece(name="lead", title=title, sections=(), is_first=True, is_last=True)
    for number, section in enumerate(issue.sections, start=1):
        first = section.articles[0].title
        yield Piece(
            name=f"section-{number}",
            title=f"{section.name}｜{first}",
            sections=(section,),
            section=number,
        )


def _by_article(issue: CheckedIssue) -> Iterator[Piece]:
    every = issue.articles
    for number, section in enumerate(issue.sections, start=1):
        for article in section.articles:
            yield Piece(
                name=article.slug,
                title=article.title,
                sections=(replace(section, articles=(article,)),),
                section=number,
                is_first=article is every[0],
                is_last=article is every[-1],
            )
