"""Rules on how long an article may be, tags included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.diagnostics import Code
from jianbao.wechat.limits import CONTENT_BYTES, CONTENT_CHARACTERS
from jianbao.wechat.rule import Basis, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.fragment import Fragment

#: From here on there is hardly room for a correction.
_NEARLY = CONTENT_CHARACTERS * 9 // 10
_SHORT = "<p>正文</p>"


def _characters(count: int) -> str:
    return f"<p>{'字' * (count - 7)}</p>"


@rule(
    Code.WECHAT_CHARACTERS,
    Basis.OFFICIAL,
    "draft/add · content，错误码 45002",
    bad=_characters(CONTENT_CHARACTERS),
    good=_SHORT,
)
def characters(fragment: Fragment) -> Iterator[Finding]:
    """More than the API takes; what is pasted is not bound by it."""
    count = len(fragment.source)
    if count >= CONTENT_CHARACTERS and not fragment.pasted:
        over = count - CONTENT_CHARACTERS + 1
        message = (
            f"连标签共 {count:,} 个字符，接口只收 {CONTENT_CHARACTERS:,} 个以内，多 {over:,} 个"
        )
        hint = "分成几篇推送；或者不经接口，粘贴到编辑器里"
        yield Finding(CONTENT_CHARACTERS - 1, count, message, hint)


@rule(
    Code.WECHAT_NEARLY_FULL,
    Basis.OURS,
    "上限的九成",
    bad=_characters(_NEARLY),
    good=_SHORT,
)
def nearly_full(fragment: Fragment) -> Iterator[Finding]:
    """So much that a correction may be too much."""
    count = len(fragment.source)
    if _NEARLY <= count < CONTENT_CHARACTERS and not fragment.pasted:
        message = f"连标签共 {count:,} 个字符，离上限 {CONTENT_CHARACTERS:,} 不到一成"
        yield Finding(0, 0, message, "再加内容之前，先分成几篇")


@rule(
    Code.WECHAT_BYTES,
    Basis.OFFICIAL,
    "draft/add · content：小于 1 MB",
    bad=_characters(CONTENT_BYTES // 3 + 7),
    good=_SHORT,
)
def size(fragment: Fragment) -> Iterator[Finding]:
    """More bytes than the API takes."""
    count = len(fragment.source.encode("utf-8", "replace"))
    if count >= CONTENT_BYTES and not fragment.pasted:
        message = f"共 {count:,} 字节，接口只收 {CONTENT_BYTES:,} 字节以内"
        yield Finding(0, 0, message, "分成几篇推送")
