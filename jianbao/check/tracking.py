"""Parameters of an address that tell where a reader came from, and not which page it is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from jianbao.check.rule import HOUSE, item_rule, report
from jianbao.diagnostics import Code, Diagnostic
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.rule import Context
    from jianbao.model import Issue, Item

#: An own list: the general ones (courlan, ClearURLs) take ``code=`` and ``id=`` for tracking,
#: which name the page on nda.gov.cn and beijing.gov.cn. ``from`` only with WeChat's words.
_TRACKING = pattern(
    r"utm_[a-z]+|spm(?:_id_from)?|scm|isappinstalled|nsukey|share_(?:token|source|medium|from)"
    r"|vd_source|fbclid|gclid|msclkid|bd_vid|hmsr|hmpl|hmcu|hmkw|hmci"
)
_FROM = pattern("timeline|groupmessage|singlemessage|message")
#: WeChat's own: they say through which door a reader came. The page is named by the others.
_WECHAT = {
    "chksm",
    "scene",
    "subscene",
    "clicktime",
    "enterid",
    "sessionid",
    "ascene",
    "devicetype",
}
_WECHAT_PAGE = {"__biz", "mid", "idx", "sn"}

_KEYS = "---\ntitle: 题\nsection: 国策要论\nsource: 国家数据局\nurl: {}\n---\n\n正文。"


@item_rule(
    Code.URL_TRACKING,
    clause=HOUSE,
    bad=_KEYS.format("https://www.nda.gov.cn/1.html?id=2&utm_source=wechat"),
    good=_KEYS.format("https://www.nda.gov.cn/1.html?id=2&from=nda"),
)
def tracking(item: Item, _issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """Printed they betray a reader, and make the QR code denser. Nothing is changed for them."""
    found = _tracking(item.url.value) if item.url else []
    if found:
        message = f"网址里有跟踪来路的参数：{'、'.join(found)}"
        hint = "在浏览器里删去它们，仍打得开同一页的，用短的网址"
        yield report(Code.URL_TRACKING, item, item.url, message, hint)


def _tracking(url: str) -> list[str]:
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:  # no address, or more parameters than urllib takes
        return []
    names = {name for name, _ in pairs}
    on_wechat = parts.hostname == "mp.weixin.qq.com"
    named = names >= _WECHAT_PAGE or parts.path.startswith("/s/")
    extra = _WECHAT if on_wechat and named else set()
    return [
        name
        for name, value in pairs
        if _TRACKING.fullmatch(name) or name in extra or (name == "from" and _FROM.fullmatch(value))
    ]
