"""What the copy desk reads of an issue: its texts as prose, each character with its place."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING

from jianbao import frozen
from jianbao.diagnostics import Code, Diagnostic, Edit
from jianbao.model import OBJECT
from jianbao.patterns import pattern
from jianbao.spans import Span, span_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.model import Body, Issue, Item, Passage, Text

#: A quoted title, with one that is nested in it.
_QUOTED_TITLE = pattern(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")

_OBJECTS = pattern(f"{OBJECT}+")
#: How many characters beside it a message quotes.
_QUOTED = 6


@frozen.dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found in a prose: from ``start`` to before ``end`` of its text.

    ``replacement`` is what would mend it without another look; None where a person
    has to decide.
    """

    start: int
    end: int
    message: str
    hint: str | None = None
    replacement: str | None = None


@dataclass(frozen=True)
class Prose:
    """One block of a text, a title or a summary, as a reader reads it.

    ``written`` is the key's text where it stands in the front matter; ``body`` and
    ``passage`` say where it stands otherwise.
    """

    path: str
    kind: str  # "title", "summary", or a PassageKind
    text: str
    written: Text | None = None
    body: Body | None = None
    passage: Passage | None = None

    @cached_property
    def quoted_titles(self) -> tuple[tuple[int, int], ...]:
        """Where 《…》 stand, brackets included."""
        return tuple(found.span() for found in _QUOTED_TITLE.finditer(self.text))

    def in_quoted_title(self, start: int, end: int) -> bool:
        """Whether the stretch has part in what stands between 《 and 》."""
        index = bisect_left(self.quoted_titles, end - 1, key=itemgetter(0)) - 1
        return index >= 0 and start < self.quoted_titles[index][1] - 1

    @property
    def strong(self) -> tuple[tuple[int, int], ...]:
        """The stretches set bold."""
        return self.passage.strong if self.passage else ()

    def span(self, start: int, end: int) -> Span:
        """Where the stretch stands in the file; the whole value where that cannot be told."""
        if self.passage and self.body:
            offset, length = self._stretch(self.passage, start, end)
            return span_at(self.body.source, offset, length, self.body.first_line)
        assert self.written is not None  # noqa: S101  (narrowing: one of the two is there)
        whole, quote = self.written.span, self._quote(self.written.span)
        if quote is None:
            return whole
        return Span.on_line(whole.line, whole.column + quote + start, end - start)

    def as_written(self, start: int, end: int) -> str | None:
        """The stretch as the file has it, markup included; None where that cannot be told."""
        if self.passage and self.body:
            offset, length = self._stretch(self.passage, start, end)
            return self.body.source[offset : offset + length]
        if self.written is None or self._quote(self.written.span) is None:
            return None
        return self.text[start:end]

    def around(self, start: int, end: int) -> str:
        """The stretch with a few words on both sides, as a message quotes it."""
        words = self.text[max(start - _QUOTED, 0) : end + _QUOTED].replace("\n", " ")
        return _OBJECTS.sub("…", words.strip())

    def report(self, code: Code, finding: Finding) -> Diagnostic:
        """``finding`` as a diagnostic.

        It carries its replacement only where the file has just these characters and no
        quoted title has part in them: what others called their texts is not ours to change.
        """
        start, end, replacement = finding.start, finding.end, finding.replacement
        span = self.span(start, end)
        safe = (
            self.as_written(start, end) == self.text[start:end]
            and not self.in_quoted_title(start, end)
            and OBJECT not in self.text[start:end]
        )
        fix = Edit(span, replacement) if safe and replacement is not None else None
        return Diagnostic(code, self.path, span, finding.message, finding.hint, fix)

    def _stretch(self, passage: Passage, start: int, end: int) -> tuple[int, int]:
        offset = passage.offset(start)
        last = passage.offset(end - 1) + 1 if end > start else offset
        return offset, max(last - offset, 0)

    def _quote(self, span: Span) -> int | None:
        """How many characters stand before a key's text: a quotation mark, or nothing.

        None where the text is not in the file as it is read: folded, or with escapes,
        which are longer than what they stand for.
        """
        longer = span.end_column - span.column - len(self.text)
        return {0: 0, 2: 1}.get(longer) if span.line == span.end_line else None


@dataclass(frozen=True)
class Manuscript:
    """The prose of one item, or of one page of the back matter (then ``item`` is None)."""

    path: str
    proses: tuple[Prose, ...]
    item: Item | None = None

    @property
    def body(self) -> tuple[Prose, ...]:
        """What stands below the front matter."""
        return tuple(prose for prose in self.proses if prose.passage)


def manuscripts(issue: Issue) -> Iterator[Manuscript]:
    """The items of ``issue`` in their order, then the back matter."""
    for item in issue.items:
        keys = (("title", item.title), ("summary", item.summary))
        front = (Prose(item.path, kind, text.value, text) for kind, text in keys if text)
        yield Manuscript(item.path, (*front, *_of_body(item.body)), item)
    for page in issue.back_matter:
        yield Manuscript(page.body.path, tuple(_of_body(page.body)))


def _of_body(body: Body) -> Iterator[Prose]:
    for passage in body.passages:
        yield Prose(body.path, passage.kind.value, passage.text, body=body, passage=passage)
