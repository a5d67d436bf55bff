"""CSS selectors over a tree, and the words of what they find."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: ``a@title``: the attribute of what ``a`` finds.
_ATTRIBUTE = re.compile(r"(?P<selector>.*?)(?:@(?P<name>[A-Za-z][\w-]*))?", re.DOTALL)
_CUT = re.compile(r"(?:\.{2,}|…+)$")


class WrongSelector(ValueError):
    """A selector that is none; the message is for whoever wrote it."""


@lru_cache(maxsize=1024)
def _compiled(selector: str) -> CSSSelector:
    try:
        return CSSSelector(selector, translator="html")
    except (SelectorError, etree.XPathError) as error:
        raise WrongSelector(f"选择器 {selector} 写错了：{error}") from error


def select(element: HtmlElement, selector: str) -> list[HtmlElement]:
    """What ``selector`` finds in ``element``, itself included, in the order of the page.

    Raises:
        WrongSelector: It is none.
    """
    return list(_compiled(selector)(element))


def named(item: HtmlElement, selector: str, attribute: str = "") -> str:
    """The words of the first that ``selector`` finds, or its attribute; empty where none is.

    Raises:
        WrongSelector: As `select`.
    """
    parts = _ATTRIBUTE.fullmatch(selector)
    wanted = (parts and parts["name"]) or attribute
    found = select(item, parts["selector"] or "*") if parts else []
    if not found:
        return ""
    return found[0].get(wanted, "") if wanted else words_of(found[0])


def link_of(item: HtmlElement, selector: str) -> HtmlElement | None:
    """The element with the address: what ``selector`` finds, else the first link with words.

    None too where ``selector`` names an attribute: then there is no such element.

    Raises:
        WrongSelector: As `select`.
    """
    if "@" in selector and _ATTRIBUTE.fullmatch(selector)["name"]:  # type: ignore[index]  # matches any text
        return None
    found = select(item, selector or "a[href]")
    links = [one for one in found if one.get("href")]
    return next((link for link in links if words_of(link)), links[0] if links else None)


def words_of(element: HtmlElement | None) -> str:
    """The text of ``element``, or its title where the text was cut short (关于印发《数据…)."""
    if element is None:
        return ""
    shown = " ".join(element.text_content().split())
    whole = " ".join((element.get("title") or "").split())
    is_cut = bool(_CUT.search(shown)) and len(whole) > len(_CUT.sub("", shown))
    return whole if is_cut or not shown else shown


def text_beside(item: HtmlElement, link: HtmlElement | None) -> str:
    """The text of ``item`` without that of ``link``, its pieces apart: a title may tell of days."""
    pieces: list[str] = []
    depth = 0
    for event, element in etree.iterwalk(item, events=("start", "end")):
        if event == "start":
            depth += element is link
            pieces += [element.text or ""] * (not depth and isinstance(element.tag, str))
            continue
        depth -= element is link
        pieces += [element.tail or ""] * (not depth and element is not item)
    return " ".join(" ".join(pieces).split())
