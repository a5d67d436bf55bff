"""What WeChat takes away when it stores an article, done to one.

draft/add and the editor share this filter as far as it is known: measured on published
articles, none of which has an id, a position or a div left, and told by the manual
("此处会去除JS", 外部图片url将被过滤). What the published articles still have is kept: classes,
flex, grid, data-*, !important, font-family.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jianbao.wechat.limits import IMAGE_HOSTS, LINK_HOST
from jianbao.wechat.scanner import Kind, scan
from jianbao.wechat.styles import declarations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.scanner import Attribute, Token

#: Taken away with all that they hold.
DROPPED = frozenset(
    {"script", "style", "title", "iframe", "object", "embed", "applet", "textarea", "select"}
    | {"xmp", "noembed", "noframes", "noscript", "template", "canvas", "video", "audio"}
)
#: Taken away; what they hold stays.
UNWRAPPED = frozenset(
    {"html", "head", "body", "meta", "link", "base", "form", "input", "button", "frameset"}
    | {"frame", "label", "option"}
)
_VOID = frozenset({"embed", "frame"})
_URL = re.compile(r"url\(([^)]*)", re.IGNORECASE)


def stripped(html: str) -> str:
    """``html`` as WeChat would store it: doing it twice changes nothing more."""
    return "".join(_kept(html))


def is_link_kept(address: str) -> bool:
    """Whether ``a href`` may lead to ``address``."""
    return _host(address) == LINK_HOST


def is_image_kept(address: str) -> bool:
    """Whether ``img src`` or a background may be ``address``."""
    return _host(address) in IMAGE_HOSTS


def pictures(value: str) -> Iterator[str]:
    """The addresses that a CSS value fetches pictures from."""
    for found in _URL.finditer(value):
        yield found[1].strip("\"' ")


def _host(address: str) -> str:
    if "\\" in address:  # browsers read it as a slash, urlsplit does not
        return ""
    try:
        parts = urlsplit(address.strip())
    except ValueError:  # brackets that are no address
        return ""
    return (parts.hostname or "") if parts.scheme in {"http", "https", ""} else ""


def _kept(html: str) -> Iterator[str]:
    dropped: list[str] = []  # open elements that are being taken away
    for token in scan(html):
        if token.kind is Kind.START and token.name in DROPPED and token.name not in _VOID:
            dropped.append(token.name)
        elif token.kind is Kind.END and dropped:
            if token.name == dropped[-1]:
                dropped.pop()
        elif not dropped:
            yield _stored(html, token)


def _stored(html: str, token: Token) -> str:
    written = html[token.start : token.end]
    match token.kind:
        case Kind.TEXT:
            return written.replace("<", "&lt;")  # what stood behind it may be gone now
        case Kind.END if token.name not in DROPPED | UNWRAPPED:
            return "</section>" if token.name == "div" else f"</{token.name}>"
        case Kind.START if token.name not in DROPPED | UNWRAPPED:
            return _start_tag(html, token)
        case _:
            return ""


def _start_tag(html: str, token: Token) -> str:
    if token.name == "img" and not _has_kept_image(token):
        return ""
    name = "section" if token.name == "div" else token.name
    kept = [text for one in token.attributes if (text := _stored_attribute(html, token, one))]
    return f"<{' '.join([name, *kept])}>"


def _has_kept_image(token: Token) -> bool:
    addresses = [one.value for one in token.attributes if one.name in {"src", "data-src"}]
    return any(is_image_kept(address) for address in addresses)


def _stored_attribute(html: str, token: Token, attribute: Attribute) -> str:
    name = attribute.name
    if name.startswith("on") or name in {"id", "srcdoc"}:
        return ""
    if name == "href" and token.name == "a" and not is_link_kept(attribute.value):
        return ""
    if name == "style":
        return _stored_style(html, attribute)
    if attribute.value_start == attribute.end:
        return name
    return f'{name}="{_quoted(html[attribute.value_start : attribute.value_end])}"'


def _stored_style(html: str, style: Attribute) -> str:
    kept = [
        html[one.start : one.end]
        for one in declarations(style, html)
        if one.name != "position" and not _has_foreign_picture(one.value)
    ]
    return f'style="{_quoted(";".join(kept))}"' if kept else ""


def _has_foreign_picture(value: str) -> bool:
    return not all(is_image_kept(address) for address in pictures(value))


def _quoted(raw: str) -> str:
    return raw.replace('"', "&quot;")
