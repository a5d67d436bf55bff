"""Texts of lists and feeds as one printable line."""

from __future__ import annotations

import html
import re

#: Longer than any title; what follows is the page around it.
_LONGEST = 500
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_ESCAPED = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")


def one_line(text: str) -> str:
    """``text`` on one line, no longer than a title is, without what cannot be printed."""
    line = " ".join(text[: 20 * _LONGEST].split())
    return "".join(char for char in line if char.isprintable())[:_LONGEST]


def without_markup(text: str) -> str:
    """The words of ``text``, in which there may be tags and entities.

    For titles and summaries that are HTML inside a feed or an API's answer; those that only
    write of 《<标准>》 keep it.
    """
    bare = _TAG.sub("", text[: 100 * _LONGEST])
    return one_line(html.unescape(bare) if _ESCAPED.search(bare) else bare)
