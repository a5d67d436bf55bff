"""``jianbao sign`` and ``jianbao ignore``: what is signed, what an edit undoes, who may print."""

from __future__ import annotations

import json
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from workspaces import (
    BAD,
    CONFIGURATION,
    ISSUE,
    ITEM,
    NUMBERS,
    PUBLICATION,
    SECOND_ITEM,
    diagnose,
    item_text,
    make_workspace,
    places,
    write_files,
)

from jianbao.signing import _append

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import Ran

    Jianbao = Callable[..., Ran]

RECORD = "issues/2025-04/review.jsonl"
TWO_ITEMS = {SECOND_ITEM: item_text(title="标题二", url="https://www.nda.gov.cn/2.html")}
REQUIRED = {CONFIGURATION: f'{PUBLICATION}[check]\nrequire_signatures = ["终审"]\n'}
LATIN = {ITEM: item_text("扶持政策 and 激励措施。\n")}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A workspace with two items."""
    return make_workspace(tmp_path, TWO_ITEMS)


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / RECORD).read_text("utf-8").splitlines()]


def test_a_signature_is_a_line_of_the_record(desk: Path, jianbao: Jianbao) -> None:
    ran = jianbao(
        desk, "sign", "2025-04", "--stage", "初审", "--by", "张三", "--note", "可", "--found", "2"
    )

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "2025-04：初审 张三 已签 4 个文件（2025-02-11 09:30）\n"
    (line,) = lines(desk)
    digests = line.pop("sha256")
    assert isinstance(digests, dict)
    assert list(digests) == [ISSUE, CONFIGURATION, ITEM, SECOND_ITEM]
    assert line == {
        "stage": "初审",
        "by": "张三",
        "at": "2025-02-11T09:30:00+08:00",
        "note": "可",
        "found": 2,
    }


def test_without_a_stage_it_shows_how_far_each_has_come(desk: Path, jianbao: Jianbao) -> None:
    jianbao(desk, "sign", "2025-04", "--stage", "初审", "--by", "张三")
    jianbao(desk, "sign", "2025-04", "--stage", "复审", "--by", "李四", "--item", "01-a")

    ran = jianbao(desk, "sign", "2025-04")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "2025-04 的审签：\n"
        "  初审  已签  张三（2025-02-11）\n"
        "  复审  未签全  李四（2025-02-11）；没有签 3 个文件：issue.toml、jianbao.toml、02-b.md\n"
        "  终审  未签\n"
        "  一校  未签\n"
        "  二校  未签\n"
        "  三校  未签\n"
    )


def test_an_edit_voids_the_signatures_over_that_item_alone(desk: Path, jianbao: Jianbao) -> None:
    jianbao(desk, "sign", "2025-04", "--stage", "初审", "--by", "张三")
    write_files(desk, {SECOND_ITEM: item_text("改过。\n", title="标题二", url="https://a.cn/2")})

    ran = jianbao(desk, "check", "2025-04", "--format", "concise")

    assert ran.out == (
        "issues/2025-04/02-b.md:1:1: warning[signature-void] "
        "初审（张三，2025-02-11）之后又改过，签字作废\n"
    )


def test_who_signs_again_mends_it(desk: Path, jianbao: Jianbao) -> None:
    jianbao(desk, "sign", "2025-04", "--stage", "初审", "--by", "张三")
    write_files(desk, {ITEM: item_text("改过。\n")})
    jianbao(desk, "sign", "2025-04", "--stage", "初审", "--by", "王五", "--item", "01-a.md")

    ran = jianbao(desk, "sign", "2025-04")

    assert "  初审  已签  张三（2025-02-11）、王五（2025-02-11）\n" in ran.out
    assert jianbao(desk, "check", "2025-04").out == "2025-04：没有问题，可以付印\n"


def test_windows_line_ends_are_no_edit(desk: Path, jianbao: Jianbao) -> None:
    jianbao(desk, "sign", "2025-04", "--stage", "初审", "--by", "张三")
    file = desk / ITEM
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))

    assert jianbao(desk, "check", "2025-04").out == "2025-04：没有问题，可以付印\n"


def test_an_edit_of_the_masthead_voids_and_a_setting_does_not(desk: Path, jianbao: Jianbao) -> None:
    jianbao(desk, "sign", "2025-04", "--stage", "初审", "--by", "张三")

    write_files(desk, {CONFIGURATION: f'{PUBLICATION}[press]\nprofile = "facsimile"\n'})
    assert jianbao(desk, "check", "2025-04").out == "2025-04：没有问题，可以付印\n"

    write_files(desk, {CONFIGURATION: f'{PUBLICATION}[masthead]\nstatement = "声明"\n'})
    ran = jianbao(desk, "check", "2025-04", "--format", "concise")
    assert ran.out.startswith("jianbao.toml:1:1: warning[signature-void]")


def test_an_image_is_part_of_what_is_signed(tmp_path: Path, jianbao: Jianbao) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="{}"/>'
    files = {ITEM: item_text("![图](a.svg)\n"), "issues/2025-04/a.svg": svg.format(9)}
    make_workspace(tmp_path, files)
    jianbao(tmp_path, "sign", "2025-04", "--stage", "初审", "--by", "张三")
    write_files(tmp_path, {"issues/2025-04/a.svg": svg.format(8)})

    found = jianbao(tmp_path, "check", "2025-04", "--format", "concise").out

    assert found.startswith("issues/2025-04/01-a.md:1:1: warning[signature-void]")


def test_one_person_in_two_stages_is_remarked_on(desk: Path, jianbao: Jianbao) -> None:
    jianbao(desk, "sign", "2025-04", "--stage", "初审", "--by", "张三")

    ran = jianbao(desk, "sign", "2025-04", "--stage", "终审", "--by", "张三")

    assert (ran.code, ran.err) == (
        0,
        "注意：初审也是张三；三审、三校应由不同的人做\n注意：复审还没有签全\n",
    )


def test_nothing_with_errors_is_signed(tmp_path: Path, jianbao: Jianbao) -> None:
    make_workspace(tmp_path, BAD)

    ran = jianbao(tmp_path, "sign", "2025-04", "--stage", "初审", "--by", "张三")

    assert ran.code == 1
    assert ran.err.endswith("2025-04：2 个错误，没有签；先改好错误\n")
    assert not (tmp_path / RECORD).exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--by", "张三"], "错误：没有写是哪一个环节\n"),
        (["--stage", "初审"], "错误：没有写签字的人\n怎么办：加上 --by 姓名\n"),
        (["--stage", "四校", "--by", "张三"], "错误：--stage 的值不对：可用的有 初审、复审、"),
        (
            ["--stage", "初审", "--by", "张三", "--item", "03"],
            "错误：这一期没有 03 这个文件\n怎么办：可以签的有：issue.toml、jianbao.toml、01-a.md、",
        ),
    ],
)
def test_what_is_missing_is_said(
    arguments: list[str], message: str, desk: Path, jianbao: Jianbao
) -> None:
    ran = jianbao(desk, "sign", "2025-04", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(message)
    assert not (desk / RECORD).exists()


def test_no_edition_goes_out_without_the_signatures(tmp_path: Path, jianbao: Jianbao) -> None:
    make_workspace(tmp_path, REQUIRED)

    assert jianbao(tmp_path, "check", "2025-04").code == 0
    ran = jianbao(tmp_path, "build", "2025-04", "--quiet")

    assert ran.code == 1
    assert ran.err == (
        "错误[signature-missing]: 没有终审签字：issue.toml、jianbao.toml、01-a.md\n"
        " --> issues/2025-04/issue.toml:1:1\n"
        "  |\n"
        "1 | number = 4\n"
        "  | ^\n"
        "  = 怎么办：看过之后运行 jianbao sign 2025-04 --stage 终审 --by 姓名\n"
        "\n"
        "2025-04：1 个错误，没有生成；上一次的文件保持原样\n"
    )
    assert not (tmp_path / "output").exists()


def test_with_them_it_does_and_the_archive_needs_none(tmp_path: Path, jianbao: Jianbao) -> None:
    make_workspace(tmp_path, REQUIRED)

    assert jianbao(tmp_path, "build", "2025-04", "--edition", "archive").code == 0
    jianbao(tmp_path, "sign", "2025-04", "--stage", "终审", "--by", "张三")
    assert jianbao(tmp_path, "build", "2025-04").code == 0


def test_all_stages_can_be_required(tmp_path: Path, jianbao: Jianbao) -> None:
    configuration = f"{PUBLICATION}[check]\nrequire_signatures = true\n"
    make_workspace(tmp_path, {CONFIGURATION: configuration})

    ran = jianbao(tmp_path, "build", "2025-04", "--quiet")

    assert ran.err.endswith("2025-04：6 个错误，没有生成；上一次的文件保持原样\n")


def test_an_ignore_with_name_and_reason_is_kept_to(tmp_path: Path, jianbao: Jianbao) -> None:
    make_workspace(tmp_path, LATIN)

    arguments = ("2025-04", "01-a.md", "latin-word", "--by", "张三", "--reason", "原文如此")
    ran = jianbao(tmp_path, "ignore", *arguments)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "issues/2025-04/01-a.md 不再报 latin-word（张三：原文如此）\n"
    assert jianbao(tmp_path, "check", "2025-04").out == "2025-04：没有问题，可以付印\n"
    assert lines(tmp_path) == [
        {
            "ignore": "latin-word",
            "file": ITEM,
            "by": "张三",
            "reason": "原文如此",
            "at": "2025-02-11T09:30:00+08:00",
        }
    ]


@pytest.mark.parametrize(
    ("file", "code", "message"),
    [
        ("01-a", "latin-wrd", "错误：没有 latin-wrd 这个代号\n怎么办：是不是 latin-word？\n"),
        ("01-a", "source-missing", "错误：source-missing 不能忽略：每条稿件都要写明来源\n"),
        (
            "02-b",
            "latin-word",
            f"错误：02-b 里没有 latin-word 这个问题\n怎么办：有这个问题的文件：{ITEM}\n",
        ),
    ],
)
def test_what_cannot_be_ignored_is_said(
    file: str, code: str, message: str, tmp_path: Path, jianbao: Jianbao
) -> None:
    make_workspace(tmp_path, LATIN)

    ran = jianbao(tmp_path, "ignore", "2025-04", file, code, "--by", "张三", "--reason", "原文")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(message)


def test_an_ignore_without_a_name_is_none(tmp_path: Path, jianbao: Jianbao) -> None:
    make_workspace(tmp_path, LATIN)

    ran = jianbao(tmp_path, "ignore", "2025-04", "01-a", "latin-word", "--reason", "原文")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "错误：没有写谁决定忽略、为什么\n怎么办：加上 --by 姓名 --reason 理由\n"
    assert not (tmp_path / RECORD).exists()


def test_lines_are_added_whole_by_many_at_once(tmp_path: Path) -> None:
    file = tmp_path / "review.jsonl"
    file.write_text("没有换行的旧行", "utf-8")
    threads = [Thread(target=_append, args=(file, f"{n} " * 999 + "\n")) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)

    first, *rest = file.read_text("utf-8").split("\n")

    assert first == "没有换行的旧行"
    # Each that saw the old line without its end may have ended it: blank lines say nothing.
    assert sorted(line for line in rest if line) == [f"{n} " * 999 for n in range(8)]


def test_a_removed_item_needs_no_signature(tmp_path: Path, jianbao: Jianbao) -> None:
    make_workspace(tmp_path, TWO_ITEMS)
    jianbao(tmp_path, "sign", "2025-04", "--stage", "初审", "--by", "张三")
    (tmp_path / SECOND_ITEM).unlink()

    found = diagnose(tmp_path, {ISSUE: NUMBERS})

    assert places(found) == []
