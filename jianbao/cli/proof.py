"""``jianbao proof``."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.cli.build import engine
from jianbao.cli.check import report
from jianbao.cli.chinese import ChineseCommand
from jianbao.cli.issues import issue_argument
from jianbao.cli.progress import Progress
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from jianbao.pipeline import Built, Checked
    from jianbao.workspace import Workspace

_STEPS = 7


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@issue_argument
@click.option("--quiet", "-q", is_flag=True, help="不显示进度。")
def proof(issues: tuple[str, ...], *, quiet: bool) -> int:
    """生成一期，画出全部页面的小样，量出版面的数字。

    写到 output/期.proof/：contact-sheet.png、report.txt、report.json。
    退出码：0 已写出，1 稿件有错误，2 用法或配置有误，3 机器缺少东西。
    """
    from jianbao.press.proof import need_proof_libraries  # noqa: PLC0415  (help must not wait for the press)

    need_proof_libraries()
    targets = [find_issue(argument, Path.cwd()) for argument in issues]
    return max(_prove(workspace, folder, quiet=quiet) for workspace, folder in targets)


def _prove(workspace: Workspace, folder: Path, *, quiet: bool) -> int:
    from jianbao.press.proof import measure, write_proof  # noqa: PLC0415  (likewise)

    with Progress(folder.name, _STEPS, quiet=quiet) as progress:
        checked, built = _build(workspace, folder, progress)
        if checked.issue is None or built.folder is None:
            shown = report(built.diagnostics, workspace, "full", sys.stderr.isatty())
            click.echo(shown, nl=False, err=True)
            return 1
        progress("量版面，画小样")
        pdf = built.folder / built.artifacts[0]
        target = workspace.output / f"{folder.name}.proof"
        text = write_proof(measure(pdf, checked.issue), pdf, target)
    click.echo(f"{text}已写出 {target}")
    return 0


def _build(workspace: Workspace, folder: Path, progress: Progress) -> tuple[Checked, Built]:
    """Always built anew: a proof of another text than the files' would mislead."""
    with engine() as printer:
        from jianbao import pipeline  # noqa: PLC0415  (imported while the engine starts)

        progress("检查")
        checked = pipeline.check(workspace, folder, date.today())  # noqa: DTZ011  (the editor's own day)
        press = pipeline.Press(
            output=workspace.output, outgoing=False, engine=printer, progress=progress
        )
        return checked, pipeline.build(checked, workspace, folder, press)
