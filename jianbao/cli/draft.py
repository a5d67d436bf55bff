"""``jianbao draft`` and ``jianbao import``."""

from __future__ import annotations

import getpass
import re
import sys
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.cli.chinese import ChineseCommand
from jianbao.cli.numbers import candidate_numbers
from jianbao.cli.progress import Progress
from jianbao.errors import UsageProblem
from jianbao.records import Witness
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from jianbao.drafting import Drafted, Wanted
    from jianbao.gather.told import Told

_SHOWN = 60
#: Bytes of a file that an editor hands over.
_LARGEST = 100 * 1024 * 1024
#: Where browsers put the pictures of 网页.html.
_BESIDE = ("_files", ".files", "_文件")
_END_OF_INPUT = "Ctrl-Z 再按回车" if sys.platform == "win32" else "Ctrl-D"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HINTS = {
    "title": "title: 标题",
    "section": "section: 栏目",
    "source": "source: 发布单位",
    "url": "url: 原文网址；确无公开原文的，改为 no_url: 原因",
    "published": "published: 发布日期，例如 2025-02-10；查不到的，删去这一行",
    "正文": "头部以下的文字",
}


#: Where something was found, as editors call it; evidence has the first.
_PLACES = {
    "container #jianbao-content": "全文",  # of what is no page
    "meta": "网页标签",
    "container": "网页上的容器",
    "script": "网页的脚本",
    "json-ld": "网页里的 JSON-LD",
    "title": "窗口标题",
    "h1": "最前面的标题",
    "address": "网址里的日期",
    "readability": "网页上最像正文的一块",
}


_issue = click.option("--issue", "issue_id", metavar="期", required=True, help="写进哪一期。")
_section = click.option("--section", metavar="栏目", default="", help="栏目；不写就用来源登记的。")
_name = click.option(
    "--name", metavar="名称", default="", help="文件名里编号之后的部分，如 nda-guide。"
)
_by = click.option("--by", metavar="姓名", help="谁写的，默认是登录这台机器的用户名。")


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument("candidate", metavar="编号")
@_issue
@_section
@_name
@_by
@click.option("--undo", "is_undo", is_flag=True, help="撤销：删去起草时写的文件，改过的不删。")
def draft(  # noqa: PLR0913  (each is an option)
    candidate: str, *, issue_id: str, section: str, name: str, by: str | None, is_undo: bool
) -> int:
    """起草：取来一条候选稿的原文，写成稿件，网页同时存证，候选稿记作已成稿。

    编号见 jianbao inbox。读不出的项目空着，由 jianbao check 指出；已有的文件不会改动。
    网站不答复程序的，在浏览器里另存网页，再用 jianbao import。
    加 --undo 撤销：没有改过的稿件连同图片、存证删去，候选稿回到选用。
    退出码：0 写好了，2 用法有误或取不到，3 缺少需要的库或没有联网。
    """
    from jianbao.gather.libraries import need_gather_libraries  # noqa: PLC0415  (heavy)

    need_gather_libraries()
    from jianbao.choosing import open_inbox  # noqa: PLC0415  (likewise)
    from jianbao.drafting import draft_candidate  # noqa: PLC0415

    if is_undo:
        return _undo(candidate, _wanted(issue_id, section, name, by))
    with _wanted(issue_id, section, name, by) as wanted, open_inbox(wanted.workspace) as choosing:
        drafted = draft_candidate(wanted, choosing.inbox, candidate_numbers((candidate,)))
    return tell(drafted)


def _undo(candidate: str, opened: AbstractContextManager[Wanted]) -> int:
    """Delete the files; then what lies in the issue is asked anew, as the inbox goes by that."""
    from jianbao.choosing import open_inbox  # noqa: PLC0415  (heavy)
    from jianbao.drafting import take_back_draft  # noqa: PLC0415  (likewise)
    from jianbao.gather.decisions import Decision, Verb  # noqa: PLC0415

    numbers = candidate_numbers((candidate,))
    with opened as wanted:
        with open_inbox(wanted.workspace) as choosing:
            gone = take_back_draft(wanted, choosing.inbox, numbers)
        with open_inbox(wanted.workspace) as choosing:
            choosing.inbox.decide(numbers, Decision(verb=Verb.TAKE), wanted.witness)
    for name in gone:
        click.echo(f"已删去 {name}")
    click.echo(f"{candidate} 号候选稿回到选用")
    return 0


