"""Colours of CSS, and what WeChat's dark mode makes of them by its documented thresholds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.wechat.colours import Colour, colour, contrast
from jianbao.wechat.dark_mode import DARK_GROUND, dark_ground, dark_text


def of(value: str) -> Colour:
    found = colour(value)
    assert found is not None, value
    return found


def shown(one: Colour) -> str:
    return "#" + "".join(f"{round(channel):02x}" for channel in one.channels)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("#a61b29", "#a61b29"),
        ("#FFF", "#ffffff"),
        ("rgb(26, 79, 139)", "#1a4f8b"),
        ("rgb(10% 20% 30% / .5)", "#1a334c"),
        ("hsl(0, 0%, 50%)", "#808080"),
        ("Tomato", "#ff6347"),
    ],
)
def test_a_colour_is_read_however_it_is_written(value: str, expected: str) -> None:
    assert shown(of(value)) == expected


@pytest.mark.parametrize("value", ["", "currentColor", "inherit", "none", "#12", "rgb(", "9" * 99])
def test_what_names_no_colour_of_its_own_is_none(value: str) -> None:
    assert colour(value) is None


def test_contrast_goes_from_one_to_twenty_one() -> None:
    assert contrast(of("#fff"), of("#000")) == pytest.approx(21)
    assert contrast(of("#888"), of("#888")) == 1


@pytest.mark.parametrize(
    ("ground", "expected"),
    [
        ("#ffffff", "#191919"),  # white becomes the page
        ("#f7f7f7", "#212121"),  # a light grey is turned
        ("#1a4f8b", "#1a4f8b"),  # a dark colour stays
        ("#000000", "#383838"),  # what is nearly black is raised
    ],
)
def test_a_background_is_turned_as_documented(ground: str, expected: str) -> None:
    assert shown(dark_ground(of(ground), DARK_GROUND)) == expected


def test_no_coloured_background_stays_brighter_than_the_limit() -> None:
    assert dark_ground(of("#ffd700"), DARK_GROUND).brightness == pytest.approx(190)


@pytest.mark.parametrize(
    ("text", "ground", "expected"),
    [
        ("#ffffff", "#a61b29", "#ffffff"),  # what is nearly white stays
        ("#191919", "#191919", "#a3a3a3"),  # the text of the page itself
        ("#333333", "#191919", "#a3a3a3"),  # no text of the page is brighter
        ("#ff6347", "#191919", "#ff6347"),  # far enough from the background
    ],
)
def test_text_is_turned_as_documented(text: str, ground: str, expected: str) -> None:
    assert shown(dark_text(of(text), of(ground))) == expected


_CHANNEL = st.integers(0, 255)
_COLOURS = st.builds(Colour, _CHANNEL, _CHANNEL, _CHANNEL)


@given(_COLOURS, _COLOURS)
def test_text_is_never_left_close_to_its_background(text: Colour, ground: Colour) -> None:
    under = dark_ground(ground, DARK_GROUND)
    found = dark_text(text, under)

    assert all(-0.01 <= channel <= 255.01 for channel in (*under.channels, *found.channels))
    if found.brightness < 250:  # what is nearly white stays as it is
        # 65 apart, but on a background of just below 100, where text ends at 138.
        assert abs(found.brightness - under.brightness) > 38
