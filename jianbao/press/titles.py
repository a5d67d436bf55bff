"""Long titles in lines broken by sense.

GB/T 9704-2012 7.3.1 asks for lines that keep words whole, say a complete sense and
are evenly long. There is no dictionary here: marks and function words tell where
sense ends.
"""

from __future__ import annotations

import unicodedata

from jianbao.press.spacing import CLOSING, OPENING

#: A line may end after one of these, best first, or before one of those.
_AFTER = {" ": 0.0, "》": 0.4, "”": 0.4, "：": 0.0, "，": 0.0, "；": 0.0, "、": 0.6, "）": 0.5}
_WORDS_AFTER = ("发布", "印发", "出台", "公布", "提出", "部署", "关于", "加强", "推进", "赋能")
_WORDS_BEFORE = ("发布", "印发", "出台", "公布", "提出", "就《", "《", "“", "关于", "公开", "正式")
_NEVER_START = CLOSING | set("%的了")
_NEVER_END = OPENING | set("—·")

_INSIDE_NAME = 6.0
_PLAIN = 2.5
_FORBIDDEN = float("inf")
#: Weight of an uneven line against a bad break, per em squared and line length.
_UNEVEN = 14.0


def break_title(title: str, width: float) -> tuple[str, ...]:
    """``title`` in as few lines of at most ``width`` em as can hold it.

    A space at a break is dropped. A title that has no allowed break is one line.
    """
    title = title.strip()
    if length(title) <= width:
        return (title,)
    costs = [_cost(title, index) for index in range(len(title))]
    count = 2
    while count <= len(title):
        lines = _best(title, costs, count, width)
        if lines:
            return lines
        count += 1
    return (title,)


def length(text: str) -> float:
    """Width in em: a Han character one, a Latin letter or digit about a half."""
    return sum(
        1.0 if unicodedata.east_asian_width(c) in "WF" or c in "“”‘’—…" else 0.55 for c in text
    )


def _best(title: str, costs: list[float], count: int, width: float) -> tuple[str, ...]:
    """The cheapest division into ``count`` lines, empty where none fits."""
    ideal = length(title) / count
    best: dict[tuple[int, int], tuple[float, tuple[str, ...]]] = {(0, 0): (0.0, ())}
    for number in range(1, count + 1):
        ends = range(1, len(title) + 1) if number < count else (len(title),)
        for end in ends:
            cost_here = 0.0 if end == len(title) else costs[end]
            if cost_here == _FORBIDDEN:
                continue
            for start in range(end):
                before = best.get((number - 1, start))
                line = title[start:end].strip()
                wide = length(line)
                if before is None or not line or wide > width:
                    continue
                uneven = _UNEVEN * ((wide - ideal) / width) ** 2
                total = before[0] + cost_here + uneven
                if total < best.get((number, end), (_FORBIDDEN, ()))[0]:
                    best[number, end] = (total, (*before[1], line))
    return best.get((count, len(title)), (0.0, ()))[1]


def _in_word(char: str) -> bool:
    """Whether ``char`` can be inside a Western word or a number."""
    narrow = unicodedata.east_asian_width(char) not in "WF"
    return char in "’'" or (narrow and not char.isspace() and char not in "“”‘—…·")


def _cost(title: str, index: int) -> float:
    """What it costs to end a line before ``title[index]``."""
    if index == 0:
        return _FORBIDDEN
    before, after = title[:index], title[index:]
    # A space at the break is dropped: the marks behind it are the ends of the lines.
    if after.lstrip()[0] in _NEVER_START or before.rstrip()[-1] in _NEVER_END:
        return _FORBIDDEN
    if _in_word(before[-1]) and _in_word(after[0]):
        return _FORBIDDEN
    inside = _INSIDE_NAME if before.count("《") > before.count("》") else 0.0
    if before[-1] in _AFTER:
        return inside + _AFTER[before[-1]]
    if after[0] == " " or before.endswith(_WORDS_AFTER) or after.startswith(_WORDS_BEFORE):
        return inside + 0.5
    return inside + _PLAIN
