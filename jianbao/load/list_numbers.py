"""Ordered lists count from their first number, whatever the others say (CommonMark 0.31, 5.3).

markdown-it leaves the typed number in each item's ``info``, and the press prints that: editors
write ``1.`` before every item so that lines can change places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore


def counted_lists(md: MarkdownIt) -> None:
    """Let ``info`` of an ordered list's item be the number that it has."""
    md.core.ruler.after("block", "counted_lists", _count)


def _count(state: StateCore) -> None:
    numbers: list[int] = []
    for token in state.tokens:
        if token.type == "ordered_list_open":
            numbers.append(int(token.attrs.get("start", 1)))
        elif token.type == "bullet_list_open":
            numbers.append(-1)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            numbers.pop()
        elif token.type == "list_item_open" and token.info:
            token.info = str(numbers[-1])
            numbers[-1] += 1
