"""The ledger of numbers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workspaces import LEDGER, LEDGER_HEAD, diagnose, lies_inside, places

from jianbao.load.ledger import read_ledger, write_ledger
from jianbao.model import LedgerEntry
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = LedgerEntry(id="2025-04", number=4, total=217, date=date(2025, 2, 10))


def read(folder: Path, text: str) -> tuple[LedgerEntry, ...]:
    """Entries of a ledger with ``text``, which has nothing wrong."""
    (folder / LEDGER).parent.mkdir(exist_ok=True)
    (folder / LEDGER).write_text(text, "utf-8")
    entries, problems = read_ledger(Workspace(folder))

    assert problems == ()
    return entries


def test_there_need_be_no_ledger(tmp_path: Path) -> None:
    assert read_ledger(Workspace(tmp_path)) == ((), ())


def test_a_ledger_is_written_as_it_is_read(tmp_path: Path) -> None:
    text = f"{LEDGER_HEAD}2025-04,4,217,2025-02-10\n"

    assert read(tmp_path, text) == (ENTRY,)
    assert text == write_ledger((ENTRY,))


def test_quotes_and_blank_lines_are_as_spreadsheets_write_them(tmp_path: Path) -> None:
    assert read(tmp_path, f'{LEDGER_HEAD}\n"2025-04","4","217","2025-02-10"\n\n') == (ENTRY,)


def test_no_entry_is_lost_where_the_head_is_missing(tmp_path: Path) -> None:
    found = diagnose(tmp_path, {LEDGER: "2025-03,3,217,2025-02-03\n"})

    assert found != (), "the first line was taken for the head, and its 217 is given again"


@pytest.mark.parametrize(
    "line",
    [",4,217,2025-02-10", "2025-04,0,217,2025-02-10", "2025-04,４,217,2025-02-10", "2025-04"],
    ids=["no id", "zero", "full-width digit", "id alone"],
)
def test_an_entry_says_which_issue_has_which_numbers(line: str, tmp_path: Path) -> None:
    found = diagnose(tmp_path, {LEDGER: f"{LEDGER_HEAD}{line}\n"})

    assert places(found) == [(LEDGER, 2, 1, "value-invalid")]


def test_a_line_with_quotes_is_shown_as_long_as_it_is(tmp_path: Path) -> None:
    text = f'{LEDGER_HEAD}2025-04,"4,217,2025-02-10\n2025-05,5\n'

    (found,) = diagnose(tmp_path, {LEDGER: text})

    assert lies_inside(found.span, text.split("\n"))


def test_a_quote_without_end_is_an_error_not_a_traceback(tmp_path: Path) -> None:
    found = diagnose(tmp_path, {LEDGER: f'{LEDGER_HEAD}"{"x" * 140_000}\n'})

    assert [(p, line, code) for p, line, _, code in places(found)] == [(LEDGER, 2, "value-invalid")]


@given(
    st.lists(
        st.builds(
            LedgerEntry,
            id=st.text("0123456789-年期甲乙,\"'", min_size=1),
            number=st.integers(1, 99),
            total=st.integers(1, 9999),
            date=st.dates(),
        )
    )
)
def test_whatever_is_written_is_read_again(entries: list[LedgerEntry]) -> None:
    text = write_ledger(tuple(entries))

    assert entries == _read_text(text)


def _read_text(text: str) -> list[LedgerEntry]:
    from tempfile import TemporaryDirectory  # noqa: PLC0415  (tmp_path does not mix with given)

    with TemporaryDirectory() as name:
        from pathlib import Path  # noqa: PLC0415

        return list(read(Path(name), text))
