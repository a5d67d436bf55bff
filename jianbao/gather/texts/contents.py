"""Where a page has its text: the containers of the known content systems, then heuristics."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree, html
from readability import Document

from jianbao.gather.texts.told import Sureness
from jianbao.gather.texts.visible import han_count, visible_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

#: Of content systems that put nothing but the text there.
_EXACT_IDS = (
    "jianbao-content",
    "UCAP-CONTENT",
    "js_content",
    "zoom",
    "con_con",
    "zoomcon",
    "ivs_content",
)
_EXACT_CLASSES = (
    *("TRS_Editor", "TRS_UEDITOR", "trs_editor_view", "trs_paper_default", "pages_content"),
    *("rich_media_content", "bt-content", "article-con", "article_con", "xxgk_content"),
)
#: That some sites use for the text, others for all around it.
_LOOSE = ("detail_content", "article-body", "article-content", "content_body", "article", "detail")
#: Han characters below which a container holds no text but a frame of it.
_LEAST = 40


@dataclass(frozen=True, slots=True)
class Content:
    """The element that holds the text."""

    element: HtmlElement
    origin: str
    sureness: Sureness


def find_content(root: HtmlElement, source: str) -> Content | None:
    """The text of the page whose HTML is ``source``; None where it has none."""
    known = tuple(_known(root))
    for content in known:
        if _is_text(content.element):
            return content
    guessed = _by_heuristics(source)
    if guessed is not None and _is_text(guessed.element):
        return guessed
    # A notice of one line with its attachments is short, and all there is.
    exact = (
        one
        for one in known
        if one.sureness is Sureness.SURE and len(one.element.xpath(".//text()|.//img"))
    )
    return next(exact, guessed)


def _is_text(element: HtmlElement) -> bool:
    return han_count(visible_text(element)) >= _LEAST


def _known(root: HtmlElement) -> Iterator[Content]:
    by_id: dict[str, HtmlElement] = {}
    by_class: dict[str, list[HtmlElement]] = {}
    for element in root.iter(etree.Element):
        by_id.setdefault((element.get("id") or "").lower(), element)
        for name in (element.get("class") or "").split():
            by_class.setdefault(name.lower(), []).append(element)
    for name in _EXACT_IDS:
        if name.lower() in by_id:
            yield Content(by_id[name.lower()], f"container #{name}", Sureness.SURE)
    for name in (*_EXACT_CLASSES, *_LOOSE):
        if name.lower() in by_class:
            sureness = Sureness.LIKELY if name in _LOOSE else Sureness.SURE
            fullest = max(by_class[name.lower()], key=lambda one: han_count(visible_text(one)))
            yield Content(fullest, f"container .{name}", sureness)


def _by_heuristics(source: str) -> Content | None:
    logging.getLogger("readability").setLevel(logging.CRITICAL)  # it logs what it cannot parse
    try:
        summary = Document(source).summary(html_partial=True)
        return Content(html.fragment_fromstring(summary, "div"), "readability", Sureness.GUESS)
    except Exception:  # noqa: BLE001  (readability raises its own and lxml's; no text is no bug)
        return None
