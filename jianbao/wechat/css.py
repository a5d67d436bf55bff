"""Rules on single declarations of a style."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code
from jianbao.wechat.colours import colour
from jianbao.wechat.rule import Basis, Finding, at, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.fragment import Fragment
    from jianbao.wechat.styles import Declaration

_FONT_WITH_FAMILY = re.compile(r"\S+\s+\S")


def _declared(fragment: Fragment, *names: str) -> Iterator[Declaration]:
    for element in fragment.elements:
        for one in element.styles:
            if one.name in names:
                yield one


@rule(
    Code.WECHAT_STYLE_BROKEN,
    Basis.OURS,
    "CSS 语法",
    bad='<p style="color red;font-size:15px">正文</p>',
    good='<p style="color:red;font-size:15px">正文</p>',
)
def broken(fragment: Fragment) -> Iterator[Finding]:
    """What is no declaration."""
    for element in fragment.elements:
        for one in element.styles:
            if not one.name or not one.value:
                yield at(one, "这不是一条样式：要写成 名称:值", "补上冒号和值，或删去")


@rule(
    Code.WECHAT_POSITION,
    Basis.MEASURED,
    "已发表的 21 篇文章里都没有",
    bad='<section style="position:relative"><p>正文</p></section>',
    good='<section style="margin-top:1em"><p>正文</p></section>',
)
def position(fragment: Fragment) -> Iterator[Finding]:
    """A position: top and left stay behind without it."""
    for one in _declared(fragment, "position"):
        hint = "用 margin、flex 或 transform 排位置"
        yield at(one, f"position:{one.value} 会被删去", hint)


@rule(
    Code.WECHAT_VARIABLE,
    Basis.MEASURED,
    "文章的页面里没有这些变量",
    bad='<p style="color:var(--brand)">正文</p>',
    good='<p style="color:#a61b29">正文</p>',
)
def variables(fragment: Fragment) -> Iterator[Finding]:
    """A variable, which has no value there."""
    for element in fragment.elements:
        for one in element.styles:
            if "var(" in one.value.lower() or one.name.startswith("--"):
                yield at(one, "CSS 变量在文章里没有值", "写出值本身")


@rule(
    Code.WECHAT_IMPORTANT,
    Basis.OFFICIAL,
    "规范 · 不要使用 !important",
    bad='<p style="color:#333 !important">正文</p>',
    good='<p style="color:#333">正文</p>',
)
def important(fragment: Fragment) -> Iterator[Finding]:
    """What overrides the page's own style, dark mode's too."""
    for element in fragment.elements:
        for one in element.styles:
            if one.important:
                yield at(one, "!important 会盖过深色模式", "删去 !important")


@rule(
    Code.WECHAT_FONT_FAMILY,
    Basis.OFFICIAL,
    "规范 · 字体使用规范",
    bad='<p style="font-family:SimSun">正文</p>',
    good='<p style="font-size:15px">正文</p>',
)
def font_family(fragment: Fragment) -> Iterator[Finding]:
    """A font of one's own."""
    for one in _declared(fragment, "font-family", "font"):
        if one.name == "font-family" or _FONT_WITH_FAMILY.search(one.value):
            hint = f"删去 {one.name}，用公众号自己的字体"
            yield at(one, "不要设字体：手机上未必有，各端的字形和间距会不同", hint)


@rule(
    Code.WECHAT_TEXT_ALIGN,
    Basis.OFFICIAL,
    "规范 · text-align",
    bad='<p style="text-align:start">正文</p>',
    good='<p style="text-align:left">正文</p>',
)
def text_align(fragment: Fragment) -> Iterator[Finding]:
    """The values start and end, which phones understand in different ways."""
    plain = {"start": "left", "end": "right"}
    for one in _declared(fragment, "text-align", "text-align-last"):
        if meant := plain.get(one.value.lower()):
            message = f"{one.name}:{one.value} 在各种手机上对齐不一"
            yield at(one, message, f"改为 {one.name}:{meant}")


@rule(
    Code.WECHAT_CARET,
    Basis.OFFICIAL,
    "规范 · caret-color",
    bad='<p style="caret-color:rgba(0,0,0,0)">正文</p>',
    good='<p style="caret-color:#333">正文</p>',
)
def caret(fragment: Fragment) -> Iterator[Finding]:
    """A cursor that the author cannot see."""
    for one in _declared(fragment, "caret-color"):
        found = colour(one.value)
        if found is not None and found.alpha == 0:
            yield at(one, "光标是透明的，在编辑器里看不见", "删去 caret-color")
