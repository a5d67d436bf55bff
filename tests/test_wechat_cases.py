"""Files for WeChat as text: each of ``cases/wechat`` has one violation, or none if clean.

Its first block is the file that is checked, the rest lie beside it; ``=== expected`` is what
``jianbao check --format concise`` prints. See `case_files`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from case_files import read_case
from workspaces import lies_inside, lines_of, write_files

import jianbao as package
from jianbao.diagnostics import Code
from jianbao.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from case_files import Case
    from workspaces import Ran

FILES = sorted((Path(__file__).parent / "cases" / "wechat").glob("*.txt"))
CASES = {file.stem: read_case(file) for file in FILES}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())

#: Told by tests of their own: too long for a case, or of a program that need not be there.
ELSEWHERE = {"wechat-characters", "wechat-bytes", "wechat-nearly-full", "draft-image-size"} | {
    "wechat-outside"
}


@every_case
def test_check_says_exactly_what_wechat_will_do(
    case: Case, tmp_path: Path, jianbao: Callable[..., Ran]
) -> None:
    write_files(tmp_path, case.files)

    ran = jianbao(tmp_path, "check", next(iter(case.files)), "--format", "concise")

    assert case.expected == ran.out, case.sentence
    assert (case.code, "") == (ran.code, ran.err)


@every_case
def test_every_position_lies_in_its_file(
    case: Case, tmp_path: Path, jianbao: Callable[..., Ran]
) -> None:
    write_files(tmp_path, case.files)

    ran = jianbao(tmp_path, "check", next(iter(case.files)), "--format", "json")

    for found in json.loads(ran.out):
        span = Span(found["line"], found["column"], found["end_line"], found["end_column"])
        assert lies_inside(span, lines_of(tmp_path / found["path"])), found


def test_every_code_for_wechat_has_a_case() -> None:
    folder = Path(package.__file__).parent / "wechat"
    raised = {
        name
        for file in folder.glob("*.py")
        for name in re.findall(r"\bCode\.([A-Z_]+)", file.read_text("utf-8"))
    }
    seen = {slug for case in CASES.values() for slug in re.findall(r"\[([a-z-]+)\]", case.expected)}

    assert {Code[name].slug for name in raised} - seen == ELSEWHERE


def test_there_are_more_violations_than_anybody_asked_for() -> None:
    assert sum(bool(case.expected) for case in CASES.values()) >= 60
