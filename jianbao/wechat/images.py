"""Rules on pictures, backgrounds and QR codes."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jianbao.diagnostics import Code
from jianbao.wechat.filter import is_image_kept, pictures
from jianbao.wechat.lengths import FONT_SIZE, pixels
from jianbao.wechat.limits import PHONE_WIDTH
from jianbao.wechat.rule import Basis, Finding, at, at_tag, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.fragment import Element, Fragment
    from jianbao.wechat.scanner import Attribute

#: Below this a long press finds the code only now and then. Our own number.
QR_WIDTH = 120
#: Characters between two codes: with fewer both stand on one screen of a phone, and a long
#: press may find the wrong one. Our own number.
QR_DISTANCE = 250
#: A picture up to this width may have a fixed one: it fits every column.
FIXED_WIDTH = 150

_PRESSABLE = '<img src="https://mmbiz.qpic.cn/a.png" alt="二维码" data-w="480" data-ratio="1" '
_PICTURE = '<img src="https://mmbiz.qpic.cn/a.png" alt="图" data-w="640" data-ratio="0.5" '
_WIDE = 'style="max-width:100%">'
_QR_NAME = re.compile(r"(?:^|[-_./])qr(?:code)?(?=[-_.\d]|$)", re.IGNORECASE)
_KIND = re.compile(r"\.(svg|webp|avif|bmp|tiff?|heic)$", re.IGNORECASE)
_ASKED_KIND = re.compile(r"(?:^|&)wx_fmt=(svg|webp|avif|bmp)", re.IGNORECASE)


def _images(fragment: Fragment) -> Iterator[tuple[Element, Attribute | None, str]]:
    for element in fragment.elements:
        if element.name == "img":
            source = element.attribute("src")
            if source is None or not source.value.strip():
                source = element.attribute("data-src") or source
            yield element, source, source.value.strip() if source else ""


def _reach(address: str, fragment: Fragment) -> str:
    """How an article would reach the picture at ``address``."""
    lowered = address.lower()
    if address in fragment.uploads:
        return "upload"
    if lowered.startswith("data:"):
        return "inline"
    if lowered.startswith(("http:", "https:", "//")):
        return "wechat" if is_image_kept(address) else "elsewhere"
    return "local"


@rule(
    Code.WECHAT_IMAGE_SOURCE,
    Basis.OFFICIAL,
    "draft/add · content",
    bad='<p>正文<img alt="图" data-w="640" data-ratio="0.5" style="max-width:100%"></p>',
    good=f"<p>正文{_PICTURE}{_WIDE}</p>",
)
def source(fragment: Fragment) -> Iterator[Finding]:
    """A picture without an address."""
    for element, _, address in _images(fragment):
        if not address:
            yield at_tag(element, "图片没有地址", "写上 src，或删去这个 <img>")


@rule(
    Code.WECHAT_IMAGE_LOCAL,
    Basis.OFFICIAL,
    "draft/add · content",
    bad='<img src="file:///a.png" alt="图" data-w="640" data-ratio="0.5" style="max-width:100%">',
    good=f"<p>{_PICTURE}{_WIDE}</p>",
)
def local(fragment: Fragment) -> Iterator[Finding]:
    """A picture that only this machine has."""
    for _, attribute, address in _images(fragment):
        if address and attribute and _reach(address, fragment) == "local":
            message = f"图片只在这台电脑上：{address[:60]}"
            yield at(attribute, message, "先传到公众号，换成得到的地址；或用推送的命令")


@rule(
    Code.WECHAT_IMAGE_INLINE,
    Basis.OFFICIAL,
    "draft/add · content",
    bad='<img src="data:image/png;base64,iVBORw0KGgo=" alt="图" data-w="9" data-ratio="1" '
    'style="max-width:100%">',
    good=f"<p>{_PICTURE}{_WIDE}</p>",
)
def inline(fragment: Fragment) -> Iterator[Finding]:
    """A picture inside the HTML."""
    for _, attribute, address in _images(fragment):
        if attribute and _reach(address, fragment) == "inline":
            hint = "先传到公众号，换成得到的地址"
            yield at(attribute, "写在 HTML 里的图片（data:）会被删去", hint)


@rule(
    Code.WECHAT_IMAGE_HOST,
    Basis.OFFICIAL,
    "draft/add · content：外部图片 url 将被过滤",
    bad='<img src="https://www.nda.gov.cn/a.png" alt="图" data-w="640" data-ratio="0.5" '
    'style="max-width:100%">',
    good=f"<p>{_PICTURE}{_WIDE}</p>",
)
def host(fragment: Fragment) -> Iterator[Finding]:
    """A picture of another site."""
    for _, attribute, address in _images(fragment):
        if attribute and _reach(address, fragment) == "elsewhere":
            message = f"站外的图片会被过滤：{address[:60]}"
            yield at(attribute, message, "先传到公众号，换成得到的地址")


@rule(
    Code.WECHAT_IMAGE_KIND,
    Basis.OFFICIAL,
    "uploadimg：仅支持 jpg/png",
    bad='<img src="https://mmbiz.qpic.cn/a.svg" alt="图" data-w="640" data-ratio="0.5" '
    'style="max-width:100%">',
    good=f"<p>{_PICTURE}{_WIDE}</p>",
)
def kind(fragment: Fragment) -> Iterator[Finding]:
    """A kind of picture that cannot be uploaded."""
    for _, attribute, address in _images(fragment):
        try:
            parts = urlsplit(address)
        except ValueError:  # brackets that are no address
            continue
        found = _KIND.search(parts.path) or _ASKED_KIND.search(parts.query)
        if attribute and found and not address.lower().startswith("data:"):
            yield at(attribute, f"不能用 {found[1].lower()} 图片", "转成 PNG 或 JPEG")


@rule(
    Code.WECHAT_IMAGE_PROPORTION,
    Basis.OFFICIAL,
    "规范 · width：图片不能加载时以 data-w 代替",
    bad='<img src="https://mmbiz.qpic.cn/a.png" alt="图" style="max-width:100%">',
    good=f"<p>{_PICTURE}{_WIDE}</p>",
)
def proportion(fragment: Fragment) -> Iterator[Finding]:
    """A picture whose place cannot be kept free while it loads."""
    for element, _, _ in _images(fragment):
        missing = [name for name in ("data-w", "data-ratio") if not element.value(name)]
        if missing:
            message = f"图片没有写 {' 和 '.join(missing)}，加载时版面会跳动"
            hint = "data-w 写原图宽度的像素数，data-ratio 写高除以宽"
            yield at_tag(element, message, hint)


@rule(
    Code.WECHAT_IMAGE_WIDTH,
    Basis.OFFICIAL,
    "规范 · width：不同屏幕下宽度差异",
    bad=f'{_PICTURE}style="width:600px">',
    good=f'{_PICTURE}style="width:80%">{_PRESSABLE}style="width:140px">',
)
def width(fragment: Fragment) -> Iterator[Finding]:
    """A picture that neither shrinks with the column nor is small."""
    for element, _, _ in _images(fragment):
        if element.style("max-width") or (element.value("width") or "").endswith("%"):
            continue
        declared = element.style("width")
        value = declared.value if declared else (element.value("width") or "auto")
        size = pixels(f"{value}px" if value.isdigit() else value, FONT_SIZE)
        if value.endswith("%") or (size is not None and size <= FIXED_WIDTH):
            continue
        message = "图片的宽度不随屏幕变化"
        yield at_tag(element, message, "在 style 里写 max-width:100%，或以百分比写宽度")


@rule(
    Code.WECHAT_IMAGE_ALT,
    Basis.OURS,
    "读屏软件读的是 alt",
    bad='<img src="https://mmbiz.qpic.cn/a.png" data-w="640" data-ratio="0.5" '
    'style="max-width:100%">',
    good=f"<p>{_PICTURE}{_WIDE}</p>",
)
def alternative(fragment: Fragment) -> Iterator[Finding]:
    """A picture that a screen reader cannot tell of."""
    for element, _, _ in _images(fragment):
        if element.attribute("alt") is None:
            yield at_tag(element, "图片没有替代文字", '写 alt="图的内容"；只是装饰的写 alt=""')


@rule(
    Code.WECHAT_IMAGE_TRANSPARENT,
    Basis.OFFICIAL,
    "规范 · opacity",
    bad=f'{_PICTURE}style="max-width:100%;opacity:0">',
    good=f'{_PICTURE}style="max-width:100%;opacity:0.9">',
)
def transparent(fragment: Fragment) -> Iterator[Finding]:
    """A picture that nobody sees: the trick that stands another one in its place."""
    for element, _, _ in _images(fragment):
        opacity = element.style("opacity")
        if opacity and _is_zero(opacity.value):
            message = "图片完全透明，发表后也不能再替换"
            yield at(opacity, message, "直接用要显示的图片，删去 opacity")


def _is_zero(value: str) -> bool:
    try:
        return float(value.removesuffix("%")) == 0
    except ValueError:
        return False


@rule(
    Code.WECHAT_BACKGROUND_HOST,
    Basis.MEASURED,
    "已发表的 21 篇文章里只有这两个域名",
    bad='<section style="background:url(https://www.nda.gov.cn/a.png)"><p>正文</p></section>',
    good='<section style="background:url(https://mmbiz.qpic.cn/a.png)"><p>正文</p></section>',
)
def background_host(fragment: Fragment) -> Iterator[Finding]:
    """A background that comes from elsewhere."""
    for element in fragment.elements:
        for one in element.styles:
            foreign = [url for url in pictures(one.value) if not is_image_kept(url)]
            if foreign and not foreign[0].startswith("#"):
                message = f"背景图不在公众号里，会被删去：{foreign[0][:60]}"
                yield at(one, message, "先传到公众号，或改用背景颜色")


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


def _codes(fragment: Fragment) -> list[Element]:
    """The pictures that are QR codes, by what they are called."""
    return [
        element
        for element, _, address in _images(fragment)
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
    for element in _codes(fragment):
        size = _shown_width(element)
        if size is not None and size < QR_WIDTH:
            message = f"二维码只有约 {size:.0f} 像素宽，长按不易识别"
            yield at_tag(element, message, f"宽度至少 {QR_WIDTH}px")


def _shown_width(element: Element) -> float | None:
    """The width of a picture on a phone, in pixels."""
    declared = element.style("width", "max-width")
    if declared is None:
        written = element.value("width") or element.value("data-w") or ""
        return float(written) if written.isascii() and written.isdigit() else None
    return pixels(declared.value, FONT_SIZE, whole=PHONE_WIDTH)


@rule(
    Code.WECHAT_QR_CLOSE,
    Basis.OURS,
    f"相隔至少 {QR_DISTANCE} 字",
    bad=f'<p>{_PRESSABLE}style="width:140px"></p><p>下一条。</p>'
    f'<p>{_PRESSABLE}style="width:140px"></p>',
    good=f'<p>{_PRESSABLE}style="width:140px"></p><p>{"一句有十个字的文字。" * 25}</p>'
    f'<p>{_PRESSABLE}style="width:140px"></p>',
)
def qr_close(fragment: Fragment) -> Iterator[Finding]:
    """Two QR codes on one screen: a long press may find the other one."""
    codes = _codes(fragment)
    for before, code in pairwise(codes):
        distance = fragment.weight(before.end, code.start)
        if distance < QR_DISTANCE:
            message = f"与上一个二维码之间只有 {distance} 个字，长按时会认错"
            yield at_tag(code, message, f"相隔至少 {QR_DISTANCE} 字，或者只留一个")
