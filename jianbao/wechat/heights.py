"""How high a stretch of an article is on a phone: near enough to tell what shares a screen.

Lines are counted from the width of their characters, boxes from the declarations that have
to do with height. What is not known counts as nothing, so that a stretch is rather taken to
be too low than too high.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from jianbao.cjk import is_cjk
from jianbao.wechat.fragment import NONE, VOID
from jianbao.wechat.lengths import FONT_SIZE, font_sizes, line_height, pixels
from jianbao.wechat.limits import PHONE_WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.fragment import Element, Fragment, Text

#: The text column of a phone: WeChat leaves 16 pixels to either side.
_COLUMN = PHONE_WIDTH - 32
#: Line height where nothing sets one; and the width of a character that is not Chinese, in em.
_NORMAL = 1.6
_NARROW = 0.5
_INLINE = frozenset({"a", "b", "code", "em", "font", "i", "img", "s", "span", "strong", "sub"}) | {
    "sup",
    "u",
}
#: Cells stand beside one another: a row is as high as its text would be in one line.
_BESIDE = frozenset({"td", "th"})


def shown_width(element: Element) -> float | None:
    """The width of a picture on a phone, in pixels."""
    declared = element.style("width", "max-width")
    if declared is None:
        written = element.value("width") or element.value("data-w") or ""
        return float(written) if written.isascii() and written.isdigit() else None
    return pixels(declared.value, FONT_SIZE, whole=PHONE_WIDTH)


class Heights:
    """Heights in one fragment, in pixels."""

    def __init__(self, fragment: Fragment) -> None:
        self._fragment = fragment
        self._sizes = font_sizes(fragment)
        self._lines = fragment.inherited(self._line, FONT_SIZE * _NORMAL)

    def between(self, start: int, end: int) -> float:
        """From offset ``start`` of the text to before ``end``."""
        stretch = _Stretch()
        for _, parts in sorted(self._events(start, end), key=lambda event: event[0]):
            for part in parts:
                stretch.take(part)
        return stretch.finish()

    def _line(self, element: Element, above: float) -> float:
        declared = element.style("line-height")
        size = self._sizes[element.index]
        own = line_height(declared.value, size) if declared else None
        # A bare number is inherited as such; a smaller text makes lower lines.
        parent = FONT_SIZE if element.parent == NONE else self._sizes[element.parent]
        return size * own if own is not None else above * (size / parent if parent else 1)

    def _events(self, start: int, end: int) -> Iterator[tuple[tuple[int, int], _Parts]]:
        """What adds to the height, with its place: at one place, what ends comes first."""
        texts = self._fragment.texts
        first = bisect_left(texts, start, key=lambda text: text.start)
        last = bisect_left(texts, end, key=lambda text: text.start)
        for text in texts[first:last]:
            yield (text.start, 1), (self._run(text),)
        for element in self._fragment.elements:
            if start <= element.start < end:
                yield (element.start, 1), tuple(self._opening(element))
            if start < element.end <= end and element.name not in VOID:
                yield (element.end, 0), tuple(reversed(self._blanks(element, 2)))

    def _run(self, text: Text) -> _Run:
        size = FONT_SIZE if text.parent == NONE else self._sizes[text.parent]
        line = FONT_SIZE * _NORMAL if text.parent == NONE else self._lines[text.parent]
        characters = "".join(unescape(text.content).split())
        width = sum(1 if is_cjk(char) else _NARROW for char in characters) * size
        return _Run(width, line if characters else 0)

    def _opening(self, element: Element) -> _Parts:
        if element.name == "br":
            return (_Run(0, self._lines[element.index], ends=True),)
        if element.name == "img":
            return (_picture(element),)
        return self._blanks(element, 0)

    def _blanks(self, element: Element, side: int) -> _Parts:
        """What a block leaves free above (0) or below (2) it, from the outside inwards."""
        if element.name in _INLINE or element.name in _BESIDE:
            return ()
        size = self._sizes[element.index]
        margin, padding = (_side(element, box, side, size) for box in ("margin", "padding"))
        return _Blank(margin), _Blank(padding, collapses=False)


@dataclass(frozen=True, slots=True)
class _Blank:
    """A height without anything in it; adjoining margins collapse into the highest."""

    height: float
    collapses: bool = True


@dataclass(frozen=True, slots=True)
class _Run:
    """Something in a line, so wide and high; ``ends`` breaks the line behind it."""

    width: float
    height: float
    ends: bool = False


_Parts = tuple[_Blank | _Run, ...]


class _Stretch:
    """Adds up what stands below one another."""

    def __init__(self) -> None:
        self._height = 0.0
        self._margin = 0.0
        self._width = 0.0
        self._line = 0.0

    def take(self, part: _Blank | _Run) -> None:
        """Add the next of the text."""
        if isinstance(part, _Run):
            self._width += part.width
            self._line = max(self._line, part.height)
            if not part.ends:
                return
        self._finish_line()
        if isinstance(part, _Blank) and part.collapses:
            self._margin = max(self._margin, part.height)
        elif isinstance(part, _Blank) and part.height:
            self._height += self._margin + part.height
            self._margin = 0.0

    def finish(self) -> float:
        """The height of all that was added."""
        self._finish_line()
        return self._height + self._margin

    def _finish_line(self) -> None:
        if not self._line:
            return
        lines = max(1, math.ceil(self._width / _COLUMN))
        self._height += self._margin + lines * self._line
        self._margin = self._width = self._line = 0.0


def _picture(element: Element) -> _Run:
    width = min(shown_width(element) or 0, _COLUMN)
    try:
        return _Run(width, width * float(element.value("data-ratio") or 0))
    except ValueError:
        return _Run(width, 0)


def _side(element: Element, box: str, side: int, size: float) -> float:
    """``margin`` or ``padding`` above (0) or below (2), in pixels."""
    declared = element.style(box, f"{box}-{('top', '', 'bottom')[side]}")
    if declared is None:
        return 0
    values = declared.value.split()
    if declared.name == box and side < len(values):
        values = values[side:]  # with one or two, above and below are the same
    return max(0, pixels(values[0], size, whole=_COLUMN) or 0) if values else 0
