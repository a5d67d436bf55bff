"""Tables as grids: Markdown knows neither merged cells nor tables within tables."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import html

from jianbao.gather.visible import BLOCKS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: Cells that one cell may span; pages have colspan="65535".
_MOST_SPANNED = 100
#: Rows and columns beyond which a table is no longer one of a page.
_MOST_CELLS = 20_000
_CELLS = {"td", "th"}


def plain_tables(tree: HtmlElement) -> tuple[str, ...]:
    """Make each table of ``tree`` a head row and body rows of equal length.

    Returns:
        What an editor has to look at, a sentence a table.
    """
    remarks: list[str] = []
    for table in reversed(list(tree.iter("table"))):  # those within come behind those around
        if table.getparent() is None:
            continue
        rows = _rows(table)
        if _is_layout(rows):
            _dissolve(table, rows)
        else:
            grid, is_merged = _grid(rows)
            if is_merged:
                remarks.append(f"表格“{_name(grid)}”里有合并的格，已拆开填满，请与原文核对")
            _replace(table, grid)
    return tuple(reversed(remarks))


def _rows(table: HtmlElement) -> list[list[HtmlElement]]:
    """The cells of ``table`` itself, not of tables in them."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
    cells = [[cell for cell in row if cell.tag in _CELLS] for row in rows]
    return [row for row in cells if row]


def _is_layout(rows: list[list[HtmlElement]]) -> bool:
    """Whether the table only places things: one column, or others' blocks within."""
    if not rows or max(map(len, rows)) == 1 or len(rows) == 1:
        return True
    inner = ("table", "ul", "ol", "h1", "h2", "h3")
    return any(cell.find(f".//{tag}") is not None for row in rows for cell in row for tag in inner)


def _dissolve(table: HtmlElement, rows: list[list[HtmlElement]]) -> None:
    """The cells' content in reading order, as blocks."""
    place = html.Element("div")
    for cell in (cell for row in rows for cell in row):
        cell.tag = "div" if any(one.tag in BLOCKS for one in cell.iterdescendants()) else "p"
        cell.attrib.clear()
        place.append(cell)
    _put(table, place)


def _grid(rows: list[list[HtmlElement]]) -> tuple[list[list[HtmlElement]], bool]:
    """A cell in each place of the table, repeated where it spans; and whether any does."""
    taken: dict[tuple[int, int], HtmlElement] = {}
    is_merged = False
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            wide, high = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(rows) - y)
            is_merged = is_merged or wide > 1 or high > 1
            if wide * high + len(taken) > _MOST_CELLS:
                wide = high = 1
            taken |= {(y + j, x + i): cell for j in range(high) for i in range(wide)}
            x += wide
    width = max(x for _, x in taken) + 1
    empty = html.Element("td")
    return [[taken.get((y, x), empty) for x in range(width)] for y in range(len(rows))], is_merged


def _span(cell: HtmlElement, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return max(1, min(int(value), _MOST_SPANNED)) if value.isascii() and value.isdigit() else 1


def _replace(table: HtmlElement, grid: list[list[HtmlElement]]) -> None:
    """Put ``grid`` where ``table`` is; a row that is one cell throughout stands above as a line."""
    plain = html.Element("table")
    caption = table.find("caption")
    above = [caption.text_content()] if caption is not None else []
    while len(grid) > 1 and len(set(grid[0])) == 1 and len(grid[0]) > 1:
        above.append(grid.pop(0)[0].text_content())
    for number, row in enumerate(grid):
        line = html.Element("tr")
        for cell in row:
            one = deepcopy(cell)
            one.tag, one.tail = "td" if number else "th", None
            one.attrib.clear()
            line.append(_flat(one))
        plain.append(line)
    place = html.Element("div")
    for text in above:
        place.append(html.Element("p"))
        place[-1].text = text
    place.append(plain)
    _put(table, place)


def _flat(cell: HtmlElement) -> HtmlElement:
    """``cell`` with its lines behind one another: a cell of Markdown is one line."""
    for block in list(cell.iterdescendants()):
        if block.tag in BLOCKS:
            block.tail = f" {block.tail or ''}"
            block.drop_tag()
    return cell


def _name(grid: list[list[HtmlElement]]) -> str:
    words = dict.fromkeys(" ".join(cell.text_content().split()) for cell in grid[0])
    return " ".join(words)[:20]


def _put(old: HtmlElement, new: HtmlElement) -> None:
    new.tail = old.tail
    old.getparent().replace(old, new)
