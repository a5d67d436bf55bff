"""Rules on svg."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.diagnostics import Code
from jianbao.wechat.fragment import NONE, Fragment
from jianbao.wechat.rule import Basis, Finding, at, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.scanner import Attribute
    from jianbao.wechat.styles import Declaration

_MOVING = frozenset({"animate", "animatetransform", "animatemotion", "set"})


@rule(
    Code.WECHAT_SVG_REFERENCE,
    Basis.MEASURED,
    "id 会被删去，引用它的也就失效",
    bad='<p>正文</p><svg viewBox="0 0 9 9" fill="#888"><use href="#a"></use></svg>',
    good='<p>正文</p><svg viewBox="0 0 9 9" fill="#888"><path d="M0 0h9"></path></svg>',
)
def references(fragment: Fragment) -> Iterator[Finding]:
    """What refers to an id."""
    inside = fragment.enclosing(lambda element: element.name == "svg")
    for element in fragment.elements:
        if element.name != "svg" and inside[element.index] == NONE:
            continue
        written: tuple[Attribute | Declaration, ...] = (*element.attributes, *element.styles)
        for one in written:
            refers = one.name in {"href", "xlink:href"} and one.value.startswith("#")
            if refers or (one.name != "style" and "url(#" in one.value.replace(" ", "")):
                message = f"{one.value[:40]} 引用的 id 会被删去"
                yield at(one, message, "把引用的内容直接写在这里，或改用 PNG")


@rule(
    Code.WECHAT_SVG_TOUCH,
    Basis.OFFICIAL,
    "规范 · begin",
    bad='<p>正文</p><svg viewBox="0 0 9 9" fill="#888"><rect width="9" height="9">'
    '<animate attributeName="x" to="9" dur="1s" begin="touchstart"></animate></rect></svg>',
    good='<p>正文</p><svg viewBox="0 0 9 9" fill="#888"><rect width="9" height="9">'
    '<animate attributeName="x" to="9" dur="1s" begin="touchstart;click"></animate></rect></svg>',
)
def touch(fragment: Fragment) -> Iterator[Finding]:
    """A movement that only a finger starts."""
    for element in fragment.elements:
        begin = element.attribute("begin") if element.name in _MOVING else None
        if begin and "touchstart" in begin.value and "click" not in begin.value:
            yield at(begin, "在电脑上点不动", '写 begin="touchstart; click"')
