"""Everything built of an issue appears together or not at all."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from workspaces import ITEM, SECOND_ITEM, TODAY, contents, item_text, make_workspace

from jianbao.errors import UsageProblem
from jianbao.model import Artifact, Edition, FontFile
from jianbao.pipeline import check
from jianbao.press.bundle import Bundle, recover, write_bundle
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from jianbao.model import CheckedIssue

_ID = "2025-04"
_COUNTS = {"error": 0, "warning": 1, "note": 2}
_REFUSED = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

#: Another process that writes ``new`` and is killed at the rename of this number.
_KILLED = """
import os, signal, sys
from pathlib import Path
from test_bundle import bundle_of, checked_issue, write_bundle

target, count, rename = int(sys.argv[1]), 0, Path.rename
def counted(self, other):
    global count
    count += 1
    if count == target:
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, other)
Path.rename = counted
write_bundle(bundle_of(checked_issue(Path(sys.argv[2])), b"new"), Path(sys.argv[3]))
"""


def checked_issue(folder: Path) -> CheckedIssue:
    """An issue of two articles, one of them without an address."""
    second = item_text(title="第二条", url=None, no_url="没有公开")
    workspace = Workspace(make_workspace(folder, {SECOND_ITEM: second}).resolve())
    issue = check(workspace, workspace.issues / _ID, TODAY).issue
    assert issue is not None
    return issue


def bundle_of(issue: CheckedIssue, pdf: bytes) -> Bundle:
    """What a press made of ``issue``: a PDF and a file in a folder."""
    artifacts = (
        Artifact(edition="pdf", path="期.pdf", media_type="application/pdf", content=pdf, pages=9),
        Artifact(edition="web", path="web/a.html", media_type="text/html", content=b"<p>"),
    )
    pages = {article.slug: n for n, article in enumerate(issue.articles, start=1)}
    fonts = (FontFile(file="a.ttf", sha256="0f"),)
    edition = Edition(artifacts=artifacts, first_pages=pages, fonts=fonts)
    return Bundle(issue, (edition,), _COUNTS)


@pytest.fixture
def issue(tmp_path: Path) -> CheckedIssue:
    """The issue of two articles."""
    return checked_issue(tmp_path / "workspace")


@pytest.fixture
def output(tmp_path: Path, issue: CheckedIssue) -> Path:
    """A folder in which ``old`` was built."""
    folder = tmp_path / "output"
    write_bundle(bundle_of(issue, b"old"), folder)
    return folder


def fail_once(monkeypatch: pytest.MonkeyPatch, method: str, at: int = 1) -> None:
    """Let the call of this number to a method of Path be refused by the disk."""
    original: Callable[..., object] = getattr(Path, method)
    calls = []

    def refused(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) == at:
            raise _REFUSED
        return original(*arguments)

    monkeypatch.setattr(Path, method, refused)


# -- what is written --


def test_a_bundle_is_its_files_and_the_index(output: Path) -> None:
    written = contents(output)

    assert set(written) == {"2025-04/build.json", "2025-04/web/a.html", "2025-04/期.pdf"}
    assert written["2025-04/期.pdf"] == b"old"


def test_the_index_is_as_the_contract_has_it(output: Path) -> None:
    index = json.loads((output / _ID / "build.json").read_text("utf-8"))

    expected = {
        "issue": "2025-04",
        "number": 4,
        "total": 217,
        "date": "2025-02-10",
        "artifacts": [
            {
                "edition": "pdf",
                "path": "期.pdf",
                "media_type": "application/pdf",
                "sha256": hashlib.sha256(b"old").hexdigest(),
                "pages": 9,
            },
            {
                "edition": "web",
                "path": "web/a.html",
                "media_type": "text/html",
                "sha256": hashlib.sha256(b"<p>").hexdigest(),
            },
        ],
        "items": [
            {
                "slug": "01-a",
                "title": "标题",
                "section": "国策要论",
                "source": "国家数据局",
                "url": "https://www.nda.gov.cn/1.html",
                "page": 1,
            },
            {
                "slug": "02-b",
                "title": "第二条",
                "section": "国策要论",
                "source": "国家数据局",
                "url": None,
                "page": 2,
            },
        ],
        "fonts": [{"file": "a.ttf", "sha256": "0f"}],
        "diagnostics": {"error": 0, "warning": 1, "note": 2},
    }
    assert json.dumps(index) == json.dumps(expected)  # the order of the keys too


def test_the_index_is_readable_chinese(issue: CheckedIssue) -> None:
    text = bundle_of(issue, b"").index()

    assert '"title": "标题"' in text
    assert text.endswith("}\n")


def test_a_new_bundle_replaces_the_whole_of_the_last(output: Path, issue: CheckedIssue) -> None:
    (output / _ID / "stale.html").write_text("gone with the next build")

    assert write_bundle(bundle_of(issue, b"new"), output) == output / _ID

    names = {"2025-04/build.json", "2025-04/web/a.html", "2025-04/期.pdf"}
    assert set(contents(output)) == names
    assert contents(output)["2025-04/期.pdf"] == b"new"


def test_other_issues_are_left_alone(output: Path, issue: CheckedIssue) -> None:
    other = output / "2025-03" / "期.pdf"
    other.parent.mkdir()
    other.write_bytes(b"third")

    write_bundle(bundle_of(issue, b"new"), output)

    assert other.read_bytes() == b"third"


def test_everybody_may_read_what_was_built(output: Path) -> None:
    assert (output / _ID).stat().st_mode & 0o777 == 0o755


# -- when something fails --


@pytest.mark.parametrize(
    ("method", "at"), [("write_bytes", 1), ("write_bytes", 2), ("write_text", 1)]
)
def test_a_disk_that_refuses_leaves_the_last_build(
    output: Path, issue: CheckedIssue, monkeypatch: pytest.MonkeyPatch, method: str, at: int
) -> None:
    before = contents(output)
    fail_once(monkeypatch, method, at)

    with pytest.raises(UsageProblem) as caught:
        write_bundle(bundle_of(issue, b"new"), output)

    assert contents(output) == before
    assert [folder.name for folder in output.iterdir()] == [_ID]
    assert os.strerror(errno.ENOSPC) in caught.value.message
    assert "--out" in str(caught.value.hint)


def test_the_build_after_that_succeeds(
    output: Path, issue: CheckedIssue, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_once(monkeypatch, "write_bytes")
    with pytest.raises(UsageProblem):
        write_bundle(bundle_of(issue, b"new"), output)

    write_bundle(bundle_of(issue, b"new"), output)

    assert contents(output)["2025-04/期.pdf"] == b"new"


def test_an_output_that_cannot_be_a_folder_is_told(tmp_path: Path, issue: CheckedIssue) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")

    with pytest.raises(UsageProblem):
        write_bundle(bundle_of(issue, b"new"), file)

    assert file.read_text() == "in the way"


def test_a_failure_between_the_renames_leaves_the_last_build(
    output: Path, issue: CheckedIssue, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(output)
    fail_once(monkeypatch, "rename", at=2)

    with pytest.raises(UsageProblem):
        write_bundle(bundle_of(issue, b"new"), output)

    assert contents(output) == before


def test_a_failure_between_the_renames_is_undone_by_the_next_build(
    output: Path, issue: CheckedIssue, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(output)
    fail_once(monkeypatch, "rename", at=2)
    with pytest.raises(UsageProblem):
        write_bundle(bundle_of(issue, b"new"), output)
    monkeypatch.undo()

    recover(output / _ID)
    assert contents(output) == before

    write_bundle(bundle_of(issue, b"new"), output)
    assert contents(output)["2025-04/期.pdf"] == b"new"


@pytest.mark.parametrize("at", [1, 2])
def test_a_process_killed_at_a_rename_loses_nothing(
    output: Path, issue: CheckedIssue, tmp_path: Path, at: int
) -> None:
    before = contents(output)
    here = Path(__file__).resolve().parent
    surroundings = {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{here.parent}"}
    command = [sys.executable, "-c", _KILLED, str(at), str(tmp_path / "other"), str(output)]

    killed = subprocess.run(command, env=surroundings, capture_output=True, check=False)

    assert killed.returncode == -9
    assert before.items() <= rescued(output).items()
    write_bundle(bundle_of(issue, b"newer"), output)
    assert contents(output / _ID)["期.pdf"] == b"newer"


def rescued(output: Path) -> dict[str, bytes]:
    """What lies in ``output`` once an exchange that was cut off is undone."""
    recover(output / _ID)
    return contents(output)


# -- what others left --


def test_an_exchange_that_was_done_is_finished(output: Path) -> None:
    before = output / f".{_ID}.before"
    (output / _ID).rename(before)
    (output / _ID).mkdir()
    (output / _ID / "build.json").write_text("{}")

    recover(output / _ID)

    assert [folder.name for folder in output.iterdir()] == [_ID]
    assert set(contents(output)) == {"2025-04/build.json"}


def test_a_folder_of_an_old_unfinished_build_is_cleared_away(output: Path) -> None:
    old, young = (output / f".{_ID}.new-{name}" for name in ("old", "young"))
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (0, time.time() - 2 * 3600))

    recover(output / _ID)

    assert not old.exists()
    assert young.exists()  # it may belong to a build that is running


def test_folders_of_other_issues_are_not_cleared_away(output: Path) -> None:
    other = output / ".2025-03.before"
    other.mkdir()

    recover(output / _ID)

    assert other.exists()


def test_what_an_item_says_changes_the_index(tmp_path: Path, issue: CheckedIssue) -> None:
    files = {ITEM: item_text(slug="short"), SECOND_ITEM: None}
    workspace = Workspace(make_workspace(tmp_path / "slug", files).resolve())
    other = check(workspace, workspace.issues / _ID, TODAY).issue
    assert other is not None

    assert '"slug": "short"' in bundle_of(other, b"").index()
    assert bundle_of(issue, b"").index() == bundle_of(issue, b"").index()
