"""``jianbao build`` of what cannot be built, with what it prints and leaves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from workspaces import (
    BAD,
    contents,
    make_workspace,
    write_files,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import Ran

    #: Runs a command in a folder: ``jianbao(folder, "check", "2025-04")``.
    Jianbao = Callable[..., Ran]


def test_a_build_with_errors_says_so_and_writes_nothing(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path, BAD)
    before = contents(tmp_path)
    ran = jianbao(tmp_path, "build", "2025-04")

    assert (ran.code, ran.out) == (1, "")
    assert before == contents(tmp_path)
    assert ran.err.startswith("2025-04 检查…\n错误[section-unknown]: 没有“国策要轮”这个栏目\n")
    assert ran.err.endswith("\n\n2025-04：2 个错误，没有生成；上一次的文件保持原样\n")


def test_a_quiet_build_shows_nothing_but_the_problems(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(make_workspace(tmp_path, BAD), "build", "2025-04", "--quiet")

    assert ran.out == ""
    assert ran.err.startswith("错误[section-unknown]: 没有“国策要轮”这个栏目\n")


def test_a_build_elsewhere_with_errors_writes_nothing_there(
    jianbao: Jianbao, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "workspace", BAD)
    write_files(tmp_path / "out/2025-04", {"build.json": "{}"})
    ran = jianbao(root, "build", "2025-04", "--out", str(tmp_path / "out"))

    assert ran.code == 1
    assert contents(tmp_path / "out") == {"2025-04/build.json": b"{}"}


@pytest.mark.parametrize(("edition", "name"), [("epub", "epub"), ("pdf,x", "x"), ("", "（空）")])
def test_an_edition_that_there_is_not_is_wrong_usage(
    edition: str, name: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    ran = jianbao(make_workspace(tmp_path), "build", "2025-04", "--edition", edition)

    assert (ran.code, ran.out) == (2, "")
    assert (
        ran.err == f"错误：没有 {name} 这个版本\n怎么办：可用的版本：pdf、print、archive、wechat\n"
    )
