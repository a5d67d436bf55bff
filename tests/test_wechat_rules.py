"""The rules for WeChat, by the examples that they carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jianbao.wechat.rules import RULES
from jianbao.wechat.validator import check_html

if TYPE_CHECKING:
    from jianbao.wechat.rule import Rule

every_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.code.slug for rule in RULES])


def reported(html: str) -> set[str]:
    return {d.code.slug for d in check_html(html, "a.html")}


@every_rule
def test_a_rule_reports_its_bad_example(rule: Rule) -> None:
    assert rule.code.slug in reported(rule.bad)


@every_rule
def test_all_rules_are_silent_on_a_good_example(rule: Rule) -> None:
    assert reported(rule.good) == set()


def test_no_two_rules_share_a_code() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
