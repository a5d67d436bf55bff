"""Pages that guards of websites send before the page: a browser passes them, we do not try."""

from __future__ import annotations

import re

#: What guards answer with. 202: the page is yet to come; 412, 521: first run this script.
STATUSES = frozenset({202, 403, 412, 521})
#: Visible letters of a page that is nothing but this notice.
NOTICE = 400
HAN = re.compile("[一-鿿]")
_TAG = re.compile(r"<[^<>]*>")
#: What stands between these is not shown.
_UNSHOWN = (("<script", "</script"), ("<style", "</style"), ("<!--", "-->"))


def is_challenge(text: str) -> bool:
    """Whether a page is of script alone, or sets a cookie by script, and says nothing."""
    low = text.lower()
    has_script = "<script" in low or "document.cookie" in low
    if not has_script:
        return False
    words = shown_letters(text)
    is_code = "<script" not in low  # bare JavaScript, all of which is “shown”
    return not HAN.search(words) and (is_code or len(words) < NOTICE)


def shown_letters(text: str) -> str:
    """The letters that a reader sees, without spaces; roughly, and in linear time."""
    for opening, closing in _UNSHOWN:
        kept, at, low = [], 0, text.lower()
        while (start := low.find(opening, at)) >= 0:
            kept.append(text[at:start])
            end = low.find(closing, start)
            at = end if end >= 0 else len(text)
        text = "".join((*kept, text[at:]))
    return "".join(_TAG.sub("", text).split())
