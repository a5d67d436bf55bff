"""Edits applied to the text of a file: only what they name is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jianbao.diagnostics import Edit

_BOM = "\ufeff"
_LINE_END = pattern(r"\r\n|\r|\n")


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
    chosen = without_overlaps(edits)
    out: list[str] = []
    cursor = 0
    for edit in chosen:
        span = edit.span
        start = starts[span.line - 1] + span.column - 1
        out += [text[cursor:start], edit.text.replace("\n", line_end.group() if line_end else "\n")]
        cursor = starts[span.end_line - 1] + span.end_column - 1
    return "".join((*out, text[cursor:])), len(chosen)


def without_overlaps(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """``edits`` in the order of the text; of two at one place only the first."""
    chosen: list[Edit] = []
    end, last = (0, 0), None
    for edit in sorted(edits, key=_order):
        span = edit.span
        if (span.line, span.column) < end or span == last:
            continue
        chosen.append(edit)
        end, last = (span.end_line, span.end_column), span
    return tuple(chosen)


def _order(edit: Edit) -> tuple[int, int, int, int]:
    """Not by the text: of two for one place the one that was found first is first."""
    span = edit.span
    return span.line, span.column, span.end_line, span.end_column


def _line_starts(text: str) -> list[int]:
    return [len(_BOM) if text.startswith(_BOM) else 0, *(m.end() for m in _LINE_END.finditer(text))]
