"""``jianbao proof``: the picture of all pages, and what was measured on them."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from workspaces import ITEM, contents, item_text, make_workspace

from jianbao.press.characters import Char, Paragraph
from jianbao.press.proof import HUES, Place, _lone, _torn, contrast

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import Ran

    Jianbao = Callable[..., Ran]

_BODY = "《国家》、《数据》与“要素”“市场”（试行）。" * 12


def test_a_proof_shows_all_pages_and_measures_them(jianbao: Jianbao, tmp_path: Path) -> None:
    root = make_workspace(tmp_path, {ITEM: item_text(f"{_BODY}\n\n第二段。\n")})
    ran = jianbao(root, "proof", "2025-04", "--quiet")

    folder = root.resolve() / "output/2025-04.proof"
    report = json.loads((folder / "report.json").read_text("utf-8"))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{(folder / 'report.txt').read_text('utf-8')}已写出 {folder}\n"
    assert (report["pages"], report["paragraphs"], report["unread"]) == (5, 2, [])
    assert report["lines"] > 5
    assert abs(report["worst_edge"]) < 0.02
    assert report["squeezed_pairs"] > 30
    assert report["unsqueezed"] == report["short_lines"] == report["look_at"] == []
    assert {font["name"]: font["weight"] for font in report["fonts"]} == {
        "Jianbao-Hei": 400,
        "Jianbao-Hei-Bold": 700,
        "Jianbao-Song": 400,
        "Jianbao-Song-Bold": 700,
    }
    assert [code["side"] for code in report["codes"]] == [20.0]
    assert report["smallest_module"] == report["codes"][0]["module"]
    assert ran.out.startswith(f"共 5 页，量了 2 段 {report['lines']} 行\n")
    with Image.open(folder / "contact-sheet.png") as sheet:
        assert sheet.width > 5 * 400
        assert sheet.height > 500


def test_paragraphs_are_measured_across_pages(jianbao: Jianbao, tmp_path: Path) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
    body = "\n\n".join(["![图](a.svg)", *["一个合成的段落，只供测试。" * 11] * 12])
    files = {ITEM: item_text(f"{body}\n"), "issues/2025-04/a.svg": picture}
    root = make_workspace(tmp_path, files)
    ran = jianbao(root, "proof", "2025-04", "--quiet")

    report = json.loads((root / "output/2025-04.proof/report.json").read_text("utf-8"))
    assert (ran.code, report["paragraphs"], report["unread"]) == (0, 12, [])


def test_a_proof_takes_the_place_of_the_one_before(jianbao: Jianbao, tmp_path: Path) -> None:
    root = make_workspace(tmp_path)
    jianbao(root, "proof", "2025-04", "--quiet")
    before = contents(root / "output")
    (root / "output/2025-04.proof/left.txt").write_text("", "utf-8")
    jianbao(root, "proof", "2025-04", "--quiet")

    assert contents(root / "output") == before


def test_an_issue_with_errors_has_no_proof(jianbao: Jianbao, tmp_path: Path) -> None:
    root = make_workspace(tmp_path, {ITEM: item_text(source=None)})
    ran = jianbao(root, "proof", "2025-04", "--quiet")

    assert ran.code == 1
    assert "source-missing" in ran.err
    assert not (root / "output").exists()


def test_a_missing_library_is_named_with_what_to_type(
    jianbao: Jianbao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [*sys.modules]:
        if name.split(".")[0] == "pypdfium2":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr("jianbao.press.proof.find_spec", lambda name: name == "PIL" or None)
    ran = jianbao(make_workspace(tmp_path), "proof", "2025-04")

    assert ran.code == 3
    assert ran.err == '错误：缺少看样用的库 pypdfium2\n怎么办：运行 pip install "jianbao[proof]"\n'


def paragraph(*lines: tuple[int, str]) -> Paragraph:
    """A paragraph of lines, each given by its page and text."""
    made = tuple(tuple(Char(c, page, 0, 0, 12, 12) for c in text) for page, text in lines)
    return Paragraph("".join(text for _, text in lines), made)


def test_lone_characters_are_found_beside_marks() -> None:
    found = _lone([paragraph((0, "甲乙"), (0, "丙。")), paragraph((0, "甲乙"), (0, "丙丁。"))])

    assert list(found) == [Place(1, "丙。")]


def test_lines_alone_on_their_page_are_found() -> None:
    torn = [paragraph((0, "甲"), (1, "乙"), (1, "丙")), paragraph((1, "丁"), (1, "戊"), (2, "己"))]

    assert list(_torn(torn, 0)) == [Place(1, "甲")]
    assert list(_torn(torn, -1)) == [Place(3, "己")]


@pytest.mark.parametrize(("colour", "expected"), [("#000000", 21.0), ("#ffffff", 1.0)])
def test_contrast_is_that_of_wcag(colour: str, expected: float) -> None:
    assert contrast(colour) == pytest.approx(expected)


def test_hues_can_be_read_on_white() -> None:
    assert min(map(contrast, HUES)) >= 4.5
