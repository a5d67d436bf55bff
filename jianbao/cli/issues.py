"""The argument that names issues, completed from those that lie in the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.errors import JianbaoError
from jianbao.workspace import find_workspace

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _complete(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem  # noqa: PLC0415  (only shells ask)

    try:
        known = find_workspace(Path.cwd()).issue_ids()
    except JianbaoError:
        return []
    return [CompletionItem(name) for name in known if name.startswith(incomplete)]


issue_argument = click.argument(
    "issues", nargs=-1, required=True, metavar="期…", shell_complete=_complete
)
