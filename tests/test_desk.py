"""The rules of the copy desk, by the examples that they carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from measure_desk import DAY, clean_items, lay_workspace, read_flaws
from test_cases import CASES
from workspaces import ITEM, diagnose, item_text, make_workspace, write_files

from jianbao.check.issue import context_of
from jianbao.check.rules import DESK
from jianbao.pipeline import check
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jianbao.check.rule import Context, Rule
    from jianbao.model import Issue

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


def issues_of_all_cases(folder: Path) -> Iterator[tuple[Issue, Context]]:
    """Each text that some rule is tested with, as an issue of its own, with its context."""
    texts = {f"bad-{rule.code.slug}": {**rule.beside, ITEM: rule.bad} for rule in DESK}
    for name, files in texts.items():
        if not files[ITEM].startswith("---"):
            files[ITEM] = item_text(f"{files[ITEM]}\n")
        make_workspace(folder / name, files)
    for name, case in CASES.items():
        make_workspace(folder / f"broken-{name}", case.files)
    for number, text in enumerate((*clean_items().values(), *(f.text for f in read_flaws()))):
        lay_workspace(folder / f"desk-{number}")
        write_files(folder / f"desk-{number}", {ITEM: text})
    for root in folder.iterdir():
        issue = check(Workspace(root.resolve()), root / "issues/2025-04", DAY).loaded
        if issue:
            yield issue, context_of(issue, DAY)


def test_a_rule_reports_nothing_where_the_words_that_it_needs_are_not(tmp_path: Path) -> None:
    silenced = [
        (rule.code.slug, context.text)
        for issue, context in issues_of_all_cases(tmp_path)
        for rule in DESK
        if rule.needs and not any(word in context.text for word in rule.needs)
        if any(rule.ask(issue, context))
    ]

    assert silenced == []


@every_rule
def test_the_words_that_a_rule_needs_are_in_its_bad_example(rule: Rule) -> None:
    assert not rule.needs or any(word in rule.bad for word in rule.needs)


def test_no_two_rules_share_a_code() -> None:
    assert len(DESK_CODES) == len(DESK)
