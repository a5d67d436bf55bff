"""Edits applied to the text of a file: only what they name is changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jianbao.diagnostics import Edit

_BOM = "\ufeff"
_LINE_END = re.compile(r"\r\n|\r|\n")


def apply_edits(text: str, edits: Iterable[Edit]) -> tuple[str, int]:
    """Replace what ``edits`` name.

    Args:
        text: As the file has it, with its own line ends and its BOM.
        edits: In the positions of diagnostics, which count neither. Of two that
            overlap, or that insert at one place, only the first is applied.

    Returns:
        The text, and how many edits were applied.
    """
    starts = _line_starts(text)
    line_end = _LINE_END.search(text)
    out: list[str] = []
    cursor, count, last = 0, 0, (-1, -1)
    for start, end, new in sorted(set(_stretches(edits, starts))):
        if start < cursor or (start, end) == last:
            continue
        out += [text[cursor:start], new.replace("\n", line_end.group() if line_end else "\n")]
        cursor, count, last = end, count + 1, (start, end)
    return "".join((*out, text[cursor:])), count


def _stretches(edits: Iterable[Edit], starts: list[int]) -> Iterable[tuple[int, int, str]]:
    for edit in edits:
        span = edit.span
        start = starts[span.line - 1] + span.column - 1
        yield start, starts[span.end_line - 1] + span.end_column - 1, edit.text


def _line_starts(text: str) -> list[int]:
    return [len(_BOM) if text.startswith(_BOM) else 0, *(m.end() for m in _LINE_END.finditer(text))]
