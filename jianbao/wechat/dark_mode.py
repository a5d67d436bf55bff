"""How WeChat turns the colours of an article for dark mode.

By the principles and thresholds that mp-darkmode, the library that articles run, documents
(doc/cn/principle.md): backgrounds first, then text against the background it got. It skips
svg and leaves text over a picture as it is.
"""

from __future__ import annotations

from jianbao.wechat.colours import Colour

LIGHT_TEXT = Colour(0x19, 0x19, 0x19)
LIGHT_GROUND = Colour(255, 255, 255)
DARK_TEXT = Colour(0xA3, 0xA3, 0xA3)
DARK_GROUND = Colour(0x19, 0x19, 0x19)

#: Perceived brightness from which on a colour counts as white: text keeps it.
_WHITE = 250
#: The brightest that a background may be.
_BRIGHTEST_GROUND = 190
#: A background is dark below this, and text on it is made brighter rather than darker.
_BRIGHT_GROUND = 100
#: The least difference of brightness between text and background.
_DIFFERENCE = 65
#: Lightness, in per cent: greys above the first are turned, what is below the second is raised.
_HIGH_LIGHTNESS, _LOW_LIGHTNESS = 40, 22
#: The lightness that an inverted one adds up to with what it was.
_TURN = 90
#: The largest difference that text has on the page's own background.
_LARGEST = DARK_TEXT.brightness - DARK_GROUND.brightness
#: A colour fainter than this does not count.
FAINTEST = 0.05


def dark_ground(ground: Colour, under: Colour) -> Colour:
    """What the background ``ground`` becomes over ``under``, which is turned already."""
    mixed = ground.over(under)
    _, saturation, lightness = mixed.hsl
    is_grey = saturation < 1e-6  # noqa: PLR2004  (none, but for rounding)
    if (is_grey and lightness > _HIGH_LIGHTNESS) or mixed.brightness > _WHITE:
        turned = min(100, 100 + DARK_GROUND.hsl[2] - lightness)
        return Colour(*(turned * 2.55 for _ in range(3)))
    if mixed.brightness > _BRIGHTEST_GROUND:
        return _at_brightness(mixed, _BRIGHTEST_GROUND)
    return mixed.with_lightness(_LOW_LIGHTNESS) if lightness < _LOW_LIGHTNESS else mixed


def dark_text(text: Colour, ground: Colour) -> Colour:
    """What ``text`` becomes on ``ground``, a background that is turned already."""
    seen = text.over(ground)
    if seen.brightness >= _WHITE:
        return seen
    difference = abs(ground.brightness - seen.brightness)
    if difference > _LARGEST and ground.brightness <= DARK_GROUND.brightness + 2:
        return _at_brightness(seen, _LARGEST + ground.brightness)
    if difference >= _DIFFERENCE:
        return seen
    return _apart(seen, ground)


def _apart(seen: Colour, ground: Colour) -> Colour:
    """``seen``, which is too near to ``ground``, moved away: by lightness if that will do."""
    bright = ground.brightness >= _BRIGHT_GROUND
    lightness = seen.hsl[2]
    turns = lightness > _TURN - _HIGH_LIGHTNESS if bright else lightness <= _HIGH_LIGHTNESS
    if turns:
        return dark_text(seen.with_lightness(_TURN - lightness), ground)
    step = -_DIFFERENCE if bright else _DIFFERENCE
    return _at_brightness(seen, min(_LARGEST, ground.brightness + step))


def _at_brightness(one: Colour, target: float) -> Colour:
    """``one`` scaled to a perceived brightness; what a full channel cannot take, green does."""
    ratio = target / (one.brightness or 1)
    red, green, blue = (min(255.0, channel * ratio) for channel in one.channels)
    if green == 0 or red >= 255 or blue >= 255:  # noqa: PLR2004  (a full channel)
        green = (target * 1000 - red * 299 - blue * 114) / 587
    return Colour(red, min(max(green, 0), 255), blue)
