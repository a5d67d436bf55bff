"""The measures of a page: four numbers of the type area, and what follows from them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jianbao.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Points a millimetre.
POINTS = 72 / 25.4

#: A4 (GB/T 148) in millimetres.
PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0

#: The least margins in millimetres. A section's name stands 14 mm above its type area, and
#: printers want 5 mm more to cut; the folio below needs less.
LEAST_SIDE, LEAST_TOP = 12.0, 19.0

#: What each measure may be at all: from newspaper text to GB/T 9704's (16 points), of which
#: 28 characters make a line; more than 50 no eye finds back from.
SIZES, LINE_HEIGHTS = (8.0, 16.0), (12.0, 40.0)
CHARACTERS, LINES = (28, 50), (15, 50)

#: A line holds a title, which is half as large again as the text; a page of lines that
#: stand further apart falls into stripes.
_LEAST_LEADING, _MOST_LEADING = 1.5, 3.0

#: Millimetres by which the type area stands below the middle: a running head is lighter
#: than a page's foot is deep.
_LOWER = 0.9

#: Millimetres that each margin gives up at least. Lines are sums of fractions, and a line
#: that exactly fills the type area would be broken for the last bit of one.
_SLACK = 0.015

#: Titles are set this much larger than the text, on one line of the grid.
TITLE_SCALE = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The type area.

    ``size`` is that of the text and ``line`` its line height, both in points;
    ``characters`` stand in a line and ``lines`` on a page. The default is what 217
    issues were set in.
    """

    size: float = 12.0
    line: float = 26.0
    characters: int = 41
    lines: int = 27

    @property
    def width(self) -> float:
        """Of the type area, in millimetres."""
        return self.characters * self.size / POINTS

    @property
    def height(self) -> float:
        """Of the type area, in millimetres."""
        return self.lines * self.line / POINTS

    @property
    def side(self) -> float:
        """Left and right margin in millimetres."""
        return _margin((PAGE_WIDTH - self.width) / 2)

    @property
    def top(self) -> float:
        """Top margin in millimetres."""
        return _margin((PAGE_HEIGHT - self.height) / 2 + _LOWER)

    @property
    def bottom(self) -> float:
        """Bottom margin in millimetres."""
        return _margin((PAGE_HEIGHT - self.height) / 2 - _LOWER)

    @property
    def title_characters(self) -> int:
        """How many characters of a title stand in a line."""
        return math.floor(self.characters / TITLE_SCALE)


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why measures cannot be printed: the keys to blame, what is wrong, what to write."""

    keys: tuple[str, ...]
    message: str
    hint: str


def misfits(measures: Measures) -> Iterator[Misfit]:
    """Everything that keeps ``measures`` off the page."""
    size, line = measures.size, measures.line
    least, most = size * _LEAST_LEADING, size * _MOST_LEADING
    if not least <= line <= most:
        message = f"行距 {line:g} 磅，字号 {size:g} 磅：行距应是字号的 1.5 到 3 倍"
        yield Misfit(("line", "size"), message, f"line 写 {least:g} 到 {most:g} 之间的数")
    if measures.side < LEAST_SIDE:
        message = f"版心宽 {measures.width:.1f} 毫米，纸宽 210 毫米：左右各要留 {LEAST_SIDE:g} 毫米"
        characters = math.floor((PAGE_WIDTH - 2 * LEAST_SIDE) * POINTS / size)
        hint = f"{size:g} 磅的字每行不超过 {characters} 个"
        yield Misfit(("characters", "size"), message, hint)
    if measures.top < LEAST_TOP:
        message = f"版心高 {measures.height:.1f} 毫米，纸高 297 毫米：上面要留 {LEAST_TOP:g} 毫米"
        lines = math.floor((PAGE_HEIGHT - 2 * (LEAST_TOP - _LOWER)) * POINTS / line)
        hint = f"行距 {line:g} 磅时每页不超过 {lines} 行"
        yield Misfit(("lines", "line", "size"), message, hint)


def _margin(wanted: float) -> float:
    """``wanted`` millimetres in whole tenths, less the slack."""
    return math.floor((wanted - _SLACK) * 10) / 10
