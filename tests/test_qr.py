"""QR codes as outlines: filled even-odd they are the modules that qrcode found."""

from __future__ import annotations

import html
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfs import LONG_URL
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from workspaces import ITEM, TODAY, item_text, make_workspace

from jianbao.pipeline import Press, build, check
from jianbao.press.qr import draw_qr, outline, qr_modules
from jianbao.press.views import breakable
from jianbao.qr_measures import QUIET_ZONE, modules_for, qr_size
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_URLS = st.text(st.sampled_from("abcXYZ0189/?&=-_.~%#"), min_size=1, max_size=120)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
_MATRICES = st.integers(1, 7).flatmap(
    lambda size: st.lists(
        st.lists(st.booleans(), min_size=size, max_size=size), min_size=size, max_size=size
    )
)


def fill(loops: Iterable[tuple[tuple[int, int], ...]], side: int) -> list[list[bool]]:
    """Squares of ``side`` rows whose middle lies inside ``loops``, counted even-odd."""
    crossings: list[list[int]] = [[] for _ in range(side)]
    for loop in loops:
        for (x, y), (_, next_y) in pairwise((*loop, loop[0])):
            for row in range(min(y, next_y), max(y, next_y)):
                crossings[row].append(x)
    return [[sum(x <= column for x in row) % 2 == 1 for column in range(side)] for row in crossings]


def parse_path(path: str) -> list[tuple[tuple[int, int], ...]]:
    """Loops of an SVG path that has only M, h, v and z."""
    loops = []
    for part in path.split("z")[:-1]:
        start = re.match(r"M(-?\d+) (-?\d+)", part)
        assert start is not None
        x, y = int(start[1]), int(start[2])
        loop = [(x, y)]
        for command, length in re.findall(r"([hv])(-?\d+)", part):
            x, y = (x + int(length), y) if command == "h" else (x, y + int(length))
            loop.append((x, y))
        loops.append(tuple(loop))
    return loops


def parse_operators(operators: bytes) -> list[tuple[tuple[int, int], ...]]:
    """Loops of PDF operators that have only m, l and h."""
    parts = operators.decode().removeprefix("0 g ").removesuffix("f*").split("h ")[:-1]
    points = [re.findall(r"(-?\d+) (-?\d+) [ml]", part) for part in parts]
    return [tuple((int(x), int(y)) for x, y in part) for part in points]


def matrix_of(payload: str) -> list[list[bool]]:
    """What qrcode makes of ``payload``, with its own quiet zone."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(payload.encode(), optimize=0)
    code.make(fit=True)
    matrix: list[list[bool]] = code.get_matrix()
    return matrix


@given(_MATRICES)
@settings(deadline=None)
def test_an_outline_filled_is_the_matrix(matrix: list[list[bool]]) -> None:
    side = len(matrix) + 2 * QUIET_ZONE
    filled = fill(outline([list(row) for row in matrix]), side)

    inner = [row[QUIET_ZONE:-QUIET_ZONE] for row in filled[QUIET_ZONE:-QUIET_ZONE]]
    assert inner == matrix
    assert sum(map(sum, filled)) == sum(map(sum, matrix))


@given(_MATRICES)
@settings(deadline=None)
def test_an_outline_turns_at_every_corner(matrix: list[list[bool]]) -> None:
    for loop in outline(matrix):
        for (x, y), (next_x, next_y) in pairwise(loop):
            assert (x == next_x) != (y == next_y)
        ways = [x == next_x for (x, _), (next_x, _) in pairwise(loop)]
        assert all(before != after for before, after in pairwise(ways))


@given(st.one_of(_URLS, _TEXTS))
@settings(deadline=None, max_examples=25)
def test_a_drawing_is_the_code_of_its_payload_in_its_quiet_zone(payload: str) -> None:
    drawing = draw_qr(payload)

    expected = matrix_of(payload)
    assert drawing.side == len(expected)
    assert fill(drawing.loops, drawing.side) == expected


@given(_URLS)
@settings(deadline=None, max_examples=10)
def test_the_path_and_the_operators_draw_the_same(payload: str) -> None:
    drawing = draw_qr(payload)

    expected = fill(drawing.loops, drawing.side)
    assert fill(parse_path(drawing.path), drawing.side) == expected
    assert fill(parse_operators(drawing.operators()), drawing.side) == expected


@given(st.text(st.sampled_from("ab1/?"), min_size=1, max_size=2000))
@settings(deadline=None, max_examples=30)
def test_the_size_is_known_before_the_code_is_drawn(payload: str) -> None:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(payload.encode(), optimize=0)

    assert qr_modules(payload) == 17 + 4 * code.best_fit(start=1)


@pytest.mark.parametrize("payload", ["https://www.gov.cn/a", LONG_URL, "https://例子.中国/页"])
def test_the_size_told_is_the_size_drawn(payload: str) -> None:
    assert qr_modules(payload) == draw_qr(payload).modules


@pytest.mark.parametrize(
    ("modules", "millimetres"),
    [(29, 20.0), (41, 20.0), (49, 20.0), (53, 21.35), (57, 22.75), (177, 64.75)],
)
def test_a_large_code_gets_larger_so_that_a_module_is_a_third_of_a_millimetre(
    modules: int, millimetres: float
) -> None:
    assert qr_size(modules, 20.0) == millimetres


def test_an_image_of_its_own_is_one_path() -> None:
    drawing = draw_qr("https://www.gov.cn/a")

    svg = drawing.svg()

    assert svg.count("<path") == 1
    assert f'viewBox="0 0 {drawing.side} {drawing.side}"' in svg
    assert 'fill-rule="evenodd"' in svg


# -- addresses in print --


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://a.cn/", ["https://", "a.cn/"]),
        (
            "https://a.cn/b/c?d=e&f=g#h",
            ["https://", "a.cn/", "b/", "c?", "d=", "e&", "f=", "g#", "h"],
        ),
        ("https://a.cn/b_c", ["https://", "a.cn/", "b_", "c"]),
        ("https://a.cn/b.html", ["https://", "a.cn/", "b.html"]),
    ],
)
def test_an_address_breaks_behind_its_marks(url: str, parts: list[str]) -> None:
    shown = breakable(url).unescape()

    assert shown.split("\u200b") == parts


_HOLD = re.compile('<span class="hold">|</span>')


@given(_URLS)
def test_an_address_is_only_parted_never_changed(url: str) -> None:
    shown = _HOLD.sub("", breakable(url))

    assert html.unescape(shown).replace("\u200b", "") == url
    assert not re.search("[<>\"']", shown)
    assert "\u200b\u200b" not in shown


def test_an_address_may_hold_what_html_must_not() -> None:
    assert "<" not in breakable('https://a.cn/"><script>')


def test_an_address_that_no_code_can_hold_is_told(tmp_path: Path) -> None:
    url = f"https://www.gov.cn/{'a' * 2400}"
    workspace = Workspace(make_workspace(tmp_path, {ITEM: item_text(url=url)}).resolve())
    folder = workspace.issues / "2025-04"

    built = build(check(workspace, folder, TODAY), workspace, folder, Press(output=tmp_path))

    assert built.folder is None
    assert [d.path for d in built.diagnostics] == [ITEM]


def test_the_desk_counts_modules_as_the_press_does() -> None:
    for length in range(1, 667):
        assert qr_modules("a" * length) == modules_for(length), length
