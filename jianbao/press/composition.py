"""Composition of Chinese lines, which WeasyPrint does not know.

``text-align: justify`` widens only spaces there (its ``justify_line``, with a TODO of
its authors), so a quarter of an issue's lines end short, some by several characters;
and there is no ``text-autospace``. CLREQ sets both edges flush, opening the gaps
between characters where a line must be filled, and parts Han from Latin by a gap that
is no character. Inside `chinese_lines` a document is laid out that way.

A few private names of ``layout.inline`` and ``text.line_break`` are replaced meanwhile
(two of them only to be faster). With any other version than the one they were read in,
nothing is replaced, and lines are as WeasyPrint leaves them.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from jianbao.cjk import is_cjk
from jianbao.press.spacing import BEFORE_HAN, BEFORE_LATIN, CLOSING, OPENING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: The version whose private names are known.
KNOWN_VERSION = "70.0"

#: CLREQ 3.2.1 allows up to a quarter em between Han and Latin; an eighth reads best at 12pt.
GAP = 0.125

#: Pango's end of a text, whatever its length.
_TO_THE_END = 0xFFFFFFFF

#: In em. A line that would be opened by more ends before something long that cannot be
#: broken, and reads better short.
_WIDEST = 1.0

#: Added to a width in thousandths of an em, so that cutting off its fraction keeps it.
_ENOUGH = 0.3

_ANY_LATIN = re.compile("[0-9A-Za-z]")
_BOUNDARY = re.compile(f"(?:{BEFORE_LATIN})|(?:{BEFORE_HAN})")


@contextmanager
def chinese_lines(weasyprint: Any) -> Iterator[bool]:  # noqa: ANN401  (WeasyPrint has no types)
    """Lay out Chinese lines as CLREQ wants them; yields whether that is possible."""
    if weasyprint.__version__ != KNOWN_VERSION:
        yield False
        return
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415  (the engine imports first)
    from weasyprint.layout import inline  # noqa: PLC0415
    from weasyprint.text import ffi, line_break  # noqa: PLC0415

    replaced = (
        (inline, "justify_line", _Justify(boxes, ffi.TO_UNITS).line),
        (line_break, "Layout", _composed_layout(line_break.Layout, ffi)),
        (line_break, "get_font_description", _remembered(line_break.get_font_description)),
        (line_break, "_font_style_cache_key", _remembered(line_break._font_style_cache_key)),  # noqa: SLF001  (see the module's docstring)
    )
    before = [getattr(module, name) for module, name, _ in replaced]
    for module, name, ours in replaced:
        setattr(module, name, ours)
    try:
        yield True
    finally:
        for (module, name, _), theirs in zip(replaced, before, strict=True):
            setattr(module, name, theirs)


def _remembered(make: Callable[..., object]) -> Callable[..., object]:
    """``make`` of a style, once: both are asked for each stretch of text of each line.

    Styles cannot be hashed; keeping each beside what was made of it keeps its id its own.
    """
    known: dict[tuple[int, bool], tuple[object, object]] = {}

    def remembered(style: object, include_size: bool = False) -> object:  # noqa: FBT001, FBT002  (the replaced one's)
        key = id(style), include_size
        if key not in known:
            made = make(style, include_size) if include_size else make(style)
            known[key] = style, made
        return known[key][1]

    return remembered


@cache
def expandable(before: str, after: str) -> bool:
    """Whether the gap between two neighbours of a line may be opened.

    Between Han characters, and between Han and Latin; at a space; never inside a Latin
    word or a number, nor between a mark and the text that it belongs to.
    """
    if before in " \u00a0":
        return True
    if after in " \u00a0" or before in OPENING or after in CLOSING:
        return False
    if not is_cjk(before) and not is_cjk(after):
        return False
    return not (unicodedata.combining(after) or unicodedata.category(after) == "Cf")


def gaps(texts: list[str]) -> list[dict[int, int]]:
    """Where a line made of ``texts`` may be opened: the byte offsets, text by text.

    Values are zero, to be replaced by the width of the gap.
    """
    found: list[dict[int, int]] = [{} for _ in texts]
    last: tuple[int, int, str] | None = None
    for number, text in enumerate(texts):
        offset = 0
        for char in text:
            if last is not None and expandable(last[2], char):
                found[last[0]][last[1]] = 0
            last = number, offset, char
            offset += _utf8_length(char)
    return found


@cache
def _utf8_length(char: str) -> int:
    return len(char.encode())


class _Justify:
    """A ``justify_line`` that opens the gaps between characters."""

    def __init__(self, boxes: Any, units: int) -> None:  # noqa: ANN401  (WeasyPrint has no types)
        self._text: Any = boxes.TextBox
        self._parents: Any = (boxes.LineBox, boxes.InlineBox)
        self._units = units

    def line(self, context: object, line: Any, extra_width: float) -> None:  # noqa: ANN401
        """Distribute ``extra_width`` (CSS pixels) over the gaps of a line box."""
        del context
        boxes = list(self._text_boxes(line))
        found = gaps([box.pango_layout.text for box in boxes])
        count = sum(len(offsets) for offsets in found)
        if not count:
            return
        share = (extra_width + self._drop_gap(line)) / count
        if share > _WIDEST * line.style["font_size"]:
            return
        extras = {
            id(box): self._extras(offsets, share, box.style["font_size"])
            for box, offsets in zip(boxes, found, strict=True)
        }
        self._shift(line, extras, share, 0.0)

    def _extras(self, offsets: dict[int, int], share: float, size: float) -> dict[int, int]:
        """Pango units for each gap, in whole thousandths of an em.

        The PDF holds nothing finer, and WeasyPrint cuts off the rest: forty gaps cut
        alike would leave the line short. Hence also the little more than a whole.
        """
        thousandth = size * self._units / 1000
        ends = [round(share * n * self._units / thousandth) for n in range(len(offsets) + 1)]
        widths = [after - before for before, after in pairwise(ends)]
        return {
            offset: round((width + _ENOUGH) * thousandth) if width else 0
            for offset, width in zip(offsets, widths, strict=True)
        }

    def _drop_gap(self, line: Any) -> float:  # noqa: ANN401
        """Take the gap off the end of a line, which has none (CLREQ 3.2.1); its width."""
        box = line
        while isinstance(box, self._parents) and box.children:
            box = box.children[-1]
            if box.element is not None and box.element.get("class") == "gap" and box.margin_right:
                width, box.margin_right = box.margin_right, 0
                return float(width)
        return 0.0

    def _text_boxes(self, box: Any) -> Iterator[Any]:  # noqa: ANN401
        if isinstance(box, self._text):
            yield box
        elif isinstance(box, self._parents):
            for child in box.children:
                if child.is_in_normal_flow():
                    yield from self._text_boxes(child)

    def _shift(self, box: Any, extras: dict[int, dict[int, int]], share: float, x: float) -> float:  # noqa: ANN401
        """Move ``box`` by ``x``, open it, and return by how much what follows moves."""
        if isinstance(box, self._text):
            offsets = extras[id(box)]
            box.position_x += x
            box.width += share * len(offsets)
            box.pango_layout.extras = offsets
            return x + share * len(offsets)
        if not isinstance(box, self._parents):
            box.translate(x, 0)  # an image, or an inline block
            return x
        box.position_x += x
        end = x
        for child in box.children:
            if child.is_in_normal_flow():
                end = self._shift(child, extras, share, end)
        box.width += end - x
        return end


def _composed_layout(base: Any, ffi: Any) -> Any:  # noqa: ANN401  (WeasyPrint has no types)
    """A ``Layout`` that knows gaps while lines are broken and places glyphs when drawn.

    Gaps are Pango's letter spacing of one character, so that lines are broken with
    them. When drawn, advances of shaped glyphs are changed instead: Pango puts half of
    a letter's spacing before it, and spacing of every letter would part words.
    """
    pango, units, null, gc = ffi.pango, ffi.TO_UNITS, ffi.ffi.NULL, ffi.ffi.gc

    class ComposedLayout(base):  # type: ignore[misc]  # untyped base
        extras: dict[int, int] = {}  # noqa: RUF012  (replaced by justification, never changed)
        gap_offsets: tuple[int, ...] = ()
        placing = False

        def set_text(self, text: str, justify: bool = False) -> None:  # noqa: FBT001, FBT002  (the base's signature)
            # The text of a line follows the text that it was broken from, whose gaps must go;
            # font features, which are attributes too, must stay.
            self._space((0, _TO_THE_END, 0) for _ in self.gap_offsets[:1])
            super().set_text(text, justify)
            self.gap_offsets = ()
            if _ANY_LATIN.search(self.text) and self.style["letter_spacing"] == "normal":
                found = [m.end() - 1 for m in _BOUNDARY.finditer(self.text)]
                self.gap_offsets = tuple(len(self.text[:i].encode()) for i in found)
                ends = [len(self.text[: i + 1].encode()) for i in found]
                gap = self._gap()
                # Pango drops the half before the first letter.
                widths = (gap if start else 2 * gap for start in self.gap_offsets)
                self._space(zip(self.gap_offsets, ends, widths, strict=True))

        def _space(self, spaced: Iterator[tuple[int, int, int]]) -> None:
            """Set Pango's letter spacing on bytes of the text: from, to, units."""
            for start, end, width in spaced:
                attributes = pango.pango_layout_get_attributes(self.layout)
                if attributes == null:
                    attributes = gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
                attribute = pango.pango_attr_letter_spacing_new(width)
                attribute.start_index, attribute.end_index = start, end
                pango.pango_attr_list_change(attributes, attribute)
                pango.pango_layout_set_attributes(self.layout, attributes)

        def _gap(self) -> int:
            return int(GAP * self.style["font_size"] * units) | 1  # odd: Pango rounds no half of it

        def reactivate(self, style: object) -> None:
            super().reactivate(style)
            self.placing = True

        def get_first_line(self) -> tuple[Any, int | None]:
            line, index = super().get_first_line()
            if self.placing:
                self.placing = False
                moves = dict.fromkeys((o for o in self.gap_offsets if o), -(self._gap() // 2))
                _place(line, self.extras, moves, null)
            return line, index

    return ComposedLayout


def _place(line: Any, extras: dict[int, int], moves: dict[int, int], null: object) -> None:  # noqa: ANN401  (cffi has no types)
    """Widen the last glyph, and move the first, of the clusters at these byte offsets."""
    if not extras and not moves:
        return
    run = line.runs
    while run != null:
        item = run.data
        start, glyphs = item.item.offset, item.glyphs
        clusters = glyphs.log_clusters
        for i in range(glyphs.num_glyphs):
            offset = start + clusters[i]
            is_last = i + 1 == glyphs.num_glyphs or clusters[i + 1] != clusters[i]
            if is_last and offset in extras:
                glyphs.glyphs[i].geometry.width += extras[offset]
            if offset in moves:
                glyphs.glyphs[i].geometry.x_offset += moves[offset]
        run = run.next
