"""The files of SQLite, for their owner alone: readers' addresses are in them."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import URL


def make_private(file: Path) -> None:
    """Make ``file``, empty, where there is none.

    SQLite takes an empty file for an empty database, and gives its journals the mode of the
    database (https://www.sqlite.org/src/file/src/os_unix.c, ``findCreateFileMode``).

    Raises:
        OSError: It cannot be made.
    """
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return


def exposed_files(url: URL) -> tuple[Path, ...]:
    """Those of the database at ``url`` and its copies that others on this machine can open."""
    if os.name != "posix" or url.get_backend_name() != "sqlite" or not url.database:
        return ()
    file = Path(url.database)
    beside = sorted(file.parent.glob(f"{file.name}*"))
    return tuple(one for one in beside if one.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
