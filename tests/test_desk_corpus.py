"""The copy desk on prose without flaws, and on sentences whose flaws are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import measure_desk
import pytest
from measure_desk import Tally

from jianbao.diagnostics import CODES, Severity

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def tally() -> Tally:
    """Both corpora, checked."""
    return measure_desk.measure()


def test_nothing_is_reported_on_clean_prose(tally: Tally) -> None:
    assert [line for line in tally.alarmed if line.startswith("issues/")] == []


def test_the_clean_prose_is_long_and_varied() -> None:
    items = measure_desk.clean_items()

    assert sum(map(measure_desk.sentences, items.values())) >= 320
    assert len(items) >= 12


def test_a_rule_that_is_often_wrong_is_no_more_than_a_note(tally: Tally) -> None:
    wrong = {code for code in tally.alarms if tally.precision(code) < 0.95}

    assert {code for code in wrong if CODES[code].severity is not Severity.NOTE} == set()


def test_there_are_flaws_of_every_kind() -> None:
    flaws = list(measure_desk.read_flaws())

    assert sum(len(flaw.spans) for flaw in flaws) >= 150
    assert [flaw for flaw in flaws if not flaw.spans] == []
    assert [flaw for flaw in flaws if not flaw.expected and not flaw.reason] == []


def test_few_reports_on_the_original_of_issue_217_are_wrong() -> None:
    verdicts = [judged.verdict for judged in measure_desk.judgement()]

    assert verdicts.count("wrong") * 20 <= len(verdicts) - verdicts.count("missed")


def test_the_page_shows_what_is_measured_now() -> None:
    assert measure_desk.page() == measure_desk.PAGE.read_text("utf-8"), "run make docs"


def test_a_flaw_is_hit_only_where_it_stands(tmp_path: Path) -> None:
    measure_desk.lay_workspace(tmp_path)
    flaw = measure_desk.read_flaw("a", "latin-word", None, "先试点 and 推广，⟦再评估⟧。\n")
    tally = Tally()

    measure_desk.count(flaw, measure_desk.diagnose(tmp_path, {"01-a.md": flaw.text}), tally)
    counts = (sum(tally.hits.values()), len(tally.missed), len(tally.alarmed))

    assert counts == (0, 1, 1)
