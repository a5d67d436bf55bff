"""Edits change what they name and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.diagnostics import Edit
from jianbao.edits import apply_edits
from jianbao.spans import Span, span_at


def edit(line: int, column: int, length: int, text: str) -> Edit:
    return Edit(Span.on_line(line, column, length), text)


CASES = {
    "one": ("甲 and 乙\n", [edit(1, 2, 5, "和")], "甲和乙\n", 1),
    "none": ("甲\r\n乙", [], "甲\r\n乙", 0),
    "byte order mark": ("\ufeff甲乙", [edit(1, 2, 1, "丙")], "\ufeff甲丙", 1),
    "windows line ends": ("甲\r\n乙 丙\r\n", [edit(2, 2, 1, "")], "甲\r\n乙丙\r\n", 1),
    "mixed line ends": ("甲\r乙\n丙\r\n丁", [edit(4, 1, 1, "戊")], "甲\r乙\n丙\r\n戊", 1),
    "a new line is the file's": ("甲\r\n乙", [edit(2, 1, 0, "丙\n")], "甲\r\n丙\r\n乙", 1),
    "over a line end": ("甲\r\n乙丙", [Edit(Span(1, 2, 2, 1), "")], "甲乙丙", 1),
    "in any order": ("甲乙丙", [edit(1, 3, 1, "3"), edit(1, 1, 1, "1")], "1乙3", 2),
    "twice the same": ("甲乙", [edit(1, 1, 1, "1"), edit(1, 1, 1, "1")], "1乙", 1),
    "overlapping": ("甲乙丙", [edit(1, 1, 2, "1"), edit(1, 2, 2, "2")], "1丙", 1),
    "touching": ("甲乙丙", [edit(1, 1, 1, "1"), edit(1, 2, 1, "2")], "12丙", 2),
    "inserted at one place": ("甲", [edit(1, 1, 0, "1"), edit(1, 1, 0, "2")], "1甲", 1),
    "astral characters": ("𠀀 、乙", [edit(1, 2, 1, "")], "𠀀、乙", 1),
}


@pytest.mark.parametrize(("text", "edits", "expected", "count"), CASES.values(), ids=CASES.keys())
def test_edits(text: str, edits: list[Edit], expected: str, count: int) -> None:
    assert apply_edits(text, edits) == (expected, count)


@given(
    before=st.text("甲乙 \n", max_size=20),
    old=st.text("丙丁\n", max_size=5),
    after=st.text("甲乙 \n", max_size=20),
    new=st.text("戊", max_size=3),
    form=st.sampled_from([("", "\n"), ("", "\r"), ("", "\r\n"), ("\ufeff", "\r\n")]),
)
def test_what_stands_around_an_edit_is_untouched(
    before: str, old: str, after: str, new: str, form: tuple[str, str]
) -> None:
    mark, line_end = form
    span = span_at(before + old + after, len(before), len(old))
    written = (before + old + after).replace("\n", line_end)

    text, count = apply_edits(mark + written, [Edit(span, new)])

    assert count == 1
    assert text == mark + (before + new + after).replace("\n", line_end)
