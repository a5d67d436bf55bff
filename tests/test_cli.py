"""The command line as a whole: help, wrong usage, completion and doctor."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from workspaces import (
    finish,
    make_workspace,
    start,
    two_issues,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from workspaces import Ran

    #: Runs a command in a folder: ``jianbao(folder, "check", "2025-04")``.
    Jianbao = Callable[..., Ran]

COMMANDS = [
    "init",
    "new",
    "sources",
    "fetch",
    "inbox",
    "draft",
    "import",
    "check",
    "explain",
    "ignore",
    "sign",
    "snapshot",
    "verify",
    "build",
    "proof",
    "wechat",
    "subscribers",
    "send",
    "worker",
    "delivery",
    "bounces",
    "trace",
    "announce",
    "fonts",
    "doctor",
    "lsp",
    "completion",
]


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
        ("jianbao check --format ", ["full", "concise", "json", "github", "sarif"]),
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
    assert re.search(
        r"^缺 +fc-match +查找字体\n +在软件包 fontconfig 里；没有它，不能生成 PDF$",
        ran.out,
        re.MULTILINE,
    )
    assert re.search(
        r"^缺 +Noto Sans CJK SC Bold +标题、栏目名\n"
        r" +在软件包 fonts-noto-cjk 里；没有它，做不出字体工作集，不能生成 PDF；"
        r"不用别的字体代替，也不用算出来的假粗体$",
        ran.out,
        re.MULTILINE,
    )
    assert re.search(r"缺少 \d+ 项。请运行：\n  .*fontconfig", ran.out)


def test_a_face_that_fontconfig_would_replace_is_missing(
    jianbao: Jianbao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "fc-match"
    script.write_text("#!/bin/sh\nprintf '/f/Sans.ttf|0|DejaVu Sans|Bold'\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    ran = jianbao(tmp_path, "doctor")

    assert ran.code == 3
    assert re.findall(r"^缺 +(Noto.*?)  ", ran.out, re.MULTILINE) == [
        "Noto Serif CJK SC Regular",
        "Noto Serif CJK SC Bold",
        "Noto Sans CJK SC Regular",
        "Noto Sans CJK SC Bold",
    ]


def test_fonts_shows_each_face_of_the_working_set(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(tmp_path, "fonts")

    *faces, where = ran.out.splitlines()
    assert ran.code == 0
    assert [re.sub(r"  +[\d.]+ MB  [0-9a-f]{16}  /.*", "", face) for face in faces] == [
        "Jianbao Song 400",
        "Jianbao Song 700",
        "Jianbao Hei 400",
        "Jianbao Hei 700",
    ]
    assert Path(where.removeprefix("字体工作集在 ")).is_dir()
