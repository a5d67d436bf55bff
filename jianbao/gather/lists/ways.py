"""From a page to how it can be read as a source: the feed that it names, or selectors.

A list is what repeats: many elements that stand alike in the page, each with a link whose words
are a title, and most with a day. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from jianbao.gather.lists.lines import absolute
from jianbao.gather.lists.listing import has_records, indirection_of
from jianbao.gather.lists.selectors import link_of, select, text_beside, words_of
from jianbao.gather.lists.tree import base_of, parse_page
from jianbao.gather.texts.written_dates import read_date
from jianbao.records import Kind, ListFormat, Listing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from lxml.html import HtmlElement

_FEEDS = {"application/rss+xml", "application/atom+xml", "application/feed+json"}
#: What a list must have to be one: so many items, and so many letters to a title on average.
_FEWEST, _SHORTEST = 4, 8
_MOST_ELEMENTS = 20_000
#: Classes that say how an item looks, not what it is: li_1, odd, first, on.
_LOOKS = re.compile(
    r"(?:.*[0-9]|odd|even|first|last|on|active|cur(?:rent)?|hover|clearfix|cf|fl|fr|mt|mb)"
)
_NAME = re.compile(r"[A-Za-z][\w-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a page may be read: ``address`` is that of the feed, or of the list itself."""

    kind: Kind
    address: str
    listing: Listing = field(default_factory=Listing)


def ways_to_read(text: str, address: str, read: datetime) -> tuple[Way, ...]:
    """The ways to read ``text``, the likeliest first: its feeds, then up to three lists.

    Args:
        text: The page.
        address: Where it lies.
        read: When it was read, for days without a year; with its zone.
    """
    if has_records(text):
        return (_list(address, ListFormat.JCMS),)
    root = parse_page(text)
    if root is None:
        return ()
    feeds = tuple(Way(kind=Kind.FEED, address=feed) for feed in _feeds(root, address))
    if indirection_of(root):
        return (*feeds, _list(address, ListFormat.BUILDSTATIC, "li"))
    ranked = sorted(_lists(root, read), key=lambda pair: -pair[0])
    return (*feeds, *(_list(address, ListFormat.HTML, item) for _, item in ranked[:3]))


def _list(address: str, form: ListFormat, item: str = "") -> Way:
    return Way(kind=Kind.LISTING, address=address, listing=Listing(format=form, item=item))


def _feeds(root: HtmlElement, address: str) -> Iterator[str]:
    for link in root.iterfind(".//link[@href]"):
        is_other = "alternate" in (link.get("rel") or "").lower().split()
        if is_other and (link.get("type") or "").lower().strip() in _FEEDS:
            feed = absolute(link.get("href"), base_of(root, address))
            if feed:
                yield feed


def _lists(root: HtmlElement, read: datetime) -> Iterator[tuple[float, str]]:
    """Selectors with how much speaks for each."""
    alike: dict[str, list[HtmlElement]] = {}
    elements = root.iter("li", "tr", "dd", "dl", "div", "p", "a")
    for element in islice(elements, _MOST_ELEMENTS):
        alike.setdefault(_selector(element), []).append(element)
    for selector, items in alike.items():
        score = _score(items, read) if len(items) >= _FEWEST else 0
        if score:
            yield score, selector


def _selector(element: HtmlElement) -> str:
    """The element's own name and class below the nearest one that has a name in the page."""
    own = _simple(element)
    for above in element.iterancestors():
        if above.tag in {"body", "html"}:
            break
        name = _simple(above)
        if name != above.tag:
            between = ">" if element.getparent() is above else " "
            return f"{name} {between} {own}".replace("   ", " ")
    return own


def _simple(element: HtmlElement) -> str:
    name = element.get("id") or ""
    if _NAME.fullmatch(name) and not _LOOKS.fullmatch(name):
        return f"{element.tag}#{name}"
    classes = [one for one in (element.get("class") or "").split() if _NAME.fullmatch(one)]
    kept = [one for one in classes if not _LOOKS.fullmatch(one)]
    return ".".join([str(element.tag), *kept])


def _score(items: list[HtmlElement], read: datetime) -> float:
    """Nothing for what is no list; more for more items, longer titles and days."""
    links = [(item, link_of(item, "")) for item in items[:100]]
    titled = [(item, link) for item, link in links if link is not None and words_of(link)]
    addresses = {link.get("href") for _, link in titled}
    single = [item for item, _ in titled if len(select(item, "a[href]")) <= 3]  # noqa: PLR2004  (a category, a picture, the title)
    letters = sum(len(words_of(link)) for _, link in titled)
    is_list = len(addresses) >= _FEWEST and len(titled) > len(items[:100]) * 0.7
    if not is_list or len(single) < len(titled) * 0.8 or letters < _SHORTEST * len(titled):
        return 0
    days = sum(_has_day(item, link, read) for item, link in titled)
    return len(addresses) * (1 + 4 * days / len(titled)) * min(letters / len(titled), 40)


def _has_day(item: HtmlElement, link: HtmlElement, read: datetime) -> bool:
    found = read_date(text_beside(item, link), read) or read_date(link.get("href"), read)
    return found is not None
