"""The next 期号 and 总期号."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.errors import UsageProblem
from jianbao.model import LedgerEntry
from jianbao.numbering import next_entry


def entry(number: int, total: int, day: str, issue_id: str = "") -> LedgerEntry:
    """A line of the ledger, by default with the usual id."""
    when = date.fromisoformat(day)
    return LedgerEntry(
        id=issue_id or f"{when.year}-{number:02d}", number=number, total=total, date=when
    )


LAST = entry(4, 217, "2025-02-10")
BEFORE = entry(3, 216, "2025-02-03")


def after(*entries: LedgerEntry, day: str = "2025-02-17", wanted: str | None = None) -> LedgerEntry:
    """The next entry where the folders of all ``entries`` lie in the workspace."""
    present = {known.id for known in entries}
    return next_entry(entries, present, date.fromisoformat(day), wanted)


def test_the_first_issue_is_number_one_of_all() -> None:
    assert after() == entry(1, 1, "2025-02-17", "2025-01")


def test_both_numbers_go_up_within_a_year() -> None:
    assert after(LAST) == entry(5, 218, "2025-02-17", "2025-05")


def test_the_number_restarts_in_a_new_year_and_the_total_does_not() -> None:
    assert after(LAST, day="2026-01-05") == entry(1, 218, "2026-01-05", "2026-01")


def test_the_order_of_lines_does_not_matter() -> None:
    assert after(LAST, BEFORE) == after(BEFORE, LAST)


def test_an_id_of_one_s_own_is_taken() -> None:
    assert after(LAST, wanted="两会专刊").id == "两会专刊"


def test_two_issues_may_have_one_date() -> None:
    assert after(LAST, day="2025-02-10").total == 218


def test_the_ledger_may_start_anywhere_and_folders_may_be_archived() -> None:
    found = next_entry((BEFORE, LAST), {LAST.id}, date(2025, 2, 17), None)

    assert (found.number, found.total) == (5, 218)


@pytest.mark.parametrize(
    "entries",
    [
        (entry(2, 215, "2025-01-20"), LAST),
        (entry(3, 217, "2025-02-03"), LAST),
        (entry(4, 216, "2025-02-03", "a"), LAST),
        (entry(2, 216, "2025-02-03"), LAST),
        (entry(52, 216, "2024-12-30"), LAST),
        (LAST, entry(5, 218, "2026-01-05")),
    ],
    ids=[
        "gap",
        "total twice",
        "number twice",
        "number skipped",
        "year starts with 4",
        "no restart",
    ],
)
def test_a_ledger_that_skips_or_repeats_is_refused(entries: tuple[LedgerEntry, ...]) -> None:
    with pytest.raises(UsageProblem, match="台账不连续"):
        after(*entries)


def test_numbers_of_an_issue_that_is_gone_are_not_given_again() -> None:
    with pytest.raises(UsageProblem, match="台账里最后一期是 2025-04（总第217期），但") as caught:
        next_entry((BEFORE, LAST), {BEFORE.id}, date(2025, 2, 17), None)

    assert "恢复这个文件夹" in str(caught.value.hint)


def test_an_issue_before_the_last_is_refused() -> None:
    with pytest.raises(UsageProblem, match="2025-02-03 早于上一期 2025-04 的日期 2025-02-10"):
        after(LAST, day="2025-02-03")


@pytest.mark.parametrize("wanted", ["2025-04", "2025-03"])
def test_an_id_is_given_once(wanted: str) -> None:
    with pytest.raises(UsageProblem, match=f"{wanted} 这一期已经有了"):
        next_entry((BEFORE, LAST), {LAST.id}, date(2025, 2, 17), wanted)


def test_an_id_that_differs_in_case_alone_is_the_same_folder_on_some_systems() -> None:
    with pytest.raises(UsageProblem):
        after(entry(1, 1, "2025-01-06", "ABC"), wanted="abc")


@given(st.lists(st.integers(0, 500), max_size=30), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_whatever_the_dates_no_number_is_skipped_or_repeated(
    pauses: list[int], start: date
) -> None:
    entries: list[LedgerEntry] = []
    day = start
    for pause in pauses:
        day += timedelta(days=pause)
        entries.append(next_entry(tuple(entries), {e.id for e in entries}, day, None))
    by_year: dict[int, list[int]] = {}
    for made in entries:
        by_year.setdefault(made.date.year, []).append(made.number)

    assert [made.total for made in entries] == list(range(1, len(entries) + 1))
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in by_year.values())
    assert len({made.id for made in entries}) == len(entries)
