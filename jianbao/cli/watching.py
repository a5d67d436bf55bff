"""``--watch``: do it again whenever a file of the workspace changes."""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from watchfiles import DefaultFilter, watch

from jianbao.errors import JianbaoError

if TYPE_CHECKING:
    from collections.abc import Callable

    from watchfiles import Change

    from jianbao.workspace import Workspace

#: Milliseconds without a change after which a burst of them is taken to be over; an
#: editor's "save all" and a checkout of git write many files.
_QUIET = 200


class _Sources(DefaultFilter):
    """What people write: no hidden file, no editor's scratch, nothing that was built."""

    def __init__(self, root: Path, built: tuple[Path, ...]) -> None:
        super().__init__(ignore_paths=tuple(str(folder) for folder in built))
        self._root = root

    def __call__(self, change: Change, path: str) -> bool:
        below = Path(path).relative_to(self._root)
        hidden = any(part.startswith(".") for part in below.parts)
        return not hidden and super().__call__(change, path)


def again_and_again(
    workspace: Workspace, once: Callable[[], object], out: Path | None = None
) -> int:
    """Call ``once`` now and after every change in ``workspace`` that is not to what it builds.

    What stands in the way (a jianbao.toml that is gone, half a file) is said, and
    waiting goes on. Only Ctrl-C ends it, as KeyboardInterrupt.
    """
    built = (workspace.output, *((out.resolve(),) if out else ()))
    sources = _Sources(workspace.root, built)
    # The wait for the first, which has a short end, makes sure that no change is missed.
    changes = watch(
        workspace.root, watch_filter=sources, step=_QUIET, rust_timeout=1, yield_on_timeout=True
    )
    next(changes)
    gc.enable()
    _run(once)
    for change in changes:
        if change:
            _run(once)
    return 0


def _run(once: Callable[[], object]) -> None:
    if sys.stdout.isatty():
        click.clear()
    try:
        once()
    except JianbaoError as error:
        hint = f"\n怎么办：{error.hint}" if error.hint else ""
        click.echo(f"错误：{error.message}{hint}", err=True)
    click.echo(f"{time.strftime('%H:%M:%S')} 等待改动；按 Ctrl-C 结束", err=True)
