"""``jianbao inbox``."""

from __future__ import annotations

import getpass
import json
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.candidates import CandidateState
from jianbao.cli.chinese import ChineseCommand, ChineseGroup
from jianbao.cli.numbers import candidate_numbers
from jianbao.errors import UsageProblem
from jianbao.records import Witness
from jianbao.workspace import find_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.candidates import Candidate
    from jianbao.choosing import Choosing
    from jianbao.gather.acts import Done
    from jianbao.gather.decisions import Decision

COMMANDS = {
    "show": ("jianbao.cli.inbox", "show"),
    "take": ("jianbao.cli.inbox", "take"),
    "drop": ("jianbao.cli.inbox", "drop"),
    "note": ("jianbao.cli.inbox", "note"),
    "undo": ("jianbao.cli.inbox", "undo"),
}
#: Lines of a list: some screens, and no thousand.
_LIMIT = 50
_WORDS = {"take": "选用", "drop": "丢弃", "note": "记注", "draft": "起草"}

_by = click.option("--by", metavar="姓名", help="谁定的，默认是登录这台机器的用户名。")
_numbers = click.argument("numbers", nargs=-1, required=True, metavar="编号…")


@click.group(
    cls=ChineseGroup,
    commands_at=COMMANDS,
    invoke_without_command=True,
    options_metavar="[选项]",
    subcommand_metavar="[命令 …]",
)
@click.option(
    "--state",
    "states",
    type=click.Choice([state.value for state in CandidateState] + ["all"]),
    multiple=True,
    metavar="状态",
    help="new 新的、shortlisted 选用的、drafted 已成稿的、used 已登的、dropped 丢弃的，或 all。"
    "可以写几次，默认是前三种。",
)
@click.option("--section", metavar="栏目", help="只列这个栏目的。")
@click.option("--source", metavar="来源", help="只列名称里有这几个字的来源的。")
@click.option("--since", metavar="日期", help="只列这一天起发布的，例如 2025-02-10；all 不论日期。")
@click.option("--search", metavar="词…", help="标题、摘要、来源或注里都有这些词的。")
@click.option(
    "--limit", type=click.IntRange(0), default=_LIMIT, metavar="条数", help="最多几条，0 不限。"
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"]),
    default="table",
    metavar="格式",
    help="table 或 json。",
)
@click.pass_context
def inbox(  # noqa: PLR0913  (one for each option)
    context: click.Context,
    *,
    states: tuple[str, ...],
    section: str | None,
    source: str | None,
    since: str | None,
    search: str | None,
    limit: int,
    output_format: str,
) -> int:
    """收件箱：采集来的候选稿，列出、选用、丢弃。

    不写命令就列出还没有定的，按栏目和得分；只列近一个月发布的，--since all 不论日期。
    候选稿的网址在哪一期的稿件里，就算那一期的；那一期生成过，就算已登。

    \b
    常用：
      jianbao inbox --section 国策要论    列出一个栏目的
      jianbao inbox show 12              看一条：为什么这样打分，还有谁报了
      jianbao inbox take 3 5-7           选用
      jianbao inbox drop 8 --why 已过时   丢弃
      jianbao inbox undo                 撤销上一次
    """
    if context.invoked_subcommand is not None:
        return 0
    from jianbao.cli.columns import terminal_width  # noqa: PLC0415  (help must not wait)
    from jianbao.cli.inbox_table import table  # noqa: PLC0415  (likewise)
    from jianbao.gather.selection import OPEN, Query  # noqa: PLC0415  (likewise)

    with _open() as choosing:
        query = Query(
            states=() if "all" in states else tuple(map(CandidateState, states)) or OPEN,
            section=_section(section, choosing.sections),
            source=source or "",
            since=_since(since, choosing.window),
            search=tuple((search or "").split()),
            sections=choosing.sections,
            limit=limit,
        )
        selected = choosing.inbox.select(query)
        found = choosing.printed_marked(selected.candidates)
    if output_format == "json":
        click.echo(json.dumps([_values(one) for one in found], ensure_ascii=False, indent=1))
        return 0
    for line in table(found, selected.total, terminal_width()):
        click.echo(line)
    return 0


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@_numbers
def show(numbers: tuple[str, ...]) -> int:
    """看几条候选稿：网址、得分的由来、还有谁报了同一件事。编号可以写 3-7。"""
    from jianbao.cli.inbox_table import details  # noqa: PLC0415  (help must not wait)

    with _open() as choosing:
        for place, candidate in enumerate(_found(choosing, numbers)):
            twins = choosing.inbox.twins(candidate)
            (marked,) = choosing.printed_marked((candidate,))
            click.echo("\n" * (place > 0) + "\n".join(details(marked, twins)))
    return 0


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@_numbers
@_by
def take(numbers: tuple[str, ...], by: str | None) -> int:
    """选用几条候选稿；丢弃了的也可以再选用。编号可以写 3-7。"""
    from jianbao.gather.decisions import Decision, Verb  # noqa: PLC0415  (help must not wait)

    return _decide(numbers, Decision(verb=Verb.TAKE), by)


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@_numbers
@click.option("--why", metavar="原因", default="", help="为什么不用。")
@_by
def drop(numbers: tuple[str, ...], why: str, by: str | None) -> int:
    """丢弃几条候选稿：不再列出，也不会再采集进来。编号可以写 3-7。"""
    from jianbao.gather.decisions import Decision, Verb  # noqa: PLC0415  (help must not wait)

    return _decide(numbers, Decision(verb=Verb.DROP, text=_one_line(why)), by)


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument("number", metavar="编号")
@click.argument("words", nargs=-1, metavar="[文字…]")
@_by
def note(number: str, words: tuple[str, ...], by: str | None) -> int:
    """在一条候选稿旁边记一句话；不写文字就删去原来的。"""
    from jianbao.gather.decisions import Decision, Verb  # noqa: PLC0415  (help must not wait)

    return _decide((number,), Decision(verb=Verb.NOTE, text=_one_line(" ".join(words))), by)


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@_by
def undo(by: str | None) -> int:
    """撤销自己上一次的选用、丢弃或记注；再运行一次，撤销再上一次的。"""
    with _open() as choosing:
        undone = choosing.inbox.undo(_witness(by))
    if undone is None:
        click.echo("没有可以撤销的")
        return 0
    word = _WORDS[undone.verb]
    if undone.numbers:
        click.echo(f"已撤销{word}：{_listed(undone.numbers)}")
    if undone.kept:
        click.echo(f"{_listed(undone.kept)} 后来又有人改过，没有动", err=True)
    return int(bool(undone.kept))


