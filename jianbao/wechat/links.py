"""Rules on links, and on addresses that are printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code
from jianbao.wechat.filter import is_link_kept
from jianbao.wechat.fragment import NONE, Fragment
from jianbao.wechat.rule import Basis, Finding, at, at_tag, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.fragment import Element
    from jianbao.wechat.scanner import Attribute

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,30}):", re.IGNORECASE)
#: At 375 pixels and 15 pixels a line holds about forty Latin letters.
_UNBROKEN = re.compile(r"[!-~]{40,}")
_AS_TEXT = "网址作为文字印出，另附二维码；原文网址写进“阅读原文”"
_BREAKS = {
    "word-break": {"break-all", "break-word"},
    "overflow-wrap": {"break-word", "anywhere"},
    "word-wrap": {"break-word", "anywhere"},
    "line-break": {"anywhere"},
}


def _links(fragment: Fragment) -> Iterator[tuple[Attribute, str]]:
    for element in fragment.elements:
        if element.name in {"a", "area"} and (href := element.attribute("href")):
            yield href, href.value.strip()


def _kind(address: str) -> str:
    if address.startswith("#"):
        return "anchor"
    if address.startswith("//"):
        return "http"
    found = _SCHEME.match(address)
    if found is None:
        return "relative" if address else "empty"
    return "http" if found[1].lower() in {"http", "https"} else found[1].lower()


@rule(
    Code.WECHAT_LINK_HOST,
    Basis.OFFICIAL,
    "编辑器的提示：请勿插入非 mp.weixin.qq.com 域名的链接",
    bad='<p><a href="https://www.nda.gov.cn/1.html">全文</a></p>',
    good='<p><a href="https://mp.weixin.qq.com/s/abc">全文</a></p>',
)
def hosts(fragment: Fragment) -> Iterator[Finding]:
    """A link that leads out of WeChat."""
    for href, address in _links(fragment):
        if _kind(address) == "http" and not is_link_kept(address):
            message = f"公众号不许链接到站外：{address[:60]}"
            yield at(href, message, _AS_TEXT)


@rule(
    Code.WECHAT_LINK_ANCHOR,
    Basis.MEASURED,
    "文章里没有可跳转的目标",
    bad='<p><a href="#one">一、要闻</a></p>',
    good="<p>一、要闻</p>",
)
def anchors(fragment: Fragment) -> Iterator[Finding]:
    """A link to a place in the article."""
    for href, address in _links(fragment):
        if _kind(address) == "anchor":
            yield at(href, f"文章里不能跳转到 {address[:40]}", "目录只写文字，不加链接")


@rule(
    Code.WECHAT_LINK_SCHEME,
    Basis.MEASURED,
    "已发表的 21 篇文章里都没有",
    bad='<p><a href="mailto:a@example.cn">来信</a></p>',
    good="<p>来信：a@example.cn</p>",
)
def schemes(fragment: Fragment) -> Iterator[Finding]:
    """A link that is no address of a page."""
    for href, address in _links(fragment):
        kind = _kind(address)
        if kind not in {"anchor", "http", "relative", "empty"}:
            yield at(href, f"{kind}: 的链接不起作用", "改为普通的文字")


@rule(
    Code.WECHAT_LINK_RELATIVE,
    Basis.MEASURED,
    "文章里没有相对的地址",
    bad='<p><a href="02.html">下一篇</a></p>',
    good="<p>下一篇</p>",
)
def relative(fragment: Fragment) -> Iterator[Finding]:
    """A link to a file beside the article."""
    for href, address in _links(fragment):
        if _kind(address) == "relative":
            yield at(href, f"相对的链接在文章里没有意义：{address[:40]}", "改为普通的文字")


@rule(
    Code.WECHAT_LINK_EMPTY,
    Basis.OURS,
    "点了没有反应",
    bad='<p><a href="">全文</a></p>',
    good="<p>全文</p>",
)
def empty(fragment: Fragment) -> Iterator[Finding]:
    """A link to nowhere."""
    for href, address in _links(fragment):
        if _kind(address) == "empty":
            yield at(href, "链接是空的", "删去 <a>，留下文字")
    for element in fragment.elements:
        if element.name == "a" and element.attributes and not element.attribute("href"):
            yield at_tag(element, "链接没有地址", "删去 <a>，留下文字")


@rule(
    Code.WECHAT_UNBROKEN,
    Basis.OURS,
    "手机一行约 40 个字母",
    bad="<p>https://www.example.gov.cn/zwgk/202502/t20250210_123456.html</p>",
    good='<p style="word-break:break-all">'
    "https://www.example.gov.cn/zwgk/202502/t20250210_123456.html</p>",
)
def unbroken(fragment: Fragment) -> Iterator[Finding]:
    """A long address that may not break: it widens the page, or runs out of it."""

    def own(element: Element, above: bool) -> bool:  # noqa: FBT001  (the state inherited)
        declared = [one for one in element.styles if one.name in _BREAKS]
        if not declared:
            return above
        return any(one.value.lower() in _BREAKS[one.name] for one in declared)

    breaks = fragment.inherited(own, root=False)
    for text in fragment.texts:
        if not text.weight or (text.parent != NONE and breaks[text.parent]):
            continue
        for found in _UNBROKEN.finditer(text.content):
            message = f"{len(found.group())} 个字符之间不能换行，会超出手机屏幕"
            hint = "在这一段的 style 里写 word-break:break-all"
            start = text.start + found.start()
            yield Finding(start, start + len(found.group()), message, hint)
