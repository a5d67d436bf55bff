"""TOML with positions: issue.toml, jianbao.toml and their mistakes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from workspaces import CONFIGURATION, ISSUE, NUMBERS, PUBLICATION, diagnose, places

from jianbao.diagnostics import Code
from jianbao.load.publication import load_publication
from jianbao.load.table import Table, read_toml
from jianbao.spans import Span
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

PATH = "a.toml"


def table(text: str) -> Table:
    """``text`` as a table."""
    values, problems = read_toml(text, PATH)

    assert problems == ()
    return Table(values, text, PATH)


def test_strings_of_a_list_have_places_over_several_lines() -> None:
    found = table('items = [\n  "01-a.md",  # 第一条\n  "02-a.md", "01-a.md",\n]\n').texts("items")

    assert found is not None
    assert [text.value for text in found] == ["01-a.md", "02-a.md", "01-a.md"]
    assert [text.span for text in found] == [
        Span(2, 4, 2, 11),
        Span(3, 4, 3, 11),
        Span(3, 15, 3, 22),
    ]


def test_a_string_written_otherwise_is_shown_at_its_list() -> None:
    found = table('a = 1\nitems = ["\\u6570\\u636e"]\n').texts("items")

    assert found is not None
    assert [("数据", Span(2, 9, 2, 25))] == [(text.value, text.span) for text in found]


def test_the_same_key_in_two_tables_has_two_places() -> None:
    top = table('[[page]]\ntitle = "甲"\n\n[[page]]\ntitle = "乙"\n\n[page2]\ntitle = "丙"\n')
    pages = top.tables("page")

    assert [page.value_span("title").line for page in pages] == [2, 5]
    assert top.table("page2").value_span("title").line == 8


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025-02-10", date(2025, 2, 10)),
        ('"2025-02-10"', date(2025, 2, 10)),
        ("2025-02-10T08:00:00", date(2025, 2, 10)),
    ],
)
def test_a_date_may_be_toml_s_own_or_a_text(written: str, meant: date) -> None:
    assert meant == table(f"date = {written}\n").date("date")


@pytest.mark.parametrize(
    "written",
    ['"2025-02-30"', '"20250210"', '"2025-W07-1"', '"2025年2月10日"', "20250210", "08:00:00", "[]"],
)
def test_a_date_in_any_other_form_is_an_error(written: str) -> None:
    top = table(f"date = {written}\n")

    assert top.date("date") is None
    assert [(found.code, found.span.line, found.span.column) for found in top.problems] == [
        (Code.DATE_INVALID, 1, 8)
    ]


@pytest.mark.parametrize("written", ["2025-02-30", "2025-2-10", "2025/02/10", "2025.02.10"])
def test_a_date_that_toml_refuses_is_called_a_date(written: str) -> None:
    _, (found,) = read_toml(f"number = 4\ndate = {written}\n", PATH)

    assert found.span.line == 2
    assert "日期" in f"{found.message}{found.hint}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("headline = “要题”\n", "等号或引号用了全角"),
        ('headline = "a"\nheadline = "b"\n', "同一个键或表写了两次"),
        ("headline\n", "这一行缺少等号"),
        ("headline = 要题\n", "值的写法有误"),
        ("[a]\n[a]\n", "同一个键或表写了两次"),
        ("[a\n", "TOML 写法有误"),
    ],
)
def test_a_mistake_is_explained(text: str, message: str) -> None:
    values, (found,) = read_toml(text, PATH)

    assert ({}, Code.TOML_INVALID, message) == (values, found.code, found.message)


def test_a_full_width_comma_is_named() -> None:
    _, (found,) = read_toml('items = ["01-a.md"，"02-b.md"]\n', PATH)

    assert "逗号" in f"{found.message}{found.hint}"


def test_nesting_without_end_is_an_error_not_a_traceback() -> None:
    _, (found,) = read_toml(f"x = {'[' * 20_000}\n", PATH)

    assert Code.TOML_INVALID is found.code


def test_an_escape_is_no_way_around_the_check_for_control_characters(tmp_path: Path) -> None:
    found = diagnose(tmp_path, {ISSUE: NUMBERS + 'headline = "要\\u0007题"\n'})

    assert [(path, line) for path, line, *_ in places(found)] == [(ISSUE, 4)]


def test_a_publication_without_sections_is_an_error(tmp_path: Path) -> None:
    found = diagnose(tmp_path, {CONFIGURATION: '[publication]\nname = "简报"\nsections = []\n'})

    assert places(found) == [(CONFIGURATION, 3, 12, "value-invalid")]


@pytest.mark.parametrize("name", ["a\\u0000b", "a" * 300], ids=["NUL", "long"])
def test_a_name_that_no_file_can_have_is_an_error_not_a_traceback(
    name: str, tmp_path: Path
) -> None:
    page = f'\n[[back_matter]]\ntitle = "简介"\nfile = "{name}"\n'

    found = diagnose(tmp_path, {CONFIGURATION: PUBLICATION + page})

    assert places(found) == [(CONFIGURATION, 7, 8, "file-unreadable")]


FULL = """\
[publication]
name = "简报"
tagline = "一句话"
slogan = "口号"
language = "zh-Hans"
sections = ["国策要论", "地方新政"]

[masthead]
credits = [["主编", ["张三", "李四"]], ["邮箱", ["a@b.cn"]]]
statement = "声明"
subscribe = "订阅"

[[back_matter]]
title = "简介"
file = "back/about.md"
"""


def test_a_whole_publication_is_read(tmp_path: Path) -> None:
    (tmp_path / CONFIGURATION).write_text(FULL, "utf-8")
    (tmp_path / "back").mkdir()
    (tmp_path / "back/about.md").write_text("本刊简介。\n", "utf-8")

    read = load_publication(Workspace(tmp_path.resolve()))

    assert read.problems == ()
    assert read.publication is not None
    assert read.publication.language == "zh-Hans"
    assert [(credit.label, credit.names) for credit in read.masthead.credits] == [
        ("主编", ("张三", "李四")),
        ("邮箱", ("a@b.cn",)),
    ]
    assert [(p.title, p.body.path) for p in read.back_matter] == [("简介", "back/about.md")]


def test_dotted_keys_and_inline_tables_are_toml_too(tmp_path: Path) -> None:
    dotted = 'publication.name = "简报"\npublication.sections = ["国策要论"]\n'
    inline = 'publication = {name = "简报", sections = ["国策要论"]}\n'

    assert diagnose(tmp_path, {CONFIGURATION: dotted}) == ()
    assert diagnose(tmp_path, {CONFIGURATION: inline}) == ()


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('[press]\nprofile = "hous"\n', 5, 11),
        ("[press]\nprofile = 5\n", 5, 11),
        ('[masthead]\ncredits = "主编"\n', 5, 11),
        ('[masthead]\ncredits = [["主编"]]\n', 5, 11),
        ("[masthead]\nstatement = 5\n", 5, 13),
        ("[[masthead]]\n", 4, 1),
        ('[back_matter]\ntitle = "简介"\n', 4, 1),
        ('[[back_matter]]\ntitle = 5\nfile = "a.md"\n', 5, 9),
    ],
    ids=[
        *("choice", "choice by number", "credits", "no names", "statement"),
        *("tables for a table", "table for tables", "title"),
    ],
)
def test_a_value_of_the_wrong_shape_has_a_place(
    text: str, line: int, column: int, tmp_path: Path
) -> None:
    found = diagnose(tmp_path, {CONFIGURATION: PUBLICATION + text})

    assert places(found) == [(CONFIGURATION, line, column, "value-invalid")]
