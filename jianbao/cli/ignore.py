"""``jianbao ignore``."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from jianbao.cli.chinese import ChineseCommand
from jianbao.diagnostics import CODES
from jianbao.errors import UsageProblem
from jianbao.misspelling import meant
from jianbao.reviews import RecordedIgnore
from jianbao.spans import START
from jianbao.workspace import find_issue


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument("issue", metavar="期")
@click.argument("file", metavar="稿件")
@click.argument("code", metavar="代号")
@click.option("--by", metavar="姓名", default="", help="决定忽略的人。")
@click.option("--reason", metavar="理由", default="", help="为什么不是问题。")
def ignore(issue: str, file: str, code: str, by: str, reason: str) -> int:
    """这条稿件不再报某个代号，并记下谁决定的、为什么。

    \b
    例如：
      jianbao ignore 2025-04 01-ndrc.md latin-word --by 张三 --reason 原文如此

    记在这一期文件夹的 review.jsonl 里，只追加，不改写。
    """
    from jianbao import pipeline, signing  # noqa: PLC0415  (help must not wait for the stages)

    workspace, folder = find_issue(issue, Path.cwd())
    _may_ignore(code)
    if not by.strip() or not reason.strip():
        raise UsageProblem("没有写谁决定忽略、为什么", "加上 --by 姓名 --reason 理由")
    checked = pipeline.check(workspace, folder, date.today())  # noqa: DTZ011  (the editor's own day)
    place = workspace.relative(folder)
    forms = (file, f"{place}/{file}", f"{place}/{file}.md")
    found = {d.path for d in checked.diagnostics if d.code.slug == code}
    path = next((form for form in forms if form in found), None)
    if path is None:
        where = "、".join(sorted(found)) or "没有"
        raise UsageProblem(f"{file} 里没有 {code} 这个问题", f"有这个问题的文件：{where}")
    now = datetime.now().astimezone().replace(microsecond=0)
    entry = RecordedIgnore(
        file=path, code=code, span=START, by=by.strip(), reason=reason.strip(), at=now
    )
    signing.record_ignore(folder, entry)
    click.echo(f"{path} 不再报 {code}（{entry.by}：{entry.reason}）")
    return 0


def _may_ignore(code: str) -> None:
    known = CODES.get(code)
    if known is None:
        near = meant(code, CODES)
        hint = f"是不是 {near[0]}？" if near else "代号见 docs/diagnostics.md"
        raise UsageProblem(f"没有 {code} 这个代号", hint)
    if not known.may_be_ignored:
        raise UsageProblem(f"{code} 不能忽略：{known.explanation}", "改正稿件")
