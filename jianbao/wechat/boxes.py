"""Rules on how wide and high things are, and on lines that overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code
from jianbao.wechat.fragment import NONE, Fragment
from jianbao.wechat.images import FIXED_WIDTH
from jianbao.wechat.lengths import font_sizes, line_height, pixels
from jianbao.wechat.limits import COLUMN_WIDTH, PHONE_WIDTH
from jianbao.wechat.rule import Basis, Finding, at, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.fragment import Element
    from jianbao.wechat.styles import Declaration

#: Lines are read as overlapping below this multiple of the font size (the official checker).
_OVERLAP = 0.95
#: A margin from which on a phone has no room for text.
_MARGIN = 150
#: Line height where nothing sets one.
_NORMAL = 1.6
_SCROLLS = frozenset({"auto", "scroll"})
_CELLS = frozenset({"td", "th", "col"})
_NO_BOX = frozenset({"img", "svg", "span", "strong", "em", "b", "i", "a", "tr", *_CELLS})
_SIDES = ("margin-left", "margin-right", "padding-left", "padding-right")

_LONG = "这是一段相当长的文字，在手机上会排成好几行，一行接着一行。" * 2


def _ignored(element: Element, above: bool) -> bool:  # noqa: FBT001  (the state inherited)
    return above or element.attribute("data-ignore-width") is not None


@rule(
    Code.WECHAT_WIDTH_OVER,
    Basis.OFFICIAL,
    "规范 · width：存在溢出问题",
    bad='<section style="width:720px"><p>正文</p></section>',
    good='<section style="width:100%"><p>正文</p></section>',
)
def too_wide(fragment: Fragment) -> Iterator[Finding]:
    """A width that no column has."""
    for element, one, size in _widths(fragment, "width", "min-width"):
        if size > COLUMN_WIDTH and not element.style("max-width"):
            message = f"{one.name}:{one.value} 超过文章最宽时的 {COLUMN_WIDTH}px"
            yield at(one, message, "改为百分比，或删去")


@rule(
    Code.WECHAT_WIDTH_FIXED,
    Basis.OFFICIAL,
    "规范 · width：居中布局不一致、不同屏幕下宽度差异",
    bad='<section style="width:500px"><p>正文</p></section>',
    good='<section style="width:80%"><p>正文</p></section>',
)
def fixed_width(fragment: Fragment) -> Iterator[Finding]:
    """A width that does not follow the screen."""
    for element, one, size in _widths(fragment, "width"):
        if element.name in {"img", "svg", *_CELLS}:
            continue
        if FIXED_WIDTH < size <= COLUMN_WIDTH:
            message = f"固定的宽度 {one.value} 在各种屏幕上所占的比例不同"
            yield at(one, message, "改为百分比，或删去")


@rule(
    Code.WECHAT_COLUMN_FIXED,
    Basis.OFFICIAL,
    "规范 · width：表头固定列宽超出容器",
    bad='<section style="overflow-x:auto"><table><tr><th style="width:200px">甲</th></tr></table>'
    "</section>",
    good='<section style="overflow-x:auto"><table><tr><th style="width:30%">甲</th></tr></table>'
    "</section>",
)
def fixed_column(fragment: Fragment) -> Iterator[Finding]:
    """A column of a table that does not follow the screen."""
    for element, one, size in _widths(fragment, "width", "min-width"):
        if element.name in _CELLS and FIXED_WIDTH < size <= COLUMN_WIDTH:
            yield at(one, f"固定的列宽 {one.value} 在手机上会溢出", "改为百分比，或删去")


def _widths(fragment: Fragment, *names: str) -> Iterator[tuple[Element, Declaration, float]]:
    """Declared widths in pixels, where the author does not ask to leave them alone."""
    sizes = font_sizes(fragment)
    ignored = fragment.inherited(_ignored, root=False)
    for element in fragment.elements:
        one = element.style(*names)
        size = pixels(one.value, sizes[element.index]) if one else None
        if one and size is not None and not ignored[element.index]:
            yield element, one, size


@rule(
    Code.WECHAT_MARGIN_OVER,
    Basis.OFFICIAL,
    "规范 · width：左侧偏移过大",
    bad='<section style="margin-left:294pt"><p>正文</p></section>',
    good='<section style="margin-left:2em"><p>正文</p></section>',
)
def wide_margin(fragment: Fragment) -> Iterator[Finding]:
    """A margin that pushes the text out of a phone's screen, to either side."""
    sizes = font_sizes(fragment)
    for element in fragment.elements:
        for one in element.styles:
            for value in _side_values(one):
                size = pixels(value, sizes[element.index])
                if size is not None and abs(size) >= _MARGIN:
                    message = f"{one.name}:{one.value} 会把文字推出手机屏幕"
                    yield at(one, message, f"小于 {_MARGIN}px，或者用百分比")
                    break


def _side_values(one: Declaration) -> tuple[str, ...]:
    """The values of ``one`` for the left and right side."""
    if one.name in _SIDES or one.name == "text-indent":
        return (one.value,)
    values = one.value.split(None, 5) if one.name in {"margin", "padding"} else []
    if len(values) == 4:  # noqa: PLR2004  (top, right, bottom, left)
        return values[1], values[3]
    return (values[min(1, len(values) - 1)],) if values else ()


