"""The cover: a headline whose lines end by sense, and a picture where the issue has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pdfs
import pikepdf
import pytest
from boxes import lay_out_issue
from PIL import Image
from workspaces import ISSUE, NUMBERS, make_workspace

from jianbao.press.cover import set_headline

if TYPE_CHECKING:
    from pathlib import Path

_COVER = '[cover]\nimage = "photo.png"\nalt = "科创城的夜景"\ncredit = "某某摄"\n'

#: Headlines, the lines that they are set in, and their size in points.
_HEADLINES = {
    "河北发布数字技术赋能制造业高质量发展实施方案": (
        ("河北发布数字技术赋能", "制造业高质量发展实施方案"),
        30,
    ),
    "国家发展改革委等部门关于印发《国家数据基础设施建设指引》的通知": (
        ("国家发展改革委等部门关于印发", "《国家数据基础设施建设指引》的通知"),
        22,
    ),
    "工业和信息化部 中央网信办 国家发展改革委 教育部等十四部门联合印发"
    "《关于加强极端场景应急通信能力建设的意见》": (
        (
            "工业和信息化部 中央网信办",
            "国家发展改革委 教育部等十四部门联合印发",
            "《关于加强极端场景应急通信能力建设的意见》",
        ),
        19,
    ),
}


def write_issue(folder: Path, more: str = "") -> Path:
    """An issue with ``more`` in its issue.toml and a picture of 3 to 1 beside it."""
    root = make_workspace(folder, {ISSUE: f"{NUMBERS}\n{more}"})
    Image.new("RGB", (600, 200), (30, 90, 160)).save(root / "issues/2025-04/photo.png")
    return root / "issues/2025-04"


@pytest.mark.parametrize(("headline", "expected"), _HEADLINES.items())
def test_a_headline_gets_smaller_rather_than_parting_a_word(
    headline: str, expected: tuple[tuple[str, ...], float]
) -> None:
    view = set_headline(headline)

    assert (view.lines, view.size) == expected


@pytest.mark.parametrize("headline", ["合成样稿的长标题" * 12, "Donaudampfschifffahrt" * 8])
def test_a_headline_that_nothing_makes_short_is_as_small_as_one_gets(headline: str) -> None:
    assert set_headline(headline).size == 19


def test_no_headline_leaves_its_page(tmp_path: Path) -> None:
    folder = write_issue(tmp_path, f'headline = "{"Donaudampfschifffahrt" * 8}"\n')

    laid = lay_out_issue(folder, tmp_path / "output")

    page = laid.document.pages[0]
    lead = [leaf.box for leaf in laid.leaves() if leaf.inside("lead")]
    assert max(box.position_x + box.width for box in lead) < page.width


def test_a_picture_fills_the_cover_from_edge_to_edge_above_the_headline(tmp_path: Path) -> None:
    laid = lay_out_issue(write_issue(tmp_path, _COVER), tmp_path / "output")

    picture = next(leaf.box for leaf in laid.leaves() if leaf.inside("picture"))
    lead = [leaf.box for leaf in laid.leaves() if leaf.inside("lead")]
    assert picture.position_x == 0
    assert picture.width >= laid.document.pages[0].width
    assert picture.position_y + picture.height < min(box.position_y for box in lead)


def test_a_picture_is_told_to_those_who_cannot_see_it_and_credited(tmp_path: Path) -> None:
    pdf = pdfs.print_issue(write_issue(tmp_path, _COVER), tmp_path / "output").pdf

    assert next(tag.alt for tag in pdfs.tags(pdf) if tag.kind == "Figure") == "科创城的夜景"
    assert {"封面图片", "某某摄"} <= {word.text for word in pdfs.words(pdf)[1]}


def test_a_cover_without_a_picture_has_none(tmp_path: Path) -> None:
    pdf = pdfs.print_issue(write_issue(tmp_path), tmp_path / "output").pdf

    assert "封面图片" not in pdfs.page_texts(pdf)[1]
    with pikepdf.open(pdf) as document:
        assert not document.pages[0].get_images()
