"""Whether a URL can be printed, scanned and opened by a reader."""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import TYPE_CHECKING

from jianbao.addresses import split_address
from jianbao.check.rule import report
from jianbao.diagnostics import Code, Diagnostic
from jianbao.qr_measures import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from urllib.parse import SplitResult

    from jianbao.check.rule import Context
    from jianbao.model import Body, Issue, Item, Text

#: RFC 3986 forbids these everywhere; the full-width ones come from a Chinese input method.
_FORBIDDEN = re.compile(
    r"[\s<>\"{}|\\^`\x00-\x1f\x7f-\x9f\ud800-\udfff"
    r"\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\u2018-\u201f\u2026\u3000-\u303f\ufe10-\ufe4f\uff00-\uffef]"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
#: RFC 2606, 6761, 6762, 8375 and the habits of company networks.
_PRIVATE_SUFFIXES = (
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home.arpa",
    "corp",
    "home",
    "test",
    "invalid",
    "example",
    "localdomain",
)


def url(item: Item, _issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """The address of the original."""
    if item.url is not None and item.url.value:
        yield from _problems(item, item.url)


def links(text: Body, _issue: Issue) -> Iterator[Diagnostic]:
    """Links in a text: what a printed page or an e-mail can follow."""
    for link in text.links:
        scheme = link.value.split(":", 1)[0].lower() if _SCHEME.match(link.value) else ""
        if scheme not in {"http", "https", "mailto"}:
            message = f"链接不能打开：{link.value or '（空）'}"
            hint = "写完整的 https:// 网址"
            yield Diagnostic(Code.LINK_INVALID, text.path, link.span, message, hint)


def _problems(item: Item, text: Text) -> Iterator[Diagnostic]:
    bad = _FORBIDDEN.search(text.value)
    if bad:
        char = bad.group()
        shown = f"“{char}”" if char.isprintable() else f"看不见的字符 U+{ord(char):04X}"
        what = "空格" if char.isspace() else shown
        message = f"网址里不能有{what}"
        yield report(Code.URL_MALFORMED, item, text, message, "从浏览器地址栏重新复制")
        return
    parts = split_address(text.value)
    if parts is None:
        message = f"网址的主机名或端口有误：{text.value}"
        yield report(Code.URL_MALFORMED, item, text, message, "从浏览器地址栏重新复制")
    elif not _SCHEME.match(text.value) or "." in parts.scheme:
        # www.nda.gov.cn:8080 looks like a scheme, but no scheme has dots.
        message = f"网址不完整：{text.value}"
        yield report(Code.URL_MALFORMED, item, text, message, "网址以 https:// 或 http:// 开头")
    elif parts.scheme not in {"http", "https"}:
        message = f"原文网址不能是 {parts.scheme}: 开头"
        yield report(Code.URL_SCHEME, item, text, message, "换成 https:// 开头的公开网址")
    elif len(text.value.encode()) > LONGEST:
        message = "网址太长，二维码放不下"
        yield report(Code.URL_MALFORMED, item, text, message, "换成短一些的网址")
    elif not parts.hostname or not _is_host(parts.hostname):
        message = f"网址里的主机名有误：{parts.netloc or '（空）'}"
        yield report(Code.URL_MALFORMED, item, text, message, "从浏览器地址栏重新复制")
    else:
        yield from _reach(item, text, parts)


def _reach(item: Item, text: Text, parts: SplitResult) -> Iterator[Diagnostic]:
    if "@" in parts.netloc:
        message = "网址里带有用户名或密码，不能印出"
        yield report(Code.URL_CREDENTIALS, item, text, message, "删去 @ 及其前面的部分")
    if is_private(parts.hostname or ""):
        message = f"{parts.hostname} 是内网或本机地址，读者打不开"
        yield report(Code.URL_PRIVATE, item, text, message, "换成公开网址")


def _is_host(host: str) -> bool:
    if _address(host):
        return True
    labels = host.removesuffix(".").split(".")
    # WHATWG URL 3.5: a name whose last label is a number is an address or nothing.
    return all(_LABEL.fullmatch(label) for label in labels) and not _numeric(labels[-1])


def is_private(host: str) -> bool:
    """Whether ``host`` is a name or address that only some network knows."""
    address = _address(host)
    if address is not None:
        return not address.is_global or address.is_multicast
    name = host.rstrip(".").lower()
    if "." not in name:
        return True
    return any(name == suffix or name.endswith(f".{suffix}") for suffix in _PRIVATE_SUFFIXES)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An IP address in any form that a browser takes: 127.1, 0x7f000001, 2130706433."""
    host = host.removesuffix(".")
    try:
        found = ipaddress.ip_address(host.split("%", 1)[0])
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host)) if _numeric(host) else None
        except OSError:
            return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found


def _numeric(host: str) -> bool:
    return all(re.fullmatch(r"0[xX][0-9a-fA-F]+|\d+", label) for label in host.split("."))


def host_of(item: Item) -> str:
    """The host of an item's original in lower case, without www; empty where there is none."""
    parts = split_address(item.url.value) if item.url else None
    host = (parts.hostname or "") if parts else ""
    return host.rstrip(".").removeprefix("www.")


def is_web_address(value: str) -> bool:
    """Whether ``value`` is whole, http or https, and leads outside as far as one can see."""
    parts = split_address(value)
    if parts is None or parts.scheme not in {"http", "https"} or _FORBIDDEN.search(value):
        return False
    host = parts.hostname or ""
    return "@" not in parts.netloc and bool(host) and _is_host(host) and not is_private(host)


def path_of(value: str) -> str:
    """The path of an address; empty where there is none."""
    parts = split_address(value)
    return parts.path if parts else ""
