"""The text of a page as plain blocks: every line a block of its own, whatever the page made of it.

Content systems part lines by ``<br>``, by ``<div>``, by both, and with the text bare beside blocks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import html

from jianbao.gather.texts.furniture import leaf_blocks
from jianbao.gather.texts.visible import BLOCKS, CELL_BREAK

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_KEPT = {"p", "caption", "li", "ul", "ol", "table", "tr", "td", "th", "thead", "tbody", "tfoot"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
#: In these a line end is a space: a cell, a heading or a point of a list stays one.
_WHOLE = _HEADINGS | {"td", "th", "caption"}
#: In a cell a line end may part two names or one: an editor has to see it.
_CELLS = {"td", "th"}
#: Lists within one another; deeper ones are nobody's, and would be too deep to walk.
_DEEPEST = 6
_TAG = re.compile(r"<(/?)([a-z0-9]+)[^<>]*?(/?)>")
_BR = re.compile(r"<br\s*/?>")


def plain_blocks(tree: HtmlElement) -> None:
    """Make the tree of blocks that hold either blocks or a line, and no others."""
    _break_preformatted(tree)
    for element in list(tree.iterdescendants()):
        if element.tag in BLOCKS - _KEPT - _HEADINGS - {"br", "hr"}:
            element.tag = "div"
    _open_inlines(tree)
    for block in [tree, *tree.iterdescendants(*(BLOCKS - {"br"}))]:
        if block.tag not in {"table", "tr", "thead", "tbody", "tfoot", "ul", "ol"}:
            _wrap_runs(block)
    for block in leaf_blocks(tree):
        _part(block)
    _flatten(tree)


def _flatten(tree: HtmlElement) -> None:
    """Take away what only frames blocks, and lists beyond all depth."""
    for element in list(tree.iterdescendants("div")):
        if any(child.tag in BLOCKS for child in element):
            element.drop_tag()
        else:
            element.tag = "p"
    for element in list(tree.iterdescendants("ul", "ol")):
        if sum(1 for _ in element.iterancestors("ul", "ol")) >= _DEEPEST:
            for point in element.findall("li"):
                point.tag = "p"
            element.drop_tag()


def _break_preformatted(tree: HtmlElement) -> None:
    for element in list(tree.iter("pre")):
        for one in list(element.iter()):
            for place in ("text", "tail"):
                text = getattr(one, place) or ""
                if "\n" in text and not (one is element and place == "tail"):
                    _with_breaks(one, place, text)


def _with_breaks(element: HtmlElement, place: str, text: str) -> None:
    """Put ``<br>`` for the line ends of the text inside or behind ``element``."""
    first, *rest = text.split("\n")
    setattr(element, place, first)
    parent = element if place == "text" else element.getparent()
    at = 0 if place == "text" else parent.index(element) + 1
    for number, line in enumerate(rest):
        br = html.Element("br")
        br.tail = line
        parent.insert(at + number, br)


def _open_inlines(tree: HtmlElement) -> None:
    """Broken markup has blocks inside of spans; there a link gives way to its blocks' text."""
    for element in list(tree.iterdescendants()):
        if element.tag in BLOCKS or element.getparent() is None:
            continue
        inner = [one for one in element.iterdescendants() if one.tag in BLOCKS - {"br"}]
        if inner and element.tag == "a" and not any(one.tag == "table" for one in inner):
            for one in inner:
                one.drop_tag()
        elif inner:
            element.drop_tag()


def _wrap_runs(block: HtmlElement) -> None:
    """Where ``block`` holds blocks, put the lines beside them into blocks too."""
    children = list(block)
    if not any(child.tag in BLOCKS - {"br"} for child in children):
        return
    run = html.Element("p")
    run.text, block.text = block.text, None
    pieces: list[HtmlElement] = []
    for child in children:
        if child.tag in BLOCKS - {"br"}:
            pieces += [run, child]
            run = html.Element("p")
            run.text, child.tail = child.tail, None
        else:
            run.append(child)
    block[:] = [one for one in (*pieces, run) if one.tag != "p" or not _is_blank(one)]


def _is_blank(element: HtmlElement) -> bool:
    return not element.text_content().strip() and element.find(".//img") is None


def _part(block: HtmlElement) -> None:
    """A block of several lines becomes several blocks, with what was open opened again."""
    if block.find(".//br") is None:
        return
    if block.tag in _WHOLE:
        for br in list(block.iter("br")):
            br.tail = f"{CELL_BREAK if block.tag in _CELLS else ' '}{br.tail or ''}"
            br.drop_tag()
        return
    inner = html.tostring(block, encoding="unicode", with_tail=False)
    inner = inner[inner.index(">") + 1 : inner.rindex("<")]
    parts = [html.fragment_fromstring(f"<p>{line}</p>") for line in _lines(inner)]
    parts = [one for one in parts if not _is_blank(one)]
    if block.tag == "li":
        block.text, block[:] = None, parts
        return
    parent, at = block.getparent(), block.getparent().index(block)
    parent[at : at + 1] = parts


def _lines(inner: str) -> list[str]:
    """``inner`` between its ``<br>``; tags that are open there are closed and opened again."""
    lines, open_tags = [], list[tuple[str, str]]()
    for piece in _BR.split(inner):
        head = "".join(whole for whole, _ in open_tags)
        for tag in _TAG.finditer(piece):
            closing, name, empty = tag.groups()
            if closing:
                open_tags = open_tags[:-1]
            elif not empty and name not in {"img", "hr", "wbr"}:
                open_tags.append((tag.group(), name))
        lines.append(head + piece + "".join(f"</{name}>" for _, name in reversed(open_tags)))
    return lines
