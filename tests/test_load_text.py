"""Bytes to text, and where decoding fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workspaces import lies_inside

from jianbao.diagnostics import Code
from jianbao.load.text import decode, read_text
from jianbao.spans import Span, span_at

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.diagnostics import Diagnostic

PATH = "a.md"


def the_problem(data: bytes) -> Diagnostic:
    """The one problem of ``data``, of which no text may be used."""
    text, problems = decode(data, PATH)
    (problem,) = problems

    assert text == ""
    return problem


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        ("数据\n".encode(), "数据\n"),
        ("数据\n".encode("utf-8-sig"), "数据\n"),
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
        ("甲\t乙\u3000丙\u00a0丁😀".encode(), "甲\t乙\u3000丙\u00a0丁😀"),
    ],
)
def test_text_has_line_feeds_and_no_byte_order_mark(data: bytes, text: str) -> None:
    assert (text, ()) == decode(data, PATH)


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("gb18030", "，看起来是 GB18030（GBK）"),
        ("utf-16", "，看起来是 UTF-16"),
        ("utf-16-be", ""),
        ("big5", "，看起来是 GB18030（GBK）"),
    ],
)
def test_another_encoding_is_named_where_it_shows(codec: str, name: str) -> None:
    problem = the_problem("数據".encode(codec) if codec != "big5" else "數據".encode(codec))

    assert Code.ENCODING_INVALID is problem.code
    assert f"a.md 不是 UTF-8 编码{name}" == problem.message
    assert problem.hint == "用编辑器另存为 UTF-8 编码"


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"\xff", 1, 1),
        ("数据\n要素".encode() + b"\xff", 2, 3),
        ("数据\r\n要素".encode() + b"\xff", 2, 3),
        ("数据".encode()[:-1], 1, 2),
        ("\ufeff数据\n要素".encode() + b"\xff", 2, 3),
        ("\ufeff---\nab".encode() + b"\xffcd", 2, 3),
        (b"---\rab\xff", 2, 3),
    ],
    ids=["at once", "Han", "Windows", "cut", "mark and Han", "mark", "old Mac"],
)
def test_the_first_byte_that_is_none_is_pointed_at(data: bytes, line: int, column: int) -> None:
    assert Span(line, column, line, column + 1) == the_problem(data).span


@pytest.mark.parametrize("char", "\x00\x07\x08\x0b\x0c\x1f\x7f\x85\u2028\u2029\ufeff\ufffe\uffff")
def test_a_character_that_cannot_be_printed_is_an_error(char: str) -> None:
    problem = the_problem(f"甲\n乙{char}".encode())

    assert Code.CONTROL_CHARACTER is problem.code
    assert problem.span == Span(2, 2, 2, 3)
    assert problem.message == f"这里有不能排印的控制字符 U+{ord(char):04X}"


def test_every_control_character_is_reported_in_one_run() -> None:
    _, problems = decode("甲\x07乙\n丙\x08".encode(), PATH)

    assert [(p.span.line, p.span.column) for p in problems] == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("name", "reason"), [("none.md", "文件不存在"), ("folder.md", "它是一个文件夹")]
)
def test_a_file_that_cannot_be_read_is_an_error(name: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    text, (problem,) = read_text(tmp_path / name, name)

    assert (text, problem.code) == ("", Code.FILE_UNREADABLE)
    assert f"读不到文件 {name}：{reason}" == problem.message


def test_a_link_that_leads_to_itself_is_an_error_not_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to("a.md")
    text, (problem,) = read_text(tmp_path / "a.md", PATH)

    assert (text, problem.code) == ("", Code.FILE_UNREADABLE)
    assert problem.message.startswith("读不到文件 a.md：")


def test_a_span_counts_characters_and_may_run_over_lines() -> None:
    text = "甲乙\n丙😀丁\n"

    assert Span(1, 2, 1, 3) == span_at(text, 1, 1)
    assert Span(2, 3, 2, 4) == span_at(text, 5, 1)
    assert Span(8, 2, 9, 2) == span_at(text, 1, 3, first_line=8)


@given(st.binary(max_size=40) | st.text(max_size=20).map(lambda text: text.encode()))
def test_whatever_the_bytes_they_decode_or_have_a_place(data: bytes) -> None:
    _, problems = decode(data, PATH)
    shown = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")

    assert all(lies_inside(problem.span, shown.split("\n")) for problem in problems)
