"""Lists that are no feed: elements of a page, records inside it, answers of an API."""

from __future__ import annotations

import json
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from jianbao.gather.lists.json_paths import read_json_list
from jianbao.gather.lists.lines import Taken, Written, absolute
from jianbao.gather.lists.selectors import (
    WrongSelector,
    link_of,
    named,
    pieces_of,
    select,
    text_beside,
    words_of,
)
from jianbao.gather.lists.tree import base_of, parse_page
from jianbao.records import ListFormat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from jianbao.records import Listing

_MOST_LINES = 2_000


def read_listing(listing: Listing, text: str, address: str) -> Taken:
    """The lines of the list ``text``, which lies at ``address``, each in its own words."""
    try:
        match listing.format:
            case ListFormat.JSON:
                return read_json_list(listing, _json(text), _MOST_LINES)
            case ListFormat.JCMS:
                return _read_records(listing, text)
            case ListFormat.BUILDSTATIC:
                return _read_html(listing, _html_inside(text), address)
            case ListFormat.HTML:
                return _read_html(listing, text, address)
    except WrongSelector as error:
        return Taken(problems=(str(error),))


def address_of_list(listing: Listing, text: str, address: str) -> str:
    """Where the list is that ``text`` only names; empty where it has the list itself.

    MIIT's pages have a script with ``url`` and ``querydata``; those that Xinhua builds have
    an element with ``data="datasource:…"``, beside which lies a ds_….json.
    """
    if listing.format not in {ListFormat.JSON, ListFormat.BUILDSTATIC} or _is_json(text):
        return ""
    root = parse_page(text)
    if root is None:
        return ""
    found = indirection_of(root) if listing.format is ListFormat.BUILDSTATIC else _store(root)
    target = absolute(found, base_of(root, address))
    # A page decides where its own server is asked, never that another one is.
    return target if urlsplit(target).netloc == urlsplit(address).netloc else ""


def has_records(text: str) -> bool:
    """Whether ``text`` is a page, or an answer, of jcms."""
    return "<record>" in text or "&lt;record&gt;" in text


def indirection_of(root: HtmlElement) -> str:
    """The relative address of MIIT's answer that a page names; empty where it names none."""
    for script in root.iter("script"):
        address, data = script.get("url"), script.get("querydata")
        query = _json(data.replace("'", '"')) if address and data else None
        if isinstance(query, dict):
            # What is escaped already, as paramJson may be, is not escaped again.
            return f"{address}?{urlencode(query, safe='%', quote_via=quote)}"
    return ""


def _store(root: HtmlElement) -> str:
    for element in root.iterfind(".//*[@data]"):
        word, _, name = element.get("data").partition(":")
        if word == "datasource" and name.isalnum():
            return f"ds_{name}.json"
    return ""


def _is_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}


def _json(text: str) -> Any:  # noqa: ANN401  (whatever the server holds for its answer)
    """The value of ``text``, also where it is called by the name of a function (JSONP)."""
    bare = text.strip("\ufeff \t\r\n;")
    if bare.endswith(")") and not _is_json(bare):
        bare = bare.partition("(")[2][:-1]
    try:
        return json.loads(bare)
    except (ValueError, RecursionError):
        return None


def _html_inside(text: str) -> str:
    answer = _json(text)
    data = answer.get("data") if isinstance(answer, dict) else None
    inside = data.get("html") if isinstance(data, dict) else None
    return inside if isinstance(inside, str) else ""


def _read_html(listing: Listing, text: str, address: str) -> Taken:
    root = parse_page(text)
    items = select(root, listing.item) if root is not None else []
    if root is None or not items:
        return Taken(problems=(f"item = {listing.item} 一条也没有取到",))
    return _taken(listing, items, base_of(root, address))


def _read_records(listing: Listing, text: str) -> Taken:
    """jcms: fragments of HTML in <record>, as CDATA or with their entities escaped."""
    text = unescape(text) if "<record>" not in text else text
    records = [piece.partition("</record>")[0] for piece in text.split("<record>")[1:]]
    bare = (one.replace("<![CDATA[", "").replace("]]>", "") for one in records[:_MOST_LINES])
    roots = [root for one in bare if (root := parse_page(one)) is not None]
    items = [item for root in roots for item in _inside(root, listing.item)]
    if not items:
        return Taken(problems=("一个 <record> 也没有取到",))
    return _taken(listing, items, "")


def _inside(root: HtmlElement, selector: str) -> list[HtmlElement]:
    return select(root, selector) if selector else [root]


def _taken(listing: Listing, items: list[HtmlElement], base: str) -> Taken:
    lines = tuple(_lines(listing, items[:_MOST_LINES]))
    return Taken(lines=lines, items=len(items), base=base)


def _lines(listing: Listing, items: list[HtmlElement]) -> Iterator[Written]:
    for item in items:
        link = link_of(item, listing.link)
        yield Written(
            title=named(item, listing.title) if listing.title else words_of(link),
            link=named(item, listing.link) if link is None else link.get("href", ""),
            date=named(item, listing.date, words=pieces_of)
            if listing.date
            else text_beside(item, link),
            summary=named(item, listing.summary) if listing.summary else "",
        )
