"""``jianbao subscribers import`` and its undo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.cli.chinese import ChineseCommand
from jianbao.cli.post_room import actor, enter
from jianbao.cli.progress import Count
from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jianbao.deliver.readers.importing import Fate
    from jianbao.deliver.readers.subscriber_files import BadRow


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument(
    "file", metavar="文件", type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--list", "list_name", metavar="列表", help="没有写列表的订户归入哪个列表。")
@click.option("--yes", is_flag=True, help="看过预览不再询问，直接导入。")
@click.option("--quiet", "-q", is_flag=True, help="不显示进度。")
def import_file(file: Path, list_name: str | None, *, yes: bool, quiet: bool) -> int:
    """导入订户：CSV（UTF-8 或 GB18030）或 Excel（.xlsx）。

    第一行是列名：email（邮箱）、name（姓名）、lists（列表）、tags（标签）；其余的列是附加信息。
    先给出预览；有问题的行逐条列出，其余照常导入。同一个文件导入几次都一样。
    退订、停发和要求删除的人不会因为导入又收到。退出码：0 已导入，1 有问题的行，2 用法有误。
    """
    from jianbao.deliver.readers.importing import Fate, Import, Importing  # noqa: PLC0415  (help must not wait for it)

    room = enter()
    order = Import(file, list_name or room.settings.default_list, actor())
    importing = Importing(room.engine, room.keys)
    with Count(f"读 {file.name}", quiet=quiet) as count:
        work = importing.run if yes else importing.preview
        counts = work(order, count, lambda row: count.say(_bad(row, file)))
    _echo(counts)
    if not yes and (counts[Fate.NEW] or counts[Fate.CHANGED]):
        click.confirm("导入吗？", abort=True, err=True)
        with Count(f"导入 {file.name}", quiet=quiet) as count:
            counts = importing.run(order, count, lambda _row: None)
    if counts[Fate.NEW] or counts[Fate.CHANGED]:
        click.echo("已导入；要撤销，运行 jianbao subscribers undo")
    else:
        click.echo("没有要改的")
    return 1 if counts[Fate.BAD] else 0


def _bad(row: BadRow, file: Path) -> str:
    return f"{file.name}:{row.line}：{row.reason}"


def _echo(counts: Mapping[Fate, int]) -> None:
    from jianbao.deliver.readers.importing import FATE_NAMES  # noqa: PLC0415  (likewise)

    click.echo("，".join(f"{FATE_NAMES[fate]} {many}" for fate, many in counts.items()))


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.option("--yes", is_flag=True, help="不再询问。")
def undo(*, yes: bool) -> int:
    """撤销上一次导入。

    导入以后已经收到过邮件的人留在记录里，但从那次导入的列表里去掉；导入以后退订的仍是退订。
    """
    from jianbao.deliver.readers.undoing import undo_import  # noqa: PLC0415  (likewise)

    room = enter()
    if not yes:
        click.confirm("撤销上一次导入吗？", abort=True, err=True)
    undone = undo_import(room.engine, actor())
    if undone is None:
        raise UsageProblem("没有可撤销的导入", "jianbao subscribers list 看现有的订户")
    kept = f"，{undone.kept} 位已收到过邮件，只去掉了列表" if undone.kept else ""
    click.echo(
        f"已撤销导入 {undone.file}：去掉 {undone.removed} 位，恢复 {undone.restored} 位{kept}"
    )
    return 0
