"""Rules on which elements an article may have, and whether its tags are in pairs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code
from jianbao.wechat.rule import Basis, Finding, at_tag, rule
from jianbao.wechat.scanner import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.fragment import Fragment
    from jianbao.wechat.scanner import Token

_DOCUMENT = frozenset({"html", "head", "body", "title", "meta", "link", "base"})
_FORM = frozenset({"form", "input", "button", "textarea", "select", "option", "label", "fieldset"})
_EMBEDDED = frozenset(
    {"object", "embed", "applet", "canvas", "video", "audio", "frame", "frameset", "picture"}
    | {"noscript", "template", "marquee", "dialog"}
)
#: Where WeChat's own videos play.
_OWN_FRAMES = re.compile(r"(?:https?:)?//(?:v\.qq\.com|mp\.weixin\.qq\.com)/")
_LEFTOVER = re.compile(r"\{\{|\{%|\$\{|<%")
_NOTHING = frozenset({"undefined", "None", "null", "NaN", "[object Object]"})


@rule(
    Code.WECHAT_DOCUMENT,
    Basis.OFFICIAL,
    "draft/add · content",
    bad="<html><body><p>正文</p></body></html>",
    good="<p>正文</p>",
)
def document(fragment: Fragment) -> Iterator[Finding]:
    """What belongs to a whole page: an article is the inside of one."""
    hint = "只留正文里的部分"
    for remark in fragment.remarks:
        if remark.kind is Kind.DOCTYPE:
            yield Finding(remark.start, remark.end, "文章只是一段 HTML，不能有 DOCTYPE", hint)
    for element in fragment.elements:
        if element.name in _DOCUMENT:
            yield at_tag(element, f"文章只是一段 HTML，不能有 <{element.name}>", hint)


@rule(
    Code.WECHAT_UNCLOSED,
    Basis.OURS,
    "成对的标签",
    bad="<section><p>正文</section>",
    good="<section><p>正文</p></section>",
)
def unclosed(fragment: Fragment) -> Iterator[Finding]:
    """A start tag without its end: each reader of HTML puts it elsewhere."""
    for flaw in fragment.flaws:
        if flaw.kind == "unclosed":
            message = f"<{flaw.name}> 没有结束标签，或者与别的标签交叉"
            yield Finding(flaw.start, flaw.end, message, f"在该结束的地方写 </{flaw.name}>")


@rule(
    Code.WECHAT_END_STRAY,
    Basis.OURS,
    "成对的标签",
    bad="<p>正文</p></section>",
    good="<section><p>正文</p></section>",
)
def stray_end(fragment: Fragment) -> Iterator[Finding]:
    """An end tag without its start."""
    for flaw in fragment.flaws:
        if flaw.kind == "stray":
            yield Finding(flaw.start, flaw.end, f"</{flaw.name}> 没有开始标签", "删去它")


@rule(
    Code.WECHAT_CUT_OFF,
    Basis.OURS,
    "成对的标签",
    bad='<p>正文</p><p style="color:#333',
    good='<p>正文</p><p style="color:#333">正文</p>',
)
def cut_off(fragment: Fragment) -> Iterator[Finding]:
    """A file that ends inside a tag."""
    for flaw in fragment.flaws:
        if flaw.kind == "cut":
            message = f"文件在 <{flaw.name} 这个标签里中断，后面的内容都没有了"
            yield Finding(flaw.start, flaw.end, message, "重新生成或重新保存这个文件")
    for remark in fragment.remarks:
        if _is_open_comment(fragment, remark):
            message = "注释没有结束，后面的内容都成了注释"
            yield Finding(remark.start, remark.end, message, "在注释的末尾写 -->，或删去它")


def _is_open_comment(fragment: Fragment, remark: Token) -> bool:
    written = fragment.source[remark.start : remark.end]
    return written.startswith("<!--") and not written.endswith(("-->", "--!>"))


@rule(
    Code.WECHAT_TEMPLATE,
    Basis.OURS,
    "没有填好的模板",
    bad="<p>{{ title }}</p>",
    good="<p>标题</p>",
)
def leftovers(fragment: Fragment) -> Iterator[Finding]:
    """What a template should have filled in."""
    hint = "找到没有填值的变量，重新生成"
    for found in _LEFTOVER.finditer(fragment.source):
        yield Finding(*found.span(), f"有没有填好的模板：{found.group()}", hint)
    for text in fragment.texts:
        if text.content.strip() in _NOTHING:
            message = f"有没有填好的值：{text.content.strip()}"
            yield Finding(text.start, text.end, message, hint)


@rule(
    Code.WECHAT_EMPTY,
    Basis.OFFICIAL,
    "错误码 44003",
    bad="<section><p></p></section>",
    good="<section><p>正文</p></section>",
)
def empty(fragment: Fragment) -> Iterator[Finding]:
    """Neither text nor a picture."""
    if any(text.weight for text in fragment.texts):
        return
    if all(element.name not in {"img", "svg"} for element in fragment.elements):
        yield Finding(0, 0, "文章里没有文字，也没有图片", "写上正文")


@rule(
    Code.WECHAT_COMMENT,
    Basis.OURS,
    "字数的预算",
    bad="<!-- 第一节 --><p>正文</p>",
    good="<p>正文</p>",
)
def comments(fragment: Fragment) -> Iterator[Finding]:
    """Comments: nobody reads them there, and they count."""
    for remark in fragment.remarks:
        if remark.kind is Kind.COMMENT and not _is_open_comment(fragment, remark):
            yield Finding(remark.start, remark.end, "注释会被删去，却占字数", "删去注释")


@rule(
    Code.WECHAT_SCRIPT,
    Basis.OFFICIAL,
    "draft/add · content",
    bad="<p>正文</p><script>alert(1)</script>",
    good="<p>正文</p>",
)
def script(fragment: Fragment) -> Iterator[Finding]:
    """Scripts."""
    for element in fragment.elements:
        if element.name == "script":
            yield at_tag(element, "脚本会被删去", "删去 <script>")


@rule(
    Code.WECHAT_STYLE_SHEET,
    Basis.MEASURED,
    "已发表的 21 篇文章里都没有",
    bad="<style>p { color: red }</style><p>正文</p>",
    good='<p style="color:red">正文</p>',
)
def style_sheet(fragment: Fragment) -> Iterator[Finding]:
    """Style sheets: only a style attribute is kept."""
    for element in fragment.elements:
        if element.name == "style":
            yield at_tag(element, "样式表会被删去", "把样式写进各元素的 style 属性")


@rule(
    Code.WECHAT_FORM,
    Basis.MEASURED,
    "已发表的 21 篇文章里都没有",
    bad='<p>姓名：<input value="甲"></p>',
    good="<p>姓名：甲</p>",
)
def form(fragment: Fragment) -> Iterator[Finding]:
    """Forms."""
    for element in fragment.elements:
        if element.name in _FORM:
            yield at_tag(element, f"表单元素 <{element.name}> 会被删去", "改为普通的文字")


@rule(
    Code.WECHAT_EMBED,
    Basis.MEASURED,
    "已发表的 21 篇文章里只有微信自己的视频",
    bad='<iframe src="https://www.example.cn/"></iframe><p>正文</p>',
    good='<iframe src="https://v.qq.com/x/1.html"></iframe><p>正文</p>',
)
def embedded(fragment: Fragment) -> Iterator[Finding]:
    """Other pages, players and the like."""
    hint = "视频、音频在公众号的编辑器里插入；网页改为文字和二维码"
    for element in fragment.elements:
        own = element.name == "iframe" and _OWN_FRAMES.match(
            element.value("src") or element.value("data-src") or ""
        )
        if element.name in _EMBEDDED or (element.name == "iframe" and not own):
            yield at_tag(element, f"嵌入的内容 <{element.name}> 会被删去", hint)


@rule(
    Code.WECHAT_DIV,
    Basis.MEASURED,
    "已发表的 21 篇文章里都没有",
    bad="<div>正文</div>",
    good="<section>正文</section>",
)
def div(fragment: Fragment) -> Iterator[Finding]:
    """A div, which is rewritten and may lose its style."""
    for element in fragment.elements:
        if element.name == "div":
            yield at_tag(element, "<div> 会被改写，样式可能丢失", "改为 <section>")


@rule(
    Code.WECHAT_PRE,
    Basis.OFFICIAL,
    "规范 · pre",
    bad="<pre>一行很长的文字</pre>",
    good="<section>一行很长的文字</section>",
)
def pre(fragment: Fragment) -> Iterator[Finding]:
    """Text that does not wrap."""
    for element in fragment.elements:
        if element.name == "pre":
            message = "<pre> 里的文字不换行，在手机上会被截断"
            yield at_tag(element, message, "改为 <section>；要留的换行写 <br>，空格写 &nbsp;")


@rule(
    Code.WECHAT_TAG_UNKNOWN,
    Basis.OURS,
    "HTML 标准",
    bad="<x-card>正文</x-card>",
    good="<mp-common-profile></mp-common-profile><p>正文</p>",
)
def unknown_tag(fragment: Fragment) -> Iterator[Finding]:
    """Elements of somebody's own: WeChat has its own, called mp-…."""
    for element in fragment.elements:
        if "-" in element.name and not element.name.startswith(("mp-", "font-", "color-")):
            yield at_tag(element, f"微信不认得 <{element.name}>", "改为 <section> 或 <span>")
