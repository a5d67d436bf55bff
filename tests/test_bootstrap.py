"""Set-up: what is noted as done, what is said to be missing, and the door that build.py uses."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with set-up in it, and nothing set up."""
    names = ("build.py", "pyproject.toml", "requirements.txt", "tools/bootstrap.py")
    for name in (*names, "tools/launch.py"):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(REPOSITORY / name, target)
    packages = tmp_path / "tools" / "apt-packages.txt"
    packages.write_text("here  # is installed\n\nremoved  # its configuration is left\ngone\n")
    return tmp_path


@pytest.fixture
def bootstrap(folder: Path) -> ModuleType:
    """The script of that repository as a module."""
    spec = importlib.util.spec_from_file_location("bootstrap", folder / "tools" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def program(file: Path, text: str) -> None:
    """A shell script in place of a program."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


@pytest.fixture
def debian(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Programs of a Debian that has one of the packages; apt-get writes down what it is told."""
    programs = folder / "programs"
    program(programs / "dpkg-query", "echo here installed; echo removed config-files; exit 1")
    program(programs / "apt-get", f'echo "$@" >> {folder}/apt.log')
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return folder


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """A script in a Python that has only the standard library, from another folder."""
    command = [sys.executable, "-S", *words]
    return subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)


def test_build_says_what_to_type_where_nothing_is_set_up(folder: Path) -> None:
    done = run(str(folder / "build.py"), "2025-04")

    assert (done.returncode, done.stdout) == (3, "")
    assert "make issue" in done.stderr


def test_build_hands_everything_to_the_environment(folder: Path) -> None:
    program(folder / ".venv/bin/python", 'echo "$PYTHONPATH: $*"; exit 7')

    done = run(str(folder / "build.py"), "2025-04", "--strict")

    assert done.stdout == f"{folder}: -m jianbao build 2025-04 --strict\n"
    assert done.returncode == 7


def test_check_names_all_that_is_missing(debian: Path) -> None:
    done = run(str(debian / "tools/bootstrap.py"), "--check")

    assert done.returncode == 3
    assert "Python 环境、removed、gone、字体工作集" in done.stderr
    assert not (debian / ".venv").exists()


def test_packages_that_are_missing_are_installed_by_root(
    bootstrap: ModuleType, debian: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    bootstrap.install_system(bootstrap.lacking())

    update, install = (debian / "apt.log").read_text().splitlines()
    assert update == "-q -o DPkg::Lock::Timeout=300 update"
    assert install.endswith("install -y --no-install-recommends removed gone")


@pytest.mark.usefixtures("debian")
def test_others_are_told_the_line_to_type(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(bootstrap.MachineProblem) as caught:
        bootstrap.install_system(bootstrap.lacking())

    line = "请运行 sudo apt-get install -y --no-install-recommends removed gone"
    assert caught.value.hint == line


def test_a_step_is_done_until_its_file_changes(bootstrap: ModuleType, folder: Path) -> None:
    program(folder / ".venv/bin/python", "")
    bootstrap.note("place", "lock")
    bootstrap.note("project")

    assert bootstrap.is_done("place", "lock", "project")
    assert not bootstrap.is_done("machine")

    (folder / "pyproject.toml").write_text("[project]\n")

    assert bootstrap.is_done("place", "lock")
    assert not bootstrap.is_done("project")


def test_a_moved_folder_or_a_spoilt_note_is_not_ready(bootstrap: ModuleType, folder: Path) -> None:
    program(folder / ".venv/bin/python", "")
    bootstrap.note("place")
    (folder / ".venv/.ready").write_text('{"place": "/elsewhere"}')
    assert not bootstrap.is_done("place")

    for text in ("", "[1]", "{"):
        (folder / ".venv/.ready").write_text(text)
        assert not bootstrap.is_done("place")


def test_the_lock_holds_hashes_and_no_address() -> None:
    text = (REPOSITORY / "requirements.txt").read_text()

    assert "://" not in text
    assert not [line for line in text.splitlines() if line.startswith("-")]
    assert text.count("==") <= text.count("--hash=sha256:")


def test_what_only_tests_need_is_asked_for_apart(bootstrap: ModuleType, debian: Path) -> None:
    (debian / "tools" / "apt-packages-tests.txt").write_text("here\nserver  # of tests\n")

    assert bootstrap.missing_packages(bootstrap.FOR_TESTS) == ["server"]
    assert "server" not in bootstrap.lacking()
