"""The editions that there are, by the names that ``--edition`` takes."""

from __future__ import annotations

EDITIONS = ("pdf", "print", "archive", "wechat")

#: The edition that is articles and no PDF.
WECHAT = "wechat"

#: Those that readers and printers get; the archive keeps what was, signed or not.
OUTGOING = frozenset({"pdf", "print", WECHAT})
