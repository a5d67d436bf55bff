"""The text of a page as safe, plain HTML: blocks, bold, links, pictures, and nothing else.

nh3 has the last word, once: whatever a page did before, what leaves here is in the list below.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import nh3
from lxml import html

from jianbao.gather.blocks import plain_blocks
from jianbao.gather.furniture import drop_lines, drop_named, drop_unshown
from jianbao.gather.grids import plain_tables
from jianbao.gather.lines import absolute

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TAGS = {
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr"),
    *("table", "tr", "td", "th", "strong", "a", "img"),
}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
#: Schemes of links, and of pictures that lie in the page itself.
_SCHEMES = {"http", "https", "mailto", "data", "cid"}
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold(?:er)?|[6-9]00)", re.IGNORECASE)
#: Where pages keep the address of a picture that is loaded late, the likeliest first.
PICTURE_PLACES = ("data-src", "data-original", "data-lazy-src", "src", "oldsrc")
#: Letters of a data: address that is a spacer until the picture is loaded, at most.
_SPACER = 2000
_IS_DATA = re.compile(r"data:image/[a-z+.-]+;base64,", re.IGNORECASE)
#: Icons, spacers and pixels that count readers, in pixels of either side.
_ICON = 40
_ICON_NAME = re.compile(r"/(?:icon[_-]|.*?/fileTypeImages/|icon/)|spacer|blank\.gif", re.IGNORECASE)
#: Alternative texts that content systems write themselves.
_NO_ALT = re.compile(r"图片|image|img|[\w.%-]+\.(?:png|jpe?g|gif|webp|bmp)", re.IGNORECASE)
#: Letters behind one another that only look raised or lowered: 10<sup>12</sup> is not 1012.
_RAISED = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, slots=True)
class Clean:
    """Safe HTML whose addresses are whole, and what an editor has to look at."""

    html: str = ""
    remarks: tuple[str, ...] = ()


def clean_content(element: HtmlElement, base: str, title: str) -> Clean:
    """The content of ``element``.

    Args:
        element: Of a page; it stays as it is.
        base: What its addresses are relative to.
        title: Of the page; where the text begins with it again, it goes.
    """
    tree = html.Element("div")
    tree.append(deepcopy(element))
    tree[0].tail = None
    drop_unshown(tree)
    drop_named(tree)
    plain_blocks(tree)
    drop_lines(tree, title)
    remarks = plain_tables(tree)
    _bold(tree)
    _raise_digits(tree)
    _complete_links(tree, base)
    _complete_pictures(tree, base)
    inner = "".join(html.tostring(one, encoding="unicode") for one in tree)
    safe = nh3.clean(inner, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
    return Clean(safe, remarks)


def _bold(tree: HtmlElement) -> None:
    """All that is bold is ``strong``: one a run, and none inside of headings or of another."""
    for element in list(tree.iterdescendants("b", "strong", "span", "font")):
        if element.tag in {"b", "strong"} or _BOLD.search(element.get("style") or ""):
            element.tag = "strong"
        else:
            element.drop_tag()
    for element in list(tree.iterdescendants("strong")):
        outer = ("strong", "h1", "h2", "h3", "h4", "h5", "h6", "th")
        if (
            next(element.iterancestors(*outer), None) is not None
            or not element.text_content().strip()
        ):
            element.drop_tag()
    for element in list(tree.iterdescendants("strong")):
        before = element.getprevious()
        if before is not None and before.tag == "strong" and not (before.tail or "").strip():
            _join(before, element)


def _join(first: HtmlElement, second: HtmlElement) -> None:
    """Move ``second``, which follows, into ``first``."""
    first.append(second)
    second.text = (first.tail or "") + (second.text or "")
    first.tail, second.tail = second.tail, None
    second.drop_tag()


def _raise_digits(tree: HtmlElement) -> None:
    for tag, table in (("sup", _RAISED), ("sub", _LOWERED)):
        for element in list(tree.iterdescendants(tag)):
            text = element.text_content().strip()
            if text and all(ord(char) in table for char in text):
                for inner in list(element):
                    inner.drop_tag()
                element.text = text.translate(table)
            element.drop_tag()


def _complete_links(tree: HtmlElement, base: str) -> None:
    for link in list(tree.iterdescendants("a")):
        address = link.get("href") or ""
        if not address.startswith("mailto:"):
            address = absolute(address, base)
        if address and (link.text_content().strip() or link.find(".//img") is None):
            link.set("href", address)
        else:
            link.drop_tag()


def _complete_pictures(tree: HtmlElement, base: str) -> None:
    for picture in list(tree.iterdescendants("img")):
        address = _address(picture, base)
        if address and not _is_icon(picture, address):
            picture.set("src", address)
            alt = " ".join((picture.get("alt") or "").split())
            picture.set("alt", "" if _NO_ALT.fullmatch(alt) else alt)
        else:
            picture.drop_tree()


def _address(picture: HtmlElement, base: str) -> str:
    shown = (picture.get("src") or "").strip()
    if _IS_DATA.match(shown) and len(shown) > _SPACER:  # saved by SingleFile after it was loaded
        return shown
    for name in PICTURE_PLACES:
        value = (picture.get(name) or "").strip()
        if _IS_DATA.match(value) or value.startswith("cid:"):
            return value
        if address := absolute(value, base):
            return address
    return ""


def _is_icon(picture: HtmlElement, address: str) -> bool:
    sides = [picture.get(name, "").removesuffix("px") for name in ("width", "height")]
    small = any(side.isascii() and side.isdigit() and int(side) <= _ICON for side in sides)
    return small or bool(_ICON_NAME.search(address[:300]))
