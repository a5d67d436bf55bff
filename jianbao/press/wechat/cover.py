"""Covers: painted, since the repository holds no pictures.

One picture serves both crops: the wide one (2.35:1) is all of it, the square one its middle,
and what is to be read stands there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw, ImageFont

from jianbao.press.titles import break_title
from jianbao.press.views import HUES
from jianbao.press.wechat.pictures import png

if TYPE_CHECKING:
    from pathlib import Path

#: The size that the manual recommends for 2.35:1.
SIZE: Final = (900, 383)
_SQUARE: Final = SIZE[1]
_MARGIN = (SIZE[0] - _SQUARE) / 2 / SIZE[0]
#: left_top_right_bottom as parts of width and height, as draft/add takes them.
WIDE_CROP: Final = "0_0_1_1"
SQUARE_CROP: Final = f"{_MARGIN:.6f}_0_{1 - _MARGIN:.6f}_1"

#: Ground of the whole issue's; `--brand` in colours.css.
BRAND: Final = "#1f3a5f"
_COLOURS = 16
#: Of the square that text may fill, and the sizes it is tried in, in pixels.
_TEXT_WIDTH = 320
_SIZES = (84, 72, 60, 48, 36)
_MOST_LINES = 2
_LINE = 1.25
_SMALL = 28
_STRIPE, _STRIPE_GAP = 10, 14


def hue_of(section: int) -> str:
    """The colour of the section that counts ``section`` from 1; 0 is the whole issue."""
    return HUES[(section - 1) % len(HUES)] if section else BRAND


def paint_cover(words: str, below: str, section: int, face: Path) -> bytes:
    """PNG: ``words`` large on the hue of ``section``, ``below`` small; set in ``face``."""
    picture = Image.new("RGB", SIZE, hue_of(section))
    draw = ImageDraw.Draw(picture)
    size, lines = _set(words)
    font = ImageFont.truetype(face, size, layout_engine=ImageFont.Layout.BASIC)
    small = ImageFont.truetype(face, _SMALL, layout_engine=ImageFont.Layout.BASIC)
    middle, top = SIZE[0] // 2, SIZE[1] // 2 - int(len(lines) * size * _LINE) // 2 - _SMALL
    for number, line in enumerate(lines):
        at = (middle, top + int((number + 0.5) * size * _LINE))
        draw.text(at, line, "white", font, anchor="mm")
    end = top + int(len(lines) * size * _LINE)
    rule = (middle - _SMALL, end + _STRIPE_GAP, middle + _SMALL, end + _STRIPE_GAP + 3)
    draw.rectangle(rule, fill="white")
    draw.text((middle, end + 2 * _SMALL), below, "white", small, anchor="mm")
    _stripes(draw)
    return png(picture.quantize(_COLOURS))


def _set(words: str) -> tuple[int, tuple[str, ...]]:
    """The largest size at which ``words`` fit, and their lines."""
    for size in _SIZES:
        lines = break_title(words, _TEXT_WIDTH / size)
        if len(lines) <= _MOST_LINES:
            return size, lines
    return _SIZES[-1], lines[:_MOST_LINES]


def _stripes(draw: ImageDraw.ImageDraw) -> None:
    """The hues of the sections along the foot, as on the printed cover."""
    width = SIZE[0] / len(HUES)
    for number, hue in enumerate(HUES):
        left, right = number * width, (number + 1) * width
        draw.rectangle((left, SIZE[1] - _STRIPE, right, SIZE[1]), fill=hue)
