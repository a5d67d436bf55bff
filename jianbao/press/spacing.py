"""Spacing inside a line of text, as marks in its HTML; none of it is in the text.

What the font does by itself (adjacent marks squeezed by ``chws``) and what layout
does (both edges aligned, see ``justification``) is not here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.common.utils import escapeHtml

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LATIN = "0-9A-Za-z\u00c0-\u024f\u0370-\u03ff%°℃€£$+#@&"

#: CLREQ 3.2.1: a gap of up to a quarter em where Han meets Latin letters or digits. The
#: gap belongs to what stands before it, so that no line can start with one.
_BEFORE_LATIN = re.compile(rf"[{_HAN}](?=[{_LATIN}])")
_BEFORE_HAN = re.compile(rf"[{_LATIN}](?:[{_LATIN}.,:/_\-]*[{_LATIN}])?(?=[{_HAN}])")

#: CLREQ 3.1.6: a connecting dash does not start a line. The two of a —— hold together.
_DASH = re.compile(r"[^\s—](?=—(?!—))—")

#: The curly apostrophe of Don’t: full-width in a Chinese face, except by its ``pwid``.
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])[‘’](?=[A-Za-z])")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The characters beside a piece of text, empty at the ends of a paragraph."""

    before: str = ""
    after: str = ""


def space_text(text: str, around: Neighbours) -> str:
    """HTML of ``text`` with its gaps, dashes and apostrophes marked."""
    spans = sorted(_marks(text, around), key=lambda mark: mark[:2])
    out, end = [], 0
    for start, stop, name in spans:
        if start < end:
            continue
        out.append(escapeHtml(text[end:start]))
        out.append(f'<span class="{name}">{escapeHtml(text[start:stop])}</span>')
        end = stop
    out.append(escapeHtml(text[end:]))
    return "".join(out)


def _marks(text: str, around: Neighbours) -> list[tuple[int, int, str]]:
    longer = text + around.after[:1]
    limit = len(text)
    marks = []
    for pattern, name in (
        (_DASH, "hold"),
        (_BEFORE_LATIN, "gap"),
        (_BEFORE_HAN, "gap"),
    ):
        marks += [(m.start(), m.end(), name) for m in pattern.finditer(longer) if m.end() <= limit]
    framed = around.before[-1:] + longer
    shift = len(around.before[-1:])
    marks += [
        (m.start() - shift, m.end() - shift, "apostrophe")
        for m in _APOSTROPHE.finditer(framed)
        if 0 <= m.start() - shift < limit
    ]
    return marks
