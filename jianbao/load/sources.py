"""The registry of sources: each file of sources/ to a `Source`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.diagnostics import Code, Diagnostic
from jianbao.load.table import Table, read_toml
from jianbao.load.text import read_text
from jianbao.patterns import pattern
from jianbao.records import Level, Source

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.workspace import Workspace

_HOST = pattern(r"[\w-]+(?:\.[\w-]+)+")


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
    name = table.text("name", required=True)
    level = table.text("level", required=True) and table.choice(
        "level", tuple(Level), Level.NATIONAL
    )
    hosts = _hosts(table, path)
    section = table.text("section", required=True)
    kind = table.text("kind", required=True)
    if section and section not in sections:
        message, hint = f"没有“{section}”这个栏目", f"栏目有：{'、'.join(sections)}"
        span = table.value_span("section")
        table.problems.append(Diagnostic(Code.SECTION_UNKNOWN, path, span, message, hint))
    if name in seen:
        message = f"来源“{name}”在 {seen[name]} 里已经登记"
        span = table.value_span("name")
        table.problems.append(Diagnostic(Code.VALUE_INVALID, path, span, message, "只留一个"))
    table.finish()
    if table.problems:
        return None, tuple(table.problems)
    source = Source(
        path=path, name=name, level=Level(level), hosts=hosts, section=section, kind=kind
    )
    return source, ()


def _hosts(table: Table, path: str) -> tuple[str, ...]:
    hosts = table.texts("hosts") or ()
    for host in hosts:
        if not _HOST.fullmatch(host.value):
            message = f"{host.value} 不是一个域名"
            hint = "只写域名，例如 www.nda.gov.cn，不带 https:// 和路径"
            table.problems.append(Diagnostic(Code.VALUE_INVALID, path, host.span, message, hint))
    return tuple(host.value.lower() for host in hosts)
