"""Pictures of an article: QR codes, covers, and those of the items, as PNG or JPEG."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from jianbao.press.qr import qr_matrix
from jianbao.qr_measures import QUIET_ZONE

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.press.fonts import WorkingSet

#: Pixels of a module: sharp on a phone that shows three pixels for one.
_MODULE = 10
#: WeChat crops covers to 2.35:1 and, from its middle, to 1:1.
COVER = (900, 383)
#: Corners of both crops, as shares of the cover: x1_y1_x2_y2.
CROP_WIDE = "0_0_1_1"
CROP_SQUARE = "0.287_0_0.713_1"
_BOLD = "JianbaoHei-Bold.ttf"
_KEPT = {"PNG": ("png", "PNG"), "JPEG": ("jpg", "JPEG")}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file of the edition; ``use`` is body or cover, ``size`` in pixels."""

    file: str
    content: bytes
    size: tuple[int, int]
    use: str = "body"

    @property
    def sha256(self) -> str:
        """Hash of the file."""
        return hashlib.sha256(self.content).hexdigest()


def qr_picture(url: str, file: str) -> Picture:
    """The QR code of ``url`` with its quiet zone."""
    matrix = qr_matrix(url)
    side = len(matrix) + 2 * QUIET_ZONE
    image = Image.new("1", (side, side), 1)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                image.putpixel((x + QUIET_ZONE, y + QUIET_ZONE), 0)
    shown = image.resize((side * _MODULE, side * _MODULE), Image.Resampling.NEAREST)
    return Picture(file, _png(shown), shown.size)


def item_picture(source: Path, stem: str) -> Picture | None:
    """A picture of an item, in a form that WeChat takes; None for a drawing (SVG)."""
    try:
        with Image.open(source) as image:
            kind = _KEPT.get(image.format or "")
            if kind:
                return Picture(f"{stem}.{kind[0]}", source.read_bytes(), image.size)
            return Picture(f"{stem}.png", _png(image.convert("RGBA")), image.size)
    except OSError:  # Pillow knows no SVG
        return None


def cover_picture(words: str, small: str, colour: str, fonts: WorkingSet, file: str) -> Picture:
    """A cover with ``words`` in its middle, where both crops have them."""
    image = Image.new("RGB", COVER, colour)
    draw = ImageDraw.Draw(image)
    bold = str(fonts.folder / _BOLD)
    inside = COVER[1] - 40
    sizes = (ImageFont.truetype(bold, size) for size in range(84, 8, -4))
    fitting = next(font for font in sizes if font.getlength(words) < inside)
    middle = COVER[0] // 2
    draw.text((middle, 175), words, "#fff", fitting, "mm")
    draw.text((middle, 265), small, "#fff", ImageFont.truetype(bold, 26), "mm")
    return Picture(file, _png(image), COVER, "cover")


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
