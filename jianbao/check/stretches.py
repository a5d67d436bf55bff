"""Stretches of a text that rules speak about: its sentences, what it quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

_SENTENCE = pattern(r"[^。！？\n]+[。！？]?")
_QUOTATION = pattern(r"“[^“”]*”|「[^「」]*」")
_MARKS = "。！？\n"
#: Characters in which the ends of a sentence are looked for.
_REACH = 300


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence of ``text`` with its mark, and where it starts."""
    for found in _SENTENCE.finditer(text):
        yield found.start(), found.group()


def sentence_at(text: str, at: int) -> str:
    """The sentence that the character at ``at`` belongs to, without its mark."""
    low, high = max(at - _REACH, 0), min(at + _REACH, len(text))
    start = max(text.rfind(mark, low, at) for mark in _MARKS) + 1
    ends = [end for mark in _MARKS if (end := text.find(mark, at, high)) >= 0]
    return text[max(start, low) : min(ends, default=high)]


def char_before(text: str, at: int) -> str:
    """The character before ``at``; empty at the start."""
    return text[max(at - 1, 0) : at]


def without_quotations(text: str) -> str:
    """``text`` with blanks for what stands in “…”: every other character keeps its index."""
    return _QUOTATION.sub(lambda found: " " * len(found.group()), text)


def lies_in(spans: tuple[tuple[int, int], ...], start: int, end: int) -> bool:
    """Whether one of ``spans`` holds the stretch whole."""
    return any(left <= start and end <= right for left, right in spans)
