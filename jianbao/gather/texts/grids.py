"""Tables as grids: Markdown knows neither merged cells nor tables within tables."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import html

from jianbao.gather.texts.visible import BLOCKS, CELL_BREAK

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
            grid = _grid(rows)
            above = _lines_above(table, grid)
            if len({cell for row in grid for cell in row}) < sum(map(len, grid)):
                name = above[0] if above else _name(grid)
                remarks.append(f"表格“{name}”里有合并的格，已拆开填满，请与原文核对")
            _replace(table, above, grid)
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


def _grid(rows: list[list[HtmlElement]]) -> list[list[HtmlElement]]:
    """A cell in each place of the table, repeated where it spans.

    Columns in which none begins are left out: pages span more than there are.
    """
    taken: dict[tuple[int, int], HtmlElement] = {}
    begun: set[int] = set()
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            wide, high = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(rows) - y)
            begun.add(x)
            if wide * high + len(taken) > _MOST_CELLS:
                wide = high = 1
            taken |= {(y + j, x + i): cell for j in range(high) for i in range(wide)}
            x += wide
    columns = sorted(begun)
    return [[taken.get((y, x), html.Element("td")) for x in columns] for y in range(len(rows))]


def _span(cell: HtmlElement, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return max(1, min(int(value), _MOST_SPANNED)) if value.isascii() and value.isdigit() else 1


def _lines_above(table: HtmlElement, grid: list[list[HtmlElement]]) -> list[str]:
    """The caption, and the first rows of ``grid`` that are one cell, which are taken off it."""
    caption = table.find("caption")
    above = [caption.text_content()] if caption is not None else []
    while len(grid) > 1 and len(set(grid[0])) == 1 and len(grid[0]) > 1:
        above.append(grid.pop(0)[0].text_content())
    return [" ".join(text.split()) for text in above]


def _replace(table: HtmlElement, above: list[str], grid: list[list[HtmlElement]]) -> None:
    """Put the lines ``above`` and ``grid`` where ``table`` is."""
    plain = html.Element("table")
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
            is_last = not block.tail and block.getnext() is None
            block.tail = f"{'' if is_last else CELL_BREAK}{block.tail or ''}"
            block.drop_tag()
    return cell


def _name(grid: list[list[HtmlElement]]) -> str:
    words = dict.fromkeys(" ".join(cell.text_content().split()) for cell in grid[0])
    return " ".join(words)[:20]


def _put(old: HtmlElement, new: HtmlElement) -> None:
    new.tail = old.tail
    old.getparent().replace(old, new)
