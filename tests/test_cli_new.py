"""``jianbao init`` and ``jianbao new``, with what they print and leave behind."""

from __future__ import annotations

import json
import signal
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from workspaces import (
    CONFIGURATION,
    ISSUE,
    ITEM,
    LEDGER,
    LEDGER_HEAD,
    PUBLICATION,
    contents,
    finish,
    make_workspace,
    start,
    write_files,
)

from jianbao.schema import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable

    from workspaces import Ran

    #: Runs a command in a folder: ``jianbao(folder, "check", "2025-04")``.
    Jianbao = Callable[..., Ran]


# -- init --


def test_init_makes_a_workspace(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(tmp_path, "init", "简报")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"已新建刊物 {tmp_path / '简报'}\n"
        "下一步：修改其中的 jianbao.toml，然后在那里运行 jianbao new\n"
    )
    assert sorted(contents(tmp_path / "简报")) == [
        ".editorconfig",
        ".gitignore",
        ".taplo.toml",
        ".vscode/extensions.json",
        ".vscode/schemas/issue.json",
        ".vscode/schemas/item.json",
        ".vscode/schemas/jianbao.json",
        ".vscode/schemas/source.json",
        ".vscode/settings.json",
        CONFIGURATION,
    ]
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


def test_init_writes_the_schemas_that_its_settings_name(jianbao: Jianbao, tmp_path: Path) -> None:
    jianbao(tmp_path, "init", ".", "--name", "简报")
    settings = json.loads((tmp_path / ".vscode/settings.json").read_text("utf-8"))
    rules = tomllib.loads((tmp_path / ".taplo.toml").read_text("utf-8"))["rule"]
    named = [*settings["yaml.schemas"], *(rule["schema"]["path"] for rule in rules)]

    assert sorted(named) == sorted(f".vscode/schemas/{name}" for name in SCHEMAS)
    for path in named:
        assert json.loads((tmp_path / path).read_text("utf-8")) == SCHEMAS[Path(path).name]()


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
