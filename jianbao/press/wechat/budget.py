"""How much of what the API takes each article is, and which packing would fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.settings import Packing
from jianbao.wechat.limits import CONTENT_CHARACTERS

if TYPE_CHECKING:
    from jianbao.press.wechat.writing import WrittenPiece


def advice(fitting: Packing | None) -> str:
    """What to do where an article is too long for the API; ``fitting`` is what it takes."""
    if fitting:
        return f"改用 --packing {fitting.value}，每一篇都放得下"
    return f"缩短稿件，或分成两条；用 --packing {Packing.SINGLE.value} 可以粘贴到编辑器里"


def budget(written: tuple[WrittenPiece, ...], fitting: Packing | None) -> tuple[str, ...]:
    """A line for each article, and for each item that keeps its distance by a blank."""
    lines = [_cost(one, fitting) for one in written]
    gaps = [(title, gap) for one in written for title, gap in one.gaps]
    lines += [
        f"{title}：与上一条的二维码会同在一屏，前面空出 {gap} 像素；每条一篇就不必空"
        for title, gap in gaps
    ]
    return tuple(lines)


def _cost(one: WrittenPiece, fitting: Packing | None) -> str:
    characters, size = len(one.html), len(one.html.encode())
    part = characters / CONTENT_CHARACTERS
    line = f"{one.file}：{characters:,} 个字符（接口上限的 {part:.0%}），{size:,} 字节"
    over = characters - CONTENT_CHARACTERS + 1
    if over <= 0:
        return line
    push = f"；要推送，{advice(fitting)}" if fitting else ""
    return f"{line}，超出 {over:,} 个，只能粘贴{push}"
