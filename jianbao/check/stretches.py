"""Stretches of a text that rules speak about: its sentences, what it quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
_QUOTATION = re.compile(r"“[^“”]*”|「[^「」]*」")


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence of ``text`` with its mark, and where it starts."""
    for found in _SENTENCE.finditer(text):
        yield found.start(), found.group()


def quotations(text: str) -> tuple[tuple[int, int], ...]:
    """Where “…” stand, marks included."""
    return tuple(found.span() for found in _QUOTATION.finditer(text))


def lies_in(spans: tuple[tuple[int, int], ...], start: int, end: int) -> bool:
    """Whether one of ``spans`` holds the stretch whole."""
    return any(left <= start and end <= right for left, right in spans)
