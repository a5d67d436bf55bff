"""Numbers as they are written, and what they are worth."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jianbao.check.figures import figures, values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9400余家", ["9400"]),
        ("１，２００个", ["1200"]),
        ("1,200,300元", ["1200300"]),
        ("1.2万亿元", ["1200000000000"]),
        ("3 万家", ["30000"]),
        ("9.50%", ["9.5"]),
        ("2025年2月10日", ["2025", "2", "10"]),
        ("5G、DeepSeek-R1、100GB、Web3.0", []),
        ("十四部门", []),
    ],
)
def test_numbers_in_digits_are_worth(text: str, expected: list[str]) -> None:
    assert [figure.value for figure in figures(text)] == [Decimal(value) for value in expected]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十四部门", 14),
        ("第七十九条", 79),
        ("二〇二五年", 2025),
        ("两千三百亿元", 230_000_000_000),
        ("一百二十万", 1_200_000),
        ("百分之九十五", 95),
        ("5G", 5),
        ("1.2万亿", 1_200_000_000_000),
    ],
)
def test_a_text_may_be_read_to_have_a_value(text: str, value: int) -> None:
    assert Decimal(value) in values(text)


def test_a_place_is_that_of_the_digits_and_their_unit() -> None:
    text = "超１，２００万户"

    assert [text[one.start : one.end] for one in figures(text)] == ["１，２００万"]
    assert [one.rough for one in figures(text)] == [True]
