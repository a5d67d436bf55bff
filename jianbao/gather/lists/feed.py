"""Feeds: RSS, Atom, RDF, CDF and JSON Feed. The one module that knows feedparser.

feedparser neither expands entities of a DTD nor reads anything that one points to; the tests
hold it to that. Its sanitising and its resolving of addresses inside HTML are off: they take
most of its time, and what is kept of a page is cleaned once, when it is drafted.
"""

from __future__ import annotations

import io
import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any
from xml.sax import SAXParseException

import feedparser

from jianbao.gather.lists.lines import Taken, Written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST_ENTRIES = 2_000
#: feedparser takes up to 80 µs for a tag and 4 µs for an entity: some seconds in all.
_MOST_TAGS, _MOST_ENTITIES = 60_000, 400_000
#: And for each namespace as long again as for all before it: four minutes for 60,000.
_NAMESPACE = re.compile(r"xmlns[^=<>]{0,80}=[^<>]{0,80}")
_MOST_NAMESPACES = 200


def read_feed(text: str, address: str) -> Taken:
    """The entries of the feed ``text``, which lies at ``address``, in its own words."""
    if text.lstrip()[:1] == "{":
        return _read_json(text)
    return _read_xml(text, address)


def _read_xml(text: str, address: str) -> Taken:
    if len(set(_NAMESPACE.findall(text))) > _MOST_NAMESPACES:
        return Taken(problems=("声明了太多命名空间，不读",))
    length = min(_length(text, "<", _MOST_TAGS), _length(text, "&", _MOST_ENTITIES))
    # As UTF-8 that the server declares, which counts before what the XML says of itself. And as
    # a stream: a text that begins with http:// or names a file would be fetched and opened.
    found = feedparser.parse(
        io.BytesIO(text[:length].encode("utf-8", errors="replace")),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": address,
        },
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not found.version and not found.entries:
        return Taken(problems=("不是 RSS、Atom 或 JSON Feed",))
    lines = tuple(_written(entry) for entry in found.entries[:_MOST_ENTRIES])
    problems = ("太长，只读了开头",) if length < len(text) else _bozo(found)
    return Taken(lines=lines, problems=problems, items=len(found.entries))


def _length(text: str, mark: str, most: int) -> int:
    """How much of ``text`` has no more than ``most`` of ``mark``."""
    found = next(islice(re.finditer(re.escape(mark), text), most, None), None)
    return found.start() if found else len(text)


def _written(entry: dict[str, Any]) -> Written:
    """Without the dates that feedparser reads: it makes 1737 of 1737336600, a day of 2025-01."""
    # Not entry.get, which gives published for updated, and warns of it.
    dates = (dict.get(entry, name, "") for name in ("published", "updated", "created"))
    return Written(
        title=entry.get("title", ""),
        link=entry.get("link", ""),
        date=next(filter(None, dates), ""),
        summary=entry.get("summary", ""),
    )


def _bozo(found: Mapping[str, Any]) -> tuple[str, ...]:
    """That a feed is broken whose entries could be read all the same, and where."""
    error = found.get("bozo_exception")
    if not isinstance(error, SAXParseException):
        return ()
    return (f"第 {error.getLineNumber()} 行不合 XML 的规范，可能没有读全",)


def _read_json(text: str) -> Taken:
    """JSON Feed 1 and 1.1 (jsonfeed.org/version/1.1)."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return Taken(problems=("JSON 读不懂",))
    items = feed.get("items")
    if "jsonfeed.org" not in str(feed.get("version")) or not isinstance(items, list):
        return Taken(problems=("是 JSON，却不是 JSON Feed",))
    lines = tuple(_json_lines(items[:_MOST_ENTRIES]))
    return Taken(lines=lines, items=len(items))


def _json_lines(items: list[Any]) -> Iterator[Written]:
    for item in items:
        if isinstance(item, dict):
            texts = {key: value for key, value in item.items() if isinstance(value, str)}
            yield Written(
                title=texts.get("title", ""),
                link=texts.get("url") or texts.get("external_url") or texts.get("id", ""),
                date=texts.get("date_published") or texts.get("date_modified", ""),
                summary=texts.get("summary", ""),
            )
