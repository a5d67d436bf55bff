"""``jianbao check --fix``: apply the fixes that diagnostics carry, and take them back.

What is fixed is checked again, in memory, until nothing is left to fix; only then is
anything written.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from jianbao import pipeline
from jianbao.edits import apply_edits
from jianbao.errors import UsageProblem
from jianbao.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from jianbao.diagnostics import Diagnostic, Edit
    from jianbao.pipeline import Checked
    from jianbao.workspace import Workspace

#: Below the workspace: what the last fix changed, as it was before.
UNDO = ".jianbao/undo"

#: Fixes bring others to light (a key that is known now has a value); they come to an end.
_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after ``count`` fixes; ``path`` is relative to the workspace."""

    path: str
    before: bytes
    after: bytes
    count: int


@dataclass(frozen=True, slots=True)
class Fixed:
    """What fixing came to: the changes, and what each issue is like with them."""

    changes: tuple[Change, ...]
    checked: tuple[Checked, ...]


class _Texts:
    """Files as they were when first read, and as the fixes made them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._first: dict[Path, bytes] = {}
        self._now: dict[Path, bytes] = {}
        self._counts: dict[Path, int] = {}

    def read(self, file: Path) -> bytes:
        if file not in self._now:
            self._first[file] = self._now[file] = self._workspace.read(file)
        return self._now[file]

    def change(self, path: str, edits: Iterable[Edit]) -> None:
        file = self._workspace.root / path
        text, count = apply_edits(self.read(file).decode("utf-8"), edits)
        self._now[file] = text.encode("utf-8")
        self._counts[file] = self._counts.get(file, 0) + count

    def changes(self) -> Iterator[Change]:
        for file, before in self._first.items():
            if self._now[file] != before:
                path = self._workspace.relative(file)
                yield Change(path, before, self._now[file], self._counts[file])


def fix(workspace: Workspace, folders: Iterable[Path], today: date) -> Fixed:
    """What the issues in ``folders`` are like with every fix applied; nothing is written."""
    texts = _Texts(workspace)
    fixed = replace(workspace, read=texts.read)
    folders = tuple(folders)
    for folder in folders:
        _fix_issue(fixed, folder, today, texts)
    # A fix for one issue may be in a file that others read too.
    checked = tuple(pipeline.check(fixed, folder, today) for folder in folders)
    return Fixed(tuple(texts.changes()), checked)


def _fix_issue(workspace: Workspace, folder: Path, today: date, texts: _Texts) -> None:
    for _ in range(_ROUNDS):
        edits = _by_path(pipeline.check(workspace, folder, today).diagnostics)
        for path, some in edits.items():
            texts.change(path, some)
        if not edits:
            return


def _by_path(diagnostics: tuple[Diagnostic, ...]) -> dict[str, list[Edit]]:
    edits: dict[str, list[Edit]] = {}
    for diagnostic in diagnostics:
        if diagnostic.fix is not None:
            edits.setdefault(diagnostic.path, []).append(diagnostic.fix)
    return edits


def write_changes(workspace: Workspace, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Write ``changes``, each file at once, and keep what was there for `undo`.

    Returns:
        Those that were not written, since the file is no longer what was checked.

    Raises:
        UsageProblem: The files cannot be written.
    """
    fresh = tuple(c for c in changes if _is_still(workspace.root / c.path, c.before))
    try:
        if fresh:
            _keep(workspace.root / UNDO, fresh)
        for change in fresh:
            replace_file(workspace.root / change.path, change.after)
    except OSError as error:
        message = f"不能写入 {error.filename or workspace.root}：{error.strerror}"
        raise UsageProblem(message, "检查文件夹的权限；改了的可用 --undo 还原") from error
    return tuple(change for change in changes if change not in fresh)


def undo(workspace: Workspace) -> tuple[str, ...]:
    """Put back what the last fix changed; return the paths.

    Raises:
        UsageProblem: There is nothing to undo, or a file was changed since.
    """
    folder = workspace.root / UNDO
    try:
        record = json.loads((folder / "changes.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageProblem("没有可以还原的改动", "更早的版本用 git 找回") from error
    changed = [
        entry["path"]
        for entry in record
        if _digest(workspace.root / entry["path"]) not in {entry["before"], entry["after"]}
    ]
    if changed:
        message = f"{'、'.join(changed)} 在改正以后又改过，没有还原"
        raise UsageProblem(message, f"改正以前的内容在 {UNDO} 里")
    for number, entry in enumerate(record):
        replace_file(workspace.root / entry["path"], (folder / str(number)).read_bytes())
    shutil.rmtree(folder)
    return tuple(entry["path"] for entry in record)


def _keep(folder: Path, changes: tuple[Change, ...]) -> None:
    """Lay aside what ``changes`` replace; the list, which counts, is written last."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / ".gitignore").write_text("*\n", "utf-8")
    (folder / "changes.json").unlink(missing_ok=True)
    for number, change in enumerate(changes):
        (folder / str(number)).write_bytes(change.before)
    record = [
        {
            "path": change.path,
            "before": sha256(change.before).hexdigest(),
            "after": sha256(change.after).hexdigest(),
        }
        for change in changes
    ]
    text = json.dumps(record, ensure_ascii=False, indent=2)
    replace_file(folder / "changes.json", text.encode())


def _is_still(file: Path, data: bytes) -> bool:
    return _digest(file) == sha256(data).hexdigest()


def _digest(file: Path) -> str | None:
    try:
        return sha256(file.read_bytes()).hexdigest()
    except OSError:
        return None


def replace_file(file: Path, data: bytes) -> None:
    """Write ``data`` at once, under the permissions of what was there, through links."""
    target = file.resolve()
    handle, scratch = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        with suppress(FileNotFoundError):
            Path(scratch).chmod(target.stat().st_mode & 0o7777)
        Path(scratch).replace(target)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise
