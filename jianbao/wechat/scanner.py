"""HTML text as tokens that know where each character stands.

The tokenizer of the HTML Standard (§13.2.5) as far as an article needs it, in one pass of
linear time over any text. docs/decisions says why not html.parser, lxml or html5lib.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# The whitespace of HTML; \s would take in the ideographic space of a Chinese text too.
_GAP = re.compile(r"[ \t\n\f\r/]*")
_TAG_NAME = re.compile(r"[^ \t\n\f\r/>]+")
_NAME = re.compile(r"=?[^ \t\n\f\r/>=]*")
_EQUALS = re.compile(r"[ \t\n\f\r]*=[ \t\n\f\r]*")
_BARE = re.compile(r"[^ \t\n\f\r>]*")
_COMMENT_END = re.compile(r"--!?>")
_MARKUP = re.compile(r"<(?=[A-Za-z!?/])")

#: Elements whose content is text up to their own end tag, whatever it looks like.
_RAW_TEXT = frozenset(
    {"script", "style", "textarea", "title", "iframe", "xmp", "noembed", "noframes"}
)


class Kind(Enum):
    """What a token is."""

    TEXT = "text"
    START = "start"
    END = "end"
    COMMENT = "comment"
    DOCTYPE = "doctype"
    CUT = "cut"  # a tag that the text ends in: readers of HTML drop it


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: offsets of the whole of it and of its value, without the quotes."""

    name: str  # lower case
    value: str  # character references resolved
    start: int
    end: int
    value_start: int
    value_end: int


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the text from ``start`` to before ``end``, in characters from 0."""

    kind: Kind
    start: int
    end: int
    name: str = ""  # of a tag, in lower case
    attributes: tuple[Attribute, ...] = ()


def scan(text: str) -> Iterator[Token]:
    """The tokens of ``text`` in order; together they cover it without a gap."""
    at = 0
    while at < len(text):
        found = _MARKUP.search(text, at)
        begin = found.start() if found else len(text)
        if begin > at:
            yield Token(Kind.TEXT, at, begin)
        if begin == len(text):
            return
        token = _markup(text, begin)
        yield token
        at = token.end
        if token.kind is Kind.START and token.name in _RAW_TEXT:
            end = _raw_text_end(text, token)
            if end > at:
                yield Token(Kind.TEXT, at, end, token.name)
            at = end


def _markup(text: str, start: int) -> Token:
    if text.startswith("<!--", start):
        found = _COMMENT_END.search(text, start + 2)
        return Token(Kind.COMMENT, start, found.end() if found else len(text))
    closing = text.startswith("</", start)
    named = start + 1 + closing
    if text[named : named + 1].isascii() and text[named : named + 1].isalpha():
        return _tag(text, start, named, Kind.END if closing else Kind.START)
    end = text.find(">", start) + 1 or len(text)
    doctype = text[start : start + 9].lower() == "<!doctype"
    return Token(Kind.DOCTYPE if doctype else Kind.COMMENT, start, end)


def _tag(text: str, start: int, named: int, kind: Kind) -> Token:
    name = _TAG_NAME.match(text, named)
    assert name is not None  # noqa: S101  (narrowing: a letter stands there)
    attributes: list[Attribute] = []
    at = name.end()
    while True:
        at = _end_of(_GAP, text, at)
        if at >= len(text):
            return Token(Kind.CUT, start, len(text), name.group().lower())
        if text[at] == ">":
            return Token(kind, start, at + 1, name.group().lower(), tuple(attributes))
        attribute, at = _attribute(text, at)
        attributes.append(attribute)


def _attribute(text: str, start: int) -> tuple[Attribute, int]:
    """The attribute at ``start``, and where the next thing begins."""
    name_end = _end_of(_NAME, text, start)
    name = text[start:name_end].lower()
    equals = _EQUALS.match(text, name_end)
    if equals is None:
        return Attribute(name, "", start, name_end, name_end, name_end), name_end
    left = equals.end()
    if text[left : left + 1] in {'"', "'"}:
        left += 1
        right = text.find(text[left - 1], left)
        right = len(text) if right < 0 else right
        end = min(right + 1, len(text))
    else:
        right = end = _end_of(_BARE, text, left)
    return Attribute(name, unescape(text[left:right]), start, end, left, right), end


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where a match at ``at`` ends; every pattern here can match nothing."""
    found = pattern.match(text, at)
    return found.end() if found else at


def _raw_text_end(text: str, token: Token) -> int:
    found = re.compile(rf"</{re.escape(token.name)}(?=[ \t\n\f\r/>])", re.IGNORECASE).search(
        text, token.end
    )
    return found.start() if found else len(text)
