"""The types that the stages hand on. Frozen, no I/O.

`Item` and `Issue` are what load read, gaps included; `Article` and `CheckedIssue`
are what check let through, with nothing missing.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import field
from enum import StrEnum
from operator import itemgetter
from typing import TYPE_CHECKING

from jianbao.frozen import dataclass
from jianbao.settings import CheckSettings, WechatSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from markdown_it.token import Token

    from jianbao.diagnostics import Diagnostic
    from jianbao.records import LinkState, Name, PastItem, Snapshot, Source, SourceList
    from jianbao.reviews import ReviewRecord, StageReview
    from jianbao.settings import PressSettings
    from jianbao.spans import Span


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text that somebody wrote, and where."""

    value: str
    span: Span


# -- the publication (jianbao.toml) --


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Name and order of what appears every week."""

    name: str
    tagline: str = ""
    slogan: str = ""
    language: str = "zh-CN"
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A line of the masthead: 主编, and who."""

    label: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """Who makes the publication."""

    credits: tuple[Credit, ...] = ()
    statement: str = ""
    subscribe: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackMatter:
    """A page after the articles, such as 主编简介."""

    title: str
    body: Body


# -- Markdown --


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image that a body shows."""

    source: str
    span: Span
    file: Path | None  # None where it cannot lie in the workspace


class PassageKind(StrEnum):
    """What block a passage is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CELL = "cell"


#: Stands in a passage for what is no prose: code, an image, each character of an address.
OBJECT = "\ufffc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """段落: a block of a text as it is read, without markup.

    ``runs`` are pairs of an index in ``text`` and the offset in the body's source where
    it stands; from there both advance together to the next run. ``strong`` are the
    stretches of ``text`` set bold.
    """

    kind: PassageKind
    text: str
    runs: tuple[tuple[int, int], ...]
    strong: tuple[tuple[int, int], ...] = ()

    def offset(self, index: int) -> int:
        """Where the character at ``index`` of ``text`` stands in the body's source."""
        start, offset = self.runs[bisect_right(self.runs, index, key=itemgetter(0)) - 1]
        return offset + index - start


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """脚注: what ``[^label]`` in a text calls."""

    label: Text
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A parsed Markdown text; lines of ``tokens`` count from ``first_line``.

    ``calls`` are the labels of footnotes as they are written, ``[^1]``, those in notes too.
    """

    path: str
    source: str
    first_line: int
    tokens: tuple[Token, ...]
    passages: tuple[Passage, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    calls: tuple[Text, ...] = ()
    images: tuple[Image, ...] = ()
    links: tuple[Text, ...] = ()
    html: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The picture on the cover: what it shows, in words, and who made it."""

    image: Image
    alt: str
    credit: str


# -- what load read --


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """稿件: one Markdown file as its author left it. ``None`` is a key not written."""

    path: str
    stem: str
    front_matter: Span
    title: Text | None = None
    title_lines: tuple[Text, ...] = ()
    section: Text | None = None
    source: Text | None = None
    url: Text | None = None
    no_url: Text | None = None
    published: Text | None = None
    accessed: Text | None = None
    author: Text | None = None
    summary: Text | None = None
    link_label: Text | None = None
    keywords: tuple[Text, ...] = ()
    slug: Text | None = None
    ignore: tuple[Text, ...] = ()
    body: Body

    @property
    def slug_text(self) -> Text:
        """The slug, or the file's name where none is written."""
        return self.slug or Text(self.stem, self.front_matter)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueHead:
    """issue.toml."""

    path: str
    number: int
    total: int
    date: date
    headline: Text | None = None
    items: tuple[Text, ...] | None = None
    cover: Cover | None = None
    number_span: Span
    total_span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """A line of the ledger: one issue's numbers, never given twice."""

    id: str
    number: int
    total: int
    date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """期: the folder of an issue as it lies."""

    id: str
    path: str
    root: Path  # of the workspace, resolved
    head: IssueHead | None  # None where issue.toml cannot be read
    items: tuple[Item, ...]
    publication: Publication
    masthead: Masthead
    press: PressSettings
    wechat: WechatSettings = WechatSettings()
    settings: CheckSettings = CheckSettings()
    back_matter: tuple[BackMatter, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()
    record: ReviewRecord
    names: tuple[Name, ...] = ()
    source_list: SourceList | None = None
    sources: tuple[Source, ...] = ()
    past: tuple[PastItem, ...] = ()
    links: Mapping[str, LinkState] = field(default_factory=dict)  # by address
    snapshots: Mapping[str, Snapshot] = field(default_factory=dict)  # by the item's path


# -- what check let through --


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """来源标注: who published it, and the address of the original or why there is none."""

    source: str
    url: str | None
    no_url: str | None
    published: date | None
    accessed: date | None
    author: str
    link_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """条目: an item fit for print."""

    slug: str
    title: str
    title_lines: tuple[str, ...]
    section: str
    attribution: Attribution
    summary: str
    keywords: tuple[str, ...]
    body: Body


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionOfIssue:
    """栏目 with its articles, in reading order."""

    name: str
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIssue:
    """An issue without errors. Only ``jianbao.check`` makes one (a test sees to it)."""

    id: str
    number: int
    total: int
    date: date
    headline: str
    cover: Cover | None
    publication: Publication
    masthead: Masthead
    press: PressSettings
    wechat: WechatSettings
    sections: tuple[SectionOfIssue, ...]
    back_matter: tuple[BackMatter, ...]
    record: ReviewRecord
    reviews: tuple[StageReview, ...]
    unsigned: tuple[Diagnostic, ...]  # what keeps editions from going out

    @property
    def articles(self) -> tuple[Article, ...]:
        """All articles in reading order."""
        return tuple(article for section in self.sections for article in section.articles)


# -- what the press made --


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file of an edition; ``path`` is relative to the bundle."""

    edition: str
    path: str
    media_type: str
    content: bytes
    pages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FontFile:
    """A font that was set, by file name and hash."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What one edition came to.

    ``first_pages`` maps slugs to printed page numbers; ``remarks`` is what an editor
    should be told of it.
    """

    artifacts: tuple[Artifact, ...]
    remarks: tuple[str, ...] = ()
    first_pages: Mapping[str, int] = field(default_factory=dict)
    fonts: tuple[FontFile, ...] = ()
