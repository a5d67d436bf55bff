"""Texts of lists and feeds as one printable line."""

from __future__ import annotations

import html
import re

#: Longer than any title; what follows is the page around it.
_LONGEST = 500
#: Of a text with markup, in characters: bounds what the patterns below can cost.
_MOST = 10_000
_UNSHOWN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_ESCAPED = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")


def one_line(text: str) -> str:
    """``text`` on one line, no longer than a title is, without what cannot be printed."""
    line = " ".join(text[:_MOST].split())
    return "".join(char for char in line if char.isprintable())[:_LONGEST]


def without_markup(text: str) -> str:
    """The words of ``text``, in which there may be tags and entities.

    For titles and summaries that are HTML inside a feed or an API's answer; those that only
    write of 《<标准>》 keep it.
    """
    bare = _TAG.sub("", _UNSHOWN.sub("", text[:_MOST]))
    return one_line(html.unescape(bare) if _ESCAPED.search(bare) else bare)
