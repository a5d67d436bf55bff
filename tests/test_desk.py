"""The rules of the copy desk, by the examples that they carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from workspaces import ITEM, diagnose, item_text

from jianbao.check.rules import DESK

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.check.rule import Rule

DESK_CODES = {rule.code for rule in DESK}
every_rule = pytest.mark.parametrize("rule", DESK, ids=[rule.code.slug for rule in DESK])


def reported(folder: Path, rule: Rule, example: str) -> set[str]:
    """The codes of the desk that an item with ``example`` gets, beside what ``rule`` needs."""
    text = example if example.startswith("---") else item_text(f"{example}\n")
    found = diagnose(folder, {**rule.beside, ITEM: text})
    return {d.code.slug for d in found if d.code in DESK_CODES}


@every_rule
def test_a_rule_reports_its_bad_example(rule: Rule, tmp_path: Path) -> None:
    assert rule.code.slug in reported(tmp_path, rule, rule.bad)


@every_rule
def test_the_whole_desk_is_silent_on_a_good_example(rule: Rule, tmp_path: Path) -> None:
    assert reported(tmp_path, rule, rule.good) == set()


@every_rule
def test_a_rule_of_the_desk_may_be_ignored(rule: Rule) -> None:
    assert rule.code.ignorable


def test_no_two_rules_share_a_code() -> None:
    assert len(DESK_CODES) == len(DESK)
