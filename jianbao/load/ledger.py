"""台账 issues/ledger.csv: which numbers were given to which issue.

A file of its own, since numbers must neither skip nor repeat when an issue's
folder is archived or removed.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code, Diagnostic, Span
from jianbao.load.text import read_text
from jianbao.model import LedgerEntry
from jianbao.workspace import LEDGER

if TYPE_CHECKING:
    from jianbao.workspace import Workspace

COLUMNS = ("id", "number", "total", "date")


def read_ledger(workspace: Workspace) -> tuple[tuple[LedgerEntry, ...], tuple[Diagnostic, ...]]:
    """Entries in the order of the file; none where there is no ledger."""
    file = workspace.root / LEDGER
    if not file.exists():
        return (), ()
    text, problems = read_text(file, LEDGER)
    if problems:
        return (), problems
    entries: list[LedgerEntry] = []
    wrong: list[Diagnostic] = []
    for line, row in enumerate(csv.reader(io.StringIO(text)), start=1):
        if line == 1 or not row:
            continue
        try:
            number_id, number, total, day = row
            entries.append(
                LedgerEntry(
                    id=number_id, number=int(number), total=int(total), date=date.fromisoformat(day)
                )
            )
        except ValueError:
            message = "台账的一行应是：编号,期号,总期号,日期"
            span = Span.on_line(line, 1, len(",".join(row)))
            hint = "例如 2025-04,4,217,2025-02-10"
            wrong.append(Diagnostic(Code.VALUE_INVALID, LEDGER, span, message, hint))
    return tuple(entries), tuple(wrong)


def write_ledger(entries: tuple[LedgerEntry, ...]) -> str:
    """Text of the ledger file."""
    rows = [COLUMNS, *((e.id, e.number, e.total, e.date.isoformat()) for e in entries)]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
