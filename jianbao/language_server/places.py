"""Positions and severities as the protocol has them: from 0, in the client's code units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from jianbao.diagnostics import Severity
from jianbao.load.text import line_feeds

if TYPE_CHECKING:
    from pygls.workspace import PositionCodec

    from jianbao.diagnostics import Diagnostic, Edit
    from jianbao.spans import Span

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}


def lines_of(text: str) -> list[str]:
    """Lines as the protocol counts them (Position: ends are LF, CRLF and CR)."""
    return line_feeds(text.removeprefix("\ufeff")).split("\n")


def to_range(span: Span, lines: list[str], codec: PositionCodec) -> types.Range:
    """``span`` in the text of ``lines``."""

    def position(line: int, column: int) -> types.Position:
        before = lines[line - 1][: column - 1] if line <= len(lines) else ""
        return types.Position(line - 1, codec.client_num_units(before))

    return types.Range(position(span.line, span.column), position(span.end_line, span.end_column))


def to_column(position: types.Position, lines: list[str], codec: PositionCodec) -> int:
    """How many characters of its line stand before ``position``."""
    line = lines[position.line] if position.line < len(lines) else ""
    units = 0
    for column, char in enumerate(line):
        if units >= position.character:
            return column
        units += codec.client_num_units(char)
    return len(line)


def to_diagnostic(
    diagnostic: Diagnostic, lines: list[str], codec: PositionCodec
) -> types.Diagnostic:
    """What is wrong, and below it what to do."""
    hint = f"\n怎么办：{diagnostic.hint}" if diagnostic.hint else ""
    return types.Diagnostic(
        range=to_range(diagnostic.span, lines, codec),
        message=f"{diagnostic.message}{hint}",
        severity=_SEVERITIES[diagnostic.severity],
        code=diagnostic.code.slug,
        source="jianbao",
    )


def to_text_edit(edit: Edit, lines: list[str], codec: PositionCodec) -> types.TextEdit:
    """``edit`` in the text of ``lines``."""
    return types.TextEdit(to_range(edit.span, lines, codec), edit.text)


def touch(one: types.Range, other: types.Range) -> bool:
    """Whether they share a place, be it only their ends: a cursor is an empty range."""
    return _key(one.start) <= _key(other.end) and _key(other.start) <= _key(one.end)


def _key(position: types.Position) -> tuple[int, int]:
    return position.line, position.character
