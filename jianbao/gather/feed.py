"""Feeds: RSS, Atom, RDF, CDF and JSON Feed. The one module that knows feedparser.

feedparser neither expands entities of a DTD nor reads anything that one points to; the tests
hold it to that. Its sanitising and its resolving of addresses inside HTML are off: they take
most of its time, and what is kept of a page is cleaned once, when it is drafted.
"""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import feedparser

from jianbao.gather.lines import Taken, Written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from time import struct_time

    from jianbao.candidates import Page

#: Of bytes: ten times the longest feed of a ministry, and some seconds of feedparser.
MOST_BYTES = 5 * 1024 * 1024
_MOST_ENTRIES = 2_000


def read_feed(page: Page) -> Taken:
    """The entries of a feed in its own words."""
    if len(page.body) > MOST_BYTES:
        return Taken(problems=(f"超过 {MOST_BYTES // 1024 // 1024} MB，不读",))
    if page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _read_json(page)
    return _read_xml(page)


def _read_xml(page: Page) -> Taken:
    headers = {"content-type": page.content_type, "content-location": page.url}
    # A stream: bytes that begin with http:// or name a file would be fetched and opened.
    found = feedparser.parse(
        io.BytesIO(page.body),
        response_headers={name: value for name, value in headers.items() if value},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not found.version and not found.entries:
        return Taken(problems=("不是 RSS、Atom 或 JSON Feed",))
    entries = found.entries[:_MOST_ENTRIES]
    lines = tuple(_written(entry) for entry in entries)
    return Taken(lines=lines, problems=_bozo(found), took=(("条目", len(lines)),))


def _written(entry: Mapping[str, Any]) -> Written:
    name = next((n for n in ("published", "updated", "created") if entry.get(n)), "published")
    return Written(
        title=entry.get("title", ""),
        link=entry.get("link", ""),
        date=entry.get(name, ""),
        summary=entry.get("summary", ""),
        published=_moment(entry.get(f"{name}_parsed")),
    )


def _moment(parsed: struct_time | None) -> datetime | None:
    try:
        return datetime(*parsed[:6], tzinfo=UTC) if parsed else None
    except ValueError:  # a leap second, the year 0
        return None


def _bozo(found: Mapping[str, Any]) -> tuple[str, ...]:
    """What is wrong with a feed whose entries could be read all the same."""
    error = found.get("bozo_exception")
    if not found.get("bozo") or isinstance(error, feedparser.CharacterEncodingOverride):
        return ()
    if isinstance(error, feedparser.NonXMLContentType):
        return ()
    return (f"不合规范：{error}",)


def _read_json(page: Page) -> Taken:
    """JSON Feed 1 and 1.1 (jsonfeed.org/version/1.1)."""
    try:
        feed = json.loads(page.body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Taken(problems=("JSON 读不懂",))
    items = feed.get("items")
    if "jsonfeed.org" not in str(feed.get("version")) or not isinstance(items, list):
        return Taken(problems=("是 JSON，却不是 JSON Feed",))
    lines = tuple(_json_lines(items[:_MOST_ENTRIES]))
    return Taken(lines=lines, took=(("条目", len(lines)),))


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
