"""Bad inputs as text: each file of ``cases/broken`` is laid over the minimal workspace.

A case starts with a sentence on what is wrong. ``=== path`` begins a file's text, which
goes to the next such line; ``(gb18030)`` or another codec behind the path encodes it,
``(crlf)`` gives it Windows line ends, ``(escaped)`` turns ``{U+2028}`` into that character,
``(hex)`` is for bytes and ``(gone)`` leaves the file out. ``=== expected`` is what
``jianbao check --format concise`` prints; ``=== exit 2`` is its exit code where that is not
1 for errors and 0 without.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from workspaces import contents, lies_inside, lines_of, make_workspace, write_files

import jianbao as package
from jianbao.diagnostics import Code, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workspaces import Content, Ran

_HEADER = re.compile(r"=== (?P<name>.+?)(?: \((?P<kinds>[a-z0-9 -]+)\))?")
_ESCAPE = re.compile(r"\{U\+([0-9A-F]{4,6})\}")


@dataclass(frozen=True, slots=True)
class Case:
    """A file of ``cases/broken``."""

    sentence: str
    files: dict[str, Content]
    expected: str
    code: int


def read_case(file: Path) -> Case:
    """Part a case into its blocks."""
    sentence, _, text = file.read_text("utf-8").partition("\n")
    files: dict[str, Content] = {}
    expected, code = "", None
    for name, kinds, content in _blocks(text):
        if name == "expected":
            expected = content
        elif name.startswith("exit "):
            code = int(name.removeprefix("exit "))
        else:
            files[name] = _content(content, kinds)
    errors = int(" error[" in expected)
    return Case(sentence, files, expected, errors if code is None else code)


def _blocks(text: str) -> Iterator[tuple[str, list[str], str]]:
    name, kinds, lines = "", list[str](), list[str]()
    for line in [*text.splitlines(keepends=True), "=== end\n"]:
        header = _HEADER.fullmatch(line.rstrip("\n"))
        if header is None:
            lines.append(line)
            continue
        if name:
            yield name, kinds, "".join(lines)
        name, kinds, lines = header["name"], (header["kinds"] or "").split(), []


def _content(text: str, kinds: list[str]) -> Content:
    codec = "utf-8"
    for kind in kinds:
        match kind:
            case "gone":
                return None
            case "hex":
                return bytes.fromhex(text)
            case "crlf":
                text = text.replace("\n", "\r\n")
            case "escaped":
                text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
            case _:
                codec = kind
    return text.encode(codec)


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

    assert {Code[name].slug for name in raised} - seen == set()


def test_there_are_more_cases_than_anybody_asked_for() -> None:
    assert len(CASES) >= 60
