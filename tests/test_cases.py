"""Bad inputs as text: each file of ``cases/broken`` is laid over the minimal workspace.

``=== expected`` is what ``jianbao check --format concise`` prints; see `case_files`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from case_files import read_case
from workspaces import contents, lies_inside, lines_of, make_workspace, write_files

import jianbao as package
from jianbao.diagnostics import Code
from jianbao.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from case_files import Case
    from workspaces import Ran

#: What `check` never says, since it forbids no print but that of readers: see test_cli_sign.
ONLY_BUILD = {"signature-missing"}

FILES = sorted((Path(__file__).parent / "cases" / "broken").glob("*.txt"))
CASES = {file.stem: read_case(file) for file in FILES}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
every_error = pytest.mark.parametrize(
    "case",
    [case for case in CASES.values() if case.code],
    ids=[name for name, case in CASES.items() if case.code],
)


@every_case
def test_check_says_exactly_what_is_wrong(
    case: Case, tmp_path: Path, jianbao: Callable[..., Ran]
) -> None:
    make_workspace(tmp_path, case.files)

    ran = jianbao(tmp_path, "check", "2025-04", "--format", "concise")

    assert case.expected == ran.out, case.sentence
    assert (case.code, "") == (ran.code, ran.err)


@every_error
def test_a_build_with_errors_leaves_the_last_good_one_alone(
    case: Case, tmp_path: Path, jianbao: Callable[..., Ran]
) -> None:
    make_workspace(tmp_path, case.files)
    write_files(tmp_path / "output/2025-04", {"build.json": "{}", "简报.pdf": b"%PDF"})
    before = contents(tmp_path)

    ran = jianbao(tmp_path, "build", "2025-04")

    assert case.code == ran.code
    assert before == contents(tmp_path)
    assert ran.err.endswith("没有生成；上一次的文件保持原样\n")


@every_case
def test_every_position_lies_in_its_file(
    case: Case, tmp_path: Path, jianbao: Callable[..., Ran]
) -> None:
    make_workspace(tmp_path, case.files)

    ran = jianbao(tmp_path, "check", "2025-04", "--format", "json")

    for found in json.loads(ran.out):
        span = Span(found["line"], found["column"], found["end_line"], found["end_column"])
        assert lies_inside(span, lines_of(tmp_path / found["path"])), found


def test_every_code_of_reading_and_checking_has_a_case() -> None:
    folder = Path(package.__file__).parent
    sources = [*folder.glob("load/*.py"), *folder.glob("check/*.py")]
    raised = {
        name for file in sources for name in re.findall(r"\bCode\.([A-Z_]+)", file.read_text())
    }
    seen = {slug for case in CASES.values() for slug in re.findall(r"\[([a-z-]+)\]", case.expected)}

    assert {Code[name].slug for name in raised} - seen == ONLY_BUILD


def test_there_are_more_cases_than_anybody_asked_for() -> None:
    assert len(CASES) >= 60
