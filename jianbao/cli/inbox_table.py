"""Candidates as text: a line each in a list, or everything about one."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from jianbao.candidates import CandidateState
from jianbao.cli.columns import cut, fitted
from jianbao.reporting import cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.candidates import Candidate

STATES = {
    CandidateState.NEW: "新",
    CandidateState.SHORTLISTED: "选用",
    CandidateState.DRAFTED: "成稿",
    CandidateState.USED: "已登",
    CandidateState.DROPPED: "丢弃",
}
_NO_SECTION = "（没有栏目）"
#: Cells of the name of a source: eight Han characters.
_SOURCE = 16
#: Below this a title says nothing.
_NARROWEST_TITLE = 20


def table(candidates: tuple[Candidate, ...], total: int, width: int) -> Iterator[str]:
    """Lines of at most ``width`` cells, by section; twins stand below the first of them."""
    if not candidates:
        yield "没有候选稿。jianbao fetch 采集；--state all --since all 列出全部"
        return
    digits = max(len(str(one.number)) for one in candidates)
    source = min(_SOURCE, max(cells(one.source) for one in candidates))
    for section, group in groupby(candidates, key=lambda one: one.section):
        yield f"{section or _NO_SECTION}"
        for one in _twins_together(tuple(group)):
            yield _line(one, digits, source, width)
    shown = len(candidates)
    more = f"，列出前 {shown} 条；全部列出加 --limit 0" if shown < total else ""
    yield f"共 {total} 条{more}。各列：编号、得分、发布日期、来源、标题"
    yield "细看：jianbao inbox show 编号；选用：jianbao inbox take 编号"


def _twins_together(group: tuple[Candidate, ...]) -> Iterator[Candidate]:
    """The order that they came in, but for twins of those that are there."""
    there = {one.number for one in group}
    for one in group:
        if one.twin_of not in there:
            yield one
            yield from (other for other in group if other.twin_of == one.number)


def _line(candidate: Candidate, digits: int, source: int, width: int) -> str:
    head = f"{candidate.number:>{digits + 2}}  {candidate.score:>3}  {_day(candidate)}  "
    head += f"{fitted(candidate.source, source)}  "
    marks = "  ".join(_marks(candidate))
    room = width - cells(head) - (cells(marks) + 2 if marks else 0)
    title = cut(candidate.entry.title, max(room, _NARROWEST_TITLE))
    return f"{head}{title}  {marks}".rstrip()


def _marks(candidate: Candidate) -> Iterator[str]:
    if candidate.twin_of:
        yield f"同 {candidate.twin_of}"
    if candidate.state is not CandidateState.NEW:
        yield f"{STATES[candidate.state]} {candidate.issue}".rstrip()
    elif candidate.printed_in:
        yield f"像 {candidate.printed_in} 的一条"
    if candidate.note:
        yield "有注"


def _day(candidate: Candidate) -> str:
    published = candidate.entry.published
    return published.strftime("%m-%d") if published else "  -  "


def details(candidate: Candidate, twins: tuple[Candidate, ...]) -> Iterator[str]:
    """Everything about a candidate, a line each."""
    published = candidate.entry.published
    yield f"{candidate.number}  {candidate.entry.title}"
    yield f"  网址  {candidate.entry.url}"
    yield f"  来源  {candidate.source}"
    yield f"  发布  {_moment(published) if published else '列表没有写'}"
    yield f"  发现  {_moment(candidate.found.astimezone())}"
    yield f"  状态  {_standing(candidate)}"
    yield f"  栏目  {candidate.section or _NO_SECTION}"
    yield f"  得分  {candidate.score}"
    for reason in candidate.why:
        yield f"        {reason}"
    if candidate.printed_in and candidate.state is CandidateState.NEW:
        yield f"  已登  {candidate.printed_in} 有题目差不多的一条，先看看"
    if candidate.entry.summary:
        yield f"  摘要  {candidate.entry.summary}"
    if candidate.note:
        yield f"  注    {candidate.note}"
    for place, twin in enumerate(twins):
        label = "同一件事" if place == 0 else "        "
        yield f"  {label}  {twin.number}  {twin.source}：{twin.entry.title}"


def _standing(candidate: Candidate) -> str:
    state = STATES[candidate.state]
    return " ".join(part for part in (state, candidate.issue, candidate.reason) if part)


def _moment(value: object) -> str:
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)
