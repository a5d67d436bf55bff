"""Tables: numbers stay whole, columns fit their line, heads and captions stay where they belong."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from boxes import Laid, lay_out_issue, overflowing
from PIL import Image
from stress import filler
from workspaces import ITEM, item_text, make_workspace

from jianbao.press.tables import wrap_cells

if TYPE_CHECKING:
    from pathlib import Path

    from boxes import Box

_NUMBERS = ("1234567", "12,345,678.90", "2025-02-10", "98.765%", "EFLOPS")
_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def lay_out_body(folder: Path, body: str) -> Laid:
    """Lay out an issue of one item with ``body``."""
    root = make_workspace(folder, {ITEM: item_text(body)})
    return lay_out_issue(root / "issues/2025-04", root / "output")


def table(*rows: tuple[str, ...]) -> str:
    """Markdown of a table whose first row is its head."""
    head, *others = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join((head, "|" + " --- |" * len(rows[0]), *others))


def lines_of_cells(laid: Laid) -> list[tuple[str, ...]]:
    """The lines of each cell, in the order of the text."""
    cells: dict[int, list[str]] = defaultdict(list)
    for leaf in laid.leaves():
        cell = next((b for b in leaf.ancestors if b.element_tag in {"td", "th"}), None)
        line = next((b for b in leaf.ancestors[::-1] if type(b).__name__ == "LineBox"), None)
        if cell is not None and line is not None:
            cells[id(cell)].append(f"{id(line)} {leaf.text}")
    return [_joined(parts) for parts in cells.values()]


def _joined(parts: list[str]) -> tuple[str, ...]:
    lines: dict[str, str] = {}
    for part in parts:
        line, text = part.split(" ", 1)
        lines[line] = lines.get(line, "") + text.replace("\u2063", "")
    return tuple(lines.values())


def _first(laid: Laid, tag: str) -> list[Box]:
    return [b for b in laid.boxes() if b.box.element_tag == tag]


@pytest.mark.parametrize("columns", [3, 4, 5, 6])
def test_no_number_is_broken_however_long_the_texts_beside_it(tmp_path: Path, columns: int) -> None:
    numbers = _NUMBERS[: columns - 1]
    rows = [(filler(60 + 9 * n, n), *numbers) for n in range(4)]

    laid = lay_out_body(tmp_path, table(("说明", *("数值",) * (columns - 1)), *rows))

    cells = lines_of_cells(laid)
    assert [c for c in cells if "".join(c) in {*numbers, "数值"} and len(c) > 1] == []
    assert sum(c == (numbers[0],) for c in cells) == 4
    assert overflowing(laid) == []


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param((("名称", "数值"), (_WORD * 2, "9" * 70)), id="words longer than the page"),
        pytest.param((("甲",) * 12, ("1234567",) * 12), id="twelve columns of numbers"),
        pytest.param((("ABCDEFGHIJ",) * 5, ("WWWWWWWWWW",) * 5), id="heads in capitals"),
        pytest.param((("甲", "乙"), (f"`{'code' * 40}`", "2025年")), id="code"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "> > ", "    "])
def test_what_is_too_long_is_broken_rather_than_printed_outside(
    tmp_path: Path, rows: tuple[tuple[str, ...], ...], prefix: str
) -> None:
    lines = table(*rows).splitlines()
    start = "- 甲\n  - 乙\n\n" if prefix.isspace() else ""

    laid = lay_out_body(tmp_path, start + "\n".join(prefix + line for line in lines))

    assert len(_first(laid, "table")) == 2, "the table and its wrapper"
    assert overflowing(laid) == []


def test_a_note_in_a_short_cell_is_set_in_lines(tmp_path: Path) -> None:
    body = table(("名称", "值"), ("甲[^1]", "1")) + f"\n\n[^1]: {filler(120)}\n"

    assert overflowing(lay_out_body(tmp_path, body)) == []


@pytest.mark.parametrize(
    ("rows", "wraps"),
    [
        ([["数值", "说明"], ["1234567", "长" * 30]], ["hold hold", "hold "]),
        ([["甲", "乙"], ["x" * 60, "y" * 60]], ["hold hold", "cut cut"]),
        ([["甲", "乙"], ["x" * 60, "y" * 20]], ["hold hold", "cut "]),
        ([["甲"], ["，"]], ["hold", "hold"]),
    ],
)
def test_only_a_word_wider_than_its_share_is_cut(rows: list[list[str]], wraps: list[str]) -> None:
    assert [" ".join(row) for row in wrap_cells(rows, 41)] == wraps


def test_the_head_of_sixty_rows_stands_on_each_of_their_pages(tmp_path: Path) -> None:
    rows = [(f"第{n}行", str(n * 1234567)) for n in range(1, 61)]

    laid = lay_out_body(tmp_path, table(("名称", "数值"), *rows))

    pages = sorted({b.page for b in _first(laid, "tr")})
    assert len(pages) > 1
    heads = [b.page for b in laid.leaves() if "th" in b.tags and b.text.startswith("名")]
    assert heads == pages
    assert [c[0] for c in lines_of_cells(laid) if c[0].startswith("第")] == [r[0] for r in rows]


@pytest.mark.parametrize("lines", range(6, 26, 2))
def test_a_caption_stands_on_the_page_of_its_picture(tmp_path: Path, lines: int) -> None:
    body = f'{filler(41 * lines)}\n\n![柱状图](a.png "图1 柱状图")\n\n{filler(80)}'
    folder = (tmp_path / ITEM).parent
    folder.mkdir(parents=True)
    Image.new("RGB", (900, 700), (30, 90, 160)).save(folder / "a.png")

    laid = lay_out_body(tmp_path, body)

    picture = next(b for b in _first(laid, "img") if "figure" in b.tags)
    caption = _first(laid, "figcaption")[0]
    assert caption.page == picture.page
    assert caption.box.position_y >= picture.box.position_y + picture.box.height


@pytest.mark.parametrize("size", [(400, 9000), (9000, 400), (5000, 5000)])
@pytest.mark.parametrize(
    "body",
    [
        '![图](a.png "图1")',
        "文中的![图](a.png)一张。",
        "| 甲 | 乙 |\n| --- | --- |\n| ![图](a.png) | 1 |",
    ],
)
def test_a_picture_is_never_larger_than_the_type_area(
    tmp_path: Path, body: str, size: tuple[int, int]
) -> None:
    folder = (tmp_path / ITEM).parent
    folder.mkdir(parents=True)
    Image.new("RGB", size, (30, 90, 160)).save(folder / "a.png")

    laid = lay_out_body(tmp_path, f"{body}\n\n末段。\n")

    assert overflowing(laid) == []
    pictures = [b for b in _first(laid, "img") if not b.inside("card")]
    assert pictures
    for picture in pictures:
        area = laid.document.pages[picture.page]._page_box  # noqa: SLF001  (there is no public name)
        assert 0 < picture.box.height <= area.height


@pytest.mark.parametrize("lines", range(14, 24))
def test_no_row_stands_alone_under_its_head_or_on_the_next_page(tmp_path: Path, lines: int) -> None:
    rows = [(f"第{n}行", str(n)) for n in range(1, 7)]

    laid = lay_out_body(tmp_path, f"{filler(41 * lines)}\n\n{table(('名称', '数值'), *rows)}")

    pages = [b.page for b in _first(laid, "tr") if "tbody" in b.tags]
    assert 1 not in {pages.count(page) for page in pages}