@rule(
    Code.WECHAT_HEIGHT_ZERO,
    Basis.OFFICIAL,
    "规范 · height:0",
    bad='<section style="height:0"><p>正文</p></section>',
    good='<section style="height:0"><svg viewBox="0 0 1 1"></svg></section><p>正文</p>',
)
def no_height(fragment: Fragment) -> Iterator[Finding]:
    """Text without height: there in the editor, gone on a phone."""
    for element, one, size in _heights(fragment):
        if size == 0 and fragment.weight_of(element):
            message = f"{one.name}:{one.value} 使里面的文字在手机上看不见"
            yield at(one, message, f"删去 {one.name}")


@rule(
    Code.WECHAT_HEIGHT_CUT,
    Basis.OFFICIAL,
    "规范 · 内容溢出容器",
    bad=f'<section style="height:20px"><p>{_LONG}</p></section>',
    good=f'<section style="height:80px;overflow-y:scroll"><p>{_LONG}</p></section>',
)
def low_height(fragment: Fragment) -> Iterator[Finding]:
    """A height that the text will not fit into on a phone, by estimate."""
    sizes = font_sizes(fragment)
    for element, one, size in _heights(fragment):
        if size == 0 or element.name in _NO_BOX or _can_scroll(element):
            continue
        font = sizes[element.index]
        lines = -(-fragment.weight_of(element) * font // PHONE_WIDTH)
        if lines * font > size:
            message = f"高度固定为 {one.value}，里面的文字约有 {lines:.0f} 行，会被截断"
            yield at(one, message, f"改为 min-height，或删去 {one.name}")


def _heights(fragment: Fragment) -> Iterator[tuple[Element, Declaration, float]]:
    """Declared heights in pixels, outside of what a reader opens by a press."""
    sizes = font_sizes(fragment)
    played = fragment.inherited(_is_played, root=False)
    for element in fragment.elements:
        one = element.style("height", "max-height")
        size = pixels(one.value, sizes[element.index]) if one else None
        if one and size is not None and not played[element.index]:
            yield element, one, size


def _is_played(element: Element, above: bool) -> bool:  # noqa: FBT001  (the state inherited)
    return above or element.name == "svg" or element.value("data-mode") == "svg"


def _can_scroll(element: Element) -> bool:
    declared = element.style("overflow", "overflow-y", "overflow-x")
    return declared is not None and bool(_SCROLLS.intersection(declared.value.lower().split()))


@dataclass(frozen=True, slots=True)
class _Lines:
    """The line height that holds, as a multiple of ``font``, and what declares it."""

    ratio: float | None = None  # a plain number, which follows the font size down
    absolute: float = _NORMAL * 16
    cause: Declaration | None = None

    def of(self, font: float) -> float:
        """Pixels from line to line over the font size."""
        if self.ratio is not None:
            return self.ratio
        return self.absolute / font if font > 0 else _NORMAL


@rule(
    Code.WECHAT_LINE_HEIGHT,
    Basis.OFFICIAL,
    "规范 · line-height",
    bad='<section style="line-height:0"><p>第一行<br>第二行</p></section>',
    good='<section style="line-height:0"><p>只有一行</p></section>',
)
def overlapping(fragment: Fragment) -> Iterator[Finding]:
    """Lines that lie over one another."""
    sizes = font_sizes(fragment)
    heights = fragment.inherited(lambda e, above: _lines(e, above, sizes[e.index]), _Lines())
    width: dict[Declaration, float] = {}
    for text in fragment.texts:
        cause = None if text.parent == NONE else heights[text.parent].cause
        if cause and text.weight and heights[text.parent].of(sizes[text.parent]) < _OVERLAP:
            width[cause] = width.get(cause, 0) + text.weight * sizes[text.parent]
    for element in fragment.elements:
        cause = heights[element.index].cause
        if element.name == "br" and cause in width:
            width[cause] += COLUMN_WIDTH
    for cause, size in width.items():
        if size > COLUMN_WIDTH:
            message = f"行高 {cause.value} 小于字号，几行文字会叠在一起"
            yield at(cause, message, "行高写 1.6 到 1.8；只为拼接图片的，文字另放一个元素")


def _lines(element: Element, above: _Lines, font: float) -> _Lines:
    declared = element.style("line-height")
    if declared is None:
        return above
    ratio = line_height(declared.value, font)
    if ratio is None:
        return _Lines(_NORMAL, cause=declared)
    follows = declared.value.replace(".", "", 1).isdigit()
    return _Lines(ratio if follows else None, ratio * font, declared)


@rule(
    Code.WECHAT_NOWRAP,
    Basis.OFFICIAL,
    "规范 · pre：white-space 使文字不换行",
    bad=f'<p style="white-space:nowrap">{_LONG}</p>',
    good='<p style="white-space:nowrap">第 4 期</p>',
)
def nowrap(fragment: Fragment) -> Iterator[Finding]:
    """A line that is longer than a phone is wide."""
    sizes = font_sizes(fragment)
    scrolled = fragment.inherited(lambda e, above: above or _can_scroll(e), root=False)
    causes = fragment.inherited(_unwrapped, None)
    reported: set[Declaration] = set()
    for text in fragment.texts:
        cause = None if text.parent == NONE else causes[text.parent]
        if cause is None or cause in reported or scrolled[text.parent]:
            continue
        longest = max((len(line.strip()) for line in text.content.split("\n")), default=0)
        length = text.weight if cause.value == "nowrap" else min(longest, text.weight)
        if length * sizes[text.parent] > PHONE_WIDTH:
            reported.add(cause)
            yield at(cause, f"{length} 个字不换行，会超出手机屏幕", "删去 white-space")


def _unwrapped(element: Element, above: Declaration | None) -> Declaration | None:
    declared = element.style("white-space")
    if declared is None:
        return above
    return declared if declared.value.lower() in {"nowrap", "pre"} else None
