"""Whether a reader with a phone gets to the original, safely and at the first scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.check.addresses import host_of
from jianbao.check.rule import HOUSE, Rule, item_rule, report
from jianbao.diagnostics import Code, Diagnostic
from jianbao.qr_measures import DENSE, LONGEST, QR_SIZE, QUIET_ZONE, modules_for, qr_size
from jianbao.records import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.rule import Context
    from jianbao.model import Issue, Item

_KEYS = "---\ntitle: 题\nsection: 国策要论\nsource: 国家数据局\nurl: {}\n---\n\n正文。"


def insecure(issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """http:// to a page or a website that is known to answer https://."""
    urls = [item.url.value for item in issue.items if item.url]
    urls += [past.url for past in issue.past]
    urls += [url for url, state in issue.links.items() if state.answer is Answer.ALIVE]
    secure = {_host(url) for url in urls if url.lower().startswith("https://")}
    for item in issue.items:
        if not item.url or not item.url.value.lower().startswith("http://"):
            continue
        state = issue.links.get(item.url.value)
        if state and state.secure:
            message, hint = (
                f"https 开头的这个网址打得开（{state.asked} 访问）",
                "把 http 改为 https",
            )
        elif host_of(item) in secure:
            message = f"{host_of(item)} 在别的稿件里用的是 https"
            hint = "在浏览器里试一试 https:// 开头的网址，打得开就用它"
        else:
            continue
        yield report(Code.URL_INSECURE, item, item.url, message, hint)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower().removeprefix("www.")


@item_rule(
    Code.URL_LONG,
    clause="GB/T 18284",
    bad=_KEYS.format(f"https://www.nda.gov.cn/{'long/' * 25}1.html"),
    good=_KEYS.format(f"https://www.nda.gov.cn/{'long/' * 15}1.html"),
)
def long_for_qr(item: Item, _issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """A dense code that old phones do not read from paper."""
    length = len(item.url.value.encode(errors="replace")) if item.url else 0
    if not DENSE < length <= LONGEST:
        return
    modules = modules_for(length)
    side = qr_size(modules, QR_SIZE)
    module = side / (modules + 2 * QUIET_ZONE)
    message = (
        f"网址有 {length} 个字节，二维码每边 {modules} 格，"
        f"印成 {side:.1f} 毫米见方，每格 {module:.2f} 毫米"
    )
    yield report(Code.URL_LONG, item, item.url, message, "有短一些的网址就用短的")


secure_twin = Rule(
    Code.URL_INSECURE,
    insecure,
    HOUSE,
    bad=_KEYS.format("http://www.nda.gov.cn/1.html"),
    good=_KEYS.format("http://www.jssj.cn/1.html"),
    beside={
        "issues/2025-03/issue.toml": "number = 3\ntotal = 216\ndate = 2025-01-27\n",
        "issues/2025-03/01-a.md": _KEYS.format("https://www.nda.gov.cn/2.html").replace(
            "题", "前题"
        ),
    },
)
