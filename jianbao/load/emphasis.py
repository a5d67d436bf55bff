"""Emphasis and strikethrough that close beside Chinese punctuation.

CommonMark's flanking rule takes a ``**`` between 。 and a Han character for an
opener, since it knows words only by spaces (commonmark-spec issue 650). Here, as
in the CJK-friendly amendment to that rule, only punctuation of the Western kind
needs a space or a mark on its other side, and a CJK character counts as one.
``mdit-py-cjk-friendly`` does the same but requires markdown-it-py < 4 and leaves
``。****二`` literal.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from markdown_it.common.utils import isWhiteSpace
from markdown_it.rules_inline.state_inline import Delimiter

from jianbao.cjk import is_cjk

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

_STRONG_LENGTH = 2


def cjk_friendly_emphasis(md: MarkdownIt) -> None:
    """Install the rules in place of markdown-it-py's own tokenizers."""
    md.inline.ruler.at("emphasis", _emphasis)
    md.inline.ruler.at("strikethrough", _strikethrough)


def _emphasis(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  (markdown-it-py's signature)
    marker = state.src[state.pos]
    if silent or marker not in "_*":
        return False
    length, can_open, can_close = _scan(state, split_words=marker == "*")
    # 。****二 between two bold spans: one run closes and the next opens. Taken as a run
    # of four, the rule of three would forbid 2 + 4.
    joined = length == 2 * _STRONG_LENGTH and can_open and can_close
    run = _STRONG_LENGTH if joined else length
    for _ in range(length):
        _push(state, marker, Delimiter(ord(marker), run, 0, -1, can_open, can_close))
    state.pos += length
    return True


def _strikethrough(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  (markdown-it-py's signature)
    marker = state.src[state.pos]
    if silent or marker != "~":
        return False
    length, can_open, can_close = _scan(state, split_words=True)
    if length < _STRONG_LENGTH:
        return False
    if length % 2:
        state.push("text", "", 0).content = marker
    for _ in range(length // 2):
        # Length 0 keeps the rule of three, which is emphasis' alone, out of it.
        _push(state, marker * 2, Delimiter(ord(marker), 0, 0, -1, can_open, can_close))
    state.pos += length
    return True


def _push(state: StateInline, content: str, delimiter: Delimiter) -> None:
    state.push("text", "", 0).content = content
    delimiter.token = len(state.tokens) - 1
    state.delimiters.append(delimiter)


def _scan(state: StateInline, *, split_words: bool) -> tuple[int, bool, bool]:
    """Length of the run of markers at ``state.pos``, whether it can open, and close."""
    text, start = state.src, state.pos
    end = start
    while end < state.posMax and text[end] == text[start]:
        end += 1
    before = text[start - 1] if start else " "
    after = text[end] if end < state.posMax else " "
    left = _flanks(after, before)
    right = _flanks(before, after)
    if split_words:
        return end - start, left, right
    can_open = left and (not right or _is_mark(before))
    can_close = right and (not left or _is_mark(after))
    return end - start, can_open, can_close


def _flanks(inner: str, outer: str) -> bool:
    """Whether a run of markers leans on ``inner``, with ``outer`` on its other side."""
    if _is_space(inner):
        return False
    if not _is_mark(inner) or is_cjk(inner):
        return True
    return _is_space(outer) or _is_mark(outer) or is_cjk(outer)


def _is_space(char: str) -> bool:
    return isWhiteSpace(ord(char))


def _is_mark(char: str) -> bool:
    """CommonMark 0.31: punctuation and symbols."""
    return unicodedata.category(char)[0] in "PS"
