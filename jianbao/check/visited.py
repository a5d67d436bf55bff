"""What addresses answered when they were visited; nothing is visited here.

`jianbao check --online` visits and remembers; without a memory these rules are silent.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from jianbao.addresses import canonical
from jianbao.check.addresses import is_web_address
from jianbao.diagnostics import Code, Diagnostic
from jianbao.records import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.rule import Context
    from jianbao.model import Issue, Text
    from jianbao.records import LinkState

#: An answer of last month says nothing of today.
_STALE = timedelta(days=31)
_CODES = {
    Answer.GONE: Code.LINK_DEAD,
    Answer.MISSING: Code.LINK_MISSING,
    Answer.HOME: Code.LINK_MISSING,
    Answer.UNVERIFIED: Code.LINK_UNVERIFIED,
}
_HINTS = {
    Code.LINK_DEAD: "核对网址，或找到原文现在的地方",
    Code.LINK_MISSING: "在浏览器里打开看一看，换成原文的网址",
    Code.LINK_UNVERIFIED: "在浏览器里打开看一看；能打开就不用改",
}


def visited(issue: Issue, context: Context) -> Iterator[Diagnostic]:
    """Originals and links in texts, as they answered."""
    for path, text in _addresses(issue):
        state = issue.links.get(text.value)
        if state and context.today - state.asked <= _STALE:
            yield from _problems(path, text, state)


def _problems(path: str, text: Text, state: LinkState) -> Iterator[Diagnostic]:
    day = f"（{state.asked} 访问）"
    code = _CODES.get(state.answer)
    if code:
        what = state.detail or f"转到了首页 {state.final}"
        message = f"{text.value} {what}{day}"
        yield Diagnostic(code, path, text.span, message, _HINTS[code])
    elif state.final and _site(state.final) != _site(text.value):
        message = f"网址转到了另一个网站：{state.final}{day}"
        hint = "核对是不是原文；是的，换成这个网址"
        yield Diagnostic(Code.LINK_ELSEWHERE, path, text.span, message, hint)


def _site(url: str) -> str:
    return canonical(url).partition("/")[0].removeprefix("www.")


def web_addresses(issue: Issue) -> tuple[str, ...]:
    """What there is to visit, each once."""
    urls = (text.value for _, text in _addresses(issue))
    return tuple(dict.fromkeys(url for url in urls if is_web_address(url)))


def _addresses(issue: Issue) -> Iterator[tuple[str, Text]]:
    for item in issue.items:
        if item.url:
            yield item.path, item.url
    for body in (*(i.body for i in issue.items), *(page.body for page in issue.back_matter)):
        for link in body.links:
            yield body.path, link
