"""The editions that there are, by the names that ``--edition`` takes."""

from __future__ import annotations

EDITIONS = ("pdf", "print", "archive", "wechat")

#: The edition that is articles and no PDF.
WECHAT = "wechat"

#: How an issue is parted into articles of WeChat: all in one, by section, by item.
PACKINGS = ("single", "sections", "articles")

#: Those that readers and printers get; the archive keeps what was, signed or not.
OUTGOING = frozenset({"pdf", "print", "wechat"})
