"""Procrastinate's own tables, which are made where workers are used, and only there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from procrastinate.schema import SchemaManager
from sqlalchemy import text

from jianbao.errors import MachineProblem
from jianbao.store.engine import writing
from jianbao.store.tables import MIGRATING

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_FOUND = """
    select found, obj_description(found) from to_regclass('procrastinate_jobs') as found
"""
#: Before the name of the last of the library's migrations that the tables have seen.
_MARK = "jianbao: "


def prepare_tables(engine: Engine) -> None:
    """Make the tables of the library's version that is installed, or bring them to it.

    Raises:
        MachineProblem: Another program's tables are there, or those of a later version.
    """
    steps = _steps()
    with writing(engine, MIGRATING) as connection:
        is_there, note = connection.execute(text(_FOUND)).one()
        seen = (note or "").removeprefix(_MARK)
        if not is_there:
            _run(connection, SchemaManager.get_schema())
        elif seen not in {file.name for file in steps}:
            message = "数据库里已有 procrastinate 的表，是别的程序或更新的 jianbao 建的"
            hint = "给 jianbao 单独建一个数据库，或升级：pip install --upgrade 'jianbao[postgres]'"
            raise MachineProblem(message, hint)
        for file in steps:
            if is_there and file.name > seen:
                _run(connection, file.read_text("utf-8"))
        if seen != steps[-1].name:
            connection.execute(
                text(f"comment on table procrastinate_jobs is '{_MARK}{steps[-1].name}'")
            )


def _steps() -> list[Path]:
    """The library's migrations, the oldest first, as their names have it."""
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _run(connection: Connection, script: str) -> None:
    """Without parameters, since only so a server takes many statements at once."""
    driver: Any = connection.connection.driver_connection
    driver.execute(script)
