"""CSS lengths in pixels, as an article shows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jianbao.wechat.fragment import Element, Fragment

#: The font size of an article where nothing sets one, in pixels: both the page's and the
#: one that ``rem`` refers to.
FONT_SIZE = 16.0
_LENGTH = re.compile(
    r"([+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))\s{0,3}([a-z%]{0,4})", re.IGNORECASE
)
_ABSOLUTE = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}


def pixels(value: str, font_size: float, whole: float | None = None) -> float | None:
    """``value`` in pixels; a percentage is of ``whole``. None where it is no length."""
    found = _LENGTH.fullmatch(value.strip())
    if found is None:
        return None
    number, unit = float(found[1]), found[2].lower()
    match unit:
        case "em":
            return number * font_size
        case "rem":
            return number * FONT_SIZE
        case "%":
            return None if whole is None else number / 100 * whole
        case "":
            return 0.0 if number == 0 else None
        case _:
            return number * _ABSOLUTE[unit] if unit in _ABSOLUTE else None


def font_sizes(fragment: Fragment) -> list[float]:
    """The font size of each element, in pixels."""

    def own(element: Element, above: float) -> float:
        declared = element.style("font-size")
        size = pixels(declared.value, above, whole=above) if declared else None
        return above if size is None else size

    return fragment.inherited(own, FONT_SIZE)


def line_height(value: str, font_size: float) -> float | None:
    """A ``line-height`` as a multiple of ``font_size``; None where it says no number."""
    try:
        return float(value)
    except ValueError:
        length = pixels(value, font_size, whole=font_size)
    if length is None or font_size <= 0:
        return None
    return length / font_size