@contextmanager
def _open() -> Iterator[Choosing]:
    from jianbao.gather.libraries import need_gather_libraries  # noqa: PLC0415  (help must not wait)

    need_gather_libraries()
    from jianbao.choosing import open_inbox  # noqa: PLC0415  (it needs those libraries)

    with open_inbox(find_workspace(Path.cwd())) as choosing:
        yield choosing


def _decide(words: tuple[str, ...], decision: Decision, by: str | None) -> int:
    with _open() as choosing:
        there = _found(choosing, words)
        done = choosing.inbox.decide((one.number for one in there), decision, _witness(by))
    return _tell(done, there, _WORDS[decision.verb])


def _tell(done: Done, there: tuple[Candidate, ...], word: str) -> int:
    """What was changed, what was so already, what cannot be; return the exit code."""
    changed = {one.number for one in done.changed}
    refused = {one.number for one, _ in done.refused}
    same = [one.number for one in there if one.number not in changed | refused]
    if changed:
        click.echo(f"已{word} {len(changed)} 条：{_listed(sorted(changed))}")
        if word == _WORDS["take"]:
            click.echo(f"写成稿件：jianbao draft {min(changed)} --issue 期")
    if same:
        click.echo(f"本来就是这样：{_listed(same)}")
    for one, refusal in done.refused:
        click.echo(f"{one.number} 没有{word}：{refusal.why}", err=True)
    return int(bool(refused))


def _found(choosing: Choosing, words: tuple[str, ...]) -> tuple[Candidate, ...]:
    """The candidates that ``words`` mean, all of which there must be."""
    numbers = candidate_numbers(words)
    found = choosing.inbox.find(numbers)
    missing = sorted(set(numbers) - {one.number for one in found})
    if missing:
        raise UsageProblem(f"没有 {_listed(missing)} 号候选稿", "运行 jianbao inbox 看有哪些")
    return found


def _section(wanted: str | None, sections: tuple[str, ...]) -> str:
    if wanted and wanted not in sections:
        raise UsageProblem(f"没有“{wanted}”这个栏目", f"栏目有：{'、'.join(sections)}")
    return wanted or ""


def _since(wanted: str | None, window: int) -> date | None:
    """The first day to list: a month ago as a rule, what is older being no news."""
    if wanted == "all":
        return None
    today = date.today()  # noqa: DTZ011  (the editor's own day)
    if wanted is None:
        return today - timedelta(days=window)
    try:
        return date.fromisoformat(wanted)
    except ValueError:
        raise UsageProblem(f"--since 的 {wanted} 不是一个日期", "写成 2025-02-10，或 all") from None


def _witness(by: str | None) -> Witness:
    return Witness(by or getpass.getuser(), datetime.now().astimezone())


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _listed(numbers: list[int] | tuple[int, ...]) -> str:
    return "、".join(map(str, numbers))


def _values(candidate: Candidate) -> dict[str, object]:
    """As ``--format json`` has it; times are ISO 8601."""
    published = candidate.entry.published
    return {
        "number": candidate.number,
        "state": candidate.state.value,
        "section": candidate.section,
        "score": candidate.score,
        "title": candidate.entry.title,
        "url": candidate.entry.url,
        "source": candidate.source,
        "published": published.isoformat() if published else None,
        "found": candidate.found.isoformat(),
        "summary": candidate.entry.summary,
        "why": list(candidate.why),
        "twin_of": candidate.twin_of,
        "printed_in": candidate.printed_in,
        "issue": candidate.issue,
        "reason": candidate.reason,
        "note": candidate.note,
    }
