"""Whole commands, with what they print and leave behind."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import sys
import tomllib
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from subprocess import Popen
from typing import TYPE_CHECKING

import pytest
from workspaces import (
    CONFIGURATION,
    ISSUE,
    ITEM,
    LEDGER,
    LEDGER_HEAD,
    NUMBERS,
    PUBLICATION,
    ROOT,
    SECOND_ITEM,
    contents,
    finish,
    item_text,
    make_workspace,
    start,
    write_files,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import Ran

    #: Runs a command in a folder: ``jianbao(folder, "check", "2025-04")``.
    Jianbao = Callable[..., Ran]

COMMANDS = ["init", "new", "check", "build", "proof", "fonts", "doctor", "completion"]
BAD_ITEM = item_text("甲乙 TODO。\n", section="国策要轮")
BAD = {ITEM: BAD_ITEM}
WARNED = {ISSUE: f'{NUMBERS}items = ["01-a.md"]\n', SECOND_ITEM: item_text(title="标题二")}
WARNING = (
    "issues/2025-04/02-b.md:1:1: warning[item-unlisted] "
    "02-b.md 没有列入 issue.toml 的 items，不会排印\n"
)
CHECK_THE_PATH = "怎么办：检查路径，或只写期的编号，例如 2025-04\n"


# -- help and wrong usage --


def test_help_names_the_commands_in_the_order_of_work(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(tmp_path, "--help")
    listed = ran.out.partition("命令")[2].partition("\n")[2]

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("用法：jianbao 命令 …\n\n  简报：从 Markdown 稿件到可付印的一期。\n")
    assert re.findall(r"^  ([a-z]+) ", ran.out.split("命令:")[-1], re.MULTILINE) == COMMANDS
    assert "init" in listed


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_is_chinese(command: str, jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(tmp_path, command, "--help")
    sentences = [line for line in ran.out.split("\n") if line.startswith("  ") and "--" not in line]

    assert ran.code == 0
    assert ran.out.startswith(f"用法：jianbao {command}")
    assert "显示帮助。" in ran.out
    assert not re.search(r"Usage|Options|Show this|default|\[required\]|TEXT", ran.out)
    assert all(re.search(r"[一-鿿]|jianbao", line) for line in sentences)


def test_without_a_command_the_help_is_shown(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(tmp_path)

    assert "用法：jianbao 命令 …" in ran.out + ran.err
    assert "错误" not in ran.err


def test_the_version_is_the_package_s(jianbao: Jianbao, tmp_path: Path) -> None:
    try:
        installed = version("jianbao")
    except PackageNotFoundError:
        pytest.skip("jianbao is not installed")

    assert jianbao(tmp_path, "--version").out == f"jianbao {installed}\n"


@pytest.mark.parametrize(
    ("arguments", "message", "command"),
    [
        (["chek", "2025-04"], "没有 chek 这个命令，是不是 check？", "jianbao"),
        (
            ["发布"],
            "没有 发布 这个命令。可用的命令：" + "、".join(COMMANDS),
            "jianbao",
        ),
        (["check"], "缺少 期…", "jianbao check"),
        (["build"], "缺少 期…", "jianbao build"),
        (["init"], "缺少 文件夹", "jianbao init"),
        (["completion"], "缺少 bash|zsh|fish", "jianbao completion"),
        (["check", "--strct", "a"], "没有 --strct 这个选项，是不是 --strict？", "jianbao check"),
        (["check", "-x", "a"], "没有 -x 这个选项", "jianbao check"),
        (["new", "a", "b", "c"], "多写了参数(b c)", "jianbao new"),
        (["doctor", "a"], "多写了参数(a)", "jianbao doctor"),
        (
            ["completion", "tcsh"],
            "bash|zsh|fish 的值不对：可用的有 bash、zsh、fish",
            "jianbao completion",
        ),
    ],
    ids=[
        "misspelt command",
        "no such command",
        "check what",
        "build what",
        "init what",
        "complete what",
        "misspelt option",
        "no such option",
        "too much",
        "too much for doctor",
        "no such shell",
    ],
)
def test_wrong_usage_says_what_was_meant(
    arguments: list[str], message: str, command: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    ran = jianbao(tmp_path, *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"错误：{message}\n怎么办：运行 {command} --help 查看用法\n"


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (["check", "2025-04", "--format", "xml"], "--format"),
        (["new", "--date", "2025-2-30"], "--date"),
        (["build", "2025-04", "--out", "jianbao.toml"], "--out"),
        (["init", "jianbao.toml"], "文件夹"),
    ],
    ids=["format", "date", "out", "init"],
)
def test_a_bad_value_is_told_in_chinese_by_the_name_of_its_option(
    arguments: list[str], option: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    ran = jianbao(make_workspace(tmp_path), *arguments)
    message = ran.err.partition("\n")[0]

    assert (ran.code, ran.out) == (2, "")
    assert message.startswith(f"错误：{option} 的值不对：")
    assert not re.search(r"is a file|Directory|invalid", message)


@pytest.mark.parametrize("arguments", [["--format"], ["--strict=1"]], ids=["no value", "a value"])
def test_an_option_without_its_value_leads_to_the_help_of_its_command(
    arguments: list[str], jianbao: Jianbao, tmp_path: Path
) -> None:
    ran = jianbao(make_workspace(tmp_path), "check", "2025-04", *arguments)

    assert ran.code == 2
    assert ran.err.endswith("怎么办：运行 jianbao check --help 查看用法\n")


# -- check --


def test_a_good_issue_may_be_printed(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(make_workspace(tmp_path), "check", "2025-04")

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
        (ITEM, f"错误：没有 {ITEM} 这个文件夹\n{CHECK_THE_PATH}"),
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


def two_issues(folder: Path) -> Path:
    """A workspace with 2025-04, which is bad, and 2025-05, which is good."""
    numbers = NUMBERS.replace("= 4", "= 5").replace("217", "218")
    second = {"issues/2025-05/issue.toml": numbers, "issues/2025-05/01-a.md": item_text()}
    return make_workspace(folder, {**BAD, **second})


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


# -- build, of what cannot be built --


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
    assert ran.err == f"错误：没有 {name} 这个版本\n怎么办：可用的版本：pdf、print、archive\n"


# -- init --


def test_init_makes_a_workspace(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(tmp_path, "init", "简报")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"已新建刊物 {tmp_path / '简报'}\n"
        "下一步：修改其中的 jianbao.toml，然后在那里运行 jianbao new\n"
    )
    assert {".gitignore", CONFIGURATION} == set(contents(tmp_path / "简报"))
    assert (tmp_path / "简报/issues").is_dir()


@pytest.mark.parametrize(
    "name",
    ["数据简报", '我的"刊物"', "反\\斜杠", "两\n行", "{{name}}", "{{section}}"],
    ids=["plain", "quotes", "backslash", "two lines", "braces", "other braces"],
)
def test_init_writes_any_name_as_toml(name: str, jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(tmp_path, "init", "a", "--name", name)
    written = tomllib.loads((tmp_path / "a" / CONFIGURATION).read_text("utf-8"))

    assert ran.code == 0
    assert written["publication"]["name"] == name


def test_init_changes_no_file_that_there_is(jianbao: Jianbao, tmp_path: Path) -> None:
    write_files(tmp_path, {".gitignore": "mine\n", "issues/a.txt": "mine\n"})
    ran = jianbao(tmp_path, "init", ".", "--name", "简报")

    assert ran.code == 0
    assert (tmp_path / ".gitignore").read_text() == "mine\n"
    assert (tmp_path / "issues/a.txt").read_text() == "mine\n"


def test_init_leaves_a_workspace_alone(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path)
    before = contents(tmp_path)
    ran = jianbao(tmp_path, "init", ".")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "错误：. 已经有 jianbao.toml\n怎么办：到那里运行 jianbao new 新建一期\n"
    assert before == contents(tmp_path)


def test_init_where_nothing_can_be_written_is_wrong_usage(jianbao: Jianbao, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    ran = jianbao(tmp_path, "init", "file/a")

    assert ran.code == 2
    assert ran.err.startswith("错误：不能写入 file/a：")
    assert (tmp_path / "file").read_text() == "mine"


# -- new --


def test_the_first_issue_has_a_sample_that_may_be_printed(jianbao: Jianbao, tmp_path: Path) -> None:
    jianbao(tmp_path, "init", ".", "--name", "简报")
    ran = jianbao(tmp_path, "new")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "已新建 issues/2025-01：第1期，总第1期，2025-02-11\n"
        "下一步：把稿件放进这个文件夹，然后运行 jianbao build 2025-01\n"
    )
    assert (tmp_path / LEDGER).read_text() == f"{LEDGER_HEAD}2025-01,1,1,2025-02-11\n"
    assert jianbao(tmp_path, "check", "2025-01").out == "2025-01：没有问题，可以付印\n"


def new(jianbao: Jianbao, folder: Path, *arguments: str, day: str = "2025-02-17") -> Ran:
    """Run ``jianbao new`` for ``day``."""
    return jianbao(folder, "new", *arguments, "--date", day)


def ledger(*lines: str) -> str:
    """Text of a ledger."""
    return LEDGER_HEAD + "".join(f"{line}\n" for line in lines)


FOURTH = "2025-04,4,217,2025-02-10"


def test_the_next_issue_takes_the_next_numbers(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path, {LEDGER: ledger(FOURTH)})
    ran = new(jianbao, tmp_path)

    assert ran.out.startswith("已新建 issues/2025-05：第5期，总第218期，2025-02-17\n")
    assert ledger(FOURTH, "2025-05,5,218,2025-02-17") == (tmp_path / LEDGER).read_text()
    assert [file.name for file in (tmp_path / "issues/2025-05").iterdir()] == ["issue.toml"]
    assert (
        (tmp_path / "issues/2025-05/issue.toml")
        .read_text("utf-8")
        .startswith("number = 5\ntotal = 218\ndate = 2025-02-17\n")
    )


def test_in_a_new_year_the_number_restarts(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path, {LEDGER: ledger(FOURTH)})
    new(jianbao, tmp_path, day="2026-01-05")

    assert ledger(FOURTH, "2026-01,1,218,2026-01-05") == (tmp_path / LEDGER).read_text()


def test_issues_that_lie_here_are_entered_in_a_ledger_that_is_not(
    jianbao: Jianbao, tmp_path: Path
) -> None:
    new(jianbao, make_workspace(tmp_path))

    assert ledger(FOURTH, "2025-05,5,218,2025-02-17") == (tmp_path / LEDGER).read_text()


def test_an_id_of_one_s_own_names_the_folder(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = new(jianbao, make_workspace(tmp_path), "两会专刊")

    assert ran.out.startswith("已新建 issues/两会专刊：第5期，总第218期，2025-02-17\n")


@pytest.mark.parametrize(
    ("lines", "day", "message"),
    [
        (
            ["2025-02,2,215,2025-01-20", FOURTH],
            "2025-02-17",
            "台账不连续：2025-02 是第2期（总第215期），2025-04 却是第4期（总第217期）",
        ),
        (
            ["2025-03,4,217,2025-02-03", FOURTH],
            "2025-02-17",
            "台账不连续：2025-03 是第4期（总第217期），2025-04 却是第4期（总第217期）",
        ),
        (
            [FOURTH, "2025-05,5,218,2025-02-17"],
            "2025-02-24",
            "台账里最后一期是 2025-05（总第218期），但 issues/2025-05 不在了",
        ),
        ([FOURTH], "2025-02-03", "2025-02-03 早于上一期 2025-04 的日期 2025-02-10"),
        (
            [FOURTH, "2025-05,5"],
            "2025-02-17",
            "台账 issues/ledger.csv 第 3 行有误：台账的一行应是：编号,期号,总期号,日期",
        ),
    ],
    ids=["gap", "repeat", "last gone", "too early", "line cut"],
)
def test_no_number_is_skipped_or_repeated(
    lines: list[str], day: str, message: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    make_workspace(tmp_path, {LEDGER: ledger(*lines)})
    before = contents(tmp_path)
    ran = new(jianbao, tmp_path, day=day)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"错误：{message}\n怎么办：")
    assert before == contents(tmp_path)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [("2025-04", "2025-04 这一期已经有了"), ("../2025-05", "../2025-05 不能用作编号")],
    ids=["taken", "path"],
)
def test_an_id_that_cannot_be_given_is_refused(
    wanted: str, message: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    make_workspace(tmp_path)
    before = contents(tmp_path)
    ran = new(jianbao, tmp_path, wanted)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"错误：{message}\n怎么办：")
    assert before == contents(tmp_path)


def test_a_folder_that_is_there_is_not_taken(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path, {"issues/2025-05/01-a.md": "mine"})
    before = contents(tmp_path)
    ran = new(jianbao, tmp_path)

    assert ran.err == (
        "错误：文件夹 issues/2025-05 已经存在\n怎么办：改用别的编号，或移走这个文件夹\n"
    )
    assert before == contents(tmp_path)


def test_numbers_that_cannot_be_read_are_not_guessed(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = new(jianbao, make_workspace(tmp_path, {ISSUE: "number = x\n"}))

    assert ran.code == 2
    assert ran.err == f"错误：{ISSUE} 里的编号读不出来\n怎么办：先运行 jianbao check 2025-04\n"


@pytest.mark.parametrize(
    "configuration",
    [PUBLICATION.encode("gb18030"), b"publication = 1\n", b"[publication]\nsections = 1\n"],
    ids=["GBK", "no table", "no list"],
)
def test_a_bad_configuration_is_no_traceback(
    configuration: bytes, jianbao: Jianbao, tmp_path: Path
) -> None:
    make_workspace(tmp_path, {CONFIGURATION: configuration, ISSUE: None, ITEM: None})
    ran = jianbao(tmp_path, "new")

    assert ran.code in {0, 2}


def test_issues_that_cannot_be_written_are_no_traceback(jianbao: Jianbao, tmp_path: Path) -> None:
    write_files(tmp_path, {CONFIGURATION: PUBLICATION, "issues": "a file"})
    ran = jianbao(tmp_path, "new")

    assert ran.code == 2


def test_a_section_of_any_name_makes_a_good_sample(jianbao: Jianbao, tmp_path: Path) -> None:
    configuration = PUBLICATION.replace("国策要论", "要闻: 国内")
    make_workspace(tmp_path, {CONFIGURATION: configuration, ISSUE: None, ITEM: None})
    jianbao(tmp_path, "new")

    assert jianbao(tmp_path, "check", "2025-01").out == "2025-01：没有问题，可以付印\n"


def test_a_lock_that_stays_is_told_not_broken(
    jianbao: Jianbao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jianbao.founding._LOCK_SECONDS", 0.1)
    make_workspace(tmp_path, {"issues/.ledger.lock": ""})
    before = contents(tmp_path)
    ran = new(jianbao, tmp_path)

    assert ran.code == 2
    assert ran.err.startswith(
        "错误：另一个 jianbao new 正在运行\n怎么办：等它结束；确实没有的，删去"
    )
    assert before == contents(tmp_path)


def test_a_command_that_is_interrupted_says_so(
    jianbao: Jianbao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jianbao.founding._LOCK_SECONDS", 30)
    make_workspace(tmp_path, {"issues/.ledger.lock": ""})
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        ran = new(jianbao, tmp_path)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    assert (ran.code, ran.out, ran.err.strip()) == (130, "", "已取消。")
    assert (tmp_path / "issues/.ledger.lock").exists()


def test_two_people_at_once_get_different_numbers(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    started = [start(tmp_path, "new", "--date", "2025-02-17") for _ in range(4)]
    ran = [finish(process) for process in started]

    assert [one.code for one in ran] == [0] * 4
    assert (tmp_path / LEDGER).read_text() == ledger(
        FOURTH,
        "2025-05,5,218,2025-02-17",
        "2025-06,6,219,2025-02-17",
        "2025-07,7,220,2025-02-17",
        "2025-08,8,221,2025-02-17",
    )
    assert len({one.out for one in ran}) == 4


# -- completion and doctor --


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("bash", "complete -o nosort -F _jianbao_completion jianbao"),
        ("zsh", "#compdef jianbao"),
        ("fish", "complete --no-files --command jianbao"),
    ],
)
def test_completion_prints_a_script_for_the_shell(
    shell: str, line: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    ran = jianbao(tmp_path, "completion", shell)

    assert (ran.code, ran.err) == (0, "")
    assert line in ran.out
    assert f"_JIANBAO_COMPLETE={shell}_complete" in ran.out


@pytest.mark.parametrize(
    ("words", "completions"),
    [
        ("jianbao ch", ["check"]),
        ("jianbao ", COMMANDS),
        ("jianbao check 20", ["2025-04", "2025-05"]),
        ("jianbao check --st", ["--strict"]),
        ("jianbao check --format ", ["full", "concise", "json", "github"]),
        ("jianbao completion z", ["zsh"]),
    ],
)
def test_the_shell_completes_commands_options_and_issues(
    words: str, completions: list[str], tmp_path: Path
) -> None:
    two_issues(tmp_path)
    position = str(len(words.split(" ")) - 1)
    ran = finish(
        start(tmp_path, _JIANBAO_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=position)
    )

    assert [f"plain,{word}" for word in completions] == ran.out.split()


def test_outside_of_a_workspace_there_are_no_issues_to_complete(tmp_path: Path) -> None:
    words = {"COMP_WORDS": "jianbao check 20", "COMP_CWORD": "2"}
    ran = finish(start(tmp_path, _JIANBAO_COMPLETE="bash_complete", **words))

    assert (ran.code, ran.out.strip(), ran.err) == (0, "", "")


def test_doctor_lists_what_there_is_and_what_mends_the_rest(
    jianbao: Jianbao, tmp_path: Path
) -> None:
    ran = jianbao(tmp_path, "doctor")
    states = re.findall(r"^(有|缺|待做) +\S", ran.out, re.MULTILINE)
    missing = states.count("缺")

    assert {"Python 3", "Pango", "HarfBuzz", "fc-match", "字体工作集"} <= set(
        re.findall(r"Python 3|Pango|HarfBuzz|fc-match|字体工作集", ran.out)
    )
    assert (3 if missing else 0, "") == (ran.code, ran.err)
    assert (f"缺少 {missing} 项。请运行：" if missing else "齐全，可以生成。") in ran.out


def test_doctor_says_how_to_mend_what_is_missing(
    jianbao: Jianbao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = jianbao(tmp_path, "doctor")

    assert ran.code == 3
    assert re.search(r"^缺 +fc-match +查找字体$", ran.out, re.MULTILINE)
    assert re.search(r"缺少 \d+ 项。请运行：\n  .*fontconfig", ran.out)
