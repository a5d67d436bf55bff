"""Contrast of the text of a printed PDF with what it stands on.

The ground is not worked out from fills and pictures: each page is drawn without its
text, and the ground of a text is the colour that is most of what is left in its place.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: WCAG 2, 1.4.3: of text, and of large text, which is from 18pt, or from 14pt where bold.
ENOUGH = 4.5
ENOUGH_IF_LARGE = 3.0
_LARGE = 18.0
_LARGE_IF_BOLD = 14.0

#: Pixels a point of the drawing in which grounds are looked up.
_SCALE = 1.0

_Colour = tuple[int, int, int]
_Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class TextColour:
    """A colour of text on a ground, ``#rrggbb`` both, at a size in points.

    ``pages`` are physical, from 1; ``sample`` is the first text that is set so.
    """

    colour: str
    ground: str
    size: float
    bold: bool
    contrast: float
    pages: tuple[int, ...]
    sample: str

    @property
    def enough(self) -> bool:
        """Whether it can be read by WCAG 2, level AA."""
        is_large = self.size >= (_LARGE_IF_BOLD if self.bold else _LARGE)
        return self.contrast >= (ENOUGH_IF_LARGE if is_large else ENOUGH)


def contrast(one: str, other: str = "#ffffff") -> float:
    """Contrast of two colours ``#rrggbb``, 1 to 21 (WCAG 2)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    linear = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)  # noqa: PLR2004  (sRGB's own figures)
    shares = zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    return sum(share * part for share, part in shares)


def text_colours(pdf: Path) -> tuple[TextColour, ...]:
    """Every colour of text of ``pdf`` with each of its grounds and sizes, the palest first."""
    import pypdfium2  # noqa: PLC0415  (an extra)

    found: dict[tuple[str, str, float, bool], list[tuple[int, str]]] = {}
    with pypdfium2.PdfDocument(pdf) as document:
        for number in range(len(document)):
            for key, text in _page_colours(pypdfium2.raw, document[number]):
                found.setdefault(key, []).append((number + 1, text))
    colours = (
        TextColour(*key, round(contrast(*key[:2]), 2), _pages(places), places[0][1])
        for key, places in found.items()
    )
    return tuple(sorted(colours, key=lambda c: (c.contrast, c.colour, c.ground, c.size, c.bold)))


def _pages(places: list[tuple[int, str]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(page for page, _ in places))


def _page_colours(raw: Any, page: Any) -> Iterator[tuple[tuple[str, str, float, bool], str]]:  # noqa: ANN401  (pdfium's objects)
    """Colour, ground, size and weight of each text of ``page``, and the text."""
    kinds = [raw.FPDF_PAGEOBJ_TEXT]
    objects = list(page.get_objects(filter=kinds, textpage=page.get_textpage()))
    texts = [(each, text) for each in objects if (text := each.extract().strip())]
    for each in objects:
        raw.FPDFTextObj_SetTextRenderMode(each, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
    picture = page.render(scale=_SCALE).to_pil().convert("RGB")
    for each, text in texts:
        ground = _commonest(picture, _box(each, picture.height))
        colour = _fill(raw, each, ground)
        size = round(each.get_font_size() * _matrix(each).d, 1)
        is_bold = each.get_font().get_base_name().endswith("-Bold")
        yield (_name(colour), _name(ground), size, is_bold), text


def _matrix(each: Any) -> Any:  # noqa: ANN401  (likewise)
    """From the units of ``each`` to points of its page."""
    matrix, inside = each.get_matrix(), each.container
    while inside is not None:
        matrix, inside = matrix.multiply(inside.get_matrix()), inside.container
    return matrix


def _box(each: Any, height: int) -> _Box:  # noqa: ANN401  (likewise)
    """Pixels that ``each`` covers: one at least, counted from the top."""
    box, inside = each.get_bounds(), each.container
    while inside is not None:
        box, inside = inside.get_matrix().on_rect(*box), inside.container
    left, bottom, right, top = (value * _SCALE for value in box)
    x, y = int(left), int(height - top)
    return x, y, max(x + 1, int(right)), max(y + 1, int(height - bottom))


def _commonest(picture: Any, box: _Box) -> _Colour:  # noqa: ANN401  (Pillow's image, an extra)
    part = picture.crop(box)
    _, colour = max(part.getcolors(part.width * part.height))
    return tuple(colour)


def _fill(raw: Any, each: Any, ground: _Colour) -> _Colour:  # noqa: ANN401  (pdfium's objects)
    """The colour of ``each``, what shines through it mixed in."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    raw.FPDFPageObj_GetFillColor(each, red, green, blue, alpha)
    share = alpha.value / 255
    own = (red.value, green.value, blue.value)
    mixed = (round(a * share + b * (1 - share)) for a, b in zip(own, ground, strict=True))
    r, g, b = mixed
    return r, g, b


def _name(colour: _Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
