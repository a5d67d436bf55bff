"""What a page says: its title, day, source and text.

Pages of the authorities carry the tags that 《政府网站发展指引》（国办发〔2017〕47号）asks for;
those come first, then what the page shows, then heuristics.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from lxml import etree, html
from readability import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

#: Names of metas, in lower case, in the order in which they are believed.
_TITLES = ("articletitle", "og:title")
_DAYS = ("pubdate", "firstpublishedtime", "article:published_time", "publishdate")
_SOURCES = ("contentsource", "source", "author")

#: Where the content systems of the authorities and WeChat put the text: ids, then classes.
_IDS = ("UCAP-CONTENT", "js_content", "zoom", "Zoom", "con_con")
_CLASSES = (
    *("TRS_Editor", "TRS_UEDITOR", "trs_editor_view", "pages_content", "article_con"),
    *("detail_content", "article-body", "article-content", "article", "detail"),
)
#: Han characters below which a container holds no text but a frame of it.
_LEAST = 40
_LONGEST = 500
_HAN = re.compile("[一-鿿]")

_DAY = re.compile(r"(20[0-9]{2})\s*[-年./]\s*([0-9]{1,2})\s*[-月./]\s*([0-9]{1,2})")
_SHOWN_DAY = re.compile(r"(?:发布|发文|成文|印发|公布)?(?:时间|日期)[：:\s]*" + _DAY.pattern)
_SHOWN_SOURCE = re.compile(r"(?:信息)?来源[：:]\s*([^\s|｜\[【（(<]{2,40})")
#: WeChat shows 昨天; its script knows the second.
_WECHAT_SECOND = re.compile(r"""\bct\s*=\s*["']([0-9]{10})["']""")
_BEIJING = timezone(timedelta(hours=8))
#: What sites append to a title: 《……》_国家数据局, …… - 中国政府网.
_SITE_BEHIND = re.compile(r"\s*[_|｜-]+\s*[^_|｜-]{2,20}$")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")

_SKIPPED = {"script", "style", "noscript", "template", "select", "button", "iframe"}
_BLOCKS = {
    *("p", "div", "section", "article", "br", "li", "ul", "ol", "blockquote"),
    *("table", "tr", "td", "th", "caption"),  # two cells are not one number
    *("h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "figure", "figcaption", "hr"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What a page says of itself; empty where it does not. ``text`` has a line a paragraph."""

    title: str = ""
    published: date | None = None
    source: str = ""
    text: str = ""


def extract(page: str) -> Extract:
    """Read the HTML of ``page``; of what is none, nothing."""
    source = _XML_DECLARATION.sub("", page)
    try:
        root = html.document_fromstring(source)
    except (etree.ParserError, ValueError):  # nothing in it; NUL bytes
        return Extract()
    metas = _metas(root)
    shown = _text(root)
    return Extract(
        title=_first(metas, _TITLES) or _title(root),
        published=_published(metas, shown, source),
        source=_first(metas, _SOURCES) or _source(root, shown),
        text=_content(root, source),
    )


def _metas(root: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("name") or meta.get("property") or ""
        value = _words(meta.get("content") or "")
        if value:
            found.setdefault(name.lower(), value)
    return found


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str:
    return next((metas[name] for name in names if name in metas), "")


def _title(root: HtmlElement) -> str:
    for tag in ("h1", "title"):
        for element in root.iter(tag):
            words = _words(element.text_content())
            if words:
                return words if tag == "h1" else _SITE_BEHIND.sub("", words)
    return ""


def _published(metas: dict[str, str], shown: str, source: str) -> date | None:
    told = next((day for name in _DAYS if (day := _day(_DAY.search(metas.get(name, ""))))), None)
    second = _WECHAT_SECOND.search(source)
    if told is None and second:
        return datetime.fromtimestamp(int(second[1]), _BEIJING).date()
    return told or _day(_SHOWN_DAY.search(shown))


def _day(found: re.Match[str] | None) -> date | None:
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:  # 2025-13-45
        return None


def _source(root: HtmlElement, shown: str) -> str:
    account = root.get_element_by_id("js_name", None)
    if account is not None:
        return _words(account.text_content())
    found = _SHOWN_SOURCE.search(shown)
    return found[1] if found else ""


def _content(root: HtmlElement, source: str) -> str:
    for element in _containers(root):
        text = _text(element)
        if len(_HAN.findall(text)) >= _LEAST:
            return text
    return _by_heuristics(source)


def _containers(root: HtmlElement) -> Iterator[HtmlElement]:
    by_class: dict[str, HtmlElement] = {}
    for element in root.iter(etree.Element):
        for name in (element.get("class") or "").split():
            by_class.setdefault(name, element)
    for name in _IDS:
        element = root.get_element_by_id(name, None)
        if element is not None:
            yield element
    yield from (by_class[name] for name in _CLASSES if name in by_class)


def _by_heuristics(source: str) -> str:
    logging.getLogger("readability").setLevel(logging.CRITICAL)  # it logs what it cannot parse
    try:
        summary = Document(source).summary(html_partial=True)
        return _text(html.document_fromstring(summary))
    except Exception:  # noqa: BLE001  (readability raises its own and lxml's; no text is no bug)
        return ""


def _text(root: HtmlElement) -> str:
    """The visible text, a line a block, without blank lines."""
    pieces: list[str] = []  # texts with the source's own line ends as spaces, and breaks
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        is_hidden = not tag or tag in _SKIPPED
        if event == "start":
            hidden += is_hidden
            pieces += ["\n"] * (tag in _BLOCKS)
            pieces += [_one_line(element.text)] * (not hidden)
            continue
        hidden -= is_hidden
        pieces += ["\n"] * (tag in _BLOCKS)
        pieces += [_one_line(element.tail)] * (not hidden and element is not root)
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _words(text: str) -> str:
    """``text`` on one line, no longer than a title is, without what cannot be printed."""
    line = " ".join(text[:_LONGEST].split())
    return "".join(char for char in line if char.isprintable())


def _one_line(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
