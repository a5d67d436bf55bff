"""Characters of a printed PDF where pdfium finds them, and the lines they make.

An origin is where a character's square begins, so that the distance of two origins is
what the first advances, whatever its ink does; a box of ink would hide squeezed marks.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from jianbao.press.body import last_paragraph
from jianbao.press.composition import expandable
from jianbao.press.spacing import WHITE_BEFORE, WHITE_BEHIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from jianbao.model import Article

#: WeasyPrint writes sizes in CSS pixels under a matrix.
_CSS_PIXEL = 0.75

_RUN = re.compile(f"[{WHITE_BEHIND}{WHITE_BEFORE}]{{2,}}")


@dataclass(frozen=True, slots=True)
class Char:
    """A character on a physical page (from 0), in points from the lower left.

    ``x`` and ``y`` are its origin, ``right`` where its full advance would end;
    ``generated`` where the PDF has none, and pdfium guesses a space. ``number`` counts
    the true characters of the page.
    """

    text: str
    page: int
    x: float
    y: float
    right: float
    size: float
    generated: bool = False
    number: int = 0

    @property
    def is_han(self) -> bool:
        """Whether it is a Han character."""
        return unicodedata.name(self.text, "").startswith("CJK UNIFIED")

    @property
    def is_latin(self) -> bool:
        """Whether it is a Latin letter or a digit."""
        return self.text.isascii() and self.text.isalnum()


#: The characters of one line from left to right.
Line = tuple[Char, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it was printed, line by line."""

    text: str
    lines: tuple[Line, ...]


def read_chars(pdf: Path) -> Iterator[Char]:
    """Every character in pdfium's order, with the white space that it adds."""
    import pypdfium2  # noqa: PLC0415  (an extra)

    with pypdfium2.PdfDocument(pdf) as document:
        for number in range(len(document)):
            yield from _page_chars(pypdfium2.raw, document[number].get_textpage(), number)


def _page_chars(raw: Any, text: Any, number: int) -> Iterator[Char]:  # noqa: ANN401  (pdfium's functions)
    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    true = 0
    for index in range(text.count_chars()):
        raw.FPDFText_GetCharOrigin(text.raw, index, x, y)
        raw.FPDFText_GetLooseCharBox(text.raw, index, box)
        size = raw.FPDFText_GetFontSize(text.raw, index) * _CSS_PIXEL
        generated = raw.FPDFText_IsGenerated(text.raw, index) == 1
        true += not generated
        char = chr(raw.FPDFText_GetUnicode(text.raw, index))
        yield Char(char, number, x.value, y.value, box.right, size, generated, true)


def paragraph_texts(article: Article) -> list[str]:
    """Texts of the article's paragraphs without white space, with the source at the end."""
    tokens = article.body.tokens
    texts = [
        "".join(c.content for c in token.children or () if c.type in {"text", "text_special"})
        for before, token in pairwise(tokens)
        if before.type == "paragraph_open"
    ]
    source = f"（来源：{article.attribution.source}）"
    if last_paragraph(tokens) is None:
        texts.append(source)  # after a table, say
    else:
        texts[-1] += source
    squeezed = ("".join(text.split()) for text in texts)
    return [text for text in squeezed if text]  # an image alone has none


def find_paragraphs(
    chars: Iterable[Char], articles: Iterable[Article]
) -> tuple[list[Paragraph], list[str]]:
    """The paragraphs of ``articles``, one after the other, and those not found verbatim."""
    shown = tuple(c for c in chars if not c.text.isspace())
    stream = "".join(c.text for c in shown)
    found, missing, end = [], [], 0
    for text in (text for article in articles for text in paragraph_texts(article)):
        start = stream.find(text, end)
        if start < 0:
            missing.append(text)
            continue
        end = start + len(text)
        found.append(Paragraph(text, tuple(part_lines(shown[start:end]))))
    return found, missing


def part_lines(chars: Iterable[Char]) -> list[Line]:
    """``chars`` in lines: a new one begins where the base line or the page is another."""
    lines: list[list[Char]] = []
    for char in chars:
        last = lines[-1][-1] if lines else None
        if last is None or last.page != char.page or abs(last.y - char.y) > 1:
            lines.append([])
        lines[-1].append(char)
    return [tuple(line) for line in lines]


def line_text(line: Line) -> str:
    """Text of ``line``."""
    return "".join(c.text for c in line)


def opened(line: Line) -> float:
    """By how much justification opened each gap of ``line``, in points."""
    found = [b.x - a.x - a.size for a, b in pairwise(line) if a.is_han and b.is_han]
    return median(found) if found else 0.0


def end_error(line: Line, edge: float) -> float:
    """By how many em ``line`` ends past ``edge``; a mark may leave its white off."""
    last = line[-1]
    full = (last.right - edge) / last.size
    return min(full, full - 0.5, key=abs) if last.text in WHITE_BEHIND else full


@dataclass(frozen=True, slots=True)
class MarkRun:
    """Adjacent marks on a line; widths are in em, that of justification taken off."""

    text: str
    page: int
    pairs: int
    wide: float

    @property
    def expected(self) -> float:
        """How wide it is with each of its pairs squeezed."""
        return len(self.text) - self.pairs / 2


def mark_runs(line: Line) -> Iterator[MarkRun]:
    """Runs of two marks and more that something follows on ``line``."""
    text, share = line_text(line), opened(line)
    for match in _RUN.finditer(text):
        start, end = match.span()
        # The call of a footnote between them is no longer here, but was counted.
        if end < len(line) and line[end].number - line[start].number == end - start:
            inside = sum(expandable(a, b) for a, b in pairwise(text[start : end + 1]))
            wide = (line[end].x - line[start].x - inside * share) / line[start].size
            pairs = sum(a in WHITE_BEHIND or b in WHITE_BEFORE for a, b in pairwise(match[0]))
            yield MarkRun(match[0], line[start].page, pairs, wide)
