"""The title, day, source and author of a page, each from the best place that has it.

Pages of the authorities carry the tags that 《政府网站发展指引》（国办发〔2017〕47号）asks for.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from jianbao.dates import day_in_address
from jianbao.gather.texts.told import Sureness, Told, first_told
from jianbao.gather.texts.visible import han_count, one_line, visible_text
from jianbao.gather.texts.written_dates import BEIJING, read_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

#: Names of metas, in lower case, in the order in which they are believed.
_TITLES = ("articletitle", "og:title", "twitter:title")
_DAYS = (
    "pubdate",
    "firstpublishedtime",
    "article:published_time",
    "publishdate",
    "og:release_date",
)
_SOURCES = ("contentsource",)
_LESS_SURE_SOURCES = ("source", "og:article:author", "article:author")
_AUTHORS = ("author", "article:author")
_COLUMNS = ("columnname", "article:section")
#: Those that the guidelines ask for, and what other standards define.
_BINDING = {
    "articletitle",
    "pubdate",
    "firstpublishedtime",
    "contentsource",
    "article:published_time",
}

#: WeChat shows 昨天; its script knows the second.
_WECHAT_SECOND = re.compile(r"""\bct\s*=\s*["']([0-9]{10})["']""")
#: The page that a WeChat article calls 阅读原文.
_WECHAT_ORIGINAL = re.compile(r"""\bmsg_source_url\s*=\s*["'](https?:[^"']+)["']""")
_SHOWN_SOURCE = re.compile(
    r"(?<!数据)(?<!资料)(?:(?:文章|信息|稿件|内容|新闻|文稿)?(?:来源|稿源)|发布(?:机构|单位)|信息提供)\s*[：:]\s*([^\s|｜\[【（()）<]{2,40})"
)
_SHOWN_AUTHOR = re.compile(
    r"(?:作者|撰稿人?|文/)\s*[：:]?\s*([一-鿿·]{2,6}(?:[、 ][一-鿿·]{2,6})*)(?=$|[\s|｜）)])"
)
#: 截止日期 and 施行日期 are of something else.
_LABEL = re.compile(r"(?<![一-鿿])(?:发布|发文|公布|印发|发表|更新)?(?:时间|日期)\s*[：:]")
_SOURCE_LABEL = re.compile(r"^(?:信息)?来源\s*[：:]\s*")
#: What sites append to a title: 《……》_国家数据局, …… - 中国政府网.
_SITE_BEHIND = re.compile(r"\s*(?:[_|｜]|(?<![0-9])-+|\s[–—]\s)+\s*(?![0-9])[^_|｜-]{2,20}$")
#: The site, its column, its group of columns; what is left has at least so many characters.
_MOST_BEHIND, _SHORT = 3, 2
#: A line longer than this is prose, and the day in it of something else.
_HEAD_LINE = 80


@dataclass(frozen=True, slots=True)
class Looked:
    """A page as all fields look at it: its tree, its text, its HTML and its metas."""

    root: HtmlElement
    html: str
    shown: str
    metas: dict[str, tuple[str, str]]  # by name in lower case: the name as written, and the value
    url: str


def look_at(root: HtmlElement, html: str, url: str) -> Looked:
    """Everything that more than one field needs."""
    return Looked(root, html, visible_text(root), _metas(root), url)


def title(page: Looked) -> Told[str] | None:
    """What the page is called, without the name of its site."""
    return first_told(
        _meta(page, _TITLES[:1]),
        _heading(page),
        _meta(page, _TITLES[1:]),
        _window_title(page),
        _any_heading(page),
    )


def published(page: Looked, content: str, reference: date) -> Told[date] | None:
    """The day of publication; ``content`` is the text, before which pages show it."""
    return first_told(
        _meta_day(page, reference),
        _script_second(page),
        _linked_data_day(page, reference),
        _labelled_day(page, reference),
        _day_in_address(page),
        _day_above(page, content, reference),
    )


def source(page: Looked) -> Told[str] | None:
    """Who published it."""
    account = page.root.get_element_by_id("js_name", None)
    name = one_line(account.text_content()) if account is not None else ""
    found = first_told(
        _meta(page, _SOURCES),
        Told(name, "#js_name", Sureness.SURE) if name else None,
        _shown(page, _SHOWN_SOURCE, "来源："),
        _meta(page, _LESS_SURE_SOURCES),
    )
    if found is None:
        return None
    return Told(_SOURCE_LABEL.sub("", found.value), found.origin, found.sureness)


def author(page: Looked) -> Told[str] | None:
    """Who wrote it; some content systems write their own name there."""
    meta = _meta(page, _AUTHORS)
    is_name = meta and (han_count(meta.value) or " " in meta.value)
    return first_told(_shown(page, _SHOWN_AUTHOR, "作者："), meta if is_name else None)


def column(page: Looked) -> Told[str] | None:
    """The column of the site."""
    return _meta(page, _COLUMNS)


def original(page: Looked) -> Told[str] | None:
    """The page that this one names as its original."""
    found = _WECHAT_ORIGINAL.search(page.html)
    address = found[1].replace("\\x26amp;", "&").replace("&amp;", "&") if found else ""
    return Told(address, "script msg_source_url", Sureness.SURE) if address else None


def _metas(root: HtmlElement) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for meta in root.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop") or ""
        value = one_line(meta.get("content") or "")
        if value:
            found.setdefault(name.strip().lower(), (name.strip(), value))
    return found


def _meta(page: Looked, names: tuple[str, ...]) -> Told[str] | None:
    key = next((name for name in names if name in page.metas), None)
    if key is None:
        return None
    name, value = page.metas[key]
    return Told(value, f"meta {name}", Sureness.SURE if key in _BINDING else Sureness.LIKELY)


def _shown(page: Looked, pattern: re.Pattern[str], origin: str) -> Told[str] | None:
    found = pattern.search(page.shown)
    return Told(found[1], f"网页上的“{origin}”", Sureness.LIKELY) if found else None


def _heading(page: Looked) -> Told[str] | None:
    """The first heading that the title of the window begins with: others are names of sites."""
    known = next((text for text in _headings(page) if _window(page).startswith(text)), None)
    return Told(known, "h1", Sureness.LIKELY) if known else None


def _any_heading(page: Looked) -> Told[str] | None:
    first = next(_headings(page), None)
    return Told(first, "h1", Sureness.GUESS) if first else None


def _headings(page: Looked) -> Iterator[str]:
    return (text for one in page.root.iter("h1") if (text := one_line(one.text_content())))


def _window_title(page: Looked) -> Told[str] | None:
    words = _window(page)
    for _ in range(_MOST_BEHIND):
        shorter = _SITE_BEHIND.sub("", words)
        words = shorter if len(shorter) >= _SHORT else words
    return Told(words, "title", Sureness.GUESS) if words else None


def _window(page: Looked) -> str:
    found = page.root.find(".//title")
    return one_line(found.text_content()) if found is not None else ""


def _meta_day(page: Looked, reference: date) -> Told[date] | None:
    for name, value in (page.metas[key] for key in _DAYS if key in page.metas):
        day = _as_day(read_date(value, reference))
        if day:
            return Told(day, f"meta {name}", Sureness.SURE)
    return None


def _script_second(page: Looked) -> Told[date] | None:
    second = _WECHAT_SECOND.search(page.html)
    if second is None:
        return None
    return Told(datetime.fromtimestamp(int(second[1]), BEIJING).date(), "script ct", Sureness.SURE)


def _linked_data_day(page: Looked, reference: date) -> Told[date] | None:
    """schema.org's datePublished."""
    for script in page.root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        for value in _values(_json(script.text or ""), "datePublished"):
            day = _as_day(read_date(value, reference))
            if day:
                return Told(day, "json-ld datePublished", Sureness.SURE)
    return None


def _json(text: str) -> Any:  # noqa: ANN401  (whatever a page has there)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _values(tree: Any, key: str) -> Iterator[str]:  # noqa: ANN401  (likewise)
    if isinstance(tree, dict):
        if isinstance(tree.get(key), str):
            yield tree[key]
        tree = list(tree.values())
    if isinstance(tree, list):
        for one in tree:
            yield from _values(one, key)


def _labelled_day(page: Looked, reference: date) -> Told[date] | None:
    for line in page.shown.split("\n"):
        label = _LABEL.search(line)
        day = _as_day(read_date("发布时间：" + line[label.end() :], reference)) if label else None
        if day:
            return Told(day, "网页上的“发布时间：”", Sureness.LIKELY)
    return None


def _day_in_address(page: Looked) -> Told[date] | None:
    day = day_in_address(page.url)
    return Told(day, "address", Sureness.LIKELY) if day else None


def _day_above(page: Looked, content: str, reference: date) -> Told[date] | None:
    """A day on a short line before the text."""
    head = page.shown.partition(content[:40])[0] if content else page.shown
    for line in reversed(head.split("\n")):
        day = _as_day(read_date(line, reference)) if len(line) <= _HEAD_LINE else None
        if day:
            return Told(day, "正文之前的日期", Sureness.GUESS)
    return None


def _as_day(moment: date | datetime | None) -> date | None:
    if isinstance(moment, datetime):
        return moment.astimezone(BEIJING).date()
    return moment
