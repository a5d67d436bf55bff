"""The 审签单: what it says of an issue, and that it is a page to be filed."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pikepdf
import pytest
from workspaces import ITEM, item_text, make_workspace, write_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import Ran

    Jianbao = Callable[..., Ran]

SHEET = "output/2025-04-审签单.pdf"
LATIN = {ITEM: item_text("扶持政策 and 激励措施。\n")}


def text_of(file: Path) -> str:
    """The words of the pages, a blank between them."""
    ran = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    return re.sub(r"\s+", " ", ran.stdout.decode())


@pytest.fixture
def sheet(tmp_path: Path, jianbao: Jianbao) -> Path:
    """The sheet of an issue with two signatures, an ignored and a remaining error."""
    body = "扶持政策 and 激励措施。\n"
    make_workspace(
        tmp_path, {**LATIN, "issues/2025-04/02-b.md": item_text(body, url=None, no_url="无")}
    )
    signing = ("sign", "2025-04", "--stage")
    jianbao(tmp_path, *signing, "初审", "--by", "张三", "--found", "12", "--note", "标题要核对")
    jianbao(tmp_path, *signing, "复审", "--by", "李四", "--item", "01-a")
    words = ("--by", "王五", "--reason", "原文如此")
    jianbao(tmp_path, "ignore", "2025-04", "01-a", "latin-word", *words)
    ran = jianbao(tmp_path, "sign", "2025-04", "--sheet")
    assert (ran.code, ran.out) == (0, f"已写出 {tmp_path / SHEET}\n")
    return tmp_path / SHEET


def test_it_names_who_signed_what_when(sheet: Path) -> None:
    text = text_of(sheet)

    assert "审签单" in text
    assert "2025年第4期（总第217期）" in text.replace(" ", "")
    assert "初审 张三 2025-02-11 09:30 4 12 标题要核对 已签" in text
    assert "复审 李四 2025-02-11 09:30 1 未签全" in text
    assert "终审 未签" in text
    assert "01-a.md latin-word 王五 原文如此" in text


def test_the_error_rate_is_what_remains_in_ten_thousand(sheet: Path) -> None:
    text = text_of(sheet).replace(" ", "")

    assert "全期28字，没有改的差错1处，每万字357.14处；合格线是每万字1处。不合格。" in text
    assert "02-b.md:8:5汉字之间夹着英文虚词and" in text


def test_it_is_tagged_and_titled(sheet: Path) -> None:
    with pikepdf.open(sheet) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.docinfo.Title) == "简报 2025年第4期（总第217期） 审签单"
        assert len(pdf.pages) == 1


def test_one_can_sign_and_print_at_once(tmp_path: Path, jianbao: Jianbao) -> None:
    make_workspace(tmp_path)

    ran = jianbao(tmp_path, "sign", "2025-04", "--stage", "初审", "--by", "张三", "--sheet")

    assert ran.code == 0
    assert "合格。" in text_of(tmp_path / SHEET).replace(" ", "")


def test_an_issue_with_errors_has_none(tmp_path: Path, jianbao: Jianbao) -> None:
    make_workspace(tmp_path, {ITEM: item_text("待补\n")})

    ran = jianbao(tmp_path, "sign", "2025-04", "--sheet")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.endswith("2025-04：1 个错误，没有排审签单\n")


def test_a_wrong_template_is_said(tmp_path: Path, jianbao: Jianbao) -> None:
    make_workspace(tmp_path)
    write_files(tmp_path, {"templates/signing-sheet.html.j2": "{{ nothing }}"})

    ran = jianbao(tmp_path, "sign", "2025-04", "--sheet")

    assert ran.code == 1
    assert "错误[template-error]: 模板出错：'nothing' is undefined" in ran.err
    assert not (tmp_path / SHEET).exists()
