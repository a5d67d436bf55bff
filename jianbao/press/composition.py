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
from functools import cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from jianbao.cjk import is_cjk
from jianbao.press.gap_glyphs import GAP, GAP_LEFT, GAP_RIGHT
from jianbao.press.spacing import CLOSING, HAN_BESIDE, HAN_SIDE, LATIN, OPENING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: The version whose private names are known.
KNOWN_VERSION = "70.0"

#: In em. A line that would be opened by more ends before something long that cannot be
#: broken, and reads better short.
_WIDEST = 1.0

#: Added to a width in thousandths of an em, so that cutting off its fraction keeps it.
_ENOUGH = 0.3

#: Characters that show nothing, and have no gaps of their own.
_JOINTS = frozenset(f"\u2060{HAN_BESIDE}")

#: Letters beside Han. What comes before one is looked at last: most characters are none.
_GAPS = re.compile(
    f"[{LATIN}](?:(?P<both>(?<=[{HAN_SIDE}][{LATIN}])(?=[{HAN_SIDE}]))|(?P<left>(?<=[{HAN_SIDE}][{LATIN}]))|(?=[{HAN_SIDE}]))"
)
_FEATURES = {
    None: GAP_RIGHT.encode(),
    "left": GAP_LEFT.encode(),
    "both": f"{GAP_LEFT},{GAP_RIGHT}".encode(),  # of two attributes Pango takes one
}

#: Pango has it, WeasyPrint does not ask for it.
_COPY = "PangoAttrList * pango_attr_list_copy (PangoAttrList *list);"


