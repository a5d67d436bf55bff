"""Rules on dark mode, in which half of the readers see an article."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code
from jianbao.wechat.colours import Colour, colour, contrast, mean
from jianbao.wechat.dark_mode import (
    DARK_GROUND,
    DARK_TEXT,
    FAINTEST,
    LIGHT_GROUND,
    LIGHT_TEXT,
    dark_ground,
    dark_text,
)
from jianbao.wechat.filter import pictures
from jianbao.wechat.fragment import NONE, Fragment
from jianbao.wechat.rule import Basis, Finding, at, at_tag, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.fragment import Element
    from jianbao.wechat.scanner import Attribute
    from jianbao.wechat.styles import Declaration

#: The floor of the official checker.
OFFICIAL_CONTRAST = 1.5
#: Our own: below it older readers give up.
CONTRAST = 2.5
#: Values longer than this are no colours.
_LONGEST = 400
#: What may be a colour among the arguments of a gradient.
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{2,4}a?\([^()]*\)|[a-zA-Z]+")
_SHAPES = frozenset({"path", "rect", "circle", "ellipse", "polygon", "polyline", "text", "line"})


@dataclass(frozen=True, slots=True)
class _Shade:
    """The colours that hold in an element, in light and dark mode; ``cause`` set the last."""

    text: Colour = LIGHT_TEXT
    ground: Colour = LIGHT_GROUND
    seen: Colour = LIGHT_TEXT  # ``text`` over ``ground``
    dark_text: Colour = DARK_TEXT
    dark_ground: Colour = DARK_GROUND
    cause: Declaration | None = None
    skipped: bool = False  # over a picture, in an svg or exempt: nothing is turned
    ignored: bool = False  # the author asks not to be told


def _shades(fragment: Fragment) -> list[_Shade]:
    return fragment.inherited(_shade, _Shade())


def _shade(element: Element, above: _Shade) -> _Shade:
    asked = (element.value("data-ignore-dm") or "").split()
    shade = replace(above, ignored="low-contrast" in asked)
    if element.name == "svg" or _pictured(element):
        return replace(shade, skipped=True)
    ground = _last_colour(element, "background-color", "background", "background-image")
    text = _last_colour(element, "color", "-webkit-text-fill-color")
    if ground:
        shade = _on_ground(shade, *ground)
    if text:
        shade = replace(shade, text=text[0], cause=text[1])
    if not ground and not text:
        return shade
    exempt = element.attribute("data-no-dark") is not None
    return _turned(shade, exempt=exempt)


def _on_ground(shade: _Shade, ground: Colour, cause: Declaration) -> _Shade:
    return replace(
        shade,
        ground=ground.over(shade.ground),
        dark_ground=dark_ground(ground, shade.dark_ground),
        cause=cause,
        skipped=False,  # a colour over the picture ends what it did
    )


def _turned(shade: _Shade, *, exempt: bool) -> _Shade:
    seen = shade.text.over(shade.ground)
    if exempt:
        return replace(shade, seen=seen, dark_text=shade.text.over(shade.dark_ground))
    return replace(shade, seen=seen, dark_text=dark_text(shade.text, shade.dark_ground))


def _pictured(element: Element) -> bool:
    names = {"background", "background-image", "border-image"}
    return any(any(pictures(one.value)) for one in element.styles if one.name in names)


def _last_colour(element: Element, *names: str) -> tuple[Colour, Declaration] | None:
    for one in reversed(element.styles):
        found = _colour_in(one.value) if one.name in names else None
        if found and found.alpha >= FAINTEST:
            return found, one
    return None


def _colour_in(value: str) -> Colour | None:
    """The colour of a value, the first in a shorthand, or the mean of a gradient."""
    if len(value) > _LONGEST:
        return None
    if "gradient(" in value.lower():
        return mean([found for word in _COLOUR.findall(value) if (found := colour(word))])
    return colour(value) or next(
        (found for word in value.split() if (found := colour(word)) is not None), None
    )


def _texts(fragment: Fragment) -> Iterator[tuple[_Shade, Declaration]]:
    """The shades that text is seen in, each with what caused it, once."""
    shades = _shades(fragment)
    told: set[Declaration] = set()
    for text in fragment.texts:
        shade = shades[text.parent] if text.parent != NONE else _Shade()
        if text.weight and shade.cause and shade.cause not in told and not shade.ignored:
            told.add(shade.cause)
            yield shade, shade.cause


@rule(
    Code.WECHAT_CONTRAST,
    Basis.OURS,
    f"对比度至少 {CONTRAST}",
    bad='<p style="color:#ccc">正文</p>',
    good='<p style="color:#888">正文</p>',
)
def light_contrast(fragment: Fragment) -> Iterator[Finding]:
    """Text that is faint as it is written."""
    for shade, cause in _texts(fragment):
        ratio = contrast(shade.seen, shade.ground)
        if ratio < CONTRAST and not shade.skipped:
            message = f"文字与背景的对比度只有 {ratio:.1f}，难以辨识"
            yield at(cause, message, f"加深文字或背景，使对比度不低于 {CONTRAST}")


@rule(
    Code.WECHAT_DARK_CONTRAST,
    Basis.OFFICIAL,
    "规范 · Dark Mode：使用对比度适中的颜色",
    bad='<p data-no-dark="" style="color:#222">正文</p>',
    good='<p style="color:#222">正文</p>',
)
def dark_contrast(fragment: Fragment) -> Iterator[Finding]:
    """Text that cannot be made out in dark mode."""
    for cause, ratio in _dark(fragment):
        if ratio < OFFICIAL_CONTRAST:
            message = f"深色模式下文字与背景的对比度只有 {ratio:.1f}，看不清"
            yield at(cause, message, "换一种颜色；白字配深的底色，深字不设底色")


@rule(
    Code.WECHAT_DARK_FAINT,
    Basis.OURS,
    f"深色模式下对比度至少 {CONTRAST}",
    bad='<section style="background:#ffd700"><p style="color:#fff">正文</p></section>',
    good='<section style="background:#a61b29"><p style="color:#fff">正文</p></section>',
)
def dark_faint(fragment: Fragment) -> Iterator[Finding]:
    """Text that is faint in dark mode, though the official checker lets it pass."""
    for cause, ratio in _dark(fragment):
        if OFFICIAL_CONTRAST <= ratio < CONTRAST:
            message = f"深色模式下文字与背景的对比度只有 {ratio:.1f}，难以辨识"
            yield at(cause, message, f"换一种颜色，使对比度不低于 {CONTRAST}")


def _dark(fragment: Fragment) -> Iterator[tuple[Declaration, float]]:
    for shade, cause in _texts(fragment):
        if not shade.skipped:
            yield cause, contrast(shade.dark_text, shade.dark_ground)


@rule(
    Code.WECHAT_GRADIENT,
    Basis.OFFICIAL,
    "规范 · Dark Mode：文字背景尽量不要使用渐变",
    bad='<section style="background:linear-gradient(#fff,#eee)"><p>正文</p></section>',
    good='<section style="background:linear-gradient(#fff,#eee)"><br></section><p>正文</p>',
)
def gradient(fragment: Fragment) -> Iterator[Finding]:
    """A gradient behind text: dark mode makes one colour of it."""
    for element in fragment.elements:
        if "text-bg-gradient" in (element.value("data-ignore-dm") or "").split():
            continue
        for one in element.styles:
            is_ground = one.name in {"background", "background-image"}
            if is_ground and "gradient(" in one.value.lower() and fragment.weight_of(element):
                message = "文字后面的渐变在深色模式下变成一种颜色"
                yield at(one, message, "改为一种背景颜色")


@rule(
    Code.WECHAT_DARK_SKIPPED,
    Basis.OFFICIAL,
    "规范 · Dark Mode：指定节点跳过算法转换",
    bad='<p data-no-dark="" style="color:#888">正文</p>',
    good='<p style="color:#888">正文</p>',
)
def skipped(fragment: Fragment) -> Iterator[Finding]:
    """What asks to be left alone in dark mode."""
    for element in fragment.elements:
        if attribute := element.attribute("data-no-dark"):
            message = "这个元素在深色模式下不转换颜色"
            yield at(attribute, message, "亲眼看过深色模式；没有必要就删去")


@rule(
    Code.WECHAT_SVG_INK,
    Basis.OFFICIAL,
    "规范 · Dark Mode：SVG",
    bad='<p>正文</p><svg viewBox="0 0 9 9"><path fill="#000" d="M0 0h9v9z"></path></svg>',
    good='<p>正文</p><svg viewBox="0 0 9 9"><path fill="currentColor" d="M0 0h9v9z"></path></svg>',
)
def svg_ink(fragment: Fragment) -> Iterator[Finding]:
    """Dark ink in an svg, which dark mode does not turn."""
    inside = fragment.enclosing(lambda element: element.name == "svg")
    filled = fragment.inherited(_is_filled, root=False)
    for element in fragment.elements:
        if inside[element.index] == NONE:
            continue
        hint = '写 fill="currentColor" stroke="currentColor"'
        written: tuple[Attribute | Declaration, ...] = (*element.attributes, *element.styles)
        for one in (one for one in written if _is_dark_ink(one.name, one.value)):
            yield at(one, f"SVG 里的深色 {one.value} 在深色模式下看不见", hint)
        if element.name in _SHAPES and not filled[element.index]:
            yield at_tag(element, "SVG 里没有设颜色的图形是黑的，在深色模式下看不见", hint)


def _is_filled(element: Element, above: bool) -> bool:  # noqa: FBT001  (the state inherited)
    return above or any(
        element.attribute(name) or element.style(name) for name in ("fill", "stroke")
    )


def _is_dark_ink(name: str, value: str) -> bool:
    found = colour(value) if name in {"fill", "stroke"} else None
    return found is not None and found.alpha > 0 and contrast(found, DARK_GROUND) < CONTRAST
