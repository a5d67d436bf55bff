"""Pages as trees. The text was decoded before: what a page declares of itself no longer counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree, html

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def parse_page(text: str) -> HtmlElement | None:
    """The tree of ``text``; None where there is nothing in it."""
    source = _XML_DECLARATION.sub("", text.replace("\0", ""))
    try:
        return html.document_fromstring(source)
    except (etree.ParserError, ValueError):
        return None


def base_of(root: HtmlElement, address: str) -> str:
    """What the page's links are relative to."""
    base = root.find(".//base[@href]")
    return address if base is None else html.urljoin(address, base.get("href").strip())
