"""What the commands of delivery begin with: the post room, and who is at work."""

from __future__ import annotations

import getpass
import os
import shlex
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.cli.check import report
from jianbao.errors import UsageProblem
from jianbao.workspace import find_workspace

if TYPE_CHECKING:
    from jianbao.deliver.readers.acts import Actor
    from jianbao.deliver.readers.addresses import Address
    from jianbao.post_room.delivering import PostRoom
    from jianbao.workspace import Workspace


def enter(workspace: Workspace | None = None) -> PostRoom:
    """The post room of ``workspace``, by default that of the current folder.

    Raises:
        UsageProblem: jianbao.toml has errors, which are shown.
    """
    from jianbao.deliver.libraries import need_delivery_libraries  # noqa: PLC0415  (help must not wait for it)

    need_delivery_libraries()
    from jianbao.post_room.delivering import PostRoom, open_post_room  # noqa: PLC0415  (likewise)

    workspace = workspace or find_workspace(Path.cwd())
    room = open_post_room(workspace)
    if isinstance(room, PostRoom):
        click.get_current_context().call_on_close(room.engine.dispose)
        _warn_of_exposure(room)
        return room
    click.echo(report(room, workspace, "full", sys.stderr.isatty()), err=True)
    raise UsageProblem("jianbao.toml 有错误", "先改好上面的错误")


def _warn_of_exposure(room: PostRoom) -> None:
    from jianbao.store.files import exposed_files  # noqa: PLC0415  (likewise)

    exposed = exposed_files(room.engine.url)
    if exposed:
        names = " ".join(shlex.quote(os.path.relpath(file)) for file in exposed)
        click.echo(f"注意：订户的资料别人也能读，运行 chmod 600 {names}", err=True)


def actor() -> Actor:
    """Whoever runs the command, now."""
    from jianbao.deliver.readers.acts import Actor  # noqa: PLC0415  (likewise)

    return Actor(getpass.getuser(), datetime.now().astimezone())


def address_of(written: str) -> Address:
    """The address that an argument is.

    Raises:
        UsageProblem: It is none.
    """
    from jianbao.deliver.readers.addresses import Address, read_address  # noqa: PLC0415  (likewise)

    found = read_address(written)
    if isinstance(found, Address):
        return found
    raise UsageProblem(found.reason, "写成 name@example.org 这样")
