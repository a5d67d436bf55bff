"""台账 issues/ledger.csv: which numbers were given to which issue.

A file of its own, since numbers must neither skip nor repeat when an issue's
folder is archived or removed.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from jianbao.dates import iso_date
from jianbao.diagnostics import Code, Diagnostic
from jianbao.load.rows import read_rows
from jianbao.load.text import read_text
from jianbao.model import LedgerEntry
from jianbao.patterns import pattern
from jianbao.spans import Span
from jianbao.workspace import LEDGER

if TYPE_CHECKING:
    from jianbao.workspace import Workspace

COLUMNS = ("id", "number", "total", "date")
_NUMBER = pattern("[1-9][0-9]{0,8}")


def read_ledger(workspace: Workspace) -> tuple[tuple[LedgerEntry, ...], tuple[Diagnostic, ...]]:
    """Entries in the order of the file; none where there is no ledger."""
    file = workspace.root / LEDGER
    if not file.exists():
        return (), ()
    text, problems = read_text(file, LEDGER, workspace.read)
    if problems:
        return (), problems
    entries: list[LedgerEntry] = []
    wrong: list[Diagnostic] = []
    lines = text.split("\n")
    for number, (line, row) in enumerate(read_rows(text)):
        if number == 0 and row is not None and _is_head(row):
            continue
        try:
            entries.append(_entry(row or []))
        except ValueError:
            wrong.append(_wrong(line, lines))
    return tuple(entries), tuple(wrong)


def _is_head(row: list[str]) -> bool:
    """Whether ``row`` names columns, in whatever language; an entry has numbers."""
    return not any(char.isdigit() for cell in row for char in cell)


def _entry(row: list[str]) -> LedgerEntry:
    """``row`` as an entry, or ValueError."""
    issue_id, number, total, day = row
    if not (issue_id.strip() and _NUMBER.fullmatch(number) and _NUMBER.fullmatch(total)):
        raise ValueError(row)
    return LedgerEntry(id=issue_id, number=int(number), total=int(total), date=iso_date(day))


def _wrong(line: int, lines: list[str]) -> Diagnostic:
    message = "台账的一行应是：编号,期号,总期号,日期"
    hint = "例如 2025-04,4,217,2025-02-10"
    span = Span.on_line(line, 1, len(lines[line - 1]))
    return Diagnostic(Code.VALUE_INVALID, LEDGER, span, message, hint)


def write_ledger(entries: tuple[LedgerEntry, ...]) -> str:
    """Text of the ledger file."""
    rows = [COLUMNS, *((e.id, e.number, e.total, e.date.isoformat()) for e in entries)]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