@contextmanager
def chinese_lines(weasyprint: Any) -> Iterator[bool]:  # noqa: ANN401  (WeasyPrint has no types)
    """Lay out Chinese lines as CLREQ wants them; yields whether that is possible."""
    if weasyprint.__version__ != KNOWN_VERSION:
        yield False
        return
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415  (the engine imports first)
    from weasyprint.layout import inline  # noqa: PLC0415
    from weasyprint.text import ffi, line_break  # noqa: PLC0415

    ffi.ffi.cdef(_COPY, override=True)  # the same again, on the next build
    lines = _Lines(boxes, ffi.TO_UNITS)
    replaced = (
        (inline, "justify_line", lines.justify),
        (inline, "text_align", partial(lines.align, inline.text_align)),
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
            if char not in _JOINTS:
                if last is not None and expandable(last[2], char):
                    found[last[0]][last[1]] = 0
                last = number, offset, char
            offset += _utf8_length(char)
    return found


@cache
def _utf8_length(char: str) -> int:
    return len(char.encode())


class _Lines:
    """What is done to a line box once it is broken: gaps at its edges go, others open."""

    def __init__(self, boxes: Any, units: int) -> None:  # noqa: ANN401  (WeasyPrint has no types)
        self._text: Any = boxes.TextBox
        self._parents: Any = (boxes.LineBox, boxes.InlineBox)
        self._units = units

    def align(
        self,
        theirs: Callable[..., float],
        context: object,
        line: Any,  # noqa: ANN401  (likewise)
        available_width: float,
        last: bool,  # noqa: FBT001  (the replaced one's)
    ) -> float:
        """A ``text_align`` of a line without gaps at its edges (CLREQ 3.2.1)."""
        boxes = list(self._text_boxes(line))
        if boxes and boxes[0].text.startswith(HAN_BESIDE):
            self._bare(line, boxes[0], boxes[0].text[1:])
        if boxes and boxes[-1].text.endswith(HAN_BESIDE):
            self._bare(line, boxes[-1], boxes[-1].text[:-1])
        return theirs(context, line, available_width, last)

    def _bare(self, line: Any, box: Any, text: str) -> None:  # noqa: ANN401  (likewise)
        """Let ``box`` have the ``text`` without the Han beside it, and no gap to it."""
        box.text = box.pango_layout.text = text
        if box.pango_layout.has_gaps:
            self._shift(line, {id(box): -GAP * box.style["font_size"]}, 0.0)

    def justify(self, context: object, line: Any, extra_width: float) -> None:  # noqa: ANN401  (likewise)
        """A ``justify_line`` that distributes CSS pixels over the gaps between characters."""
        del context
        boxes = list(self._text_boxes(line))
        found = gaps([box.pango_layout.text for box in boxes])
        count = sum(len(offsets) for offsets in found)
        if not count:
            return
        share = extra_width / count
        if share > _WIDEST * line.style["font_size"]:
            return
        for box, offsets in zip(boxes, found, strict=True):
            extras = self._extras(offsets, share, box.style["font_size"])
            box.pango_layout.extras = extras
        shares = (share * len(offsets) for offsets in found)
        self._shift(line, dict(zip(map(id, boxes), shares, strict=True)), 0.0)

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

    def _text_boxes(self, box: Any) -> Iterator[Any]:  # noqa: ANN401
        if isinstance(box, self._text):
            yield box
        elif isinstance(box, self._parents):
            for child in box.children:
                if child.is_in_normal_flow():
                    yield from self._text_boxes(child)

    def _shift(self, box: Any, wider: dict[int, float], x: float) -> float:  # noqa: ANN401  (likewise)
        """Move ``box`` by ``x``, widen its texts, and return by how much what follows moves."""
        if isinstance(box, self._text):
            by = wider.get(id(box), 0.0)
            box.position_x += x
            box.width += by
            return x + by
        if not isinstance(box, self._parents):
            box.translate(x, 0)  # an image, or an inline block
            return x
        box.position_x += x
        end = x
        for child in box.children:
            if child.is_in_normal_flow():
                end = self._shift(child, wider, end)
        box.width += end - x
        return end


def _composed_layout(base: Any, ffi: Any) -> Any:  # noqa: ANN401  (WeasyPrint has no types)
    """A ``Layout`` that knows gaps to Han and widens glyphs when drawn.

    Gaps are font features of single letters, so that lines are broken with them.
    Justification changes advances of shaped glyphs instead: Pango puts half of a
    letter's spacing before it, and spacing of every letter would part words.
    """
    pango = ffi.pango

    class ComposedLayout(base):  # type: ignore[misc]  # untyped base
        extras: dict[int, int] = {}  # noqa: RUF012  (replaced by justification, never changed)
        has_gaps = placing = False

        def setup(self, style: object) -> None:
            super().setup(style)
            self.bare = pango.pango_layout_get_attributes(self.layout)

        def set_text(self, text: str, justify: bool = False) -> None:  # noqa: FBT001, FBT002  (the base's signature)
            if self.has_gaps:
                # The text of a line follows the text that it was broken from, whose gaps must go.
                pango.pango_layout_set_attributes(self.layout, self.bare)
                self.has_gaps = False
            super().set_text(text, justify)
            if self.style["letter_spacing"] == "normal" and (found := letter_features(self.text)):
                own = pango.pango_layout_get_attributes(self.layout)
                more = _with_features(ffi, own, found)
                pango.pango_layout_set_attributes(self.layout, more)
                self.has_gaps = True

        def reactivate(self, style: object) -> None:
            super().reactivate(style)
            self.placing = True

        def deactivate(self) -> None:
            super().deactivate()
            del self.bare

        def get_first_line(self) -> tuple[Any, int | None]:
            line, index = super().get_first_line()
            if self.placing:
                self.placing = False
                _widen(line, self.extras, ffi.ffi.NULL)
            return line, index

    return ComposedLayout


def letter_features(text: str) -> list[tuple[int, int, bytes]]:
    """From which to which byte of ``text`` letters have a gap, and their font features."""
    found = []
    for match in _GAPS.finditer(text):
        start = len(text[: match.start()].encode())
        found.append((start, start + len(match[0].encode()), _FEATURES[match.lastgroup]))
    return found


def _with_features(ffi: Any, attributes: Any, found: list[tuple[int, int, bytes]]) -> Any:  # noqa: ANN401  (cffi has no types)
    """Pango's list of ``attributes``, or NULL, with more font features."""
    pango, is_none = ffi.pango, attributes == ffi.ffi.NULL
    made = pango.pango_attr_list_new() if is_none else pango.pango_attr_list_copy(attributes)
    for start, end, features in found:
        attribute = pango.pango_attr_font_features_new(features)
        attribute.start_index, attribute.end_index = start, end
        pango.pango_attr_list_insert(made, attribute)
    return ffi.ffi.gc(made, pango.pango_attr_list_unref)


def _widen(line: Any, extras: dict[int, int], null: object) -> None:  # noqa: ANN401  (cffi has no types)
    """Widen the last glyph of the clusters at these byte offsets by so many Pango units."""
    if not extras:
        return
    run = line.runs
    while run != null:
        item = run.data
        start, glyphs = item.item.offset, item.glyphs
        clusters = glyphs.log_clusters
        for i in range(glyphs.num_glyphs):
            is_last = i + 1 == glyphs.num_glyphs or clusters[i + 1] != clusters[i]
            if is_last and start + clusters[i] in extras:
                glyphs.glyphs[i].geometry.width += extras[start + clusters[i]]
        run = run.next
