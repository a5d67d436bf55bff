"""Line ends inside a paragraph: no space between two Chinese characters.

CSS Text 4 (segment break transformation) drops the break between East Asian wide
characters and beside wide punctuation; elsewhere it stays a space.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from jianbao.cjk import is_cjk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token


def cjk_soft_breaks(md: MarkdownIt) -> None:
    """Install the rule after inline parsing."""
    md.core.ruler.push("cjk_soft_breaks", _join_lines)


def _join_lines(state: StateCore) -> None:
    for block in state.tokens:
        if block.children:
            _drop_breaks(block.children)


def _drop_breaks(children: list[Token]) -> None:
    breaks = [index for index, token in enumerate(children) if token.type == "softbreak"]
    for index in breaks:
        before = _edge(children[index - 1 :: -1], last=True)
        after = _edge(children[index + 1 :], last=False)
        if before and after and _joins(before, after):
            children[index].type = "text"
            children[index].content = ""


def _edge(tokens: Sequence[Token], *, last: bool) -> str | None:
    """The character of text next to the break, seen through emphasis and footnote marks."""
    for token in tokens:
        if token.type in {"text", "code_inline"} and token.content:
            return token.content[-1 if last else 0]
        if token.type in {"softbreak", "hardbreak", "image"}:
            return None
    return None


def _joins(before: str, after: str) -> bool:
    if is_cjk(before) and is_cjk(after):
        return True
    return _is_wide_mark(before) or _is_wide_mark(after)


def _is_wide_mark(char: str) -> bool:
    return is_cjk(char) and unicodedata.category(char)[0] == "P"
