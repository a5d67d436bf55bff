"""The pages that were kept for an issue's items, and whether they are still what they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.diagnostics import Code, Diagnostic
from jianbao.evidence import KEYS, PAGE, RECORD, TEXT, digest
from jianbao.load.table import Table, read_toml
from jianbao.load.text import read_text
from jianbao.records import Snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.model import Item
    from jianbao.workspace import Workspace

#: What a page need not say of itself, and what older records do not have.
_MAY_BE_EMPTY = {"title", "published", "source", "origins", "tool"}


def read_evidence(
    workspace: Workspace, issue_id: str, items: tuple[Item, ...]
) -> tuple[dict[str, Snapshot], tuple[Diagnostic, ...]]:
    """The snapshots by the path of their item, and those that are broken."""
    snapshots: dict[str, Snapshot] = {}
    problems: list[Diagnostic] = []
    folder = workspace.evidence / issue_id
    if not folder.is_dir():
        return {}, ()
    for item in items:
        file = folder / f"{item.stem}{RECORD}"
        if file.exists():
            snapshot, found = _read(file, workspace)
            problems.extend(found)
            if snapshot is not None:
                snapshots[item.path] = snapshot
    return snapshots, tuple(problems)


def _read(file: Path, workspace: Workspace) -> tuple[Snapshot | None, tuple[Diagnostic, ...]]:
    path = workspace.relative(file)
    text, problems = read_text(file, path, workspace.read)
    values, syntax = read_toml(text, path) if not problems else ({}, ())
    if problems or syntax:
        return None, problems + syntax
    table = Table(values, text, path)
    record = {key: table.text(key, required=key not in _MAY_BE_EMPTY) for key in KEYS}
    table.finish()
    if table.problems:
        return None, tuple(table.problems)
    stem = file.name.removesuffix(RECORD)
    kept_text = _bytes(file.with_name(f"{stem}{TEXT}"))
    if kept_text is not None:  # git gives text the line ends of the system it is on
        kept_text = kept_text.replace(b"\r\n", b"\n")
    changed = [
        Diagnostic(Code.EVIDENCE_CHANGED, path, table.value_span(key), *_told(stem + ending, data))
        for key, ending, data in (
            ("sha256", PAGE, _bytes(file.with_name(f"{stem}{PAGE}"))),
            ("text_sha256", TEXT, kept_text),
        )
        if data is None or digest(data) != record[key]
    ]
    if changed or kept_text is None:
        return None, tuple(changed)
    return Snapshot(**record, text=kept_text.decode("utf-8", errors="replace")), ()


def _told(name: str, data: bytes | None) -> tuple[str, str]:
    """Message and hint."""
    what = "不在了" if data is None else "被改动过，与记下的哈希不符"
    return f"存证 {name} {what}", "从版本库恢复，或用 jianbao snapshot --refresh 重新存证"


def _bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
