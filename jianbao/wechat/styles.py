"""The declarations of a ``style`` attribute, with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.scanner import Attribute

#: What decides where a declaration ends: a semicolon does not in quotes, in brackets or as
#: the end of a character reference.
_MARK = re.compile(r"&(?:#?\w{1,31});|[;\"'()]")
_QUOTES = {'"': '"', "'": "'", "&quot;": '"', "&#34;": '"', "&apos;": "'", "&#39;": "'"}


@dataclass(frozen=True, slots=True)
class Declaration:
    """``name: value``; ``start`` and ``end`` are offsets in the text of the fragment."""

    name: str  # lower case
    value: str  # without !important, character references resolved
    start: int
    end: int
    important: bool = False


def declarations(style: Attribute, source: str) -> Iterator[Declaration]:
    """The declarations of ``style``, an attribute of ``source``, empty ones left out.

    What has no colon has no name; a rule reports it.
    """
    for start, end in _parts(source, style.value_start, style.value_end):
        written = source[start:end]
        text = written.strip()
        if not text:
            continue
        left = start + len(written) - len(written.lstrip())
        yield _declaration(text, left)


def _declaration(text: str, start: int) -> Declaration:
    name, colon, value = unescape(text).partition(":")
    if not colon:
        return Declaration("", name, start, start + len(text))
    plain, mark, word = value.rpartition("!")
    important = bool(mark) and word.strip().lower() == "important"
    value = (plain if important else value).strip()
    return Declaration(name.strip().lower(), value, start, start + len(text), important)


def _parts(source: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    quote, depth, left = "", 0, start
    for found in _MARK.finditer(source, start, end):
        mark = found.group()
        char = _QUOTES.get(mark, mark)
        if quote:
            quote = "" if char == quote else quote
        elif char in {'"', "'"}:
            quote = char
        elif char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif char == ";" and not depth:
            yield left, found.start()
            left = found.end()
    yield left, end
