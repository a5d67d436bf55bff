"""``jianbao sign``."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.cli.build import engine
from jianbao.cli.check import exit_code, report
from jianbao.cli.chinese import ChineseCommand
from jianbao.cli.issues import issue_argument
from jianbao.cli.progress import Progress
from jianbao.errors import UsageProblem
from jianbao.reporting import summary
from jianbao.reviews import Signature, Stage
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.model import CheckedIssue
    from jianbao.reviews import StageReview
    from jianbao.workspace import Workspace

#: Three reviews, then three proofreadings.
_ROUND = 3
#: Files that a line names.
_NAMED = 4
#: Steps of printing a sheet.
_STEPS = 3


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@issue_argument
@click.option(
    "--stage",
    type=click.Choice([stage.value for stage in Stage]),
    metavar="环节",
    help="初审、复审、终审、一校、二校或三校。不写则只列出现状。",
)
@click.option("--by", metavar="姓名", help="签字的人。")
@click.option("--note", metavar="意见", default="", help="审读意见。")
@click.option("--found", type=click.IntRange(0), metavar="个数", help="这一遍查出了几处差错。")
@click.option(
    "--item", "items", multiple=True, metavar="稿件", help="只签这一条，可以写几次。默认签全期。"
)
@click.option("--sheet", is_flag=True, help="排出审签单（PDF），写到 output/期-审签单.pdf。")
def sign(  # noqa: PLR0913  (one for each option)
    issues: tuple[str, ...],
    *,
    stage: str | None,
    by: str | None,
    note: str,
    found: int | None,
    items: tuple[str, ...],
    sheet: bool,
) -> int:
    """三审三校：记下谁在什么时候看过哪些内容。

    记在这一期文件夹的 review.jsonl 里，只追加，不改写。签字之后稿件再改，这条稿件的签字就作废。
    退出码：0 已签，1 稿件还有错误，2 用法有误。
    """
    targets = [find_issue(argument, Path.cwd()) for argument in issues]
    if stage is None and (by or note or items or found is not None):
        raise UsageProblem(
            "没有写是哪一个环节", "加上 --stage 初审（或复审、终审、一校、二校、三校）"
        )
    if stage is None:
        show = _print_sheet if sheet else _show
        return max(show(workspace, folder) for workspace, folder in targets)
    if not by or not by.strip():
        raise UsageProblem("没有写签字的人", "加上 --by 姓名")
    now = datetime.now().astimezone().replace(microsecond=0)
    signature = Signature(
        stage=Stage(stage), by=by.strip(), at=now, digests={}, note=note.strip(), found=found
    )
    codes = [_sign(workspace, folder, signature, items) for workspace, folder in targets]
    if sheet and not any(codes):
        codes += [_print_sheet(workspace, folder) for workspace, folder in targets]
    return max(codes)


def _sign(workspace: Workspace, folder: Path, signature: Signature, items: tuple[str, ...]) -> int:
    from jianbao import pipeline, signing  # noqa: PLC0415  (help must not wait for the stages)

    checked = pipeline.check(workspace, folder, date.today())  # noqa: DTZ011  (the editor's own day)
    code = exit_code(checked, strict=False)
    if code or checked.issue is None:
        click.echo(report(checked.diagnostics, workspace, "full", sys.stderr.isatty()), err=True)
        click.echo(f"{folder.name}：{summary(checked.diagnostics)}，没有签；先改好错误", err=True)
        return code
    digests = _chosen(checked.issue, workspace.relative(folder), items)
    signing.record_signature(folder, replace(signature, digests=digests))
    for remark in _remarks(checked.issue, signature):
        click.echo(f"注意：{remark}", err=True)
    at = signature.at.strftime("%Y-%m-%d %H:%M")
    click.echo(
        f"{folder.name}：{signature.stage} {signature.by} 已签 {len(digests)} 个文件（{at}）"
    )
    return 0


def _chosen(issue: CheckedIssue, folder: str, items: tuple[str, ...]) -> dict[str, str]:
    """Digests of what is signed: all, or the ``items``, by path or file name."""
    if not items:
        return dict(issue.record.digests)
    chosen = {}
    for name in items:
        forms = (name, f"{folder}/{name}", f"{folder}/{name}.md")
        path = next((form for form in forms if form in issue.record.digests), None)
        if path is None:
            names = "、".join(p.rpartition("/")[2] for p in issue.record.digests)
            raise UsageProblem(f"这一期没有 {name} 这个文件", f"可以签的有：{names}")
        chosen[path] = issue.record.digests[path]
    return chosen


def _remarks(issue: CheckedIssue, signature: Signature) -> Iterator[str]:
    """What is unusual: an earlier stage is not complete, or the same person did it."""
    stages = list(Stage)
    first = stages.index(signature.stage) // _ROUND * _ROUND
    for review in issue.reviews[first : stages.index(signature.stage)]:
        if not review.complete:
            yield f"{review.stage}还没有签全"
        if signature.by in {earlier.by for earlier in review.signatures}:
            yield f"{review.stage}也是{signature.by}；三审、三校应由不同的人做"


def _show(workspace: Workspace, folder: Path) -> int:
    from jianbao import pipeline  # noqa: PLC0415  (likewise)

    checked = pipeline.check(workspace, folder, date.today())  # noqa: DTZ011  (the editor's own day)
    if checked.issue is None:
        click.echo(f"{folder.name}：{summary(checked.diagnostics)}，先改好错误", err=True)
        return exit_code(checked, strict=False)
    click.echo(f"{folder.name} 的审签：")
    for review in checked.issue.reviews:
        click.echo(f"  {_state(review)}")
    return 0


def _print_sheet(workspace: Workspace, folder: Path) -> int:
    with engine() as printer, Progress(folder.name, _STEPS, quiet=False) as progress:
        from jianbao import pipeline  # noqa: PLC0415  (imported while the engine starts)

        today = date.today()  # noqa: DTZ011  (the editor's own day)
        progress("检查")
        checked = pipeline.check(workspace, folder, today)
        press = pipeline.Press(output=workspace.output, engine=printer, progress=progress)
        built = pipeline.signing_sheet(checked, workspace, folder, today, press)
    if built.folder is None:
        click.echo(report(built.diagnostics, workspace, "full", sys.stderr.isatty()), err=True)
        click.echo(f"{folder.name}：{summary(built.diagnostics)}，没有排审签单", err=True)
        return exit_code(checked, strict=False) or 1
    click.echo(f"已写出 {built.folder / built.artifacts[0]}")
    return 0


def _state(review: StageReview) -> str:
    who = "、".join(f"{s.by}（{s.at.date().isoformat()}）" for s in review.signatures)
    if review.complete:
        return f"{review.stage}  已签  {who}"
    parts = [who] if who else []
    if review.changed:
        parts.append(f"签后改过 {len(review.changed)} 个文件：{_names(review.changed)}")
    if review.unread and (review.signatures or review.changed):
        parts.append(f"没有签 {len(review.unread)} 个文件：{_names(review.unread)}")
    return f"{review.stage}  {'未签全' if parts else '未签'}  {'；'.join(parts)}".rstrip()


def _names(paths: tuple[str, ...]) -> str:
    names = "、".join(path.rpartition("/")[2] for path in paths[:_NAMED])
    return names if len(paths) <= _NAMED else f"{names} 等"
