"""The registry of sources: each file of sources/ to a `Source`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jianbao.diagnostics import Code, Diagnostic
from jianbao.load.table import Table, read_toml
from jianbao.load.text import read_text
from jianbao.records import Kind, Level, ListFormat, Listing, Source, SourceManners

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jianbao.workspace import Workspace

_HOST = r"[\w-]+(?:\.[\w-]+)+"
_ADDRESS = r"https?://[^\s/]+\S*"
_PROXY = r"(?:https?|socks5h?)://[^\s/]+/?"
_ZONE = r"[A-Za-z]+(?:/[A-Za-z0-9_+-]+)*"
_DAY, _YEAR = 24 * 60, 366
_LONGEST_GAP, _MOST_AT_ONCE = 600.0, 8


def read_sources(
    workspace: Workspace, sections: tuple[str, ...]
) -> tuple[tuple[Source, ...], tuple[Diagnostic, ...]]:
    """The sources in the order of their files; none where there is no registry.

    Args:
        workspace: Where sources/ lies.
        sections: Those of the publication, one of which a source must name.

    Returns:
        What could be read, and everything wrong with the files.
    """
    sources: list[Source] = []
    problems: list[Diagnostic] = []
    seen: dict[str, str] = {}
    for file in sorted(workspace.sources.glob("*.toml")):
        source, found = _read(file, workspace, sections, seen)
        problems.extend(found)
        if source is not None:
            sources.append(source)
            seen[source.name] = source.path
    return tuple(sources), tuple(problems)


def _read(
    file: Path, workspace: Workspace, sections: tuple[str, ...], seen: dict[str, str]
) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    path = workspace.relative(file)
    text, problems = read_text(file, path, workspace.read)
    values, syntax = read_toml(text, path) if not problems else ({}, ())
    if problems or syntax:
        return None, problems + syntax
    table = Table(values, text, path)
    source = read_source(table, path)
    if source.section and source.section not in sections:
        message, hint = f"没有“{source.section}”这个栏目", f"栏目有：{'、'.join(sections)}"
        span = table.value_span("section")
        table.problems.append(Diagnostic(Code.SECTION_UNKNOWN, path, span, message, hint))
    if source.name in seen:
        message = f"来源“{source.name}”在 {seen[source.name]} 里已经登记"
        span = table.value_span("name")
        table.problems.append(Diagnostic(Code.VALUE_INVALID, path, span, message, "只留一个"))
    return (None if table.problems else source), tuple(table.problems)


def read_source(table: Table, path: str) -> Source:
    """What the keys of a file of sources/ come to; ``table.problems`` says what is wrong.

    Nothing here looks at what a selector means: that takes the libraries of gathering.
    """
    name = table.text("name", required=True)
    level = table.choice("level", tuple(Level), Level.NATIONAL, required=True)
    hosts = _texts(table, path, "hosts", (_HOST, "域名", "只写域名，例如 www.nda.gov.cn"))
    section = table.text("section", required=True)
    kind = table.choice("kind", tuple(Kind), Kind.MANUAL, required=True)
    lists = _texts(table, path, "lists", (_ADDRESS, "网址", "写完整的网址，以 https:// 开头"))
    if kind != Kind.MANUAL and not lists and not table.problems:
        message, hint = f"kind 是 {kind}，却没有 lists", '加一行 lists = ["https://…"]'
        table.problems.append(
            Diagnostic(Code.KEY_MISSING, path, table.value_span("kind"), message, hint)
        )
    source = Source(
        path=path,
        name=name,
        level=Level(level),
        hosts=tuple(host.lower() for host in hosts),
        section=section,
        kind=Kind(kind),
        lists=lists,
        include=_words(table, "include"),
        exclude=_words(table, "exclude"),
        encoding=_known(table, path, "encoding", "", _is_encoding),
        timezone=_known(table, path, "timezone", "Asia/Shanghai", _is_zone),
        every=int(table.number("every", 5, 7 * _DAY, 60)),
        rhythm_days=int(table.number("rhythm_days", 0, _YEAR, 0)),
        listing=_listing(table.table("listing"), path, Kind(kind)),
        manners=_manners(table.table("manners"), path),
    )
    table.finish()
    return source


def _listing(table: Table, path: str, kind: Kind) -> Listing:
    default = ListFormat.HTML
    listing = Listing(
        format=ListFormat(table.choice("format", tuple(ListFormat), default)),
        item=table.text("item"),
        title=table.text("title"),
        link=table.text("link"),
        date=table.text("date"),
        summary=table.text("summary"),
    )
    table.finish()
    needs = kind is Kind.LISTING and listing.format is not ListFormat.JCMS
    if needs and not listing.item and not table.problems:
        message = "[listing] 里缺少 item"
        hint = '加一行 item = "ul.list > li"：列表里每一条的选择器'
        span = table.key_span("")
        table.problems.append(Diagnostic(Code.KEY_MISSING, path, span, message, hint))
    return listing


def _manners(table: Table, path: str) -> SourceManners:
    manners = SourceManners(
        gap=float(table.number("gap", 0.0, _LONGEST_GAP, 1.0)),
        concurrency=int(table.number("concurrency", 1, _MOST_AT_ONCE, 1)),
        proxy=table.word("proxy", _PROXY, "http://127.0.0.1:3128"),
        legacy_tls=table.flag("legacy_tls"),
        obeys_robots=table.choice("robots", ("obey", "ignore"), "obey") == "obey",
        robots_reason=table.text("robots_reason"),
    )
    table.finish()
    if not manners.obeys_robots and not manners.robots_reason:
        message, span = "不遵守 robots.txt，要写明理由", table.value_span("robots")
        hint = '加一行 robots_reason = "……"，例如：已征得该单位同意'
        table.problems.append(Diagnostic(Code.KEY_MISSING, path, span, message, hint))
    return manners


def _texts(table: Table, path: str, key: str, shape: tuple[str, str, str]) -> tuple[str, ...]:
    """A list of which every element is of a ``shape``: pattern, name and what to write."""
    pattern, name, hint = shape
    texts = table.texts(key, pattern=f"^(?:{pattern})$") or ()
    for text in texts:
        if not re.fullmatch(pattern, text.value) or not _is_split(text.value):
            message = f"{text.value} 不是一个{name}"
            table.problems.append(Diagnostic(Code.VALUE_INVALID, path, text.span, message, hint))
    return tuple(text.value for text in texts)


def _is_split(address: str) -> bool:
    try:
        urlsplit(address)
    except ValueError:  # http://[1
        return False
    return True


def _words(table: Table, key: str) -> tuple[str, ...]:
    return tuple(word.value for word in table.texts(key) or ())


def _known(table: Table, path: str, key: str, default: str, is_known: Callable[[str], bool]) -> str:
    value = table.text(key, default=default)
    if value == default or is_known(value):
        return value
    example = {"encoding": "gb18030", "timezone": "Asia/Shanghai"}[key]
    message, hint = f"{key} 的值 {value} 无人认得", f'写成 {key} = "{example}"'
    table.problems.append(
        Diagnostic(Code.VALUE_INVALID, path, table.value_span(key), message, hint)
    )
    return default


def _is_encoding(name: str) -> bool:
    try:
        "字".encode(name, errors="replace")  # codecs.lookup would take hex and zip too
    except (LookupError, ValueError):  # ValueError: undefined, or a name with a null
        return False
    return True


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo  # noqa: PLC0415  (few files name one)

    if not re.fullmatch(_ZONE, name):
        return False
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # OSError: Asia is a folder
        return False
    return True
