"""Both edges of a Chinese paragraph aligned, which WeasyPrint cannot do.

``text-align: justify`` widens only spaces there (its ``justify_line``, with a TODO of
its authors), so a quarter of an issue's lines end short, some by several characters.
CLREQ sets both edges flush and, where a line must be filled, opens the gaps between
characters. While a document is laid out, `chinese_justification` puts `_justify_line`
in the place of that private function; with any other version than the one it was
written against it does nothing, and lines are as WeasyPrint leaves them.
"""

from __future__ import annotations

import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The version whose private ``justify_line(context, line, extra_width)`` is known.
KNOWN_VERSION = "70.0"

#: Marks that stay with what follows, and marks that stay with what goes before: the
#: gap on that side is not opened, since the mark brings its own white on the other.
OPENING = frozenset("（《〈「『【〔“‘［｛")
CLOSING = frozenset("），。、；：！？》〉」』】〕”’…—～·］｝％")


@dataclass(frozen=True, slots=True)
class Place:
    """A character of a line: its text box and byte offset there."""

    box: int
    offset: int
    char: str


@contextmanager
def chinese_justification(weasyprint: Any) -> Iterator[bool]:  # noqa: ANN401  (WeasyPrint has no types)
    """Lay out with both edges aligned; whether that is possible is yielded."""
    if weasyprint.__version__ != KNOWN_VERSION:
        yield False
        return
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415  (the engine's import)
    from weasyprint.layout import inline  # noqa: PLC0415
    from weasyprint.text import ffi, line_break  # noqa: PLC0415

    before = inline.justify_line
    justify = _Justify(boxes, ffi, line_break.Layout)
    inline.justify_line = justify.line
    try:
        yield True
    finally:
        inline.justify_line = before


def expandable(before: str, after: str) -> bool:
    """Whether the gap between two neighbours of a line may be opened.

    Between Han characters, and between Han and Latin; at a space; never inside a Latin
    word or a number, nor between a mark and the text that it belongs to.
    """
    if before in " \u00a0":
        return True
    if after in " \u00a0" or before in OPENING or after in CLOSING:
        return False
    if not _is_wide(before) and not _is_wide(after):
        return False
    return not (unicodedata.combining(after) or unicodedata.category(after) == "Cf")


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF" or char in "“”‘’—…·"


def gaps(line: list[Place]) -> list[Place]:
    """The places after which ``line`` may be opened."""
    return [before for before, after in pairwise(line) if expandable(before.char, after.char)]


class _Justify:
    """``justify_line`` with the classes of WeasyPrint that it deals with."""

    def __init__(self, boxes: Any, ffi: Any, layout: Any) -> None:  # noqa: ANN401  (WeasyPrint has no types)
        self._boxes = boxes
        self._units: int = ffi.TO_UNITS
        self._layout = _opened_layout(layout, ffi.ffi.NULL)

    def line(self, context: object, line: Any, extra_width: float) -> None:  # noqa: ANN401
        """Distribute ``extra_width`` (CSS pixels) over the gaps of a line box."""
        del context
        texts = list(self._text_boxes(line))
        open_after = gaps(_places(texts))
        if not open_after:
            return
        share = extra_width / len(open_after)
        extras: list[dict[int, int]] = [{} for _ in texts]
        for place in open_after:
            extras[place.box][place.offset] = round(share * self._units)
        by_box = {id(box): offsets for box, offsets in zip(texts, extras, strict=True)}
        self._shift(line, by_box, share, 0.0)

    def _text_boxes(self, box: Any) -> Iterator[Any]:  # noqa: ANN401
        if isinstance(box, self._boxes.TextBox):
            yield box
        elif isinstance(box, self._boxes.LineBox | self._boxes.InlineBox):
            for child in box.children:
                if child.is_in_normal_flow():
                    yield from self._text_boxes(child)

    def _shift(self, box: Any, extras: dict[int, dict[int, int]], share: float, x: float) -> float:  # noqa: ANN401
        """Move ``box`` by ``x``, open it, and return by how much what follows moves."""
        if isinstance(box, self._boxes.TextBox):
            box.position_x += x
            offsets = extras[id(box)]
            if offsets:
                box.width += share * len(offsets)
                box.pango_layout = self._layout.opened(box.pango_layout, offsets)
            return x + share * len(offsets)
        if not isinstance(box, self._boxes.LineBox | self._boxes.InlineBox):
            box.translate(x, 0)  # an image, or an inline block
            return x
        box.position_x += x
        end = x
        for child in box.children:
            if child.is_in_normal_flow():
                end = self._shift(child, extras, share, end)
        box.width += end - x
        return end


def _places(texts: list[Any]) -> list[Place]:
    places = []
    for number, box in enumerate(texts):
        offset = 0
        for char in box.pango_layout.text:
            places.append(Place(number, offset, char))
            offset += len(char.encode())
    return places


def _opened_layout(base: Any, null: object) -> Any:  # noqa: ANN401  (WeasyPrint has no types)
    """A ``Layout`` whose glyphs are moved apart when it is drawn.

    The advances of the shaped glyphs are changed, not Pango's letter spacing: that
    puts half before and half after each run, and would cut runs and so kerning.
    """

    class OpenedLayout(base):  # type: ignore[misc]  # untyped base
        """Extra advance, in Pango units, by the byte offset of the character."""

        extras: dict[int, int]
        opened_once = False

        @classmethod
        def opened(cls, layout: Any, extras: dict[int, int]) -> OpenedLayout:  # noqa: ANN401
            made = cls.__new__(cls)
            made.__dict__.update(layout.__dict__)
            made.extras = extras
            return made

        def reactivate(self, style: object) -> None:
            self.opened_once = False
            super().reactivate(style)

        def get_first_line(self) -> tuple[Any, int | None]:
            line, index = super().get_first_line()
            if not self.opened_once:
                self.opened_once = True
                _open(line, self.extras, null)
            return line, index

    return OpenedLayout


def _open(line: Any, extras: dict[int, int], null: object) -> None:  # noqa: ANN401  (cffi has no types)
    """Widen the last glyph of each cluster that starts at one of ``extras``."""
    run = line.runs
    while run != null:
        item = run.data
        start = item.item.offset
        glyphs = item.glyphs
        clusters = glyphs.log_clusters
        last = {start + clusters[i]: i for i in range(glyphs.num_glyphs)}
        for offset, index in last.items():
            if offset in extras:
                glyphs.glyphs[index].geometry.width += extras[offset]
        run = run.next
