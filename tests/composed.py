"""Characters of a printed PDF where pdfium finds them, and the lines they make.

An origin is where a character's square begins, so that the distance of two origins is
what the first advances, whatever its ink does; a box of ink would hide squeezed marks.
"""

from __future__ import annotations

import ctypes
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from statistics import median
from typing import TYPE_CHECKING

import pypdfium2
from pypdfium2 import raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from jianbao.model import Article

POINTS = 72 / 25.4
#: WeasyPrint writes sizes in CSS pixels under a matrix.
CSS_PIXEL = 0.75
#: The type area of the classic theme in points from the left of its page.
LEFT, RIGHT = 18.2 * POINTS, (210 - 18.2) * POINTS
#: Its top and bottom from the foot of the page; furniture lies outside.
TOP, BOTTOM = (297 - 25.5) * POINTS, 23.7 * POINTS


@dataclass(frozen=True, slots=True)
class Char:
    """A character on a physical page (from 0), in points from the lower left.

    ``x`` and ``y`` are its origin, ``right`` where its full advance would end.
    """

    text: str
    page: int
    x: float
    y: float
    right: float
    size: float
    generated: bool = False

    @property
    def is_han(self) -> bool:
        """Whether it is a Han character."""
        return unicodedata.name(self.text, "").startswith("CJK UNIFIED")

    @property
    def is_latin(self) -> bool:
        """Whether it is a Latin letter or a digit."""
        return self.text.isascii() and self.text.isalnum()


@cache
def pdfium_chars(pdf: Path) -> tuple[Char, ...]:
    """Every character in the type area, in pdfium's order, with the spaces it adds."""
    with pypdfium2.PdfDocument(pdf) as document:
        return tuple(c for n in range(len(document)) for c in _page_chars(document[n], n))


def printed_chars(pdf: Path) -> tuple[Char, ...]:
    """`pdfium_chars` without white space."""
    return tuple(c for c in pdfium_chars(pdf) if not c.text.isspace())


def _page_chars(page: pypdfium2.PdfPage, number: int) -> Iterator[Char]:
    text = page.get_textpage()
    x, y = ctypes.c_double(), ctypes.c_double()
    box = raw.FS_RECTF()
    for index in range(text.count_chars()):
        raw.FPDFText_GetCharOrigin(text.raw, index, x, y)
        if BOTTOM < y.value < TOP:
            raw.FPDFText_GetLooseCharBox(text.raw, index, box)
            size = raw.FPDFText_GetFontSize(text.raw, index) * CSS_PIXEL
            generated = raw.FPDFText_IsGenerated(text.raw, index) == 1
            char = chr(raw.FPDFText_GetUnicode(text.raw, index))
            yield Char(char, number, x.value, y.value, box.right, size, generated)


def paragraphs(article: Article) -> list[str]:
    """Texts of the article's paragraphs without white space, with the source at the end."""
    texts = [
        "".join(c.content for c in token.children or () if c.type in {"text", "text_special"})
        for before, token in pairwise(article.body.tokens)
        if before.type == "paragraph_open"
    ]
    texts[-1] += f"（来源：{article.attribution.source}）"
    return ["".join(text.split()) for text in texts]


#: The characters of one line from left to right.
Line = tuple[Char, ...]


def line_text(line: Line) -> str:
    """Text of ``line``."""
    return "".join(c.text for c in line)


def opened(line: Line) -> float:
    """By how much justification opened each gap of ``line``, in points."""
    found = [b.x - a.x - a.size for a, b in pairwise(line) if a.is_han and b.is_han]
    return median(found) if found else 0.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it was printed, line by line."""

    text: str
    lines: tuple[Line, ...]


def printed_paragraphs(pdf: Path, articles: Iterable[Article]) -> list[Paragraph]:
    """The paragraphs of ``articles``, found one after the other; the text must be verbatim."""
    chars = printed_chars(pdf)
    stream = "".join(c.text for c in chars)
    found, end = [], 0
    for text in (text for article in articles for text in paragraphs(article)):
        start = stream.find(text, end)
        assert start >= 0, text
        end = start + len(text)
        found.append(Paragraph(text, _lines(chars[start:end])))
    return found


def _lines(chars: tuple[Char, ...]) -> tuple[Line, ...]:
    grouped = groupby(chars, lambda c: (c.page, round(c.y)))
    return tuple(tuple(line) for _, line in grouped)
