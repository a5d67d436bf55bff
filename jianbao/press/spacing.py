"""Marks in the HTML of a text for what the line alone cannot tell; none is in the text.

The font squeezes adjacent marks by itself (``chws``), and `composition` parts Han from
Latin within a stretch of one style. Here: the same where the style changes, dashes that
hold on to what they follow, and Western apostrophes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from jianbao.cjk import HAN

#: Stands for a Han neighbour of another style, which the line does not see: U+2063, the
#: invisible separator, which lines are broken around like the letter beside it. It is not
#: in the text of a PDF.
HAN_BESIDE = "\u2063"

#: What is parted from Han by a gap, as characters of a class in a regular expression.
LATIN = "0-9A-Za-z\u00c0-\u024f\u0370-\u03ff%°℃€£$+#@&"

#: And that by which it is parted.
HAN_SIDE = f"{HAN}{HAN_BESIDE}"

_CHANGE = re.compile(f"[{HAN}][{LATIN}]|[{LATIN}][{HAN}]")
_LETTER = re.compile(f"[{LATIN}]")

#: Marks that stay with what follows, and marks that stay with what goes before: the
#: gap on that side is not opened, since the mark brings its own white on the other.
OPENING = frozenset("（《〈「『【〔“‘［｛")
CLOSING = frozenset("），。、；：！？》〉」』】〕”’…—～·］｝％")

#: CLREQ 3.1.6: a connecting dash does not start a line. The two of a —— hold together.
_DASH = re.compile(rf"(?:{HAN_BESIDE}(?=[{LATIN}]))?[^\s—]—(?!—)")

#: The curly apostrophe of Don’t: full-width in a Chinese face, except by its ``pwid``.
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])[‘’](?=[A-Za-z])")

#: What ``chws`` squeezes: marks with their white behind them, and before them. Of two
#: neighbours the first closing one loses it, else the second opening one (CLREQ 3.1.6.1).
WHITE_BEHIND = "、，。．）》」』】〕”’：；？！"
WHITE_BEFORE = "（《「『【〔“‘"
_LAST_CLOSING = re.compile(f"[{WHITE_BEHIND}]+$")
_FIRST_OPENING = re.compile(f"^[{WHITE_BEFORE}]+")

#: CLREQ 孤字不成行: the last line of a paragraph has more than one character. A word joiner
#: holds the last two together. It is not in the text of a PDF, and no box of its own, as
#: a span would be: one for each paragraph was a twentieth of a build.
_JOIN = "&#x2060;"
_END = re.compile(rf"[{HAN}]{{2}}[^\w\s]*$")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What stands beside a stretch of text in its paragraph, empty at the ends.

    ``ends`` where the paragraph ends with the stretch.
    """

    before: str = ""
    after: str = ""
    ends: bool = False


def space_text(text: str, around: Neighbours) -> str:
    """HTML of ``text``, which is of one style."""
    text = _beside_han(text, around)
    marks = [(m.start(), m.end(), "hold") for m in _DASH.finditer(text)]
    framed = f"{around.before[-1:]}{text}{around.after[:1]}"
    shift = len(around.before[-1:])
    for mark in _APOSTROPHE.finditer(framed):
        start = mark.start() - shift
        if 0 <= start < len(text):
            marks.append((start, start + 1, "apostrophe"))
    if around.ends and (end := _END.search(text)):
        marks.append((end.start(), end.start() + 1, _JOIN))
    marks += _squeezed(text, around)
    # Where a mark cuts the stretch, the line cannot tell the change any more.
    for cut in {start for start, _, name in marks if name == "hold" and start}:
        marks += _squeezed(text[:cut], Neighbours(after=text[cut:]))
    return _marked(text, sorted(marks))


def _beside_han(text: str, around: Neighbours) -> str:
    """``text`` with `HAN_BESIDE` where a change is at its ends, or is cut by a mark."""
    before = around.before[-1:] if _LETTER.match(text) else ""
    after = around.after[:1] if _LETTER.match(text[-1:]) else ""
    framed = before + text + after
    cuts = {len(before), len(framed) - len(after)}
    cuts |= {m.start() for m in _DASH.finditer(framed)}
    for cut in sorted(cuts, reverse=True):
        if cut and _CHANGE.match(framed, cut - 1):
            framed = framed[:cut] + HAN_BESIDE + framed[cut:]
    return framed[len(before) : len(framed) - len(after)]


def _squeezed(text: str, around: Neighbours) -> list[tuple[int, int, str]]:
    """The marks at the ends of ``text`` that its neighbours squeeze.

    Whole runs: a mark that is set apart is no longer seen by the one before it.
    """
    before, after = around.before[-1:], around.after[:1]
    found = []
    if before and before in WHITE_BEFORE:
        found.append(_FIRST_OPENING.search(text))
    if after and after in WHITE_BEHIND + WHITE_BEFORE:
        found.append(_LAST_CLOSING.search(text))
    return [(match.start(), match.end(), "squeeze") for match in found if match]


def _marked(text: str, marks: list[tuple[int, int, str]]) -> str:
    out, end = [], 0
    for start, stop, name in marks:
        if start >= end:
            inside = escape(text[start:stop])
            out.append(escape(text[end:start]))
            out.append(inside + _JOIN if name == _JOIN else f'<span class="{name}">{inside}</span>')
            end = stop
    return "".join(out) + escape(text[end:])
