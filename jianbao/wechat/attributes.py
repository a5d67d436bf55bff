"""Rules on attributes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code
from jianbao.wechat.rule import Basis, Finding, at, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.fragment import Fragment


@rule(
    Code.WECHAT_EVENT,
    Basis.OFFICIAL,
    "draft/add · content",
    bad='<p onclick="go()">正文</p>',
    good="<p>正文</p>",
)
def events(fragment: Fragment) -> Iterator[Finding]:
    """Handlers of events."""
    for element in fragment.elements:
        for attribute in element.attributes:
            if attribute.name.startswith("on"):
                yield at(attribute, f"{attribute.name} 是脚本，会被删去", "删去这个属性")


@rule(
    Code.WECHAT_ID,
    Basis.MEASURED,
    "已发表的 21 篇文章里都没有",
    bad='<p id="first">正文</p>',
    good="<p>正文</p>",
)
def ids(fragment: Fragment) -> Iterator[Finding]:
    """An id."""
    for element in fragment.elements:
        if attribute := element.attribute("id"):
            yield at(attribute, "id 会被删去", "删去 id；文章里不能有跳转的目标")


@rule(
    Code.WECHAT_CLASS,
    Basis.MEASURED,
    "类名留得下，样式表留不下",
    bad='<p class="lead">正文</p>',
    good='<p style="font-weight:bold">正文</p>',
)
def classes(fragment: Fragment) -> Iterator[Finding]:
    """A class without a style sheet."""
    for element in fragment.elements:
        if attribute := element.attribute("class"):
            yield at(attribute, "class 没有样式表可用，只占字数", "把样式写进 style，删去 class")


@rule(
    Code.WECHAT_ATTRIBUTE_REPEATED,
    Basis.OURS,
    "HTML 标准 · 重复的属性",
    bad='<p style="color:red" style="font-size:15px">正文</p>',
    good='<p style="color:red;font-size:15px">正文</p>',
)
def repeated(fragment: Fragment) -> Iterator[Finding]:
    """An attribute written twice: only the first counts."""
    for element in fragment.elements:
        seen = Counter[str]()
        for attribute in element.attributes:
            seen[attribute.name] += 1
            if seen[attribute.name] == 2:  # noqa: PLR2004  (the second is the one too many)
                message = f"{attribute.name} 写了两次，后一个不起作用"
                yield at(attribute, message, "合成一个")
