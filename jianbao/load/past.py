"""The items of the issues before this one, read fast: for what was printed already.

Front matter is searched by line, not parsed: a hundred files must not slow a check down,
and what is odd in an issue that has gone out is nobody's concern now.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.records import PastItem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jianbao.model import LedgerEntry
    from jianbao.workspace import Workspace

#: Two months of a weekly: as far as readers remember.
ISSUES_BACK = 8

_TOTAL = re.compile(r"^\s*total\s*=\s*([0-9]{1,9})\s*(?:#.*)?$", re.MULTILINE)
_FENCE = re.compile(r"^---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_KEY = re.compile(r"^(title|url):[ \t]*(.*?)[ \t]*$", re.MULTILINE)


def read_past(
    workspace: Workspace, ledger: tuple[LedgerEntry, ...], total: int
) -> tuple[PastItem, ...]:
    """The items of the last `ISSUES_BACK` issues before the one numbered ``total``."""
    before = [(n, folder) for n, folder in _numbered(workspace, ledger) if 0 < n < total]
    return tuple(
        item for n, folder in before[:ISSUES_BACK] for item in _items(folder, n, folder.name)
    )


def read_every_issue(workspace: Workspace, ledger: tuple[LedgerEntry, ...]) -> tuple[PastItem, ...]:
    """The items of all issues that lie in the workspace, the newest issue first.

    ``total`` is 0 where an issue has no number yet.
    """
    return tuple(
        item
        for n, folder in _numbered(workspace, ledger)
        for item in _items(folder, n, folder.name)
    )


def _numbered(workspace: Workspace, ledger: tuple[LedgerEntry, ...]) -> list[tuple[int, Path]]:
    """Folders of issues with their 总期号, the newest first.

    Numbers are the ledger's; of folders that it does not know, their issue.toml's.
    """
    totals = {entry.id: entry.total for entry in ledger}
    files = workspace.issues.glob("*/issue.toml")
    numbered = ((totals.get(file.parent.name) or _total(file), file.parent) for file in files)
    return sorted(numbered, reverse=True)


def _total(file: Path) -> int:
    found = _TOTAL.search(_text(file))
    return int(found[1]) if found else 0


def _items(folder: Path, total: int, issue: str) -> Iterator[PastItem]:
    for file in sorted(folder.glob("*.md")):
        text = _text(file)
        front = _FENCE.match(text)
        if front is None:
            continue
        keys = {key: value.strip("\"'") for key, value in _KEY.findall(front[1])}
        yield PastItem(
            issue=issue,
            total=total,
            title=keys.get("title", ""),
            url=keys.get("url", ""),
            body=text[front.end() :],
        )


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig", errors="replace")
    except OSError:
        return ""
