"""Where everything of a publication lies: the folder with jianbao.toml."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jianbao.errors import UsageProblem
from jianbao.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIGURATION = "jianbao.toml"
LEDGER = "issues/ledger.csv"
#: In the folder of an issue: its 审签记录.
REVIEW = "review.jsonl"
NAMES = "names"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A publication's folder; ``root`` is absolute and resolved.

    ``read`` gives the bytes of its files: those of the disk, unless what an editor has
    not saved yet, or a fix that is not written yet, is to be checked.
    """

    root: Path
    read: Callable[[Path], bytes] = Path.read_bytes

    @property
    def issues(self) -> Path:
        """The folder of all issues."""
        return self.root / "issues"

    @property
    def sources(self) -> Path:
        """The registry: a file for each source."""
        return self.root / "sources"

    @property
    def output(self) -> Path:
        """What was built: here, or below the current folder where this one is read-only."""
        return self.root / "output" if os.access(self.root, os.W_OK) else Path.cwd() / "output"

    @property
    def evidence(self) -> Path:
        """The pages that were kept, a folder for each issue."""
        return self.root / "evidence"

    @property
    def link_memory(self) -> Path:
        """What addresses answered when they were last visited."""
        return self.root / ".jianbao" / "links.json"

    def relative(self, file: Path) -> str:
        """How diagnostics name ``file``: relative to the root, with slashes."""
        return Path(os.path.relpath(file, self.root)).as_posix()

    def issue_ids(self) -> tuple[str, ...]:
        """Ids of the issues that lie here, in order."""
        return tuple(sorted(f.parent.name for f in self.issues.glob("*/issue.toml")))


def find_workspace(start: Path) -> Workspace:
    """The workspace that ``start`` lies in.

    Raises:
        UsageProblem: No folder upwards has a jianbao.toml.
    """
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / CONFIGURATION).is_file():
            return Workspace(candidate)
    message = f"{start} 及其上级文件夹里都没有 {CONFIGURATION}"
    raise UsageProblem(message, "到刊物的文件夹里再运行，或用 jianbao init 文件夹 新建一个")


def find_issue(argument: str, here: Path) -> tuple[Workspace, Path]:
    """The workspace and folder that ``argument``, an id, a folder or an item's file, means.

    Raises:
        UsageProblem: There is no such issue; the message names those there are.
    """
    folder = here / argument
    is_path = "/" in argument or os.sep in argument
    if argument and _is_file(folder) and (folder.parent / "issue.toml").exists():
        return find_workspace(folder.parent), folder.parent.resolve()
    if argument and _is_folder(folder) and (is_path or (folder / "issue.toml").exists()):
        return find_workspace(folder), folder.resolve()
    if is_path:
        raise UsageProblem(f"没有 {argument} 这个文件夹", "检查路径，或只写期的编号，例如 2025-04")
    workspace = find_workspace(here)
    folder = workspace.issues / argument
    if argument not in {"", ".", ".."} and _is_folder(folder):
        return workspace, folder
    known = workspace.issue_ids()
    hint = f"现有：{'、'.join(known[-8:])}" if known else "用 jianbao new 新建一期"
    raise UsageProblem(f"没有 {argument[:40] or '（空）'} 这一期", hint)


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _is_folder(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except (OSError, ValueError):  # a name that no folder can have
        return False
