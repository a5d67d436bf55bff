"""The editions that there are, by the names that ``--edition`` takes."""

from __future__ import annotations

EDITIONS = ("pdf", "print", "archive")

#: Those that readers and printers get; the archive keeps what was, signed or not.
OUTGOING = frozenset({"pdf", "print"})
