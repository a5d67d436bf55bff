"""``jianbao build``."""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.cli.check import exit_code, report
from jianbao.cli.chinese import ChineseCommand
from jianbao.cli.issues import issue_argument
from jianbao.cli.progress import Progress
from jianbao.diagnostics import Severity, has_errors
from jianbao.editions import EDITIONS, WECHAT
from jianbao.errors import UsageProblem
from jianbao.reporting import summary
from jianbao.settings import Packing
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from jianbao.pipeline import Built, Checked
    from jianbao.press.paged import Engine
    from jianbao.workspace import Workspace

#: Steps of a build, and of each edition.
_STEPS, _STEPS_EACH = 3, 2


@dataclass(frozen=True, slots=True)
class _Order:
    """Which editions to build, into which folder, and how."""

    out: Path | None
    editions: tuple[str, ...]
    packing: Packing | None
    strict: bool
    quiet: bool
    watch: bool
    queue: bool


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@issue_argument
@click.option(
    "--edition",
    metavar="版本",
    default="pdf",
    help="要生成的版本，用逗号分开：pdf 屏幕上看，print 付印，archive 存档，"
    "wechat 公众号。默认 pdf。",
)
@click.option(
    "--packing",
    type=click.Choice([packing.value for packing in Packing]),
    metavar="分篇",
    help="公众号文章怎样分篇：single 全期一篇，sections 卷首和每个栏目各一篇，articles 每条一篇。"
    "默认照 jianbao.toml。",
)
@click.option(
    "--out",
    metavar="文件夹",
    type=click.Path(path_type=Path, file_okay=False),
    help="生成到 文件夹/期/，默认是工作区的 output/期/。",
)
@click.option("--strict", is_flag=True, help="有警告也返回 1。")
@click.option("--quiet", "-q", is_flag=True, help="不显示进度，只显示问题。")
@click.option("--queue", is_flag=True, help="交给各台机器上的 worker 生成（要用 PostgreSQL）。")
@click.option("--watch", is_flag=True, help="文件一有改动就再生成一次，直到按 Ctrl-C。")
def build(
    issues: tuple[str, ...], edition: str, packing: str | None, out: Path | None, **wishes: bool
) -> int:
    """检查并生成一期。

    有错误就什么也不写，上一次生成的文件保持原样。
    退出码：0 已生成，1 有错误，2 用法或配置有误，3 机器缺少东西。
    """
    chosen = Packing(packing) if packing else None
    order = _Order(out, _known_editions(edition), chosen, **wishes)
    targets = tuple(dict.fromkeys(find_issue(argument, Path.cwd()) for argument in issues))
    if order.queue:
        return _enqueue(targets, order)
    if order.watch:
        from jianbao.cli.watching import again_and_again  # noqa: PLC0415  (only this pays for it)

        return again_and_again(targets[0][0], lambda: _build(targets, order), out)
    return _build(targets, order)


def _build(targets: tuple[tuple[Workspace, Path], ...], order: _Order) -> int:
    return max([_build_one(workspace, folder, order) for workspace, folder in targets])


def _enqueue(targets: tuple[tuple[Workspace, Path], ...], order: _Order) -> int:
    """Have workers build ``targets``, which need not wait for one another."""
    if order.out or order.packing or order.strict or order.watch:
        hint = "worker 生成到 output/，照 jianbao.toml 分篇；别的选项去掉，或不用 --queue"
        raise UsageProblem("--queue 只能与 --edition 同用", hint)
    from jianbao.jobs.queue import open_queue  # noqa: PLC0415  (only this pays for it)
    from jianbao.load import load_publication  # noqa: PLC0415  (likewise)
    from jianbao.storing import open_workspace_store  # noqa: PLC0415  (likewise)

    workspace = targets[0][0]
    engine = open_workspace_store(workspace, load_publication(workspace).store)
    try:
        queue = open_queue(engine)
        queue.enqueue_builds([folder.name for _, folder in targets], order.editions)
        workers = queue.workers()
    finally:
        engine.dispose()
    click.echo(f"{len(targets)} 期交给 worker 生成，现在有 {workers} 个", err=True)
    return 0


def _known_editions(edition: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in edition.split(",")))
    for name in names:
        if name not in EDITIONS:
            hint = f"可用的版本：{'、'.join(EDITIONS)}"
            raise UsageProblem(f"没有 {name or '（空）'} 这个版本", hint)
    return names


def _build_one(workspace: Workspace, folder: Path, order: _Order) -> int:
    started = time.monotonic()
    steps = _STEPS + _STEPS_EACH * len(order.editions)
    # A watcher has threads, which a fork does not survive; and its engine stays imported.
    with (
        nullcontext() if order.watch or order.editions == (WECHAT,) else engine() as printer,
        Progress(folder.name, steps, quiet=order.quiet) as progress,
    ):
        # After the engine has started, since it is imported in that time.
        from jianbao import pipeline  # noqa: PLC0415

        progress("检查")
        checked = pipeline.check(workspace, folder, date.today())  # noqa: DTZ011  (the editor's own day)
        output = order.out or workspace.output
        press = pipeline.Press(
            output=output,
            editions=order.editions,
            packing=order.packing,
            engine=printer,
            progress=progress,
        )
        built = pipeline.build(checked, workspace, folder, press)
    shown = report(built.diagnostics, workspace, "full", sys.stderr.isatty())
    click.echo(shown, nl=False, err=True)
    _say(folder.name, built, time.monotonic() - started, quiet=order.quiet)
    return _code(checked, built, strict=order.strict)


def engine() -> AbstractContextManager[Engine | None]:
    """The engine in a process of its own where that is possible, started now."""
    from jianbao.press.engine_process import EngineProcess, can_fork  # noqa: PLC0415

    return EngineProcess() if can_fork() else nullcontext()


def _say(name: str, built: Built, seconds: float, *, quiet: bool) -> None:
    found = summary(built.diagnostics)
    if built.folder is None:
        click.echo(f"{name}：{found}，没有生成；上一次的文件保持原样", err=True)
    elif not quiet:
        for artifact in (one for one in built.artifacts if "/images/" not in one):
            click.echo(f"已生成 {_shown(built.folder / artifact)}")
        for remark in built.remarks:
            click.echo(remark)
        pages = f"共 {built.pages} 页，" if built.pages else ""
        click.echo(f"{name}：{pages}{found + '，' if found else ''}用时 {seconds:.1f} 秒")


def _shown(file: Path) -> str:
    here = Path.cwd()
    return str(file.relative_to(here)) if file.is_relative_to(here) else str(file)


def _code(checked: Checked, built: Built, *, strict: bool) -> int:
    before = exit_code(checked, strict=strict)
    if before or has_errors(built.diagnostics):
        return before or 1
    warned = any(d.severity is Severity.WARNING for d in built.diagnostics)
    return 1 if strict and warned else 0