@click.command("import", cls=ChineseCommand, options_metavar="[选项]")
@click.argument("what", metavar="文件|网址|-")
@_issue
@click.option("--url", metavar="网址", default="", help="原文网址；文件里没有记下时要写。")
@_section
@_name
@_by
def import_(  # noqa: PLR0913  (each is an option)
    what: str, *, issue_id: str, url: str, section: str, name: str, by: str | None
) -> int:
    """导入：把一篇原文写成稿件，网页同时存证。

    可以是网址、浏览器另存的网页（HTML、MHTML）、公众号文章的网页、Word 文件（.docx），
    或者用 - 从标准输入粘贴文字。读不出的项目空着，由 jianbao check 指出。
    已有的文件不会改动。退出码：0 写好了，2 用法有误或取不到，3 缺少需要的库。
    """
    from jianbao.gather.libraries import need_gather_libraries  # noqa: PLC0415  (heavy)

    need_gather_libraries()
    from jianbao.drafting import draft_handed, draft_online  # noqa: PLC0415  (likewise)
    from jianbao.gather.handed import read_handed  # noqa: PLC0415

    is_web = what.startswith(("http://", "https://"))
    data = b"" if is_web else _handed(what)  # before anything is drawn where somebody pastes
    with _wanted(issue_id, section, name, by) as wanted:
        if is_web:
            drafted = draft_online(wanted, what)
        else:
            beside = {} if what == "-" else _beside(Path(what))
            handed = read_handed(data, wanted.witness.when, url, beside)
            drafted = draft_handed(wanted, handed, data)
    return tell(drafted)


@contextmanager
def _wanted(issue_id: str, section: str, name: str, by: str | None) -> Iterator[Wanted]:
    """What the options say, with a progress that is shown meanwhile."""
    from jianbao.drafting import Wanted  # noqa: PLC0415  (help must not wait for the stages)

    if name and not _NAME.fullmatch(name):
        raise UsageProblem(f"{name} 不能用作文件名", "只用小写英文字母、数字和连字符")
    workspace, folder = find_issue(issue_id, Path.cwd())
    witness = Witness(by or getpass.getuser(), datetime.now().astimezone())
    with Progress(folder.name, 1, quiet=False) as progress:
        yield Wanted(
            workspace=workspace,
            folder=folder,
            witness=witness,
            section=section,
            name=name,
            progress=lambda step: progress(f"读取 {step[:_SHOWN]}"),
        )


def _handed(what: str) -> bytes:
    if what == "-" and sys.stdin.isatty():
        click.echo(f"把文字粘贴在这里，完了另起一行，按 {_END_OF_INPUT}：", err=True)
    data = sys.stdin.buffer.read(_LARGEST + 1) if what == "-" else _read(Path(what))
    if len(data) > _LARGEST:
        raise UsageProblem(f"太长，超过 {_LARGEST // 1024 // 1024} MB", "存成文件，分几次导入")
    if not data.strip():
        hint = f"先复制文字，再粘贴；粘贴完另起一行，按 {_END_OF_INPUT}"
        raise UsageProblem("里面什么也没有", hint)
    return data


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > _LARGEST:
            raise UsageProblem(f"{file} 太大，超过 {_LARGEST // 1024 // 1024} MB", None)
        return file.read_bytes()
    except OSError as error:
        hint = "检查文件名；网址要以 http:// 或 https:// 开头"
        raise UsageProblem(f"读不到 {file}：{error.strerror}", hint) from error


def _beside(file: Path) -> Mapping[str, bytes]:
    """Files that the browser saved with ``file``, by their paths from it."""
    folders = (file.with_name(f"{file.stem}{ending}") for ending in _BESIDE)
    found = (one for folder in folders if folder.is_dir() for one in sorted(folder.iterdir()))
    return {
        f"{one.parent.name}/{one.name}": one.read_bytes()
        for one in found
        if one.is_file() and one.stat().st_size <= _LARGEST
    }


def tell(drafted: Drafted) -> int:
    """Say what was written and what is left to do; return the exit code."""
    said = drafted.said
    click.echo(f"已写成 {drafted.path}")
    for label, told in (("标题", said.title), ("日期", said.published)):
        if told is not None:
            click.echo(f"  {label}：{told.value}（{_origin(told)}）")
    if drafted.source:
        click.echo(f"  来源：{drafted.source}（{_source_origin(drafted)}）")
    if said.content is not None:
        click.echo(f"  正文：{len(said.text)} 字（{_origin(said.content)}）")
    for attachment in said.attachments:
        click.echo(f"  附件：{attachment.name} {attachment.address}")
    if drafted.evidence:
        click.echo(f"  存证：{drafted.evidence}")
    for remark in drafted.remarks:
        click.echo(f"注意：{remark}")
    for key in drafted.open_keys:
        click.echo(f"待填：{_HINTS[key]}")
    first = "填好以后" if drafted.open_keys else "与原文核对以后"
    click.echo(f"下一步：{first}运行 jianbao check {drafted.issue}")
    return 0


def _source_origin(drafted: Drafted) -> str:
    told = drafted.said.source
    if told is None:
        return "来源登记里这个网址的"
    differs = "" if told.value == drafted.source else f"网页写的是{told.value}，"
    return f"{differs}{_origin(told)}"


def _origin(told: Told[object]) -> str:
    doubt = {"sure": "", "likely": "，请核对", "guess": "，是推测的，务必核对"}[told.sureness]
    name, _, rest = told.origin.partition(" ")
    place = _PLACES.get(told.origin) or f"{_PLACES.get(name, name)} {rest}".rstrip()
    return f"{place}{doubt}"
