"""The argument that names issues, completed from those that lie in the workspace."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import CompletionItem

from jianbao.errors import JianbaoError
from jianbao.workspace import find_workspace


def _complete(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    try:
        known = find_workspace(Path.cwd()).issue_ids()
    except JianbaoError:
        return []
    return [CompletionItem(name) for name in known if name.startswith(incomplete)]


issue_argument = click.argument(
    "issues", nargs=-1, required=True, metavar="期…", shell_complete=_complete
)
