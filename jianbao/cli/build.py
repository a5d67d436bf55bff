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
from jianbao.editions import EDITIONS
from jianbao.errors import UsageProblem
from jianbao.reporting import summary
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
    """Which editions to build, and into which folder."""

    out: Path | None
    editions: tuple[str, ...]


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@issue_argument
@click.option(
    "--edition",
    metavar="版本",
    default="pdf",
    help="要生成的版本，用逗号分开：pdf 屏幕上看，print 付印，archive 存档。默认 pdf。",
)
@click.option(
    "--out",
    metavar="文件夹",
    type=click.Path(path_type=Path, file_okay=False),
    help="生成到 文件夹/期/，默认是工作区的 output/期/。",
)
@click.option("--strict", is_flag=True, help="有警告也返回 1。")
@click.option("--quiet", "-q", is_flag=True, help="不显示进度，只显示问题。")
def build(
    issues: tuple[str, ...], edition: str, out: Path | None, *, strict: bool, quiet: bool
) -> int:
    """检查并生成一期。

    有错误就什么也不写，上一次生成的文件保持原样。
    退出码：0 已生成，1 有错误，2 用法或配置有误，3 机器缺少东西。
    """
    editions = _known_editions(edition)
    order = _Order(out, editions)
    targets = [find_issue(argument, Path.cwd()) for argument in issues]
    codes = [_build_one(w, f, order, strict=strict, quiet=quiet) for w, f in targets]
    return max(codes)


def _known_editions(edition: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in edition.split(",")))
    for name in names:
        if name not in EDITIONS:
            hint = f"可用的版本：{'、'.join(EDITIONS)}"
            raise UsageProblem(f"没有 {name or '（空）'} 这个版本", hint)
    return names


def _build_one(
    workspace: Workspace,
    folder: Path,
    order: _Order,
    *,
    strict: bool,
    quiet: bool,
) -> int:
    started = time.monotonic()
    with (
        engine() as printer,
        Progress(folder.name, _STEPS + _STEPS_EACH * len(order.editions), quiet=quiet) as progress,
    ):
        # After the engine has started, since it is imported in that time.
        from jianbao import pipeline  # noqa: PLC0415

        progress("检查")
        checked = pipeline.check(workspace, folder, date.today())  # noqa: DTZ011  (the editor's own day)
        output = order.out or workspace.output
        press = pipeline.Press(
            output=output, editions=order.editions, engine=printer, progress=progress
        )
        built = pipeline.build(checked, workspace, folder, press)
    shown = report(built.diagnostics, workspace, "full", sys.stderr.isatty())
    click.echo(shown, nl=False, err=True)
    _say(folder.name, built, time.monotonic() - started, quiet=quiet)
    return _code(checked, built, strict=strict)


def engine() -> AbstractContextManager[Engine | None]:
    """The engine in a process of its own where that is possible, started now."""
    from jianbao.press.engine_process import EngineProcess, can_fork  # noqa: PLC0415

    return EngineProcess() if can_fork() else nullcontext()


def _say(name: str, built: Built, seconds: float, *, quiet: bool) -> None:
    found = summary(built.diagnostics)
    if built.folder is None:
        click.echo(f"{name}：{found}，没有生成；上一次的文件保持原样", err=True)
    elif not quiet:
        for artifact in built.artifacts:
            click.echo(f"已生成 {_shown(built.folder / artifact)}")
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
