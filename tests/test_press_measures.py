"""The measures of a page, whatever they are: what follows from them fits and keeps the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from boxes import lay_out_issue, overflowing
from hypothesis import assume, given
from hypothesis import strategies as st
from stress import filler, write_stress_issue
from workspaces import ITEM, SECOND_ITEM, item_text, make_workspace

from jianbao.measures import (
    CHARACTERS,
    LINES,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    SIZES,
    Measures,
    misfits,
)

if TYPE_CHECKING:
    from pathlib import Path

    from boxes import Laid

#: Another size, and that of official documents (GB/T 9704-2012 5.2).
_OTHERS = {
    "small": "size = 11\nline = 24\ncharacters = 38\nlines = 29\n",
    "official": "size = 16\nline = 28.95\ncharacters = 28\nlines = 22\n",
    "narrow": "size = 10.5\nline = 16\ncharacters = 28\nlines = 40\n",
}
others = pytest.mark.parametrize("press", _OTHERS.values(), ids=_OTHERS)

#: A line height that fits its size, so that few are left out below.
_LEADED = st.tuples(st.floats(*SIZES), st.floats(1.5, 3.0), st.integers(*CHARACTERS))
_MEASURES = st.builds(
    lambda leaded, lines: Measures(
        size=leaded[0], line=leaded[0] * leaded[1], characters=leaded[2], lines=lines
    ),
    _LEADED,
    st.integers(*LINES),
)

_TEXT = "\n\n".join(
    (
        filler(700),
        "## 小标题",
        f"1. {filler(60)}\n2. {filler(90)}\n   - {filler(70)}",
        f"**重点在前。**{filler(200)}[^1]",
        f"> {filler(150)}",
        "---",
        filler(900),
        f"[^1]: {filler(80)}",
    )
)

_SECOND = {
    "title": "一个长得要分成两行才放得下的合成的标题" * 2,
    "url": "https://www.nda.gov.cn/2.html",
}

#: Small print at the foot of an article or a page.
_SMALL = ("card", "footnote")
#: A CSS pixel in points.
_POINTS = 0.75
#: Parts of a line.
_A_HAIR = 0.02


def set_press(root: Path, press: str) -> None:
    """Let jianbao.toml end in a table of ``press``."""
    with (root / "jianbao.toml").open("a", encoding="utf-8") as configuration:
        configuration.write(f"\n[press]\n{press}")


def strayed(laid: Laid, line: float) -> list[tuple[int, str]]:
    """Lines of the articles that are off the grid, or higher than a line of it (in points)."""
    found = []
    for box in laid.boxes():
        if type(box.box).__name__ != "LineBox" or "article" not in box.tags:
            continue
        top = laid.document.pages[box.page]._page_box.content_box_y()  # noqa: SLF001  (there is no public name)
        lines = (box.box.position_y - top) * _POINTS / line
        height = box.box.height * _POINTS / line
        if max(abs(lines - round(lines)), abs(height - 1)) > _A_HAIR and not box.inside(*_SMALL):
            found.append((box.page + 1, box.box.children[0].text))
    return found


def test_the_default_is_what_the_publication_was_set_in() -> None:
    measures = Measures()

    assert (measures.side, measures.top, measures.bottom) == (18.2, 25.5, 23.7)
    assert measures.title_characters == 27


def test_official_documents_keep_the_margins_of_their_standard() -> None:
    measures = Measures(size=16, line=28.95, characters=28, lines=22)

    assert list(misfits(measures)) == []
    assert measures.top == pytest.approx(37, abs=1)


@given(_MEASURES)
def test_what_fits_leaves_room_for_heads_and_folios(measures: Measures) -> None:
    assume(not list(misfits(measures)))

    assert measures.top >= 19
    assert measures.bottom >= 14
    assert measures.side >= 12
    assert 0.02 < PAGE_WIDTH - 2 * measures.side - measures.width < 0.3
    assert 0.02 < PAGE_HEIGHT - measures.top - measures.bottom - measures.height < 0.3


@others
def test_nothing_lies_outside_the_type_area(tmp_path: Path, press: str) -> None:
    folder = write_stress_issue(tmp_path)
    set_press(tmp_path, press)

    assert overflowing(lay_out_issue(folder, tmp_path / "output")) == []


@others
def test_every_baseline_lies_on_the_grid(tmp_path: Path, press: str) -> None:
    items = {ITEM: item_text(_TEXT, author="某人"), SECOND_ITEM: item_text(_TEXT, **_SECOND)}
    root = make_workspace(tmp_path, items)
    set_press(root, press)

    laid = lay_out_issue(root / "issues/2025-04", root / "output")

    line = float(press.split("line = ")[1].split(maxsplit=1)[0])
    assert len(laid.document.pages) > 6
    assert strayed(laid, line) == []
