"""``jianbao check`` with ``--fix``, ``--diff`` and ``--undo``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from jianbao import fixing
from jianbao.cli.diffs import in_colour, unified_diff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from jianbao.fixing import Fixed
    from jianbao.pipeline import Checked
    from jianbao.workspace import Workspace

    Target = tuple[Workspace, Path]


def apply(targets: tuple[Target, ...], today: date) -> list[tuple[Workspace, Path, Checked]]:
    """Write the fixes, say of each file how many, and give what is left of each issue."""
    found = []
    for workspace, folders, fixed in _fixed(targets, today):
        stale = fixing.write_changes(workspace, fixed.changes)
        for change in fixed.changes:
            if change in stale:
                click.echo(f"{change.path} 刚才被别的程序改过，没有动它；再运行一次", err=True)
            else:
                click.echo(f"已改正 {change.path}：{change.count} 处", err=True)
        if len(stale) < len(fixed.changes):
            click.echo("还原：jianbao check 期 --undo", err=True)
        found += [(workspace, f, c) for f, c in zip(folders, fixed.checked, strict=True)]
    return found


def show(targets: tuple[Target, ...], today: date) -> int:
    """Print what `apply` would write as a unified diff; 1 where there is anything."""
    changes = [c for _, _, fixed in _fixed(targets, today) for c in fixed.changes]
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    for change in changes:
        lines = list(unified_diff(change))
        click.echo("".join(in_colour(lines) if colour else lines), nl=False)
    count = sum(change.count for change in changes)
    click.echo(f"能自动改正 {count} 处；没有写入任何文件", err=True)
    return 1 if changes else 0


def take_back(targets: tuple[Target, ...]) -> int:
    """Undo the last fix of each workspace."""
    for workspace in dict.fromkeys(workspace for workspace, _ in targets):
        for path in fixing.undo(workspace):
            click.echo(f"已还原 {path}", err=True)
    return 0


def _fixed(
    targets: tuple[Target, ...], today: date
) -> Iterator[tuple[Workspace, tuple[Path, ...], Fixed]]:
    for workspace in dict.fromkeys(workspace for workspace, _ in targets):
        folders = tuple(folder for other, folder in targets if other == workspace)
        yield workspace, folders, fixing.fix(workspace, folders, today)
