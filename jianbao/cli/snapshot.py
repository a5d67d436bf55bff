"""``jianbao snapshot``."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.cli.chinese import ChineseCommand
from jianbao.cli.progress import Progress
from jianbao.errors import UsageProblem
from jianbao.evidence import RECORD
from jianbao.records import Witness
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from jianbao.gather.snapshot import Kept, NotKept
    from jianbao.model import Item
    from jianbao.workspace import Workspace

#: How much of an address the progress shows.
_SHOWN = 60


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument("issue", metavar="期")
@click.argument("names", nargs=-1, metavar="[稿件…]")
@click.option(
    "--page",
    metavar="文件",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="不联网，用浏览器另存的网页；这时只写一条稿件。",
)
@click.option("--by", metavar="姓名", help="谁存的，默认是登录这台机器的用户名。")
@click.option("--refresh", is_flag=True, help="已有存证的也重新存。")
def snapshot(
    issue: str, names: tuple[str, ...], page: Path | None, by: str | None, *, refresh: bool
) -> int:
    """存证：把各条原文的网页连同哈希存进 evidence/期/。

    此后 jianbao check 拿稿件的标题、日期、来源、文号和数字与存下的原文核对。
    稿件写文件名，不写就是全部；已有存证的跳过。退出码：0 都存了，1 有没存下的，2 用法有误。
    """
    from jianbao import originals  # noqa: PLC0415  (help must not wait for the stages)

    workspace, folder = find_issue(issue, Path.cwd())
    there = originals.items_with_originals(workspace, folder)
    items = _wanted(there, names)
    if page is not None and len(items) != 1:
        raise UsageProblem(
            "--page 要写明是哪一条稿件", "例如 jianbao snapshot 2025-04 01-a --page 网页.html"
        )
    if page is None and not refresh:
        items = tuple(item for item in items if not _has_evidence(workspace, folder, item))
    witness = Witness(by or getpass.getuser(), datetime.now().astimezone())
    with Progress(folder.name, len(items), quiet=page is not None) as progress:
        keeping = originals.Keeping(
            witness=witness,
            saved=page.read_bytes() if page else None,
            progress=lambda url: progress(f"存证 {url[:_SHOWN]}"),
        )
        kept = originals.keep_pages(workspace, folder, items, keeping)
    return _tell(folder.name, items, kept)


def _wanted(there: tuple[Item, ...], names: tuple[str, ...]) -> tuple[Item, ...]:
    """The items that ``names`` mean, by file name with or without its ending."""
    by_stem = {item.stem: item for item in there}
    for name in names:
        if Path(name).name.removesuffix(".md") not in by_stem:
            hint = f"可以存证的：{'、'.join(by_stem) or '（没有）'}"
            raise UsageProblem(f"没有 {name} 这条稿件，或者它没有可以访问的网址", hint)
    return tuple(by_stem[Path(name).name.removesuffix(".md")] for name in names) or there


def _has_evidence(workspace: Workspace, folder: Path, item: Item) -> bool:
    return (workspace.evidence / folder.name / f"{item.stem}{RECORD}").exists()


def _tell(issue: str, items: tuple[Item, ...], kept: tuple[Kept | NotKept, ...]) -> int:
    """One line an item; return the exit code."""
    from jianbao.gather.snapshot import NotKept  # noqa: PLC0415  (likewise)

    for item, one in zip(items, kept, strict=True):
        if isinstance(one, NotKept):
            again = f"jianbao snapshot {issue} {item.stem} --page 文件"
            click.echo(f"{item.stem}：没有存，{one.why}；在浏览器里另存网页，再运行 {again}")
        else:
            said = one.snapshot
            shown = "，".join(filter(None, (said.title, said.published, said.source)))
            click.echo(f"{item.stem}：已存，{shown or '网页没有写标题'}，正文 {len(said.text)} 字")
    if not items:
        click.echo("没有要存证的稿件：都存过了（要重新存的加 --refresh），或者没有网址")
    return int(any(isinstance(one, NotKept) for one in kept))
