"""What a reader reads of a Markdown text, block by block, each character with its place.

markdown-it's inline tokens carry no positions. Block by block, their text is laid beside
the source again: what is in the source alone is markup, and is stepped over.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING

from jianbao.model import OBJECT, Passage, PassageKind
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

_ENTITY = pattern(r"&(?:#[xX]?[0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_FOOTNOTE = pattern(r"\[\^[^\]]*\]")
#: What stands behind a link's or image's text: its address, or the label of a reference.
_DESTINATION = pattern(
    r"""\]\(\s*(?:<[^<>\n]*>|(?:\\.|\((?:\\.|[^()\s\\])*\)|[^()\s\\])*)
        (?:\s+(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\((?:\\.|[^()\\])*\)))?\s*\)
        |\]\[[^\]]*\]|\]""",
    re.VERBOSE,
)
#: Addresses and mail addresses are not prose.
_ADDRESS = pattern(
    r"(?:https?|ftp)://[^\s）)>\]，。；：、！？“”《》（]+"
    r"|(?<![\w.])www\.[\w.-]+\.[a-z]{2,}(?:/[^\s）)>\]，。；：、！？“”《》（]*)?"
    r"|(?<![\w.+-])[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    re.ASCII,
)
_IN_ADDRESSES = ("://", "www.", "@")
_KINDS = {
    "heading_open": PassageKind.HEADING,
    "th_open": PassageKind.CELL,
    "td_open": PassageKind.CELL,
}


def read_passages(tokens: Sequence[Token], source: str) -> Iterator[Passage]:
    """The passages of ``tokens``, which were parsed from ``source``, in their order."""
    starts = _line_starts(source)
    cell = 0
    for before, token in pairwise(tokens):
        if before.type == "tr_open" and before.map:
            cell = starts[before.map[0]]
        if token.type != "inline" or token.map is None:
            continue
        kind = _KINDS.get(before.type, PassageKind.PARAGRAPH)
        if kind is PassageKind.CELL:
            places = _cell_places(token.content, source, cell)
            cell = places[-1]
        else:
            places = _block_places(token.content, source, starts[token.map[0] :])
        reading = _Reading(token.content)
        for child in token.children or ():
            reading.read(child)
        yield _passage(reading, kind, places)


def _line_starts(source: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", source)), len(source)]


def _block_places(content: str, source: str, starts: list[int]) -> list[int]:
    """Where each character of ``content`` stands in ``source``, and its end.

    Its lines are those of the source without what marks the block: ``> ``, ``1. ``, ``## ``.
    """
    places: list[int] = []
    for number, line in enumerate(content.split("\n")):
        start, end = (*starts, starts[-1], starts[-1])[number : number + 2]
        text = source[start:end].rstrip()
        at = len(text) - len(line.rstrip())
        if text[at:] != line.rstrip():  # ## a heading ##
            at = max(text.find(line.strip()), 0)
        places.extend(range(start + at, start + at + len(line) + 1))
    return places


def _cell_places(content: str, source: str, cursor: int) -> list[int]:
    r"""The same for a cell, which starts behind ``cursor``; ``\|`` in it is ``|``."""
    places = []
    for char in content:
        found = source.find(char, cursor)
        cursor = cursor if found < 0 else found
        places.append(cursor)
        cursor += 1
    return [*places, min(cursor, len(source))]


@dataclass(slots=True)
class _Reading:
    """Reads a block's tokens beside its inline source, ``content``."""

    content: str
    at: int = 0
    text: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)  # in content
    strong: list[tuple[int, int]] = field(default_factory=list)
    _opened: list[int] = field(default_factory=list)

    def read(self, token: Token) -> None:
        """Take ``token``, and step over its markup."""
        match token.type:
            case "text":
                self._text(token.content)
            case "softbreak" | "hardbreak":
                self._break(" " if token.type == "softbreak" else "\n")
            case "code_inline":
                self._object(self._behind_code(token.markup))
            case "image":
                self._object(self._behind_address(self.at))
            case "link_open" | "link_close":
                self._link(token)
            case "footnote_ref":
                found = _FOOTNOTE.search(self.content, self.at)
                self.at = found.end() if found else self.at
            case _:
                self._markup(token)

    def _text(self, text: str) -> None:
        if "\\" not in text and self.content.startswith(text, self.at):
            end = self.at + len(text)
            self.text.extend(text)
            self.places.extend(range(self.at, end))
            self.at = end
            return
        for char in text:  # an escape, an entity, lines that were joined
            self._take(char)

    def _link(self, token: Token) -> None:
        if token.info == "auto":
            self._step("<" if token.nesting > 0 else ">")
        elif token.nesting > 0:
            self._step("[")
        else:
            self.at = self._behind_address(self.at, depth=1)

    def _markup(self, token: Token) -> None:
        if token.type == "strong_close" and self._opened:
            self.strong.append((self._opened.pop(), len(self.text)))
        self._step(token.content if token.type == "html_inline" else token.markup)
        if token.type == "strong_open":
            self._opened.append(len(self.text))

    def _take(self, char: str) -> None:
        content, at = self.content, self.at
        escaped = content[at : at + 1] == "\\" and content[at + 1 : at + 2] == char
        if escaped and char in string.punctuation:
            self._add(char, at + 1, at + 2)
        elif content[at : at + 1] == char:
            self._add(char, at, at + 1)
        elif (entity := _ENTITY.match(content, at)) and char in unescape(entity.group()):
            self._add(char, at, entity.end())
        else:  # a line end between Han characters, the space before it, a null
            found = content.find(char, at)
            self._add(char, *((found, found + 1) if found >= 0 else (at, at)))

    def _break(self, char: str) -> None:
        found = self.content.find("\n", self.at)
        self._add(char, *((found, found + 1) if found >= 0 else (self.at, self.at)))
        while self.content[self.at : self.at + 1] in {" ", "\t"}:
            self.at += 1

    def _behind_code(self, fence: str) -> int:
        start = self.content.find(fence, self.at)
        bare = re.escape(fence[:1])
        closing = re.compile(rf"(?<!{bare}){re.escape(fence)}(?!{bare})")
        end = closing.search(self.content, start + len(fence))
        return end.end() if end else len(self.content)

    def _object(self, end: int) -> None:
        self._add(OBJECT, self.at, end)

    def _behind_address(self, at: int, depth: int = 0) -> int:
        """Behind the brackets and the address of a link or image."""
        content = self.content
        while at < len(content):
            if content[at] == "\\":
                at += 1
            elif content[at] == "[":
                depth += 1
            elif content[at] == "]":
                depth -= 1
                if depth == 0:
                    found = _DESTINATION.match(content, at)
                    return found.end() if found else at + 1
            at += 1
        return len(content)

    def _step(self, markup: str) -> None:
        found = self.content.find(markup, self.at) if markup else -1
        self.at = found + len(markup) if found >= 0 else self.at

    def _add(self, char: str, place: int, end: int) -> None:
        self.text.append(char)
        self.places.append(place)
        self.at = end


def _passage(reading: _Reading, kind: PassageKind, places: list[int]) -> Passage:
    text = "".join(reading.text)
    if any(mark in text for mark in _IN_ADDRESSES):
        text = _ADDRESS.sub(lambda found: OBJECT * len(found.group()), text)
    offsets = [places[place] for place in (*reading.places, reading.at)]
    breaks = (
        (index, after)
        for index, (before, after) in enumerate(pairwise(offsets), start=1)
        if after != before + 1
    )
    runs = ((0, offsets[0]), *breaks)
    return Passage(kind=kind, text=text, runs=runs, strong=tuple(sorted(reading.strong)))
