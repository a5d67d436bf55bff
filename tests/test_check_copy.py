"""Titles, bodies and placeholders; most mistakes are in ``cases/broken``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from workspaces import ISSUE, ITEM, NUMBERS, diagnose, item_text, places

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "text",
    [
        "TODO",
        "FIXME",
        "TBD",
        "（TBC）",
        "TODO1",
        "注：TODO。",
        "todo：补",
        "增长xxx",
        "XXX公司",
        "×××",
        "ｘｘ",
        "ХХХ",
        "待补",
        "（待补充）",
        "[待核实]",
        "数据待填写。",
        "待完善",
        "此处插入图片",
        "占位符",
    ],
)
def test_what_stands_for_something_else_is_a_placeholder(text: str, tmp_path: Path) -> None:
    found = diagnose(tmp_path, {ITEM: item_text(f"{text}\n")})

    assert [code for *_, code in places(found)] == ["placeholder-text"]


@pytest.mark.parametrize(
    "text",
    [
        "有待补充完善",
        "亟待补齐短板",
        "尚待核实",
        "待补充的材料",
        "待定点医院确认",
        "期待完善制度",
        "XXL",
        "第XXXV章",
        "XX",
        "TODOS",
        "autoTODO",
        "todo",
        "MAXXXX",
        "3×4",
        "Todoist",
        "https://a.cn/xxx/TODO/",
        "（http://xxx.gov.cn/）",
    ],
)
def test_what_only_looks_like_a_placeholder_is_fine(text: str, tmp_path: Path) -> None:
    assert diagnose(tmp_path, {ITEM: item_text(f"{text}\n")}) == ()


@pytest.mark.parametrize(
    "text",
    ["见https://a.cn/1。待补", "https://a.cn/1，TODO", "网址（https://a.cn/1）待核实"],
    ids=["full stop", "comma", "bracket"],
)
def test_an_address_hides_nothing_that_follows_it(text: str, tmp_path: Path) -> None:
    found = diagnose(tmp_path, {ITEM: item_text(f"{text}\n")})

    assert [code for *_, code in places(found)] == ["placeholder-text"]


@pytest.mark.parametrize("key", ["title", "source", "summary", "author", "link_label"])
def test_a_placeholder_in_what_is_printed_is_found(key: str, tmp_path: Path) -> None:
    found = diagnose(tmp_path, {ITEM: item_text(**{key: "某某（待补）"})})

    assert [code for *_, code in places(found)] == ["placeholder-text"]


def test_a_placeholder_on_the_cover_is_found(tmp_path: Path) -> None:
    found = diagnose(tmp_path, {ISSUE: f'{NUMBERS}headline = "要题（待补）"\n'})

    assert [(path, line) for path, line, *_ in places(found)] == [(ISSUE, 4)]


def test_a_placeholder_in_the_keywords_is_found(tmp_path: Path) -> None:
    found = diagnose(tmp_path, {ITEM: item_text(keywords="[数据, 待补]")})

    assert places(found) == [(ITEM, 6, 16, "placeholder-text")]


@pytest.mark.parametrize(
    "lines",
    ['["关于数据", "要素的通知"]', '["关于", "数据要素", "的通知"]', "[关于数据要素的通知]"],
)
def test_lines_that_make_the_title_are_fine(lines: str, tmp_path: Path) -> None:
    item = item_text(title="关于数据要素的通知", title_lines=lines)

    assert diagnose(tmp_path, {ITEM: item}) == ()


def test_a_title_with_a_space_may_be_parted_at_it(tmp_path: Path) -> None:
    item = item_text(
        title="国家发展改革委 国家数据局", title_lines='["国家发展改革委", "国家数据局"]'
    )

    assert diagnose(tmp_path, {ITEM: item}) == ()


@pytest.mark.parametrize(
    "body", ["# 标题\n", "- 甲\n", "> 引\n", "| 甲 |\n| --- |\n", "    代码\n", "```\n代码\n```\n"]
)
def test_a_body_of_any_kind_is_a_body(body: str, tmp_path: Path) -> None:
    assert diagnose(tmp_path, {ITEM: item_text(body)}) == ()


@pytest.mark.parametrize(
    "body",
    ["\n", "***\n", "```\n```\n", "[甲]: https://a.cn\n"],
    ids=["blank", "rule", "empty code", "definition"],
)
def test_a_body_that_prints_nothing_is_none(body: str, tmp_path: Path) -> None:
    found = diagnose(tmp_path, {ITEM: item_text(body)})

    assert places(found) == [(ITEM, 7, 1, "body-empty")]


def test_html_in_a_quotation_is_shown_where_it_starts(tmp_path: Path) -> None:
    found = diagnose(tmp_path, {ITEM: item_text("> 甲\n>\n> <div>\n> 乙\n> </div>\n")})

    assert places(found) == [(ITEM, 10, 3, "raw-html")]


@pytest.mark.parametrize("key", ["title", "section", "source", "url", "published"])
def test_a_value_of_the_wrong_shape_is_not_called_empty_too(key: str, tmp_path: Path) -> None:
    found = diagnose(tmp_path, {ITEM: item_text(**{key: "[甲, 乙]"})})

    assert [code for *_, code in places(found)] == ["value-invalid"]


@pytest.mark.parametrize("day", ["2025-W07-1", "2025-041", "20250210", "2025-02-1"])
def test_only_one_form_of_a_date_is_taken(day: str, tmp_path: Path) -> None:
    found = diagnose(tmp_path, {ITEM: item_text(published=day)})

    assert places(found) == [(ITEM, 6, 12, "date-invalid")]
