"""Which issues a file belongs to, and what checking one finds with unsaved texts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jianbao import pipeline
from jianbao.errors import JianbaoError
from jianbao.language_server.completion import Known
from jianbao.language_server.places import lines_of
from jianbao.workspace import Workspace, find_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from jianbao.diagnostics import Diagnostic
    from jianbao.model import Issue


@dataclass(frozen=True, slots=True)
class Found:
    """What checking an issue found, by file, in the texts that it read; the names in use."""

    diagnostics: Mapping[Path, tuple[Diagnostic, ...]]
    lines: Mapping[Path, list[str]]
    known: Known


def workspace_of(file: Path, unsaved: Mapping[Path, str]) -> Workspace | None:
    """The workspace of ``file``, which reads ``unsaved`` texts in place of the disk's."""
    try:
        workspace = find_workspace(file.parent)
    except JianbaoError:
        return None

    def read(path: Path) -> bytes:
        text = unsaved.get(path)
        # What JSON can carry and UTF-8 cannot, a lone surrogate, becomes a diagnostic.
        return path.read_bytes() if text is None else text.encode("utf-8", "surrogatepass")

    return replace(workspace, read=read)


def folders_of(file: Path, workspace: Workspace, open_files: Iterable[Path]) -> tuple[Path, ...]:
    """The issues to check for ``file``: its own; for what all share those that are open.

    Where none is open it is the newest one.
    """
    if (file.parent / "issue.toml").is_file():
        return (file.parent,)
    folders = {other.parent for other in open_files if other.is_relative_to(workspace.root)}
    shown = tuple(sorted(folder for folder in folders if (folder / "issue.toml").is_file()))
    newest = tuple(workspace.issues / name for name in workspace.issue_ids()[-1:])
    return shown or newest


def check(workspace: Workspace, folder: Path, today: date) -> Found:
    """What is wrong with the issue in ``folder``, and what names there are to choose from."""
    checked = pipeline.check(workspace, folder, today)
    diagnostics: dict[Path, list[Diagnostic]] = {}
    for diagnostic in checked.diagnostics:
        diagnostics.setdefault(workspace.root / diagnostic.path, []).append(diagnostic)
    return Found(
        {file: tuple(some) for file, some in diagnostics.items()},
        {file: _lines(workspace, file) for file in diagnostics},
        _known(workspace, checked.loaded) if checked.loaded else Known(),
    )


def _known(workspace: Workspace, issue: Issue) -> Known:
    """Sections of the publication; sources that are registered or used in the issue."""
    used = sorted(item.source.value for item in issue.items if item.source and item.source.value)
    sources = dict.fromkeys((*_registered(workspace), *used))
    return Known(issue.publication.sections, tuple(sources))


def _registered(workspace: Workspace) -> list[str]:
    names = []
    for file in sorted((workspace.root / "sources").glob("*.toml")):
        try:
            name = tomllib.loads(workspace.read(file).decode("utf-8-sig")).get("name")
        except (OSError, ValueError):  # half a file offers nothing
            continue
        if isinstance(name, str):
            names.append(name)
    return names


def _lines(workspace: Workspace, file: Path) -> list[str]:
    try:
        return lines_of(workspace.read(file).decode("utf-8", "replace"))
    except OSError:
        return [""]
