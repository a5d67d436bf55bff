"""Addresses that lost or gained something on the way from the browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from jianbao.check.addresses import host_of, is_web_address, path_of
from jianbao.check.official import lies_below
from jianbao.check.rule import HOUSE, item_rule, report
from jianbao.diagnostics import Code, Diagnostic
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.rule import Context
    from jianbao.model import Issue, Item

_BARE_PERCENT = pattern(r"%(?![0-9A-Fa-f]{2})")
_ESCAPED_TAIL = pattern(r"(?:%[0-9A-Fa-f]{2})+$")
#: Sentences end with these, addresses do not; a hyphen is left by breaking a line.
_MARK_BEHIND = pattern(r"[.,;:!'\-]$")
#: Identifiers in base64url may end in a hyphen: https://mp.weixin.qq.com/s/ and 22 letters.
_BASE64_TAIL = re.compile(r"/[\w-]{22}$")
_ENDING_CUT = pattern(r"\.(?:h|ht|s|sh|sht|as|ph)$")
_BRACKETS = (("(", ")"), ("[", "]"))

#: Groups of hexadecimal digits; `_odd_groups` decides.
_HEX_GROUPS = pattern(r"(?<![\w-])[0-9a-f]{2,}(?:-[0-9a-f]{2,})+(?![\w-])", re.IGNORECASE)
#: RFC 9562, section 4.
_UUID = (8, 4, 4, 4, 12)
_UUID_DIGITS = sum(_UUID)

#: RFC 2606 keeps these for examples; xxx stands for a name that is not known yet.
_SAMPLES = ("example.com", "example.org", "example.net", "example.cn", "xxx.com", "xxx.cn")

_KEYS = "---\ntitle: 题\nsection: 国策要论\nsource: 国家数据局\nurl: {}\n---\n\n正文。"


@item_rule(
    Code.URL_MANGLED,
    clause=HOUSE,
    bad=_KEYS.format("https://www.nda.gov.cn/1.html,"),
    good=_KEYS.format("https://www.nda.gov.cn/1.html?q=%E6%95%B0"),
)
def mangled(item: Item, _issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """Cut, or with a mark of the sentence around it."""
    url = item.url.value if item.url else ""
    problem = _problem(url) if is_web_address(url) else ""  # what is none is told already
    if problem:
        yield report(Code.URL_MANGLED, item, item.url, problem, "从浏览器地址栏重新复制")


def _problem(url: str) -> str:
    if _BARE_PERCENT.search(url):
        return "网址里的 % 后面应有两位十六进制数字，像是被截断了"
    tail = _ESCAPED_TAIL.search(url)
    if tail and _is_cut(unquote_to_bytes(tail.group())):
        return "网址末尾的汉字编码不完整，像是被截断了"
    if _MARK_BEHIND.search(url) and not _BASE64_TAIL.search(url):
        return f"网址末尾的“{url[-1]}”多半不是网址的一部分"
    if any(
        url.endswith(close) and url.count(close) > url.count(start) for start, close in _BRACKETS
    ):
        return f"网址末尾的“{url[-1]}”多半不是网址的一部分"
    if _ENDING_CUT.search(path_of(url)):
        return f"网址末尾的 .{url.rpartition('.')[2]} 像是被截断了"
    return ""


def _is_cut(data: bytes) -> bool:
    """Whether ``data`` is whole characters of UTF-8 and the beginning of one more."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.start > 0
    return False


@item_rule(
    Code.URL_IDENTIFIER,
    clause="RFC 9562",
    bad=_KEYS.format("https://www.nda.gov.cn/?id=6ba7b810-9dad11d1-80b4-00c04fd4-30c8"),
    good=_KEYS.format("https://www.nda.gov.cn/?id=6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
)
def identifiers(item: Item, _issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """The digits of a UUID in other groups: hyphens come in where lines are broken.

    Some systems do group so (Hibernate's uuid.hex has 8-8-4-8-4), hence a question only.
    """
    for found in _HEX_GROUPS.finditer(item.url.value if item.url else ""):
        groups = tuple(map(len, found.group().split("-")))
        if _is_odd(found.group(), groups):
            shape = "-".join(map(str, groups))
            message = f"标识 {found.group()} 分成 {shape} 位，不是 UUID 的 8-4-4-4-12"
            hint = "打开网址看一看；打不开的，从浏览器地址栏重新复制"
            yield report(Code.URL_IDENTIFIER, item, item.url, message, hint)


def _is_odd(identifier: str, groups: tuple[int, ...]) -> bool:
    """All digits of a UUID in other groups, or its groups with a digit lost or gained."""
    if identifier.replace("-", "").isdigit() or groups == _UUID:
        return False
    nearly = (
        len(groups) == len(_UUID) and sum(a != b for a, b in zip(groups, _UUID, strict=True)) == 1
    )
    return sum(groups) == _UUID_DIGITS or nearly


@item_rule(
    Code.URL_SAMPLE,
    clause="RFC 2606",
    bad=_KEYS.format("https://www.example.com/1.html"),
    good=_KEYS.format("https://www.nda.gov.cn/example.com/1.html"),
)
def samples(item: Item, _issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """An address that only holds the place of another."""
    host = host_of(item)
    if any(lies_below(host, sample) for sample in _SAMPLES):
        message = f"{host} 是示例用的域名"
        yield report(Code.URL_SAMPLE, item, item.url, message, "换成原文的网址")
