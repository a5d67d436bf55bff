"""New workspaces and new issues on disk: nothing that exists is ever overwritten."""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jianbao.errors import UsageProblem
from jianbao.load import load_publication
from jianbao.load.ledger import read_ledger, write_ledger
from jianbao.load.table import Table, read_toml
from jianbao.model import LedgerEntry
from jianbao.numbering import next_entry
from jianbao.workspace import CONFIGURATION, LEDGER, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

_STARTER = Path(__file__).parent / "starter"
_SAMPLE = "01-sample.md"
_LOCK_SECONDS = 5.0


def found_workspace(folder: Path, name: str, schemas: Mapping[str, str]) -> Workspace:
    """Make ``folder`` a workspace of the publication ``name``.

    ``schemas`` are the texts of `jianbao.schema` by file name, which editors complete by.

    Raises:
        UsageProblem: It is one already, or lies where nothing can be written.
    """
    if (folder / CONFIGURATION).exists():
        raise UsageProblem(f"{folder} 已经有 {CONFIGURATION}", "到那里运行 jianbao new 新建一期")
    try:
        for path, text in (_starter(name) | _schemas(schemas)).items():
            target = folder / path
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, "utf-8")
        (folder / "issues").mkdir(exist_ok=True)
    except OSError as error:
        raise UsageProblem(f"不能写入 {folder}：{error.strerror}", "换一个文件夹") from error
    return Workspace(folder.resolve())


def _quoted(text: str) -> str:
    """``text`` as a basic string of TOML, and as a double-quoted one of YAML: both are JSON's."""
    return json.dumps(text, ensure_ascii=False)


def _starter(name: str) -> dict[str, str]:
    """The packaged files by their path in a workspace."""
    return {
        _path(template): template.read_text("utf-8").replace('"{{name}}"', _quoted(name))
        for template in sorted(_STARTER.rglob("*"))
        if template.is_file() and template.name != _SAMPLE
    }


def _schemas(schemas: Mapping[str, str]) -> dict[str, str]:
    return {f".vscode/schemas/{name}": text for name, text in schemas.items()}


#: What is packaged without the dot of its name, which would not survive in every archive.
_DOTTED = ("editorconfig", "gitignore", "taplo.toml", "vscode")


def _path(template: Path) -> str:
    path = template.relative_to(_STARTER)
    return f".{path.as_posix()}" if path.parts[0] in _DOTTED else path.as_posix()


def found_issue(workspace: Workspace, day: date, wanted_id: str | None) -> LedgerEntry:
    """Make the folder of the next issue and enter it in the ledger.

    Raises:
        UsageProblem: As `next_entry`; or the ledger cannot be read or written.
    """
    try:
        return _found_issue(workspace, day, wanted_id)
    except OSError as error:
        message = f"不能写入 {workspace.issues}：{error.strerror}"
        raise UsageProblem(message, "检查这个文件夹的权限") from error


def _found_issue(workspace: Workspace, day: date, wanted_id: str | None) -> LedgerEntry:
    with _ledger_lock(workspace):
        section = _section(workspace)
        entries = _entries(workspace)
        entry = next_entry(entries, workspace.issue_ids(), day, wanted_id)
        folder = workspace.issues / entry.id
        if folder.exists():
            raise UsageProblem(
                f"文件夹 issues/{entry.id} 已经存在", "改用别的编号，或移走这个文件夹"
            )
        folder.mkdir(parents=True)
        (folder / "issue.toml").write_text(_issue_toml(entry), "utf-8")
        if not entries:
            sample = (_STARTER / _SAMPLE).read_text("utf-8")
            sample = sample.replace("{{section}}", _quoted(section))
            (folder / _SAMPLE).write_text(sample, "utf-8")
        _replace(workspace.root / LEDGER, write_ledger((*entries, entry)))
    return entry


def _issue_toml(entry: LedgerEntry) -> str:
    return (
        f"number = {entry.number}\ntotal = {entry.total}\ndate = {entry.date.isoformat()}\n"
        '# headline = "封面要题；不写就用第一条稿件的标题"\n'
        '# items = ["01-….md"]  # 排印的次序；不写就按栏目和文件名\n'
        "# [cover]              # 封面图片，可以没有\n"
        '# image = "cover.jpg"  # 放在这个文件夹里\n'
        '# alt = "图上是什么"\n'
        '# credit = "谁拍的；不写也可以"\n'
    )


def _section(workspace: Workspace) -> str:
    configuration = load_publication(workspace)
    if configuration.publication is None:
        raise UsageProblem(f"{CONFIGURATION} 有误，读不出栏目", "运行 jianbao check 查看哪里有误")
    return configuration.publication.sections[0]


def _entries(workspace: Workspace) -> tuple[LedgerEntry, ...]:
    """The ledger, and the issues that lie here without being in it."""
    entries, problems = read_ledger(workspace)
    if problems:
        first = problems[0]
        raise UsageProblem(
            f"台账 {LEDGER} 第 {first.span.line} 行有误：{first.message}", first.hint
        )
    known = {entry.id for entry in entries}
    return (
        *entries,
        *(_from_folder(workspace, i) for i in workspace.issue_ids() if i not in known),
    )


def _from_folder(workspace: Workspace, issue_id: str) -> LedgerEntry:
    path = f"issues/{issue_id}/issue.toml"
    text = (workspace.root / path).read_text("utf-8-sig", errors="replace")
    values, problems = read_toml(text, path)
    table = Table(values, text, path)
    number, total, day = table.integer("number"), table.integer("total"), table.date("date")
    if problems or number is None or total is None or day is None:
        raise UsageProblem(f"{path} 里的编号读不出来", f"先运行 jianbao check {issue_id}")
    return LedgerEntry(id=issue_id, number=number, total=total, date=day)


def _replace(file: Path, text: str) -> None:
    scratch = file.with_name(f".{file.name}.new")
    scratch.write_text(text, "utf-8")
    scratch.replace(file)


@contextmanager
def _ledger_lock(workspace: Workspace) -> Iterator[None]:
    """One new issue at a time, on every system: the file's creation is the lock."""
    lock = workspace.issues / ".ledger.lock"
    deadline = time.monotonic() + _LOCK_SECONDS
    workspace.issues.mkdir(parents=True, exist_ok=True)
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            if time.monotonic() > deadline:
                message = "另一个 jianbao new 正在运行"
                raise UsageProblem(message, f"等它结束；确实没有的，删去 {lock}") from None
            time.sleep(0.05)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
