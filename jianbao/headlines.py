"""What tells two titles apart that are alike: numbers, and that a draft is a draft."""

from __future__ import annotations

import re

_NUMERAL = re.compile(r"第?[0-9０-９一二三四五六七八九十百]+[批次届期季年月日版号轮]?")
_DRAFT = re.compile("征求意见|意见稿|草案")


def numerals(title: str) -> frozenset[str]:
    """The numbers of ``title`` with what they count: 第二批, 2025年, 十四."""
    return frozenset(_NUMERAL.findall(title))


def is_draft(title: str) -> bool:
    """Whether ``title`` is of a draft that is out for comment."""
    return _DRAFT.search(title) is not None


def moved_on(title: str, before: str) -> bool:
    """第二批 after 第一批, the text in force after its draft: alike, and news."""
    was_draft = is_draft(before) and not is_draft(title)
    return was_draft or numerals(title) != numerals(before)
