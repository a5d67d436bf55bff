"""Colours: read from CSS, laid over one another, compared."""

from __future__ import annotations

from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tinycss2.color4 import parse_color

if TYPE_CHECKING:
    from collections.abc import Sequence

#: No colour that anybody writes is longer.
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green and blue from 0 to 255, alpha from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    @property
    def channels(self) -> tuple[float, float, float]:
        """Without alpha."""
        return self.red, self.green, self.blue

    @property
    def brightness(self) -> float:
        """Perceived brightness, 0 to 255 (W3C, AERT 2.2)."""
        return (self.red * 299 + self.green * 587 + self.blue * 114) / 1000

    @property
    def hsl(self) -> tuple[float, float, float]:
        """Hue 0 to 1, saturation and lightness in per cent."""
        hue, lightness, saturation = rgb_to_hls(*(c / 255 for c in self.channels))
        return hue, saturation * 100, lightness * 100

    @property
    def luminance(self) -> float:
        """Relative luminance, 0 to 1 (WCAG 2)."""
        red, green, blue = (_linear(channel / 255) for channel in self.channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def with_lightness(self, lightness: float) -> Colour:
        """The same hue and saturation; ``lightness`` in per cent, held to what there is."""
        hue, saturation, _ = self.hsl
        red, green, blue = hls_to_rgb(hue, min(max(lightness, 0), 100) / 100, saturation / 100)
        return Colour(red * 255, green * 255, blue * 255, self.alpha)

    def over(self, ground: Colour) -> Colour:
        """What is seen of it on an opaque ``ground``."""
        mixed = (
            front * self.alpha + back * (1 - self.alpha)
            for front, back in zip(self.channels, ground.channels, strict=True)
        )
        return Colour(*mixed)


@lru_cache(maxsize=1024)
def colour(value: str) -> Colour | None:
    """The colour that CSS's ``value`` names; None where it names none of its own."""
    if len(value) > _LONGEST:
        return None
    try:
        found = parse_color(value)
    except (ValueError, ZeroDivisionError):  # numbers that are out of any range
        return None
    if found is None or isinstance(found, str):  # "currentcolor"
        return None
    red, green, blue = (min(max(channel or 0, 0), 1) * 255 for channel in found.to("srgb")[:3])
    return Colour(red, green, blue, found.alpha)


def mean(colours: Sequence[Colour]) -> Colour | None:
    """What a gradient of ``colours`` comes to; None where there are none."""
    if not colours:
        return None
    count = len(colours)
    red, green, blue = (
        sum(channels) / count for channels in zip(*(one.channels for one in colours), strict=True)
    )
    return Colour(red, green, blue, sum(one.alpha for one in colours) / count)


def contrast(one: Colour, other: Colour) -> float:
    """Contrast of two opaque colours, 1 to 21 (WCAG 2)."""
    darker, lighter = sorted((one.luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  (sRGB's)
