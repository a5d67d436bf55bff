"""Workspaces made for a test, and what a command came to that was run in one."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING

from jianbao.pipeline import check
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jianbao.diagnostics import Diagnostic
    from jianbao.spans import Span

ROOT = Path(__file__).parent.parent

#: The day on which every test runs.
TODAY = date(2025, 2, 11)

CONFIGURATION = "jianbao.toml"
LEDGER = "issues/ledger.csv"
ISSUE = "issues/2025-04/issue.toml"
ITEM = "issues/2025-04/01-a.md"
SECOND_ITEM = "issues/2025-04/02-b.md"

KEYS = {
    "title": "标题",
    "section": "国策要论",
    "source": "国家数据局",
    "url": "https://www.nda.gov.cn/1.html",
}
LEDGER_HEAD = "id,number,total,date\n"
NUMBERS = "number = 4\ntotal = 217\ndate = 2025-02-10\n"
PUBLICATION = '[publication]\nname = "简报"\nsections = ["国策要论", "地方新政"]\n'

#: A file's text or bytes, or None for a file that is not there.
Content = str | bytes | None


def item_text(body: str = "正文。\n", **keys: str | None) -> str:
    """Text of an item: the good one with other ``keys`` (None leaves one out) and ``body``."""
    front = "".join(
        f"{key}: {value}\n" for key, value in (KEYS | keys).items() if value is not None
    )
    return f"---\n{front}---\n\n{body}"


#: The smallest workspace with an issue that may be printed.
MINIMAL: Mapping[str, Content] = {
    CONFIGURATION: PUBLICATION,
    ISSUE: NUMBERS,
    ITEM: item_text(),
}


def make_workspace(folder: Path, files: Mapping[str, Content] | None = None) -> Path:
    """Write the minimal workspace with ``files`` laid over it into ``folder``."""
    return write_files(folder, {**MINIMAL, **(files or {})})


def write_files(folder: Path, files: Mapping[str, Content]) -> Path:
    """Write ``files`` into ``folder``, with the folders that they need."""
    for name, content in files.items():
        if content is not None:
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder`` by its relative name, hidden ones too."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def diagnose(folder: Path, files: Mapping[str, Content] | None = None) -> tuple[Diagnostic, ...]:
    """What checking the minimal workspace with ``files`` laid over it finds."""
    workspace = Workspace(make_workspace(folder, files).resolve())
    return check(workspace, workspace.issues / "2025-04", TODAY).diagnostics


def places(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, int, int, str]]:
    """Path, line, column and code of each."""
    return [(d.path, d.span.line, d.span.column, d.code.slug) for d in diagnostics]


def lines_of(file: Path) -> list[str]:
    """Lines as an editor counts them; one empty line where there is no file."""
    if not file.is_file():
        return [""]
    try:
        return file.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError:  # Excel saves word lists as GB18030
        codec = "gb18030" if file.parent.name == "names" else "utf-8-sig"
        return file.read_text(codec, errors="replace").split("\n")


def lies_inside(span: Span, lines: list[str]) -> bool:
    """Whether ``span`` starts and ends in a file of ``lines``, in this order."""
    start, end = (span.line, span.column), (span.end_line, span.end_column)
    ends = all(
        1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1
        for line, column in (start, end)
    )
    return ends and start <= end


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


def start(
    folder: Path, *arguments: str, stdout: int = PIPE, stderr: int = PIPE, **variables: str
) -> Popen[str]:
    """Start ``jianbao ARGUMENTS`` in ``folder`` as a process of its own."""
    return Popen(
        [sys.executable, "-m", "jianbao", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **variables},
        stdout=stdout,
        stderr=stderr,
        text=True,
        encoding="utf-8",
    )


def finish(process: Popen[str]) -> Ran:
    """Wait for what was started."""
    out, err = process.communicate(timeout=60)
    return Ran(process.returncode, out, err)


#: An item with a placeholder in a section that there is not.
BAD_ITEM = item_text("甲乙 TODO。\n", section="国策要轮")
BAD = {ITEM: BAD_ITEM}


#: Keys of an item that 2025-04 does not have.
NEWS = {"title": "标题二", "url": "https://www.nda.gov.cn/2.html"}


def two_issues(folder: Path) -> Path:
    """A workspace with 2025-04, which is bad, and 2025-05, which is good."""
    numbers = NUMBERS.replace("= 4", "= 5").replace("217", "218")
    second = {"issues/2025-05/issue.toml": numbers, "issues/2025-05/01-a.md": item_text(**NEWS)}
    return make_workspace(folder, {**BAD, **second})
