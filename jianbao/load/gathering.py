"""The tables of jianbao.toml that gathering goes by: ``[store]`` and ``[gather]``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jianbao.diagnostics import Code, Diagnostic
from jianbao.settings import (
    PASSWORD_VARIABLE,
    STORE_SCHEMES,
    GatherSettings,
    StoreSettings,
    Topic,
)
from jianbao.workspace import CONFIGURATION

if TYPE_CHECKING:
    from jianbao.load.table import Table
    from jianbao.model import Publication

_SHAPE = '写成 url = "sqlite:///文件" 或 url = "postgresql://用户名@主机/数据库名"'


def read_store(table: Table) -> StoreSettings:
    """``[store]``: the address of a database, which holds no password."""
    url = table.text("url", default=StoreSettings().url)
    password_file = table.text("password_file")
    jobs = table.flag("jobs")
    table.finish()
    problem = _problem(url)
    if problem is None:
        return StoreSettings(url=url, password_file=password_file, jobs=jobs)
    message, hint = problem
    span = table.value_span("url")
    table.problems.append(Diagnostic(Code.VALUE_INVALID, CONFIGURATION, span, message, hint))
    return StoreSettings(password_file=password_file)


def _problem(url: str) -> tuple[str, str] | None:
    """What is wrong with an address of a database. The message does not repeat it."""
    try:
        parts = urlsplit(url)
        password = parts.password
    except ValueError:
        return "[store] url 不是一个数据库地址", _SHAPE
    if parts.scheme not in STORE_SCHEMES or not parts.path.strip("/"):
        return "[store] url 不是一个数据库地址", _SHAPE
    if password:
        hint = f"删去密码，写进环境变量 {PASSWORD_VARIABLE}，或 password_file 所指的文件"
        return "[store] url 里不能写密码", hint
    return None


def read_gather(table: Table, publication: Publication | None) -> GatherSettings:
    """``[gather]``: what the publication looks for."""
    words = table.texts("words") or ()
    topics = []
    for one in table.tables("topics"):
        section, of_topic = one.text("section", required=True), one.texts("words", required=True)
        one.finish()
        if section and of_topic and _is_section(one, section, publication):
            topics.append(Topic(section=section, words=tuple(word.value for word in of_topic)))
    hosts = table.texts("private_hosts") or ()
    table.finish()
    return GatherSettings(
        words=tuple(word.value for word in words),
        topics=tuple(topics),
        private_hosts=tuple(host.value.lower() for host in hosts),
    )


def _is_section(table: Table, section: str, publication: Publication | None) -> bool:
    if publication is None or section in publication.sections:
        return True
    message = f"没有“{section}”这个栏目"
    hint = f"栏目有：{'、'.join(publication.sections)}"
    span = table.value_span("section")
    table.problems.append(Diagnostic(Code.SECTION_UNKNOWN, CONFIGURATION, span, message, hint))
    return False
