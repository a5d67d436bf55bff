"""What WeChat's own checker found, as diagnostics.

verify-article-structure (github wechatjs/verify-article-structure-spec, folder cli) measures
an article in a browser; with ``--json`` it prints ``{"isValid", "source", "violations":
[{"key", "message", "items": [{"outerHTML", …}]}], "warnMsgs"}``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jianbao.diagnostics import Code, Diagnostic
from jianbao.spans import START, span_at

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What it writes where it has cut an element short.
_CUT = "..."
_HINT = "看《微信公众平台编辑器插件开发规范》的这一条"


def read_verdict(verdict: str, html: str, path: str) -> tuple[Diagnostic, ...] | None:
    """The findings in ``verdict``, placed in ``html``; None where it is no verdict."""
    try:
        content = json.loads(verdict)
        violations = content["violations"]
        return tuple(found for one in violations for found in _violation(one, html, path))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _violation(one: dict[str, Any], html: str, path: str) -> Iterator[Diagnostic]:
    message = f"微信的检测工具报告 {one['key']}：{one.get('message') or '没有说明'}"
    after: dict[str, int] = {}
    for item in one.get("items") or [{}]:
        tag = _start_tag(str(item.get("outerHTML", "")))
        at = html.find(tag, after.get(tag, 0)) if tag else -1
        after[tag] = at + 1
        span = START if at < 0 else span_at(html, at, len(tag))
        yield Diagnostic(Code.WECHAT_OUTSIDE, path, span, message, _HINT)


def _start_tag(outer: str) -> str:
    """The start tag of an element that is written out, or what is left of it."""
    return outer[: outer.find(">") + 1] or outer.removesuffix(_CUT)
