"""What a database says went wrong, in words that tell a person what to do."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from jianbao.errors import MachineProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL

_CHECK = "检查这个文件和它所在文件夹的权限，或在 jianbao.toml 里改 [store] url"
#: By the name of SQLite's result code, extended ones by their beginning.
#: https://www.sqlite.org/rescode.html
_SQLITE = {
    "SQLITE_BUSY": ("正被另一个程序占用，等了很久", "等那个命令做完，再试一次"),
    "SQLITE_LOCKED": ("正被另一个程序占用", "等那个命令做完，再试一次"),
    "SQLITE_CORRUPT": (
        "已经损坏",
        "从备份恢复；升级以前留的副本在同一个文件夹里，名称里有 before",
    ),
    "SQLITE_NOTADB": ("不是数据库文件", "移走它，或在 jianbao.toml 里改 [store] url"),
    "SQLITE_FULL": ("写不下了，磁盘已满", "腾出空间，再试一次；没有写完的这一次不作数"),
    "SQLITE_READONLY": ("不能写入", _CHECK),
    "SQLITE_CANTOPEN": ("打不开", _CHECK),
    "SQLITE_PERM": ("打不开", _CHECK),
    "SQLITE_IOERR": ("读写时出错", "检查磁盘，再试一次；没有写完的这一次不作数"),
}
_SERVER = "检查 jianbao.toml 的 [store] url，以及数据库的服务是不是在运行"
#: By the beginning of PostgreSQL's SQLSTATE.
#: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES = {
    "08": ("连接断了", _SERVER),
    "28": (
        "不认这个用户或密码",
        "密码写在环境变量 JIANBAO_STORE_PASSWORD 里，或 [store] password_file 所指的文件里",
    ),
    "3D": ("不存在", "先建立它：createdb 数据库名"),
    "42501": ("没有给这个用户足够的权限", "请管理员给它建表和写入的权限"),
    "53": ("服务器的磁盘、内存或连接数不够", "请管理员查看，再试一次"),
    "55P03": ("正被另一个程序占用", "等那个命令做完，再试一次"),
    "57": ("服务停了", "等它恢复，再试一次"),
}


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn what a person can mend into a sentence; the rest are bugs and stay what they are.

    Raises:
        MachineProblem: The database of ``url`` cannot be used as it is.
    """
    try:
        yield
    except DBAPIError as error:
        found = _sqlite(error) if isinstance(error.orig, sqlite3.Error) else _postgres(error)
        if found is None:
            raise
        what, hint = found
        raise MachineProblem(f"{_named(url)} {what}", hint) from error


def _named(url: URL) -> str:
    """The database, without user and password."""
    if url.get_backend_name() == "sqlite":
        return f"数据库 {url.database}"
    return f"数据库 {url.database}（{url.host or '本机'}）"


def _sqlite(error: DBAPIError) -> tuple[str, str] | None:
    name = getattr(error.orig, "sqlite_errorname", "")
    return next((words for code, words in _SQLITE.items() if name.startswith(code)), None)


def _postgres(error: DBAPIError) -> tuple[str, str] | None:
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # libpq could not connect, or lost the server
        return _refused(str(error.orig))
    return next((words for code, words in _POSTGRES.items() if state.startswith(code)), None)


def _refused(message: str) -> tuple[str, str] | None:
    """What libpq says before there is a session, which has no SQLSTATE."""
    for words, state in (("password", "28"), ("does not exist", "3D")):
        if words in message:
            return _POSTGRES[state]
    return "连不上", _SERVER
