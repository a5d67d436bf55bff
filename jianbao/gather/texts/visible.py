"""What a reader sees of a tree, as lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SKIPPED = {"script", "style", "noscript", "template", "select", "button", "iframe", "head"}
#: Elements that begin and end a line; two cells are not one number.
BLOCKS = frozenset(
    {
        *("p", "div", "section", "article", "br", "li", "ul", "ol", "blockquote", "pre"),
        *("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "center", "form"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "figure", "figcaption", "hr"),
        *("header", "footer", "main", "aside", "nav", "address", "fieldset", "legend", "details"),
    }
)
#: A line end inside of a cell, until it is a space: Unicode's own, which no page uses.
CELL_BREAK = "\u2028"
_HAN = re.compile("[一-鿿]")
_LONGEST = 500


def visible_text(root: HtmlElement) -> str:
    """The visible text, a line a block, without blank lines."""
    pieces: list[str] = []  # texts with the source's own line ends as spaces, and breaks
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        is_hidden = not tag or tag in _SKIPPED
        if event == "start":
            hidden += is_hidden
            pieces += ["\n"] * (tag in BLOCKS)
            pieces += [_one_line(element.text)] * (not hidden)
            continue
        hidden -= is_hidden
        pieces += ["\n"] * (tag in BLOCKS)
        pieces += [_one_line(element.tail)] * (not hidden and element is not root)
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def han_count(text: str) -> int:
    """How many Han characters ``text`` has."""
    return len(_HAN.findall(text))


def one_line(text: str) -> str:
    """``text`` on one line, no longer than a title is, without what cannot be printed."""
    line = " ".join(text[:_LONGEST].split())
    return "".join(char for char in line if char.isprintable())


def _one_line(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
