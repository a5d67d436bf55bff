"""The YAML head of an item: values as they are written, and the place of every mistake."""

from __future__ import annotations

import pytest

from jianbao.diagnostics import Code, Diagnostic
from jianbao.load.front_matter import FrontMatter, split
from jianbao.spans import Span

PATH = "a.md"


def read(yaml: str) -> FrontMatter:
    """The front matter of an item with ``yaml`` in it, which has nothing wrong."""
    front, problems = split(f"---\n{yaml}---\n正文。\n", PATH)

    assert problems == ()
    assert front is not None
    return front


def values(yaml: str) -> dict[str, str | None]:
    """Texts by key."""
    return {e.key.value: e.text and e.text.value for e in read(yaml).entries}


def problem(yaml: str) -> Diagnostic:
    """The one thing wrong with ``yaml``."""
    _, (found,) = split(f"---\n{yaml}---\n正文。\n", PATH)

    return found


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025-01-20", "2025-01-20"),
        ("no", "no"),
        ("0851", "0851"),
        ("1e3", "1e3"),
        ("true", "true"),
        ("《条例》发布", "《条例》发布"),
        ("“数据”二十条", "“数据”二十条"),
        ('"引号: 里有冒号"', "引号: 里有冒号"),
        ("'单引号''里的引号'", "单引号'里的引号"),
        ("  空格在两头  ", "空格在两头"),
        ("~", ""),
        ("null", ""),
        ('"null"', "null"),
        ("https://www.nda.gov.cn/?a=1&b=2#c", "https://www.nda.gov.cn/?a=1&b=2#c"),
        ("第一行\n  第二行", "第一行 第二行"),
        ("|\n  第一行\n  第二行", "第一行\n第二行"),
    ],
)
def test_a_value_is_the_text_that_was_written(written: str, meant: str) -> None:
    assert {"title": meant} == values(f"title: {written}\n")


def test_keys_and_values_have_places() -> None:
    (title, keywords) = read('title: "标题"\nkeywords:\n  - 数据\n  - 治理\n').entries

    assert Span(2, 1, 2, 6) == title.key.span
    assert title.text is not None
    assert Span(2, 8, 2, 12) == title.text.span
    assert keywords.texts is not None
    assert [Span(4, 5, 4, 7), Span(5, 5, 5, 7)] == [text.span for text in keywords.texts]


@pytest.mark.parametrize("closing", ["---\n", "---", "--- \t\n", "...\n"])
def test_the_front_matter_ends_with_dashes_or_dots(closing: str) -> None:
    front, problems = split(f"---\ntitle: 标题\n{closing}", PATH)

    assert problems == ()
    assert front is not None
    assert (front.body, 1) == ("", len(front.entries))


def test_dashes_in_a_value_and_rules_in_the_body_do_not_end_it() -> None:
    front = read("title: 甲---乙\nsummary: a --- b\n")

    assert front.body == "正文。\n"
    assert front.body_line == 5


@pytest.mark.parametrize(
    ("yaml", "line"),
    [
        ("title:标题\nsection: 国策要论\n", 2),
        ("title 标题\nsection: 国策要论\n", 2),
        ("title：标题\nsection: 国策要论\n", 2),
        ("title: 标题\nsource:国家数据局\nurl: https://a.cn\n", 3),
        ("title: 标题\nsource 国家数据局\nurl: https://a.cn\n", 3),
        ("title: 标题\n副标题\nsection: 国策要论\n", 3),
        ('title: "标题\nsection: 国策要论\nsource: 国家数据局\n', 2),
        ("title: '标题\nsection: 国策要论\nsource: 国家数据局\n", 2),
        ("keywords: [数据, 治理\nsection: 国策要论\nsource: 国家数据局\n", 2),
        ("title: {标题\nsection: 国策要论\n", 2),
    ],
    ids=[
        "no space, first line",
        "no colon, first line",
        "full-width colon, first line",
        "no space",
        "no colon",
        "a second line of text",
        "double quote",
        "single quote",
        "bracket",
        "brace",
    ],
)
def test_a_mistake_is_shown_on_its_own_line_not_the_next(yaml: str, line: int) -> None:
    found = problem(yaml)

    assert Code.YAML_INVALID is found.code
    assert line == found.span.line


@pytest.mark.parametrize(
    "yaml",
    [
        "title:标题\nsection: 国策要论\n",
        "title 标题\nsection: 国策要论\n",
        "title: 标题\n  section: 国策要论\n",
    ],
    ids=["no space", "no colon", "indented"],
)
def test_two_colons_are_not_blamed_where_there_is_one(yaml: str) -> None:
    assert "两个冒号" not in problem(yaml).message


def test_a_tab_behind_a_colon_is_not_said_to_start_the_line() -> None:
    assert "行首" not in problem("title:\t标题\n").message


@pytest.mark.parametrize("key", ["title", "source", "section", "url", "published"])
def test_a_key_without_a_value_is_at_fault_itself(key: str) -> None:
    entry = read(f"{key}:\nslug: a\n").entries[0]

    assert entry.text is not None
    assert (entry.text.value, entry.text.span.line) == ("", 2)


@pytest.mark.parametrize("value", ["&AI 时代", "!!str 标题"], ids=["anchor", "tag"])
def test_nothing_of_a_title_is_eaten_in_silence(value: str) -> None:
    front, problems = split(f"---\ntitle: {value}\n---\n正文。\n", PATH)

    assert front is not None
    texts = [entry.text.value for entry in front.entries if entry.text]
    assert problems or texts == [value]


@pytest.mark.parametrize(
    "escape",
    [r"\0", r"\x07", r"\u2028", r"\ud800", r"\uffff"],
    ids=["NUL", "bell", "line separator", "surrogate", "no character"],
)
def test_an_escape_is_no_way_around_the_check_for_control_characters(escape: str) -> None:
    _, problems = split(f'---\ntitle: "标{escape}题"\n---\n正文。\n', PATH)

    assert [found.span.line for found in problems] == [2]


def test_an_escape_of_no_character_is_an_error_not_a_traceback() -> None:
    found = problem('title: "\\U00110000"\n')

    assert (found.code, found.message) == (Code.YAML_INVALID, "稿件头部的 YAML 无法读取")


def test_an_alias_that_holds_itself_is_read_as_no_list() -> None:
    (entry,) = read("keywords: &a [*a]\n").entries

    assert (entry.text, entry.texts) == (None, None)


@pytest.mark.parametrize("opening", ["[", "{a: ", "? "])
def test_nesting_without_end_is_an_error_where_it_becomes_too_deep(opening: str) -> None:
    found = problem(f"title:\n  {opening * 3000}\n")

    assert found.code is Code.YAML_INVALID
    assert found.span.line <= 3 + 20
