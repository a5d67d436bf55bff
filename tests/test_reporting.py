"""Diagnostics as text, in each of the formats."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.diagnostics import Code, Diagnostic, Edit
from jianbao.reporting import Style, cells, render, summary
from jianbao.spans import Span

SECTION = Diagnostic(
    Code.SECTION_UNKNOWN,
    "issues/2025-04/01-a.md",
    Span.on_line(3, 10, 4),
    "没有“国策要轮”这个栏目",
    "是不是“国策要论”？",
    Edit(Span.on_line(3, 10, 4), "国策要论"),
)
UNLISTED = Diagnostic(Code.ITEM_UNLISTED, "issues/2025-04/02-b.md", Span(), "没有列入 items")
FALLBACK = Diagnostic(
    Code.GLYPH_FALLBACK, "issues/2025-04/01-a.md", Span.on_line(8, 1, 1), "生僻字"
)
FILES = {"issues/2025-04/01-a.md": ["---", "title: 标题", "section: 国策要轮"]}


def lines(path: str) -> list[str]:
    """Lines of the files that these tests know."""
    return FILES.get(path, [""])


def full(*found: Diagnostic, width: int = 100, colour: bool = False) -> str:
    """``found`` in full form."""
    return render(found, "full", lines, Style(colour=colour, width=width))


def caret_line(found: Diagnostic, line: str, width: int = 100) -> tuple[str, str]:
    """The source line and the line of carets of ``found`` in a file of ``line`` alone."""
    shown = render((found,), "full", lambda _path: [line], Style(width=width)).split("\n")

    return shown[3], shown[4]


def test_full_shows_the_line_with_carets_of_two_cells_a_han_character() -> None:
    assert full(SECTION) == (
        "错误[section-unknown]: 没有“国策要轮”这个栏目\n"
        " --> issues/2025-04/01-a.md:3:10\n"
        "  |\n"
        "3 | section: 国策要轮\n"
        "  |          ^^^^^^^^\n"
        "  = 怎么办：是不是“国策要论”？\n"
        "\n"
    )


def test_full_does_without_a_hint_and_without_the_line() -> None:
    assert full(FALLBACK) == "提示[glyph-fallback]: 生僻字\n --> issues/2025-04/01-a.md:8:1\n\n"


def test_full_shows_one_after_the_other() -> None:
    assert full(SECTION, UNLISTED) == full(SECTION) + full(UNLISTED)


def test_full_keeps_the_margin_as_wide_as_the_number_of_the_line() -> None:
    found = Diagnostic(Code.RAW_HTML, "a.md", Span.on_line(12, 2, 3), "HTML")

    assert render((found,), "full", lambda _path: ["甲<b>乙"] * 12) == (
        "错误[raw-html]: HTML\n  --> a.md:12:2\n   |\n12 | 甲<b>乙\n   |   ^^^\n\n"
    )


@pytest.mark.parametrize(
    ("line", "column", "length", "before", "carets"),
    [
        ("abc", 2, 1, 1, 1),
        ("甲乙丙", 2, 1, 2, 2),
        ("“甲”", 2, 1, 1, 2),
        ("，甲", 2, 1, 2, 2),
        ("é甲", 2, 1, 1, 2),
        ("e\u0301甲", 3, 1, 1, 2),
        ("\u200b甲", 2, 1, 0, 2),
        ("ﾊ甲", 2, 1, 1, 2),
        ("😀甲", 2, 1, 2, 2),
        ("\t甲", 2, 1, 1, 2),
        ("甲", 2, 0, 2, 1),
        ("", 1, 0, 0, 1),
    ],
    ids=[
        "Latin",
        "Han",
        "quotes",
        "full-width mark",
        "accent",
        "combining accent",
        "no width",
        "half-width kana",
        "emoji",
        "tab",
        "end of line",
        "empty line",
    ],
)
def test_carets_stand_below_what_they_mean(
    line: str, column: int, length: int, before: int, carets: int
) -> None:
    found = Diagnostic(Code.RAW_HTML, "a.md", Span.on_line(1, column, length), "甲")

    assert caret_line(found, line)[1] == f"  | {' ' * before}{'^' * carets}"


def test_carets_of_several_lines_go_to_the_end_of_the_first() -> None:
    found = Diagnostic(Code.VALUE_INVALID, "a.md", Span(1, 3, 4, 2), "甲")

    assert caret_line(found, "甲乙丙丁") == ("1 | 甲乙丙丁", "  |     ^^^^")


def test_a_long_line_is_cut_around_the_problem() -> None:
    found = Diagnostic(Code.RAW_HTML, "a.md", Span.on_line(1, 101, 4), "甲")
    line = "数" * 100 + "<br>" + "据" * 100

    shown, carets = caret_line(found, line, width=40)

    assert shown == "1 | …数数数数数<br>据据据据据据据据据…"
    assert carets == "  |            ^^^^"
    assert cells(shown) <= 40


@given(
    line=st.text("甲a，<\t😀", max_size=120),
    place=st.tuples(st.integers(0, 130), st.integers(0, 130)),
    width=st.integers(20, 120),
)
def test_no_line_is_longer_than_the_terminal(line: str, place: tuple[int, int], width: int) -> None:
    column = min(place[0], len(line)) + 1
    length = min(place[1], len(line) - column + 1)
    found = Diagnostic(Code.RAW_HTML, "a.md", Span.on_line(1, column, length), "甲")

    shown, carets = caret_line(found, line, width)

    assert max(cells(shown), cells(carets)) <= width + 1
    assert "^" in carets


def test_little_of_a_line_without_end_is_shown_even_where_it_takes_no_cells() -> None:
    found = Diagnostic(Code.RAW_HTML, "a.md", Span.on_line(1, 10_000, 1), "m")

    shown, _ = caret_line(found, "\u0301" * 20_000, width=40)

    assert len(shown) <= 4 * 40


def test_colour_is_only_for_terminals() -> None:
    shown = full(SECTION, colour=True)

    assert shown.startswith("\x1b[1;31m错误[section-unknown]\x1b[0m: ")
    assert "\x1b[31m         ^^^^^^^^\x1b[0m" in shown
    assert "\x1b" not in full(SECTION)


def test_concise_is_a_line_each() -> None:
    assert render((SECTION, UNLISTED, FALLBACK), "concise", lines) == (
        "issues/2025-04/01-a.md:3:10: error[section-unknown] 没有“国策要轮”这个栏目\n"
        "issues/2025-04/02-b.md:1:1: warning[item-unlisted] 没有列入 items\n"
        "issues/2025-04/01-a.md:8:1: note[glyph-fallback] 生僻字\n"
    )


def test_json_has_exactly_the_names_of_the_contract() -> None:
    assert json.loads(render((SECTION, UNLISTED), "json", lines)) == [
        {
            "code": "section-unknown",
            "severity": "error",
            "message": "没有“国策要轮”这个栏目",
            "path": "issues/2025-04/01-a.md",
            "line": 3,
            "column": 10,
            "end_line": 3,
            "end_column": 14,
            "hint": "是不是“国策要论”？",
            "fix": {
                "line": 3,
                "column": 10,
                "end_line": 3,
                "end_column": 14,
                "text": "国策要论",
            },
        },
        {
            "code": "item-unlisted",
            "severity": "warning",
            "message": "没有列入 items",
            "path": "issues/2025-04/02-b.md",
            "line": 1,
            "column": 1,
            "end_line": 1,
            "end_column": 1,
            "hint": None,
            "fix": None,
        },
    ]


def test_json_of_nothing_is_an_empty_list() -> None:
    assert render((), "json", lines) == "[]\n"
    assert [render((), form, lines) for form in ("full", "concise", "github")] == ["", "", ""]


def test_github_annotations_hold_the_hint() -> None:
    assert render((SECTION, UNLISTED, FALLBACK), "github", lines) == (
        "::error file=issues/2025-04/01-a.md,line=3,col=10,endLine=3,endColumn=14,"
        "title=section-unknown::没有“国策要轮”这个栏目（是不是“国策要论”？）\n"
        "::warning file=issues/2025-04/02-b.md,line=1,col=1,endLine=1,endColumn=1,"
        "title=item-unlisted::没有列入 items\n"
        "::notice file=issues/2025-04/01-a.md,line=8,col=1,endLine=8,endColumn=2,"
        "title=glyph-fallback::生僻字\n"
    )


def test_github_annotations_are_escaped() -> None:
    found = Diagnostic(Code.RAW_HTML, "a:b,c%.md", Span(), "100%\r\n甲: 乙, 丙")

    assert render((found,), "github", lines) == (
        "::error file=a%3Ab%2Cc%25.md,line=1,col=1,endLine=1,endColumn=1,"
        "title=raw-html::100%25%0D%0A甲: 乙, 丙\n"
    )


def test_the_summary_counts_by_severity() -> None:
    assert summary((UNLISTED, SECTION, SECTION, FALLBACK)) == "2 个错误，1 个警告，1 个提示"
    assert summary((UNLISTED,)) == "1 个警告"
    assert summary(()) == ""


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("数据", 4), ("，。", 4), ("“”", 2), ("ｱ", 1), ("Ａ", 2), ("e\u0301", 1)],
)
def test_a_terminal_gives_a_han_character_two_cells(text: str, width: int) -> None:
    assert cells(text) == width
