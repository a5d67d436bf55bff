"""Rules on QR codes, which readers press with a finger."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code
from jianbao.wechat.filter import pictures
from jianbao.wechat.heights import Heights, shown_width
from jianbao.wechat.images import images
from jianbao.wechat.rule import Basis, Finding, at, at_tag, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.fragment import Element, Fragment

#: Below this a long press finds the code only now and then. Our own number.
QR_WIDTH = 120
#: What keeps two codes from standing on one screen of a phone, where a long press may find
#: the wrong one: so many characters of text between them, or so many pixels of anything.
#: Two codes of 140 pixels and these are 750, more than WeChat shows of an article on a phone
#: that is 844 high. Our own numbers.
QR_DISTANCE = 250
QR_HEIGHT = 470

_PRESSABLE = '<img src="https://mmbiz.qpic.cn/a.png" alt="二维码" data-w="480" data-ratio="1" '
_QR_NAME = re.compile(r"(?:^|[-_./])qr(?:code)?(?=[-_.\d]|$)", re.IGNORECASE)


@rule(
    Code.WECHAT_QR_BACKGROUND,
    Basis.MEASURED,
    "长按识别的是 <img>",
    bad='<p>正文</p><section style="background:url(https://mmbiz.qpic.cn/qr.png)"></section>',
    good=f'<p>正文</p>{_PRESSABLE}style="width:140px">',
)
def qr_background(fragment: Fragment) -> Iterator[Finding]:
    """A QR code that a long press does not find, as it is no img."""
    hint = "二维码用 <img>，不用背景图或 SVG"
    for element in fragment.elements:
        for one in element.styles:
            if any(_QR_NAME.search(url) for url in pictures(one.value)):
                yield at(one, "作背景的二维码不能长按识别", hint)
        if element.name == "svg" and "二维码" in (element.value("aria-label") or ""):
            yield at_tag(element, "SVG 的二维码不能长按识别", hint)


def qr_codes(fragment: Fragment) -> list[Element]:
    """The pictures that are QR codes, by what they are called, in the order of the text."""
    return [
        element
        for element, _, address in images(fragment)
        if "二维码" in (element.value("alt") or "")
        or _QR_NAME.search(address.partition("?")[0][-200:])
    ]


@rule(
    Code.WECHAT_QR_SMALL,
    Basis.OURS,
    f"至少 {QR_WIDTH} 像素",
    bad=f'<p>正文</p>{_PRESSABLE}style="width:80px">',
    good=f'<p>正文</p>{_PRESSABLE}style="width:120px">',
)
def qr_small(fragment: Fragment) -> Iterator[Finding]:
    """A QR code that is too small to be pressed."""
    for element in qr_codes(fragment):
        size = shown_width(element)
        if size is not None and size < QR_WIDTH:
            message = f"二维码只有约 {size:.0f} 像素宽，长按不易识别"
            yield at_tag(element, message, f"宽度至少 {QR_WIDTH}px")


@dataclass(frozen=True, slots=True)
class Crowded:
    """A QR code that may share a screen with the one before it.

    ``weight`` counts the characters between them, ``missing`` the pixels.
    """

    code: Element
    weight: int
    missing: float


def crowded(fragment: Fragment) -> Iterator[Crowded]:
    """The codes of ``fragment`` that stand too near to the one before."""
    heights: Heights | None = None
    for before, code in pairwise(qr_codes(fragment)):
        weight = fragment.weight(before.end, code.start)
        if weight >= QR_DISTANCE:
            continue
        heights = heights or Heights(fragment)
        height = heights.between(before.end, code.start)
        if height < QR_HEIGHT:
            yield Crowded(code, weight, QR_HEIGHT - height)


@rule(
    Code.WECHAT_QR_CLOSE,
    Basis.OURS,
    f"相隔至少 {QR_DISTANCE} 字，或 {QR_HEIGHT} 像素",
    bad=f'<p>{_PRESSABLE}style="width:140px"></p><p>下一条。</p>'
    f'<p>{_PRESSABLE}style="width:140px"></p>',
    good=f'<p>{_PRESSABLE}style="width:140px"></p><p>{"一句有十个字的文字。" * 25}</p>'
    f'<p>{_PRESSABLE}style="width:140px"></p>',
)
def qr_close(fragment: Fragment) -> Iterator[Finding]:
    """Two QR codes on one screen: a long press may find the other one."""
    for one in crowded(fragment):
        message = f"与上一个二维码之间只有 {one.weight} 个字，会同在一屏，长按时会认错"
        hint = f"相隔至少 {QR_DISTANCE} 字；字少的，中间再空出约 {one.missing:.0f} 像素"
        yield at_tag(one.code, message, hint)
