"""Opens the store: SQLite by default, PostgreSQL when told. Nothing else connects to it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from jianbao.errors import MachineProblem, UsageProblem
from jianbao.store.files import make_private
from jianbao.store.migrating import migrate
from jianbao.store.problems import explained

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from sqlalchemy import Connection
    from sqlalchemy.pool import ConnectionPoolEntry

#: Seconds for which a command waits for another that is writing.
_PATIENCE = 30
#: Seconds for which a server may keep silent when a connection is asked for.
_CONNECT = 10
_WRITES = "jianbao_writes"
_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
_SHAPE = "写成 sqlite:///文件 或 postgresql://用户名@主机/数据库名"


def store_url(address: str, folder: Path, password: str = "") -> URL:
    """``address`` of jianbao.toml as SQLAlchemy's URL.

    Args:
        address: Of the store. A file of SQLite is relative to ``folder``.
        folder: The workspace.
        password: Of PostgreSQL, which the address does not hold.

    Raises:
        UsageProblem: It is no address of a store; the message does not repeat it.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise UsageProblem("[store] url 不是一个数据库地址", _SHAPE) from error
    driver = _DRIVERS.get(url.drivername.partition("+")[0])
    if driver is None:
        raise UsageProblem(f"[store] url 的 {url.drivername}: 不是能用的数据库", _SHAPE)
    if not url.database:
        raise UsageProblem("[store] url 里没有写数据库", _SHAPE)
    if driver.startswith("sqlite"):
        return URL.create(driver, database=str(folder / url.database))
    return url.set(drivername=driver, password=password or url.password)


def open_store(url: URL | str) -> Engine:
    """An engine whose database has the tables of this version.

    A missing file, its folder and the tables are made; an older database is migrated first.

    Raises:
        MachineProblem: The driver or the server is missing, or the database is locked,
            damaged, full, or of a newer version of the program.
    """
    url = make_url(url)
    if url.get_backend_name() == "sqlite":
        _make_file(url)
    engine = _engine(url)
    try:
        with explained(url):
            migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection on which everything read is of one moment.

    Raises:
        MachineProblem: The database cannot be used now.
    """
    with explained(engine.url), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, lock: int = 0) -> Iterator[Connection]:
    """A transaction: all of it is kept, or nothing.

    On SQLite there is one writer at a time. On PostgreSQL there are several, of which those
    that give the same ``lock`` (see ``store.tables``) wait for one another.

    Raises:
        MachineProblem: The database cannot be used now.
    """
    with explained(engine.url), engine.connect() as fresh:
        connection = fresh.execution_options(**{_WRITES: True})
        with connection.begin():
            if lock:
                hold(connection, lock)
            yield connection


def hold(connection: Connection, lock: int) -> None:
    """Wait for others that hold ``lock``, and hold it until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": lock})


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": _PATIENCE}, json_serializer=_as_json)
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine
    try:
        options = {"connect_timeout": _CONNECT, "application_name": "jianbao"}
        return create_engine(
            url, connect_args=options, pool_pre_ping=True, json_serializer=_as_json
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        message = "用 PostgreSQL 要有 psycopg，这台机器上没有"
        raise MachineProblem(message, 'pip install "jianbao[postgres]"') from error


def _as_json(value: object) -> str:
    """Chinese as it is: SQLite before 3.45 does not find a key that is written in escapes."""
    return json.dumps(value, ensure_ascii=False)


def _make_file(url: URL) -> None:
    file = Path(url.database or "")
    hint = "检查它的权限，或在 jianbao.toml 里改 [store] url"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"不能建立文件夹 {file.parent}：{error.strerror}"
        raise MachineProblem(message, hint) from error
    try:
        make_private(file)
    except OSError as error:
        raise MachineProblem(f"不能建立 {file}：{error.strerror}", hint) from error


def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    """Settings of each connection.

    The journal lets readers go on while one writes. FULL: what was said to be kept outlives
    a power failure (https://www.sqlite.org/pragma.html#pragma_synchronous).
    """
    # sqlite3 would begin transactions by itself, too late for SELECT and DDL; `_begin` does.
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Who will write says so at once: two readers that both turn writers would deadlock."""
    writes: Any = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
