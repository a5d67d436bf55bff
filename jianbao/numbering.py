"""期号 and 总期号: the next ones, decided from the ledger alone."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from jianbao.errors import UsageProblem
from jianbao.model import LedgerEntry

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date


def next_entry(
    entries: tuple[LedgerEntry, ...], present: Collection[str], day: date, wanted_id: str | None
) -> LedgerEntry:
    """The entry of a new issue dated ``day``: 期号 restarts each year, 总期号 never.

    Args:
        entries: The ledger, in any order.
        present: Ids of the issues that lie in the workspace.
        day: The new issue's date.
        wanted_id: Its id; by default the year and 期号.

    Raises:
        UsageProblem: The ledger has a gap or a repetition, the last issue is gone
            without a trace, or the date lies before an issue that there is.
    """
    ordered = tuple(sorted(entries, key=lambda entry: entry.total))
    _without_gaps(ordered)
    if not ordered:
        number = total = 1
    else:
        last = ordered[-1]
        _still_there(last, present)
        _in_time(last, day)
        number = last.number + 1 if last.date.year == day.year else 1
        total = last.total + 1
    new_id = wanted_id or f"{day.year}-{number:02d}"
    taken = {name.casefold() for name in (*present, *(entry.id for entry in ordered))}
    if new_id.casefold() in taken:  # on some systems one folder
        raise UsageProblem(f"{new_id} 这一期已经有了", "换一个编号，或不写编号")
    return LedgerEntry(id=new_id, number=number, total=total, date=day)


def _without_gaps(ordered: tuple[LedgerEntry, ...]) -> None:
    for before, after in pairwise(ordered):
        same_year = before.date.year == after.date.year
        expected = before.number + 1 if same_year else 1
        if after.total != before.total + 1 or after.number != expected:
            message = (
                f"台账不连续：{before.id} 是第{before.number}期（总第{before.total}期），"
                f"{after.id} 却是第{after.number}期（总第{after.total}期）"
            )
            raise UsageProblem(message, "核对并改正 issues/ledger.csv 和那一期的 issue.toml")


def _still_there(last: LedgerEntry, present: Collection[str]) -> None:
    if last.id not in present:
        message = f"台账里最后一期是 {last.id}（总第{last.total}期），但 issues/{last.id} 不在了"
        hint = (
            f"恢复这个文件夹；确已作废的，从 issues/ledger.csv 删去 {last.id} 这一行，编号就会重用"
        )
        raise UsageProblem(message, hint)


def _in_time(last: LedgerEntry, day: date) -> None:
    if day < last.date:
        message = f"{day.isoformat()} 早于上一期 {last.id} 的日期 {last.date.isoformat()}"
        raise UsageProblem(message, "用 --date 写明新一期的日期")
