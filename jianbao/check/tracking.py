"""Parameters of an address that tell where a reader came from, and not which page it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.addresses import tracking_parameters
from jianbao.check.rule import HOUSE, item_rule, report
from jianbao.diagnostics import Code, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.rule import Context
    from jianbao.model import Issue, Item

_KEYS = "---\ntitle: 题\nsection: 国策要论\nsource: 国家数据局\nurl: {}\n---\n\n正文。"


@item_rule(
    Code.URL_TRACKING,
    clause=HOUSE,
    bad=_KEYS.format("https://www.nda.gov.cn/1.html?id=2&utm_source=wechat"),
    good=_KEYS.format("https://www.nda.gov.cn/1.html?id=2&from=nda"),
)
def tracking(item: Item, _issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """Printed they betray a reader, and make the QR code denser. Nothing is changed for them."""
    found = tracking_parameters(item.url.value) if item.url else ()
    if found:
        message = f"网址里有跟踪来路的参数：{'、'.join(found)}"
        hint = "在浏览器里删去它们，仍打得开同一页的，用短的网址"
        yield report(Code.URL_TRACKING, item, item.url, message, hint)
