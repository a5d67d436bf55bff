"""``jianbao proof``: the picture of all pages, and what was measured on them."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from workspaces import ITEM, contents, item_text, make_workspace

from jianbao.press.characters import Char, Paragraph
from jianbao.press.contrast import TextColour, contrast
from jianbao.press.printed_codes import count_modules
from jianbao.press.proof import Place, _lone, _torn
from jianbao.press.qr import draw_qr
from jianbao.press.views import HUES

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
    assert [code["page"] for code in report["codes"]] == [5]
    assert report["smallest_module"] == report["codes"][0]["module"]
    pairs = {(c["colour"], c["ground"]) for c in report["colours"]}
    assert {("#1a1a1a", "#ffffff"), ("#a02a26", "#ffffff"), ("#ffffff", "#203b60")} <= pairs
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


# -- codes and colours are read off the pages --


def _proof_with(jianbao: Jianbao, folder: Path, css: str) -> tuple[str, dict[str, Any]]:
    """The report of the minimal issue where a publication's own style says ``css`` too."""
    style = '{% include "theme/colours.css" %}\n' + css
    root = make_workspace(folder, {"templates/colours.css": style})
    ran = jianbao(root, "proof", "2025-04", "--quiet")
    assert ran.code == 0, ran.err
    report = (root / "output/2025-04.proof/report.json").read_text("utf-8")
    return ran.out, json.loads(report)


def test_a_code_that_a_template_made_small_is_found(jianbao: Jianbao, tmp_path: Path) -> None:
    css = ".card .qr { width: 12mm !important; height: 12mm !important; }"
    shown, report = _proof_with(jianbao, tmp_path, css)

    (code,) = report["codes"]
    assert code == {"page": 5, "modules": 29, "side": 12.0, "module": 0.324}
    assert "二维码 1 个，边长 12 毫米，最小模块 0.324 毫米\n" in shown
    assert "模块太小的二维码 1 处\n  第 5 页：边长 12 毫米，模块 0.324 毫米\n" in shown
    assert report["look_at"] == [5]


def test_a_pale_hue_is_found_on_every_page_that_has_it(jianbao: Jianbao, tmp_path: Path) -> None:
    shown, report = _proof_with(jianbao, tmp_path, ".hue-1 { --hue: #c8b890; }")

    assert "  #c8b890 在 #ffffff 上 1.96\n" in shown
    assert "  第 3 页：#c8b890 在 #ffffff 上 1.96，13.2 点：国策要论\n" in shown
    assert report["look_at"] == [3, 5]


def test_the_ground_is_what_lies_under_the_text(jianbao: Jianbao, tmp_path: Path) -> None:
    css = "article p { color: rgb(0 0 0 / 50%); background: #222; }"
    shown, report = _proof_with(jianbao, tmp_path, css)

    assert ("#111111", "#222222") in {(c["colour"], c["ground"]) for c in report["colours"]}
    assert "  第 5 页：#111111 在 #222222 上 1.19，12 点：正文" in shown


@pytest.mark.parametrize(
    ("size", "bold", "enough"),
    [(12.0, False, False), (12.0, True, False), (14.0, True, True), (18.0, False, True)],
)
def test_large_text_may_be_paler(size: float, bold: bool, enough: bool) -> None:  # noqa: FBT001  (a table's cells)
    colour = TextColour("#808080", "#ffffff", size, bold, 3.95, (1,), "字")

    assert colour.enough is enough


@pytest.mark.parametrize("payload", ["短", "https://www.nda.gov.cn/1.html", "长" * 300])
def test_a_code_is_known_by_its_outline_at_any_size_and_place(payload: str) -> None:
    code = draw_qr(payload)
    points = [(50 + 0.37 * x, 700 - 0.37 * y) for loop in code.loops for x, y in loop]

    assert count_modules(points) == code.modules


@pytest.mark.parametrize(
    "points",
    [
        [],
        [(0.0, 0.0), (210.0, 0.0), (210.0, 210.0), (0.0, 210.0)],
        [(n * 1.0, n * n * 0.37 % 21) for n in range(60)],
        [(n % 30 * 1.0, n // 30 * 1.0) for n in range(900)],
    ],
    ids=["nothing", "a rectangle", "a curve", "a grid of thirty"],
)
def test_other_outlines_are_none(points: list[tuple[float, float]]) -> None:
    assert count_modules(points) == 0


@pytest.mark.parametrize(("colour", "expected"), [("#000000", 21.0), ("#ffffff", 1.0)])
def test_contrast_is_that_of_wcag(colour: str, expected: float) -> None:
    assert contrast(colour) == pytest.approx(expected)


def test_hues_can_be_read_on_white() -> None:
    assert min(map(contrast, HUES)) >= 4.5
