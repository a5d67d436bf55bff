"""The first of the inputs that ``make fuzz`` makes: what it would print is in the assertion."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import fuzz
import pytest

from jianbao.diagnostics import Code, Diagnostic, Edit
from jianbao.spans import Span

if TYPE_CHECKING:
    from pathlib import Path


def test_mutated_files_come_to_no_traceback_and_no_hang(tmp_path: Path) -> None:
    trial = fuzz.Trial(tmp_path, folders=(), seed=0, limit=20)

    assert [trouble for trouble, _ in map(trial.run, range(1, 500)) if trouble] == []


def test_an_input_is_the_same_each_time() -> None:
    # ruff thinks of passwords
    one, other = (fuzz.make_input(random.Random("0:7"), ()) for _ in range(2))  # noqa: S311

    assert one == other


def test_an_input_that_takes_too_long_is_in_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The alarm must ring in a wait: anywhere else it can leave a file open, or keep a lock
    # of coverage's for good, at which the whole run then waits.
    monkeypatch.setattr(fuzz, "check", lambda *_arguments: time.sleep(30))
    trouble, _ = fuzz.Trial(tmp_path, folders=(), seed=0, limit=0.05).run(0)

    assert trouble is not None
    assert trouble.what == "longer than 0.05 s"


def test_an_exception_is_in_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "check", None)
    trouble, _ = fuzz.Trial(tmp_path, folders=(), seed=0, limit=5).run(0)

    assert trouble is not None
    assert "TypeError: 'NoneType' object is not callable" in trouble.what


@pytest.mark.parametrize(
    ("span", "edit"), [(Span(2, 1, 2, 4), Span()), (Span(), Span(1, 1, 4, 1))], ids=str
)
def test_a_place_behind_a_line_or_a_file_is_in_trouble(span: Span, edit: Span) -> None:
    found = Diagnostic(Code.LATIN_WORD, "a.md", span, "m", fix=Edit(edit, ""))

    assert "a.md" in fuzz.wrong_places((found,), {"a.md": ["甲", "乙丙", ""]})
