"""``jianbao init`` and ``jianbao new``."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from jianbao.cli.chinese import ChineseCommand
from jianbao.errors import UsageProblem
from jianbao.workspace import find_workspace


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", metavar="刊名", help="刊物的名称，默认是文件夹的名称。")
def init(folder: Path, name: str | None) -> int:
    """新建刊物：在文件夹里放好 jianbao.toml 等文件。已有的文件不会改动。"""
    from jianbao.founding import found_workspace  # noqa: PLC0415  (help must not wait)
    from jianbao.schema import SCHEMAS, schema_text  # noqa: PLC0415  (likewise)

    schemas = {file: schema_text(file) for file in SCHEMAS}
    workspace = found_workspace(folder, name or folder.resolve().name, schemas)
    click.echo(f"已新建刊物 {workspace.root}")
    click.echo("下一步：修改其中的 jianbao.toml，然后在那里运行 jianbao new")
    return 0


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument("issue_id", metavar="[编号]", required=False)
@click.option(
    "--date",
    "day",
    metavar="日期",
    type=click.DateTime(["%Y-%m-%d"]),
    help="出刊日期，例如 2025-02-17。默认是今天。",
)
def new(issue_id: str | None, day: datetime | None) -> int:
    """新建下一期。期号每年从 1 开始，总期号一直累加，都记入台账 issues/ledger.csv。"""
    from jianbao.founding import found_issue  # noqa: PLC0415  (help must not wait)

    if issue_id is not None and not issue_id.replace("-", "").replace("_", "").isalnum():
        raise UsageProblem(f"{issue_id} 不能用作编号", "编号只能用文字、数字、连字符，例如 2025-05")
    workspace = find_workspace(Path.cwd())
    entry = found_issue(workspace, day.date() if day else date.today(), issue_id)  # noqa: DTZ011  (the editor's own day)
    click.echo(f"已新建 issues/{entry.id}：第{entry.number}期，总第{entry.total}期，{entry.date}")
    click.echo(f"下一步：把稿件放进这个文件夹，然后运行 jianbao build {entry.id}")
    return 0
