"""What drafting wrote, by which it can be taken back: .jianbao/drafts/ID/STEM.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from jianbao.errors import UsageProblem
from jianbao.evidence import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jianbao.workspace import Workspace

_BY_HAND = "确实不要的，自己删去这些文件，再运行 jianbao inbox take 编号"


def remember_draft(workspace: Workspace, item: str, files: Sequence[Path]) -> None:
    """Remember ``files``, that were written for the item at the path ``item``.

    Raises:
        UsageProblem: The workspace cannot be written.
    """
    known = {workspace.relative(file): digest(file.read_bytes()) for file in files}
    record = _record(workspace, item)
    try:
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps(known, ensure_ascii=False, indent=1), "utf-8")
    except OSError as error:
        message = f"不能写入 {record.parent}：{error.strerror}"
        raise UsageProblem(message, "检查文件夹的权限") from error


def take_back(workspace: Workspace, item: str) -> tuple[str, ...]:
    """Delete what was written for ``item``, if all of it is as it was; return what went.

    The item goes last, so that what was interrupted can be run again.

    Raises:
        UsageProblem: Nothing is remembered of it, or somebody changed a file; then none goes.
    """
    record = _record(workspace, item)
    try:
        known: dict[str, str] = json.loads(record.read_text("utf-8"))
        there = {name: workspace.root / name for name in known}
        files = {name: file.read_bytes() for name, file in there.items() if file.is_file()}
    except (OSError, ValueError, AttributeError) as error:
        raise UsageProblem(f"没有记着 {item} 是怎样起草的，没有动", _BY_HAND) from error
    changed = [name for name, content in files.items() if digest(content) != known[name]]
    if changed:
        raise UsageProblem(f"{'、'.join(changed)} 起草以后改过，没有动", _BY_HAND)
    for name in sorted(files, key=lambda name: name == item):
        there[name].unlink()
    record.unlink()
    return tuple(files)


def _record(workspace: Workspace, item: str) -> Path:
    path = Path(item)
    return workspace.root / ".jianbao" / "drafts" / path.parent.name / f"{path.stem}.json"
