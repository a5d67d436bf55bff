"""``jianbao check``, with what it prints."""

from __future__ import annotations

import json
import os
import pty
import re
import sys
from contextlib import suppress
from subprocess import Popen
from typing import TYPE_CHECKING

import pytest
from workspaces import (
    BAD,
    ISSUE,
    ITEM,
    NUMBERS,
    ROOT,
    SECOND_ITEM,
    finish,
    item_text,
    make_workspace,
    start,
    two_issues,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import Ran

    #: Runs a command in a folder: ``jianbao(folder, "check", "2025-04")``.
    Jianbao = Callable[..., Ran]

WARNED = {ISSUE: f'{NUMBERS}items = ["01-a.md"]\n', SECOND_ITEM: item_text(title="标题二")}
WARNING = (
    "issues/2025-04/02-b.md:1:1: warning[item-unlisted] "
    "02-b.md 没有列入 issue.toml 的 items，不会排印\n"
)
CHECK_THE_PATH = "怎么办：检查路径，或只写期的编号，例如 2025-04\n"


def test_a_good_issue_may_be_printed(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(make_workspace(tmp_path), "check", "2025-04")

    assert (ran.code, ran.out, ran.err) == (0, "2025-04：没有问题，可以付印\n", "")


def test_files_of_an_issue_mean_the_issue_once(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(make_workspace(tmp_path), "check", ITEM, ISSUE, "2025-04", "issues/2025-04")

    assert (ran.code, ran.out, ran.err) == (0, "2025-04：没有问题，可以付印\n", "")


def test_check_shows_the_line_and_what_to_do(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(make_workspace(tmp_path, BAD), "check", "2025-04")

    assert (ran.code, ran.err) == (1, "")
    assert ran.out == (
        "错误[section-unknown]: 没有“国策要轮”这个栏目\n"
        " --> issues/2025-04/01-a.md:3:10\n"
        "  |\n"
        "3 | section: 国策要轮\n"
        "  |          ^^^^^^^^\n"
        "  = 怎么办：是不是“国策要论”？\n"
        "\n"
        "错误[placeholder-text]: 有没写完的占位文字：TODO\n"
        " --> issues/2025-04/01-a.md:8:4\n"
        "  |\n"
        "8 | 甲乙 TODO。\n"
        "  |      ^^^^\n"
        "  = 怎么办：补上内容，或删去\n"
        "\n"
        "2025-04：2 个错误，不能付印\n"
    )


def test_check_in_concise_form_prints_nothing_else(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(make_workspace(tmp_path, BAD), "check", "2025-04", "--format", "concise")

    assert ran.out == (
        "issues/2025-04/01-a.md:3:10: error[section-unknown] 没有“国策要轮”这个栏目\n"
        "issues/2025-04/01-a.md:8:4: error[placeholder-text] 有没写完的占位文字：TODO\n"
    )


def test_check_in_json_prints_one_list(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(make_workspace(tmp_path, BAD), "check", "2025-04", "--format", "json")
    found = json.loads(ran.out)

    assert [one["code"] for one in found] == ["section-unknown", "placeholder-text"]
    assert list(found[0]) == [
        *("code", "severity", "message", "path"),
        *("line", "column", "end_line", "end_column", "hint", "fix"),
    ]


def test_check_for_github_prints_commands(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(
        make_workspace(tmp_path, {ITEM: item_text(url="100%")}),
        "check",
        "2025-04",
        "--format=github",
    )

    assert ran.out == (
        "::error file=issues/2025-04/01-a.md,line=5,col=6,endLine=5,endColumn=10,"
        "title=url-malformed::网址不完整：100%25（网址以 https:// 或 http:// 开头）\n"
    )


def test_a_warning_fails_only_a_strict_check(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path, WARNED)
    lax = jianbao(tmp_path, "check", "2025-04", "--format", "concise")
    strict = jianbao(tmp_path, "check", "2025-04", "--format", "concise", "--strict")

    assert (lax.code, lax.out) == (0, WARNING)
    assert (strict.code, strict.out) == (1, WARNING)
    assert jianbao(tmp_path, "check", "2025-04").out.endswith("2025-04：1 个警告，可以付印\n")


def test_strict_does_not_make_a_good_issue_fail(jianbao: Jianbao, tmp_path: Path) -> None:
    assert jianbao(make_workspace(tmp_path), "check", "--strict", "2025-04").code == 0


@pytest.mark.parametrize(
    ("here", "argument"),
    [
        (".", "2025-04"),
        (".", "issues/2025-04"),
        (".", "./issues/2025-04/"),
        ("issues", "2025-04"),
        ("issues", "2025-04/"),
        ("issues/2025-04", "2025-04"),
        ("issues/2025-04", "."),
        ("issues/2025-04/images", "2025-04"),
        ("issues/2025-04/images", ".."),
        ("..", "workspace/issues/2025-04"),
    ],
)
def test_an_issue_is_an_id_or_a_folder_from_wherever_it_is_named(
    here: str, argument: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "workspace", {"issues/2025-04/images/a.txt": ""})
    ran = jianbao(root / here, "check", argument)

    assert (ran.code, ran.out, ran.err) == (0, "2025-04：没有问题，可以付印\n", "")


def test_paths_are_told_from_the_workspace_s_root(jianbao: Jianbao, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "workspace", WARNED)

    ran = jianbao(root / "issues", "check", "2025-04", "--format", "concise")

    assert ran.out == WARNING


def test_an_issue_may_lie_outside_of_issues(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path, {"drafts/special/issue.toml": NUMBERS})
    ran = jianbao(tmp_path, "check", "drafts/special", "--format", "concise")

    assert ran.out == "drafts/special/issue.toml:1:1: error[issue-empty] 这一期没有任何稿件\n"


@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("2025-09", "错误：没有 2025-09 这一期\n怎么办：现有：2025-04\n"),
        ("jianbao.toml", "错误：没有 jianbao.toml 这一期\n怎么办：现有：2025-04\n"),
        ("issues", "错误：没有 issues 这一期\n怎么办：现有：2025-04\n"),
        ("issues/2025-09", f"错误：没有 issues/2025-09 这个文件夹\n{CHECK_THE_PATH}"),
        (SECOND_ITEM, f"错误：没有 {SECOND_ITEM} 这个文件夹\n{CHECK_THE_PATH}"),
    ],
    ids=["id", "file", "folder without issue.toml", "folder", "item"],
)
def test_an_issue_that_there_is_not_is_wrong_usage(
    command: str, argument: str, message: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    ran = jianbao(make_workspace(tmp_path), command, argument)

    assert (2, "", message) == (ran.code, ran.out, ran.err)


@pytest.mark.parametrize(
    "argument", ["..", ".", "", "x" * 300], ids=["parent", "here", "empty", "long"]
)
def test_what_names_no_issue_is_wrong_usage(
    argument: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    ran = jianbao(make_workspace(tmp_path / "workspace"), "check", argument)

    assert (ran.code, ran.out) == (2, "")


def test_without_issues_the_way_to_one_is_told(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(make_workspace(tmp_path, {ISSUE: None, ITEM: None}), "check", "2025-04")

    assert ran.err == "错误：没有 2025-04 这一期\n怎么办：用 jianbao new 新建一期\n"


def test_outside_of_a_workspace_the_way_to_one_is_told(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(tmp_path, "check", "2025-04")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"错误：{tmp_path} 及其上级文件夹里都没有 jianbao.toml\n"
        "怎么办：到刊物的文件夹里再运行，或用 jianbao init 文件夹 新建一个\n"
    )


def test_several_issues_are_checked_and_the_worst_counts(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(two_issues(tmp_path), "check", "2025-04", "2025-05")

    assert ran.code == 1
    assert re.findall(r"^2025-.*", ran.out, re.MULTILINE) == [
        "2025-04：2 个错误，不能付印",
        "2025-05：没有问题，可以付印",
    ]


def test_several_issues_in_json_are_one_list(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(two_issues(tmp_path), "check", "2025-04", "2025-05", "--format", "json")

    assert len(json.loads(ran.out)) == 2


def test_nothing_is_checked_where_one_of_the_issues_is_wrong_usage(
    jianbao: Jianbao, tmp_path: Path
) -> None:
    ran = jianbao(make_workspace(tmp_path), "check", "2025-04", "2025-09")

    assert (ran.code, ran.out) == (2, "")


def test_text_that_no_terminal_can_show_is_no_traceback(tmp_path: Path) -> None:
    make_workspace(tmp_path, {ITEM: item_text(section=r'"\ud800"')})
    ran = finish(start(tmp_path, "check", "2025-04", PYTHONIOENCODING="utf-8:strict"))

    assert ran.code == 1
    assert "Traceback" not in ran.err


def test_a_file_name_that_is_not_utf_8_is_no_traceback(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    name = "稿".encode("gb18030").decode("utf-8", "surrogateescape")
    (tmp_path / f"issues/2025-04/{name}.md").write_text(item_text(), "utf-8")
    ran = finish(start(tmp_path, "check", "2025-04", PYTHONIOENCODING="utf-8:strict"))

    assert ran.code == 1
    assert "Traceback" not in ran.err


def test_a_reader_that_has_gone_is_no_failure(tmp_path: Path) -> None:
    here, there = os.pipe()
    os.close(here)
    process = start(make_workspace(tmp_path), "check", "2025-04", stdout=there)
    os.close(there)

    assert process.stderr is not None
    with process.stderr:
        assert (process.wait(60), process.stderr.read()) == (0, "")


def on_a_terminal(folder: Path, *arguments: str, **variables: str) -> str:
    """What ``jianbao ARGUMENTS`` shows on a terminal of 100 columns."""
    here, there = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", **variables}
    process = Popen(
        [sys.executable, "-m", "jianbao", *arguments],
        cwd=folder,
        env={name: value for name, value in environment.items() if value},
        stdout=there,
        stderr=there,
    )
    os.close(there)
    shown = b""
    with process, open(here, "rb", buffering=0) as terminal, suppress(OSError):  # noqa: PTH123  (a descriptor)
        while chunk := terminal.read(4096):
            shown += chunk
    return shown.decode().replace("\r\n", "\n")


def test_a_terminal_has_colours_unless_they_are_not_wanted(tmp_path: Path) -> None:
    make_workspace(tmp_path, BAD)

    assert "\x1b[1;31m错误[section-unknown]\x1b[0m: 没有" in on_a_terminal(
        tmp_path, "check", "2025-04", NO_COLOR=""
    )
    assert "\x1b" not in on_a_terminal(tmp_path, "check", "2025-04", NO_COLOR="1")


def test_a_build_on_a_terminal_has_a_bar_that_goes_away(tmp_path: Path) -> None:
    shown = on_a_terminal(make_workspace(tmp_path, BAD), "build", "2025-04", TERM="xterm")

    assert "━" in shown
    assert shown.index("2025-04 检查") < shown.index("section-unknown")
    assert shown.endswith("2025-04：2 个错误，没有生成；上一次的文件保持原样\n")
