"""Rules on pictures and backgrounds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jianbao.diagnostics import Code
from jianbao.wechat.filter import is_image_kept, pictures
from jianbao.wechat.lengths import FONT_SIZE, pixels
from jianbao.wechat.rule import Basis, Finding, at, at_tag, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.fragment import Element, Fragment
    from jianbao.wechat.scanner import Attribute

#: A picture up to this width may have a fixed one: it fits every column.
FIXED_WIDTH = 150

_PICTURE = '<img src="https://mmbiz.qpic.cn/a.png" alt="图" data-w="640" data-ratio="0.5" '
_WIDE = 'style="max-width:100%">'
_KIND = re.compile(r"\.(svg|webp|avif|bmp|tiff?|heic)$", re.IGNORECASE)
_ASKED_KIND = re.compile(r"(?:^|&)wx_fmt=(svg|webp|avif|bmp)", re.IGNORECASE)


def images(fragment: Fragment) -> Iterator[tuple[Element, Attribute | None, str]]:
    """Each picture, the attribute that has its address, and the address."""
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
    for element, _, address in images(fragment):
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
    for _, attribute, address in images(fragment):
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
    for _, attribute, address in images(fragment):
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
    for _, attribute, address in images(fragment):
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
    for _, attribute, address in images(fragment):
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
    for element, _, _ in images(fragment):
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
    good=f'{_PICTURE}style="width:80%">{_PICTURE}style="width:140px">',
)
def width(fragment: Fragment) -> Iterator[Finding]:
    """A picture that neither shrinks with the column nor is small."""
    for element, _, _ in images(fragment):
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
    for element, _, _ in images(fragment):
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
    for element, _, _ in images(fragment):
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
