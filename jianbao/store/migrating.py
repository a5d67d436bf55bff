"""Brings a database to the tables of this version, whole or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from jianbao.errors import MachineProblem
from jianbao.store.files import make_private
from jianbao.store.tables import MIGRATING

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_MIGRATIONS = Path(__file__).parent / "migrations"
#: Where Alembic notes the revision of a database.
_NOTE = "alembic_version"


def revisions() -> tuple[str, ...]:
    """What this version knows, the oldest first: each migration is named after its revision."""
    return tuple(sorted(file.stem for file in _MIGRATIONS.glob("versions/[0-9]*.py")))


def migrate(engine: Engine) -> None:
    """Run the migrations that the database of ``engine`` has not seen.

    Raises:
        MachineProblem: It is of a version that this one does not know.
    """
    with engine.connect() as connection, connection.begin():
        if _revision(connection) == revisions()[-1]:
            return  # without Alembic, whose import takes longer than all else here
    with engine.connect() as fresh:
        connection = fresh.execution_options(jianbao_writes=True)
        with connection.begin():
            _lock(connection)
            found = _revision(connection)
            if found == revisions()[-1]:
                return  # another process was faster
            if found and found not in revisions():
                message = (
                    f"数据库是更新的 jianbao 建的（{found}），这一版只认得到 {revisions()[-1]}"
                )
                raise MachineProblem(message, "升级 jianbao：pip install --upgrade jianbao")
            if found:
                _keep_copy(connection, found)
            _upgrade(connection)


def _revision(connection: Connection) -> str:
    """Of the database; empty where there are no tables yet."""
    if not inspect(connection).has_table(_NOTE):
        return ""
    return str(connection.execute(text(f"select version_num from {_NOTE}")).scalar() or "")  # noqa: S608  (a constant)


def _lock(connection: Connection) -> None:
    """On SQLite the transaction itself keeps others out."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MIGRATING})


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  (slow, and needed once a version)
    from alembic.config import Config  # noqa: PLC0415  (likewise)

    configuration = Config()
    # A per cent sign would be the beginning of a variable.
    configuration.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")


def _keep_copy(connection: Connection, revision: str) -> None:
    """The file of SQLite as it was, beside it; whoever keeps a server keeps its copies.

    Others cannot write meanwhile: this transaction is the one that may.
    """
    name = connection.engine.url.database
    if connection.dialect.name != "sqlite" or not name:
        return
    copy = Path(f"{name}.before-{revisions()[-1]}-was-{revision}")
    scratch = copy.with_name(f".{copy.name}.new")
    scratch.unlink(missing_ok=True)
    make_private(scratch)
    with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(scratch)) as target:
        source.backup(target)
    scratch.replace(copy)
