"""Rules on tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code
from jianbao.wechat.fragment import NONE, Fragment
from jianbao.wechat.rule import Basis, Finding, at, at_tag, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.fragment import Element

#: Columns that a phone still shows side by side. Our own number.
COLUMNS = 4
_COLSPAN = re.compile(r"[0-9]{1,4}")


def _wrapped(table: str) -> str:
    return f'<section style="overflow-x:auto">{table}</section>'


def _row(cells: int) -> str:
    return f"<table><tr>{'<td>甲</td>' * cells}</tr></table>"


@rule(
    Code.WECHAT_TABLE_UNWRAPPED,
    Basis.MEASURED,
    "表格比屏幕宽时要能左右滑动",
    bad=_row(2),
    good=_wrapped(_row(2)),
)
def unwrapped(fragment: Fragment) -> Iterator[Finding]:
    """A table that cannot be moved under the finger."""
    around = fragment.enclosing(_scrolls)
    for element in fragment.elements:
        if element.name == "table" and around[element.index] == NONE:
            message = "表格比手机屏幕宽时会被截断"
            yield at_tag(element, message, '外面套一层 <section style="overflow-x:auto">')


def _scrolls(element: Element) -> bool:
    declared = element.style("overflow", "overflow-x")
    return declared is not None and declared.value.lower().startswith(("auto", "scroll"))


@rule(
    Code.WECHAT_TABLE_WIDE,
    Basis.OURS,
    f"最多 {COLUMNS} 列",
    bad=_wrapped(_row(5)),
    good=_wrapped(_row(4)),
)
def wide(fragment: Fragment) -> Iterator[Finding]:
    """More columns than a phone has room for."""
    columns: dict[int, int] = {}
    tables = fragment.enclosing(lambda element: element.name == "table")
    for element in fragment.elements:
        table = tables[element.index]
        if element.name == "tr" and table != NONE:
            cells = (fragment.elements[index] for index in fragment.children[element.index])
            columns[table] = max(columns.get(table, 0), sum(_columns(cell) for cell in cells))
    for table, count in columns.items():
        if count > COLUMNS:
            message = f"表格有 {count} 列，在手机上每列只有几个字宽"
            yield at_tag(fragment.elements[table], message, f"减到 {COLUMNS} 列，或改成图片")


def _columns(cell: Element) -> int:
    written = cell.value("colspan") or "1"
    # The HTML Standard holds colspan to at most a thousand.
    return min(int(written), 1000) if _COLSPAN.fullmatch(written) else 1


@rule(
    Code.WECHAT_ROW_BACKGROUND,
    Basis.MEASURED,
    "行的背景会丢失",
    bad=_wrapped('<table><tr style="background:#f5f5f5"><td>甲</td></tr></table>'),
    good=_wrapped('<table><tr><td style="background:#f5f5f5">甲</td></tr></table>'),
)
def row_background(fragment: Fragment) -> Iterator[Finding]:
    """A background on a row: only that of a cell stays."""
    for element in fragment.elements:
        one = element.style("background", "background-color")
        if one and element.name in {"tr", "thead", "tbody", "tfoot"}:
            message = f"<{element.name}> 的背景会丢失"
            yield at(one, message, "写在每个 <td>、<th> 上")


@rule(
    Code.WECHAT_CELL_SIZE,
    Basis.MEASURED,
    "单元格不继承表格的字号",
    bad=_wrapped('<table style="font-size:13px"><tr><td>甲</td></tr></table>'),
    good=_wrapped('<table><tr><td style="font-size:13px">甲</td></tr></table>'),
)
def cell_size(fragment: Fragment) -> Iterator[Finding]:
    """A font size that is set on the table and not on its cells."""
    sized = fragment.enclosing(_sizes_cells)
    bare = {
        sized[element.index]
        for element in fragment.elements
        if element.name in {"td", "th"} and not element.style("font-size")
    }
    for index in sorted(bare - {NONE}):
        if one := fragment.elements[index].style("font-size"):
            yield at(one, "单元格不会继承这个字号", "font-size 写在每个 <td>、<th> 上")


def _sizes_cells(element: Element) -> bool:
    parts = {"table", "tr", "thead", "tbody", "tfoot"}
    return element.name in parts and element.style("font-size") is not None
