"""``jianbao verify``."""

from __future__ import annotations

import difflib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.cli.chinese import ChineseCommand
from jianbao.cli.progress import Progress
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.originals import Verified

_SHOWN = 60
#: Lines of a difference, and characters of each.
_LINES, _COLUMNS = 8, 60


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument("issue", metavar="期")
def verify(issue: str) -> int:
    """核实：再访问一次各条原文，与存证对照，看哪些已变更、哪些已失效。

    只更新访问结果，不改动稿件和存证；要换成新的一页，用 jianbao snapshot --refresh。
    退出码：0 都没有变（或无法核实），1 有变更或失效的，2 用法有误，3 没有联网。
    """
    from jianbao import originals  # noqa: PLC0415  (help must not wait for the stages)

    workspace, folder = find_issue(issue, Path.cwd())
    count = len(originals.items_with_originals(workspace, folder))
    with Progress(folder.name, count, quiet=False) as progress:
        found = originals.verify(
            workspace,
            folder,
            datetime.now().astimezone(),
            lambda url: progress(f"访问 {url[:_SHOWN]}"),
        )
    for one in found:
        _tell(one)
    if any(one.fate is originals.Fate.NOT_KEPT for one in found):
        click.echo(f"没有存证的，先运行 jianbao snapshot {folder.name}")
    if not found:
        click.echo("没有可以核实的稿件：没有网址")
    bad = {originals.Fate.CHANGED, originals.Fate.DEAD}
    return int(any(one.fate in bad for one in found))


def _tell(one: Verified) -> None:
    detail = f"（{one.detail}）" if one.detail else ""
    click.echo(f"{one.item.stem}：{one.fate.value}{detail}")
    for line in _difference(one.before, one.after):
        click.echo(f"  {line}")


def _difference(before: str, after: str) -> Iterator[str]:
    """Lines that went and that came, the first few, each cut."""
    changed = [
        line
        for line in difflib.unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    ]
    for line in changed[:_LINES]:
        yield line if len(line) <= _COLUMNS else f"{line[:_COLUMNS]}…"
    if len(changed) > _LINES:
        yield f"……还有 {len(changed) - _LINES} 行"
