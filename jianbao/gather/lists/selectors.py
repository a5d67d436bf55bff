"""CSS selectors over a tree, and the words of what they find."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.html import HtmlElement

_NAME = re.compile(r"[A-Za-z][\w-]*")
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


def named(
    item: HtmlElement, selector: str, words: Callable[[HtmlElement], str] | None = None
) -> str:
    """The ``words`` of the first that ``selector`` finds, or its attribute; empty for none.

    Raises:
        WrongSelector: As `select`.
    """
    bare, attribute = _parted(selector)
    found = select(item, bare or "*")
    if not found:
        return ""
    return found[0].get(attribute, "") if attribute else (words or words_of)(found[0])


def _parted(selector: str) -> tuple[str, str]:
    """The selector and the attribute of ``a@title``; no attribute in ``a[href*="@"]``."""
    bare, at, attribute = selector.rpartition("@")
    return (bare, attribute) if at and _NAME.fullmatch(attribute) else (selector, "")


def link_of(item: HtmlElement, selector: str) -> HtmlElement | None:
    """The element with the address: what ``selector`` finds, else the first link with words.

    None too where ``selector`` names an attribute: then there is no such element.

    Raises:
        WrongSelector: As `select`.
    """
    if _parted(selector)[1]:
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


def pieces_of(element: HtmlElement) -> str:
    """The text of ``element``, its pieces apart: the day large, year and month below it."""
    return " ".join(" ".join(element.itertext()).split())


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
