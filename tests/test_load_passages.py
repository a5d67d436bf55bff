"""What a reader reads of a Markdown text, and where each character of it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.load.markdown import parse_body
from jianbao.model import OBJECT, Passage, PassageKind

PIECES = st.sampled_from(
    [
        *"一二三。，《》“”（）(ab1 \n\\*_`~[]()!<>&|#->.",
        *("**", "\n\n", "> ", "- ", "1. ", "## ", "```\n", "[^1]", "[^1]: ", "![图](a.png)"),
        *('[链接](http://a.cn "题")', "<https://a.cn>", "&amp;", "&nbsp;", "\\*", "\\|"),
        *("| 甲 | 乙 |\n| -- | -- |\n| 丙 | 丁 |\n", "https://a.cn/b", "me@a.cn", "  \n", "    "),
    ]
)


def passages(source: str) -> tuple[Passage, ...]:
    return parse_body(source, "a.md", 1, Path()).passages


def reread(passage: Passage, source: str) -> str:
    """The source's characters where those of ``passage`` are said to stand."""
    return "".join(source[passage.offset(index)] for index in range(len(passage.text)))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("甲**乙**丙", "甲乙丙"),
        ("甲\n乙", "甲乙"),
        ("甲\n> 乙", "甲"),
        ("a\nb", "a b"),
        ("甲  \n乙", "甲\n乙"),
        ("[甲](http://a.cn/乙 '丙')丁", "甲丁"),
        ("[甲][乙]丁\n\n[乙]: http://a.cn", "甲丁"),
        ("甲[^1]乙\n\n[^1]: 丙", "甲乙"),
        ("见 <https://a.cn> 。", f"见 {OBJECT * 12} 。"),
        ("见https://a.cn/b，丙", f"见{OBJECT * 14}，丙"),
        ("发到 me@a.cn。", f"发到 {OBJECT * 7}。"),
        ("用 `甲乙` 和 ``a`b``", f"用 {OBJECT} 和 {OBJECT}"),
        ("![甲](乙.png)丙", f"{OBJECT}丙"),
        (r"\*甲\*", "*甲*"),
        ("AT&amp;T", "AT&T"),
    ],
)
def test_a_passage_reads_as_printed(source: str, text: str) -> None:
    assert passages(source)[0].text == text


def test_blocks_are_passages_of_their_kind() -> None:
    source = "# 甲 #\n\n> 乙\n> 丙\n\n| 丁 | 戊 |\n| -- | -- |\n| 己 | 庚\\|辛 |\n\n1. 壬"

    found = passages(source)

    assert [(p.kind, p.text) for p in found] == [
        (PassageKind.HEADING, "甲"),
        (PassageKind.PARAGRAPH, "乙丙"),
        *((PassageKind.CELL, text) for text in ("丁", "戊", "己", "庚|辛")),
        (PassageKind.PARAGRAPH, "壬"),
    ]
    assert [reread(p, source) for p in found] == [p.text for p in found]


def test_the_bold_stretches_are_told() -> None:
    (passage,) = passages("**一是**要，**二是**要")

    assert [passage.text[start:end] for start, end in passage.strong] == ["一是", "二是"]


@given(st.lists(PIECES, max_size=30).map("".join))
def test_every_character_stands_where_it_is_said_to(source: str) -> None:
    for passage in passages(source):
        for char, there in zip(passage.text, reread(passage, source), strict=True):
            assert char in {there, OBJECT} or there in "&\n\\ ", (passage.text, source)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_places_never_go_backwards(source: str) -> None:
    for passage in passages(source):
        offsets = [passage.offset(index) for index in range(len(passage.text) + 1)]
        assert offsets == sorted(offsets), source
        assert offsets[-1] <= len(source)
