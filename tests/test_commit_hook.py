"""``.pre-commit-hooks.yaml``: what pre-commit would run, and for which files."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml.main import YAML
from workspaces import BAD, CONFIGURATION, ISSUE, ITEM, LEDGER, ROOT, make_workspace

from jianbao.cli import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import Ran


@pytest.fixture
def hook() -> dict[str, Any]:
    """The only hook."""
    (only,) = YAML(typ="safe", pure=True).load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert isinstance(only, dict)
    return only


def test_the_hook_is_for_the_files_of_issues(hook: dict[str, Any]) -> None:
    files = [ITEM, ISSUE, f"news/{ITEM}", CONFIGURATION, LEDGER, "README.md", "back/a.md"]

    taken = [file for file in files if re.search(hook["files"], file)]

    assert taken == [ITEM, ISSUE, f"news/{ITEM}"]


def test_the_hook_s_command_takes_those_files(
    hook: dict[str, Any], jianbao: Callable[..., Ran], tmp_path: Path
) -> None:
    program, *arguments = shlex.split(hook["entry"])

    good = jianbao(make_workspace(tmp_path), *arguments, ITEM, ISSUE)
    bad = jianbao(make_workspace(tmp_path, BAD), *arguments, ITEM)

    assert (program, arguments[0] in COMMANDS) == ("jianbao", True)
    assert (good.code, bad.code) == (0, 1)
    assert bad.out.endswith("2025-04：2 个错误，不能付印\n")


def test_files_of_different_issues_are_checked_in_one_run(hook: dict[str, Any]) -> None:
    assert hook["require_serial"] is True
    assert hook["id"] == "jianbao-check"
