"""``jianbao sources``: the registry, what it takes from a list, and new sources for it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from jianbao.cli.chinese import ChineseCommand, ChineseGroup
from jianbao.errors import MachineProblem, UsageProblem
from jianbao.records import Kind, Level
from jianbao.workspace import find_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.candidates import Page
    from jianbao.diagnostics import Diagnostic
    from jianbao.gather.lines import Line, Reading
    from jianbao.gather.opml import Outline
    from jianbao.gather.poll import SourceState
    from jianbao.gather.ways import Way
    from jianbao.records import Source
    from jianbao.registering import NewSource
    from jianbao.workspace import Workspace

#: Commands below ``jianbao sources``.
COMMANDS = {
    "list": ("jianbao.cli.sources", "list_sources"),
    "add": ("jianbao.cli.sources", "add"),
    "test": ("jianbao.cli.sources", "test"),
    "export": ("jianbao.cli.sources", "export"),
    "import": ("jianbao.cli.sources", "import_sources"),
}
#: Lines of a list that are shown before the rest is counted.
_SHOWN = 20


@click.group(cls=ChineseGroup, commands_at=COMMANDS, invoke_without_command=True)
@click.pass_context
def sources(context: click.Context) -> int:
    """来源：列出、新增、试读。不写命令就是列出。"""
    return _list() if context.invoked_subcommand is None else 0


@click.command(cls=ChineseCommand, options_metavar="")
def list_sources() -> int:
    """列出登记的来源：名称、层级、怎样采集、上次和下次、域名，还有要人看看的。"""
    return _list()


def _list() -> int:
    from jianbao.gather.libraries import need_gather_libraries  # noqa: PLC0415  (help must not wait)

    need_gather_libraries()
    from jianbao.cli.columns import terminal_width  # noqa: PLC0415  (likewise)
    from jianbao.cli.source_table import table  # noqa: PLC0415
    from jianbao.registering import registry  # noqa: PLC0415

    workspace = find_workspace(Path.cwd())
    known, problems = registry(workspace)
    if known:
        now = datetime.now().astimezone()
        for line in table(known, _states(workspace), now, terminal_width()):
            click.echo(line)
    elif not problems:
        click.echo("还没有登记来源；用 jianbao sources add 网址 加一个")
    return _report(workspace, problems)


def _states(workspace: Workspace) -> tuple[SourceState, ...]:
    """What the store has on the lists. The registry can be read without one."""
    from jianbao.registering import states_of  # noqa: PLC0415  (help must not wait)

    try:
        return states_of(workspace)
    except MachineProblem as error:
        click.echo(f"不知道各个来源上次怎样：{error.message}", err=True)
        return ()


def _report(workspace: Workspace, problems: tuple[Diagnostic, ...]) -> int:
    from jianbao import reporting  # noqa: PLC0415  (likewise)
    from jianbao.cli.check import report  # noqa: PLC0415

    if problems:
        shown = report(problems, workspace, reporting.FORMATS[0], False)  # noqa: FBT003  (no colour)
        click.echo(shown, err=True)
    return int(bool(problems))


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument("name", metavar="来源")
@click.option(
    "--page",
    metavar="文件",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="不联网，用浏览器另存的列表页。",
)
@click.option("--url", metavar="网址", default="", help="另存的页原来的网址，默认是第一个列表。")
def test(name: str, page: Path | None, url: str) -> int:
    """试读：看一个来源的列表里取到了什么，什么也不存。

    退出码：0 取到了，1 一条也没有取到，2 用法有误。
    """
    from jianbao.gather.libraries import need_gather_libraries  # noqa: PLC0415  (likewise)

    need_gather_libraries()
    from jianbao.gather.reading import read_entries  # noqa: PLC0415
    from jianbao.registering import ask_page, chosen, registry, saved_page  # noqa: PLC0415

    workspace = find_workspace(Path.cwd())
    source = chosen(registry(workspace)[0], name)
    if source.kind is Kind.MANUAL:
        raise UsageProblem(f"{source.name}由人工查阅，没有列表", "改 kind 并写上 lists 再试")
    if page is not None:
        readings = [read_entries(source, saved_page(page, url or source.lists[0]))]
    else:
        readings = []
        for address in source.lists:
            reading = read_entries(source, ask_page(workspace, address, source))
            readings.append(_followed(workspace, source, reading) if reading.follow else reading)
    for reading in readings:
        _show(reading)
    return int(not all(reading.entries for reading in readings))


def _show(reading: Reading) -> None:
    if reading.follow:
        click.echo(f"这一页没有列表，列表在 {reading.follow}")
    click.echo("取到：" + "，".join(f"{name} {count}" for name, count in reading.took))
    for number, line in enumerate(reading.lines[:_SHOWN], start=1):
        click.echo(f"{number:>3}  {_told(line)}")
    if len(reading.lines) > _SHOWN:
        click.echo(f"     还有 {len(reading.lines) - _SHOWN} 条")
    for problem in reading.problems:
        click.echo(f"问题：{problem}")


def _told(line: Line) -> str:
    if line.entry is None:
        return f"×  {line.problem}"
    day = str(line.entry.published or "没有日期")[:16]
    remark = "" if line.is_wanted else "（按 include、exclude 不要）"
    return f"{day}  {line.entry.title}{remark}\n     {line.entry.url}"


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument("where", metavar="网址或文件")
@click.option("--url", metavar="网址", default="", help="文件是从哪个网址另存的。")
@click.option("--name", metavar="名称", help="来源的名称，与印在文末的相同。")
@click.option("--level", type=click.Choice([*Level]), help="层级。")
@click.option("--section", metavar="栏目", help="默认栏目，默认是第一个。")
@click.option("--as", "stem", metavar="文件名", help="sources/ 里的文件名，不写 .toml。")
@click.option("--yes", is_flag=True, help="不问，直接写。")
def add(  # noqa: PLR0913  (one for each option)
    where: str,
    *,
    url: str,
    name: str | None,
    level: str | None,
    section: str | None,
    stem: str | None,
    yes: bool,
) -> int:
    """新增来源：给一个列表页或订阅源的网址，或者浏览器另存的文件。

    找出网页标明的订阅源；没有的，从重复出现的链接和日期里找出列表，先看取到什么再写。
    """
    from jianbao.gather.libraries import need_gather_libraries  # noqa: PLC0415  (likewise)

    need_gather_libraries()
    from jianbao.registering import (  # noqa: PLC0415
        NewSource,
        ask_page,
        name_at,
        saved_page,
        sections_of,
        stem_of,
    )

    workspace = find_workspace(Path.cwd())
    is_web = where.startswith(("http://", "https://"))
    if not is_web and not Path(where).is_file():
        raise UsageProblem(f"没有 {where} 这个文件", "网址要以 https:// 开头")
    page = ask_page(workspace, where) if is_web else saved_page(Path(where), url)
    host = urlsplit(page.url).hostname or ""
    draft = NewSource(
        stem=stem or stem_of(host),
        name=name or name_at(host),
        level=Level(level) if level else _level(host),
        hosts=(host,),
        section=section or sections_of(workspace)[0],
        kind=Kind.FEED,
        lists=(page.url,),
    )
    return _write(workspace, _proposed(workspace, draft, page, is_online=is_web), yes=yes)


def _level(host: str) -> Level:
    """A guess for the editor to mend: x.jia.gov.cn is below a province or a city."""
    if not host.endswith(".gov.cn"):
        return Level.INDUSTRY
    labels = host.removesuffix(".gov.cn").removeprefix("www.").split(".")
    return Level.NATIONAL if len(labels) == 1 else Level.PROVINCIAL


def _proposed(workspace: Workspace, draft: NewSource, page: Page, *, is_online: bool) -> NewSource:
    """``draft`` with the first way to read ``page`` that gives entries, shown with what it takes.

    What the page only names, its feed or where its list is, is asked for first; of a saved page
    it is believed.
    """
    from jianbao.gather.charset import decode_page  # noqa: PLC0415  (likewise)
    from jianbao.gather.reading import read_entries  # noqa: PLC0415
    from jianbao.gather.ways import ways_to_read  # noqa: PLC0415
    from jianbao.registering import as_source, sections_of  # noqa: PLC0415

    if draft.section not in sections_of(workspace):
        known = "、".join(sections_of(workspace))
        raise UsageProblem(f"没有“{draft.section}”这个栏目", f"栏目有：{known}")
    text = decode_page(page.body, page.content_type)
    for one in (draft, *_drafts(draft, ways_to_read(text, page.url, page.fetched))):
        is_named = one.kind is Kind.FEED and one is not draft
        if is_named:
            click.echo(f"网页标明了订阅源 {one.lists[0]}")
        if is_named and not is_online:
            click.echo("没有联网，还不知道订阅源里有什么")
            return one
        source = as_source(one)
        reading = _named(workspace, source) if is_named else read_entries(source, page)
        if reading and reading.follow and is_online:
            reading = _followed(workspace, source, reading)
        if reading and (reading.entries or reading.follow):
            _show(reading)
            return one
    raise UsageProblem(
        "没有找到订阅源，也没有看出列表", "照 docs/sources.md 自己写选择器，再用 sources test 试"
    )


def _drafts(draft: NewSource, ways: tuple[Way, ...]) -> Iterator[NewSource]:
    from dataclasses import replace  # noqa: PLC0415  (only here)

    for way in ways:
        yield replace(draft, kind=way.kind, lists=(way.address,), listing=way.listing)


def _named(workspace: Workspace, source: Source) -> Reading | None:
    """What the feed of ``source`` gives; None where it does not come or is empty."""
    from jianbao.gather.reading import read_entries  # noqa: PLC0415  (help must not wait)
    from jianbao.registering import ask_page  # noqa: PLC0415  (likewise)

    try:
        reading = read_entries(source, ask_page(workspace, source.lists[0], source))
    except UsageProblem as error:
        click.echo(f"  没有取到：{error.message}")
        return None
    if not reading.entries:
        click.echo("  里面一条也没有")
    return reading


def _followed(workspace: Workspace, source: Source, reading: Reading) -> Reading:
    """What is at the address that ``reading`` leads to."""
    from jianbao.gather.reading import read_entries  # noqa: PLC0415  (help must not wait)
    from jianbao.registering import ask_page  # noqa: PLC0415  (likewise)

    click.echo(f"列表在 {reading.follow}")
    return read_entries(source, ask_page(workspace, reading.follow, source))


def _write(workspace: Workspace, new: NewSource, *, yes: bool) -> int:
    from jianbao.registering import text_of, write_source  # noqa: PLC0415  (likewise)

    click.echo(f"\nsources/{new.stem}.toml：\n{text_of(new)}")
    if not yes and not click.confirm("写这个文件吗？"):
        click.echo("没有写。")
        return 0
    file = write_source(workspace, new)
    click.echo(f"已写 {workspace.relative(file)}；核对名称和层级，再用 jianbao fetch {new.stem}")
    return 0


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.option("--opml", is_flag=True, required=True, help="OPML，各种阅读器都能读。")
def export(*, opml: bool) -> int:
    """把有列表的来源写到标准输出；选择器也在里面。"""
    from jianbao.gather.libraries import need_gather_libraries  # noqa: PLC0415  (likewise)

    need_gather_libraries()
    from jianbao.gather.opml import write_opml  # noqa: PLC0415
    from jianbao.registering import registry  # noqa: PLC0415

    del opml  # the only form
    workspace = find_workspace(Path.cwd())
    known, problems = registry(workspace)
    click.echo(write_opml(known, "来源"), nl=False)
    return _report(workspace, problems)


@click.command("import", cls=ChineseCommand, options_metavar="[选项]")
@click.argument(
    "file", metavar="文件", type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--section", metavar="栏目", help="没有对应栏目的归到哪里，默认是第一个。")
@click.option("--yes", is_flag=True, help="不问，直接写。")
def import_sources(file: Path, section: str | None, *, yes: bool) -> int:
    """从 OPML 新增来源；名称或列表已经登记的跳过。"""
    from jianbao.gather.libraries import need_gather_libraries  # noqa: PLC0415  (likewise)

    need_gather_libraries()
    from jianbao.gather.opml import NotOpml, read_opml  # noqa: PLC0415
    from jianbao.registering import sections_of, write_source  # noqa: PLC0415

    workspace = find_workspace(Path.cwd())
    sections = sections_of(workspace)
    if section and section not in sections:
        raise UsageProblem(f"没有“{section}”这个栏目", f"栏目有：{'、'.join(sections)}")
    try:
        outlines = read_opml(file.read_bytes())
    except NotOpml as error:
        raise UsageProblem(f"{file.name} 不是 OPML：{error}", "从阅读器里重新导出") from error
    fresh = _fresh(workspace, outlines, section or sections[0])
    for new in fresh:
        click.echo(f"{new.stem}\t{new.name}\t{new.section}\t{'、'.join(new.lists)}")
    click.echo(f"{len(fresh)} 个新来源，{len(outlines) - len(fresh)} 个已经登记")
    if fresh and (yes or click.confirm("写这些文件吗？")):
        for new in fresh:
            write_source(workspace, new)
        click.echo("已写；核对各个文件里的名称和层级")
    return 0


def _fresh(
    workspace: Workspace, outlines: tuple[Outline, ...], fallback: str
) -> tuple[NewSource, ...]:
    """What is not registered, each with a file name of its own."""
    from jianbao.registering import NewSource, registry, sections_of, stem_of  # noqa: PLC0415

    known, _ = registry(workspace)
    names = {source.name for source in known}
    lists = {address for source in known for address in source.lists}
    stems = {file.stem for file in workspace.sources.glob("*.toml")}
    fresh: list[NewSource] = []
    for outline in outlines:
        if outline.name in names or lists & set(outline.lists):
            continue
        stem = bare = stem_of(outline.hosts[0])
        while stem in stems:
            stem = f"{bare}-{len(stems)}"
        stems.add(stem)
        names.add(outline.name)
        is_known = outline.section in sections_of(workspace)
        fresh.append(
            NewSource(
                stem=stem,
                name=outline.name,
                level=outline.level,
                hosts=outline.hosts,
                section=outline.section if is_known else fallback,
                kind=outline.kind,
                lists=outline.lists,
                listing=outline.listing,
            )
        )
    return tuple(fresh)
