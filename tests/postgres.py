"""A PostgreSQL of the tests' own: started once a run, on a socket in a folder that goes with it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Debian's place, then wherever else the programs are.
_DEBIAN = Path("/usr/lib/postgresql")
_USER = "jianbao"
#: Nothing of a test has to outlive a power failure.
_SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=50",
    "shared_buffers=16MB",
)


def server_programs() -> Path | None:
    """The folder with initdb and postgres, the newest there is; None where there is none."""
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda file: float(file.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def running_server(programs: Path) -> Iterator[URL]:
    """Start a server; gives the address of its first database."""
    # The path of a socket may have 107 bytes, which pytest's own folders exceed.
    folder = Path(tempfile.mkdtemp(prefix="jb-pg-"))
    user = _ordinary_user()
    try:
        if user:
            shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
        data = folder / "data"
        initdb = ["--auth=trust", f"--username={_USER}", "--encoding=UTF8", "--no-sync"]
        _run(user, programs / "initdb", *initdb, "--locale=C", "--pgdata", data)
        options = " ".join(f"-c {setting}" for setting in _SETTINGS)
        start = ["-w", "-o", f"{options} -k {folder}", "-l", folder / "log", "start"]
        _run(user, programs / "pg_ctl", "-D", data, *start)
        try:
            yield URL.create(
                "postgresql+psycopg",
                username=_USER,
                database="postgres",
                query={"host": str(folder)},
            )
        finally:
            _run(user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_database(server: URL, name: str) -> Iterator[URL]:
    """An empty database on ``server``, dropped afterwards with whoever is still in it."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'create database "{name}"'))
    try:
        yield server.set(database=name)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'drop database "{name}" with (force)'))
        engine.dispose()


def _ordinary_user() -> str:
    """Who the server runs as: postgres refuses root. Empty for whoever runs the tests."""
    if os.geteuid() != 0:
        return ""
    known = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _run(user: str, *words: str | Path) -> None:
    entry = pwd.getpwnam(user) if user else None
    done = subprocess.run(
        [str(word) for word in words],
        user=entry.pw_uid if entry else None,
        group=entry.pw_gid if entry else None,
        extra_groups=[] if entry else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        raise RuntimeError(done.stdout)
