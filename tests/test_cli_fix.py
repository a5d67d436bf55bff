"""``jianbao check`` with ``--fix``, ``--diff`` and ``--undo``."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workspaces import (
    CONFIGURATION,
    ITEM,
    PUBLICATION,
    SECOND_ITEM,
    TODAY,
    contents,
    item_text,
    make_workspace,
    two_issues,
)

from jianbao.cli.diffs import in_colour, unified_diff
from jianbao.fixing import Change, fix, write_changes
from jianbao.pipeline import check
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from workspaces import Ran

    Jianbao = Callable[..., Ran]

SLIPS = item_text("扶持政策 and 激励措施，培育 and 发展。\n", section="国策要轮")
MENDED = item_text("扶持政策和激励措施，培育和发展。\n")
UNDO = "还原：jianbao check 期 --undo\n"


def test_fix_mends_what_needs_no_person_and_says_so(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path, {ITEM: SLIPS})

    ran = jianbao(tmp_path, "check", "2025-04", "--fix")

    assert (tmp_path / ITEM).read_text("utf-8") == MENDED
    assert (ran.code, ran.out) == (0, "2025-04：没有问题，可以付印\n")
    assert ran.err == f"已改正 {ITEM}：3 处\n{UNDO}"


def test_fix_leaves_what_a_person_must_decide(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path, {ITEM: item_text("甲 and 乙，TODO。\n")})

    ran = jianbao(tmp_path, "check", "2025-04", "--fix", "--format", "concise")

    assert ran.code == 1
    assert ran.out == f"{ITEM}:8:5: error[placeholder-text] 有没写完的占位文字：TODO\n"


def test_a_second_fix_changes_nothing(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path, {ITEM: SLIPS})
    jianbao(tmp_path, "check", "2025-04", "--fix")
    before = contents(tmp_path)

    ran = jianbao(tmp_path, "check", "2025-04", "--fix")

    assert (ran.code, ran.err) == (0, "")
    assert before == contents(tmp_path)


def test_fix_goes_on_where_a_fix_brought_another_to_light(jianbao: Jianbao, tmp_path: Path) -> None:
    keys = (
        "titel: 标题\nsection: 国策要论\nsource: 国家数据局\nurl: https://www.nda.gov.cn/1.html\n"
    )
    title = f"---\n{keys.replace('标题', '甲 and 乙')}---\n\n正文。\n"
    make_workspace(tmp_path, {ITEM: title})

    ran = jianbao(tmp_path, "check", "2025-04", "--fix")

    assert ran.err == f"已改正 {ITEM}：2 处\n{UNDO}"
    assert (tmp_path / ITEM).read_text("utf-8") == (
        f"---\n{keys.replace('titel: 标题', 'title: 甲和乙')}---\n\n正文。\n"
    )


def test_fix_leaves_every_other_byte_alone(jianbao: Jianbao, tmp_path: Path) -> None:
    written = b"\xef\xbb\xbf" + SLIPS.rstrip("\n").replace("\n", "\r\n").encode() + b"  "
    make_workspace(tmp_path, {ITEM: written})

    jianbao(tmp_path, "check", "2025-04", "--fix")

    mended = b"\xef\xbb\xbf" + MENDED.rstrip("\n").replace("\n", "\r\n").encode() + b"  "
    assert (tmp_path / ITEM).read_bytes() == mended


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_fix_keeps_permissions_and_links(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path, {"drafts/a.md": SLIPS})
    (tmp_path / "drafts/a.md").chmod(0o640)
    (tmp_path / ITEM).unlink()
    (tmp_path / ITEM).symlink_to(tmp_path / "drafts/a.md")

    jianbao(tmp_path, "check", "2025-04", "--fix")

    assert (tmp_path / ITEM).is_symlink()
    assert (tmp_path / "drafts/a.md").read_text("utf-8") == MENDED
    assert (tmp_path / "drafts/a.md").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    "text",
    [
        item_text("《政策 and 措施》全文。\n"),
        item_text("见[政策 and 措施](https://example.com/甲-and-乙)。\n", section="数谷新政"),
        item_text("`政策 and 措施`\n"),
    ],
    ids=["a quoted title", "an address, a section that may be two", "code"],
)
def test_fix_never_touches(text: str, jianbao: Jianbao, tmp_path: Path) -> None:
    sections = '["国策要论", "地方新政", "数谷动态"]'
    configuration = f'[publication]\nname = "简报"\nsections = {sections}\n'
    make_workspace(tmp_path, {ITEM: text, CONFIGURATION: configuration})
    kept = text.replace("见[政策 and 措施]", "见[政策和措施]")

    jianbao(tmp_path, "check", "2025-04", "--fix")

    assert (tmp_path / ITEM).read_text("utf-8") == kept


def test_a_misspelt_key_is_mended_only_where_the_right_one_is_missing(
    jianbao: Jianbao, tmp_path: Path
) -> None:
    configuration = f'{PUBLICATION}solgan = "甲"\n[chekc]\n'
    twice = item_text(titel="另一个")
    make_workspace(tmp_path, {CONFIGURATION: configuration, ITEM: twice})

    ran = jianbao(tmp_path, "check", "2025-04", "--fix")

    assert ran.code == 2
    assert ran.err == f"已改正 {CONFIGURATION}：1 处\n{UNDO}"
    expected = configuration.replace("solgan", "slogan")
    assert (tmp_path / CONFIGURATION).read_text("utf-8") == expected
    assert (tmp_path / ITEM).read_text("utf-8") == twice


def test_diff_shows_what_fix_would_write_and_writes_nothing(
    jianbao: Jianbao, tmp_path: Path
) -> None:
    make_workspace(tmp_path, {ITEM: item_text("甲 and 乙。")})
    before = contents(tmp_path)

    ran = jianbao(tmp_path, "check", "2025-04", "--diff")

    assert before == contents(tmp_path)
    assert (ran.code, ran.err) == (1, "能自动改正 1 处；没有写入任何文件\n")
    assert ran.out == (
        f"--- a/{ITEM}\n"
        f"+++ b/{ITEM}\n"
        "@@ -5,4 +5,4 @@\n"
        " url: https://www.nda.gov.cn/1.html\n"
        " ---\n"
        " \n"
        "-甲 and 乙。\n"
        "\\ No newline at end of file\n"
        "+甲和乙。\n"
        "\\ No newline at end of file\n"
    )


def test_git_applies_the_diff(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path, {ITEM: SLIPS, SECOND_ITEM: item_text("甲 and 乙。", slug="b")})
    ran = jianbao(tmp_path, "check", "2025-04", "--diff")
    (tmp_path / "a.patch").write_text(ran.out, "utf-8")

    subprocess.run(["git", "apply", "a.patch"], cwd=tmp_path, check=True)

    assert (tmp_path / ITEM).read_text("utf-8") == MENDED
    assert (tmp_path / SECOND_ITEM).read_text("utf-8") == item_text("甲和乙。", slug="b")


def test_diff_of_a_clean_issue_is_empty(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(make_workspace(tmp_path), "check", "2025-04", "--diff")

    assert (ran.code, ran.out, ran.err) == (0, "", "能自动改正 0 处；没有写入任何文件\n")


def test_undo_puts_everything_back(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path, {ITEM: SLIPS})
    before = contents(tmp_path)
    jianbao(tmp_path, "check", "2025-04", "--fix")

    ran = jianbao(tmp_path, "check", "2025-04", "--undo")

    assert (ran.code, ran.err) == (0, f"已还原 {ITEM}\n")
    assert contents(tmp_path) == {**before, ".jianbao/.gitignore": b"*\n"}


def test_undo_of_nothing_is_an_error(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(make_workspace(tmp_path), "check", "2025-04", "--undo")

    assert ran.code == 2
    assert ran.err == "错误：没有可以还原的改动\n怎么办：更早的版本用 git 找回\n"


def test_undo_does_not_throw_away_later_work(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path, {ITEM: SLIPS})
    jianbao(tmp_path, "check", "2025-04", "--fix")
    (tmp_path / ITEM).write_text(item_text("另写。\n"), "utf-8")

    ran = jianbao(tmp_path, "check", "2025-04", "--undo")

    assert ran.code == 2
    assert ran.err == (
        f"错误：{ITEM} 在改正以后又改过，没有还原\n怎么办：改正以前的内容在 .jianbao/undo 里\n"
    )
    assert (tmp_path / ITEM).read_text("utf-8") == item_text("另写。\n")


def test_a_file_that_changed_since_it_was_read_is_not_overwritten(
    tmp_path: Path, today: date
) -> None:
    workspace = Workspace(make_workspace(tmp_path, {ITEM: SLIPS}).resolve())
    changes = fix(workspace, (workspace.issues / "2025-04",), today).changes
    (tmp_path / ITEM).write_text("另写", "utf-8")

    assert write_changes(workspace, changes) == changes
    assert [change.path for change in changes] == [ITEM]
    assert (tmp_path / ITEM).read_text("utf-8") == "另写"


def test_nothing_is_left_beside_a_file_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(make_workspace(tmp_path, {ITEM: SLIPS}).resolve())
    before = contents(tmp_path)

    def full(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Exception, match="不能写入"):
        write_changes(workspace, (Change(ITEM, SLIPS.encode(), b"x", 1),))

    after = contents(tmp_path)
    assert {k: v for k, v in after.items() if not k.startswith(".jianbao/")} == before


def test_several_issues_are_fixed_at_once(jianbao: Jianbao, tmp_path: Path) -> None:
    two_issues(tmp_path)
    (tmp_path / ITEM).write_text(SLIPS, "utf-8")
    (tmp_path / "issues/2025-05/01-a.md").write_text(SLIPS, "utf-8")

    ran = jianbao(tmp_path, "check", "2025-04", "2025-05", "--fix")
    taken_back = jianbao(tmp_path, "check", "2025-04", "--undo")

    assert ran.err == f"已改正 {ITEM}：3 处\n已改正 issues/2025-05/01-a.md：3 处\n{UNDO}"
    assert taken_back.err == f"已还原 {ITEM}\n已还原 issues/2025-05/01-a.md\n"
    assert (tmp_path / "issues/2025-05/01-a.md").read_text("utf-8") == SLIPS


def test_fix_and_undo_do_not_go_together(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(make_workspace(tmp_path), "check", "2025-04", "--fix", "--undo")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "错误：--fix、--undo、--watch 不能一起用\n怎么办：只写一个\n"


@pytest.mark.parametrize(
    ("section", "mended"),
    [
        ('"国策要轮"', "国策要论"),
        ("'政策与解渎: 一'", '"政策与解读: 一"'),
        ("|\n  国策要轮", "|\n  国策要轮"),
        ("国策\n  要轮", "国策\n  要轮"),
    ],
    ids=["quoted", "a name that YAML wants quoted", "a block", "two lines"],
)
def test_a_misspelt_section_is_mended_in_yaml(
    section: str, mended: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    configuration = '[publication]\nname = "简报"\nsections = ["国策要论", "政策与解读: 一"]\n'
    files = {CONFIGURATION: configuration, ITEM: item_text(section=section)}
    make_workspace(tmp_path, files)

    jianbao(tmp_path, "check", "2025-04", "--fix")

    assert (tmp_path / ITEM).read_text("utf-8") == item_text(section=mended)


@pytest.mark.parametrize(
    "text",
    [
        f"{PUBLICATION}[pres]\n",
        f"{PUBLICATION}press.profle = 'house'\n",
        f"{PUBLICATION}check = {{ digit_spacin = 'tight' }}\n",
    ],
    ids=["a table", "a dotted key", "a key of an inline table"],
)
def test_a_key_whose_place_is_not_known_is_left(
    text: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    make_workspace(tmp_path, {CONFIGURATION: text})

    ran = jianbao(tmp_path, "check", "2025-04", "--fix")

    assert (ran.code, ran.err) == (2, "")
    assert (tmp_path / CONFIGURATION).read_text("utf-8") == text


PIECES = [
    *("政策", " and ", "《办法 and 细则》", "《", "》", "，", " of ", "**重点**", "`a and b`"),
    *("[链接 and 文字](https://e.com/a)", "| a | and |\n", "# ", "> ", "1. ", "\r\n", "𠀀"),
    *("\u3000", "~~", " and", "and ", "<b>", "![图](a.png)", "：", "[^1]", "\n\n"),
]


@given(body=st.lists(st.sampled_from(PIECES), max_size=12), title=st.sampled_from(PIECES[:9]))
@settings(max_examples=150)
def test_fixing_ends_and_leaves_no_more_wrong_than_there_was(body: list[str], title: str) -> None:
    text = item_text("".join(body), title=f'"{title.strip()}"')
    with TemporaryDirectory() as name:
        workspace = Workspace(make_workspace(Path(name), {ITEM: text}).resolve())
        folders = (workspace.issues / "2025-04",)
        before = check(workspace, folders[0], TODAY).diagnostics
        once = fix(workspace, folders, TODAY)
        write_changes(workspace, once.changes)
        again = fix(workspace, folders, TODAY)

    assert again.changes == ()
    assert once.checked == again.checked
    (after,) = once.checked
    assert len(after.diagnostics) <= len(before)
    assert all(diagnostic.fix is None for diagnostic in after.diagnostics)


def test_a_terminal_shows_the_words_that_differ() -> None:
    change = Change("a.md", "甲 and 乙。\n丙\n".encode(), "甲和乙。\n丙\n".encode(), 1)
    lines = list(unified_diff(change))

    shown = "".join(in_colour(lines))

    assert click.unstyle(shown) == "".join(lines)
    marked = re.findall("\x1b\\[7m(.*?)\x1b", shown)
    assert [words for words in marked if words] == [" and ", "和"]


def test_a_terminal_shows_lines_that_are_new_or_gone() -> None:
    change = Change("a.md", "甲\n乙\n丙\n".encode(), "甲\n丁\n".encode(), 1)
    lines = list(unified_diff(change))

    assert click.unstyle("".join(in_colour(lines))) == "".join(lines)
