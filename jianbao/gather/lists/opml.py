"""Sources as OPML 2.0, which feed readers exchange; what only we know stands in a namespace.

A section is an outline around its sources; a source with several lists has an outline for each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree

from jianbao.gather.lists.lines import absolute
from jianbao.gather.lists.words import one_line
from jianbao.records import Kind, Level, ListFormat, Listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

    from jianbao.records import Source

#: A name, not an address: nothing lies there.
_SPACE = "urn:jianbao:sources"
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_KEYS = ("item", "title", "link", "date", "summary")
_MOST_BYTES = 5 * 1024 * 1024
_MOST_OUTLINES = 10_000


class NotOpml(ValueError):
    """A file that is no OPML; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A source as OPML tells of it."""

    name: str
    section: str
    kind: Kind
    lists: tuple[str, ...]
    hosts: tuple[str, ...]
    level: Level = Level.INDUSTRY
    listing: Listing = field(default_factory=Listing)


def write_opml(sources: Iterable[Source], title: str) -> str:
    """OPML of those that have lists, by section."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"jianbao": _SPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    sections: dict[str, _Element] = {}
    for source in sources:
        for address in source.lists:
            section = source.section
            if section not in sections:
                sections[section] = etree.SubElement(body, "outline", text=section, title=section)
            etree.SubElement(sections[section], "outline", _attributes(source, address))
    written: bytes = etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="utf-8")
    return written.decode()


def _attributes(source: Source, address: str) -> dict[str, str]:
    own = {"level": str(source.level), "hosts": " ".join(source.hosts)}
    if source.kind is Kind.LISTING:
        own["format"] = str(source.listing.format)
        own |= {key: value for key in _KEYS if (value := getattr(source.listing, key))}
    kind = "rss" if source.kind is Kind.FEED else "listing"
    told = {"text": source.name, "title": source.name, "type": kind, "xmlUrl": address}
    return told | {f"{{{_SPACE}}}{key}": value for key, value in own.items()}


def read_opml(body: bytes) -> tuple[Outline, ...]:
    """The sources of a file, each once, in its order.

    Raises:
        NotOpml: It is none. No entity is expanded, nothing that it names is opened.
    """
    if len(body) > _MOST_BYTES:
        raise NotOpml(f"超过 {_MOST_BYTES // 1024 // 1024} MB")
    if b"<!ENTITY" in body:  # no reader writes any, and libxml2 expands those in attributes
        raise NotOpml("声明了实体")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise NotOpml(f"第 {error.lineno or 1} 行不合 XML 的规范") from error
    if root.tag != "opml":
        raise NotOpml("最外面不是 <opml>")
    found: dict[tuple[str, str], Outline] = {}
    for outline in _outlines(root):
        known = found.get((outline.section, outline.name))
        found[outline.section, outline.name] = _joined(known, outline) if known else outline
    return tuple(found.values())


def _outlines(root: _Element) -> Iterator[Outline]:
    for number, element in enumerate(root.iter("outline")):
        if number == _MOST_OUTLINES:
            raise NotOpml(f"多于 {_MOST_OUTLINES} 条")
        address = absolute(element.get("xmlUrl", ""), "")
        name = one_line(element.get("text") or element.get("title") or "")
        if name and _HOST.fullmatch(urlsplit(address).hostname or ""):
            yield _outline(element, name, address)


def _outline(element: _Element, name: str, address: str) -> Outline:
    own = {key: element.get(f"{{{_SPACE}}}{key}", "") for key in (*_KEYS, "format", "level")}
    above = element.getparent()
    hosts = element.get(f"{{{_SPACE}}}hosts", "").split()
    home = absolute(element.get("htmlUrl", ""), "") or address
    is_listing = own["format"] in {*ListFormat}
    texts = {key: one_line(own[key]) for key in _KEYS}
    return Outline(
        name=name,
        section=one_line(above.get("text", "")) if above is not None else "",
        kind=Kind.LISTING if is_listing else Kind.FEED,
        lists=(address,),
        hosts=tuple(hosts) or (urlsplit(home).hostname or "",),
        level=Level(own["level"]) if own["level"] in {*Level} else Level.INDUSTRY,
        listing=Listing(format=ListFormat(own["format"]), **texts) if is_listing else Listing(),
    )


def _joined(one: Outline, other: Outline) -> Outline:
    lists = tuple(dict.fromkeys((*one.lists, *other.lists)))
    return Outline(
        name=one.name,
        section=one.section,
        kind=one.kind,
        lists=lists,
        hosts=one.hosts,
        level=one.level,
        listing=one.listing,
    )
