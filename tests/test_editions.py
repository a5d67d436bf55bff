"""The print and archive editions: boxes, colours, sources, and the same bytes again.

No validator runs here (veraPDF and preflight are not to be had): what is asserted is what
was looked at, and docs/editions.md says so.
"""

from __future__ import annotations

import json
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pdfs
import pikepdf
import pytest
from workspaces import CONFIGURATION, PUBLICATION, TODAY, diagnose, make_workspace

from jianbao import pipeline
from jianbao.editions import EDITIONS, WECHAT
from jianbao.errors import UsageProblem
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workspaces import Ran

# WeasyPrint leaves the file of its sRGB profile open, and whichever test is next is told.
pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014")

_MM = 72 / 25.4
_A4 = (0.0, 0.0, 595.275591, 841.889764)
_CONDITION = "合成的印刷条件"
_RGB = {"rg", "RG"}


def _icc(space: bytes = b"CMYK", kind: bytes = b"prtr") -> bytes:
    """A synthetic profile: a valid header and no tag, for no press on earth."""
    head = struct.pack(
        ">I4sI4s4s4s12s4s4s",
        132,
        b"test",
        0x02100000,
        kind,
        space,
        b"Lab ",
        bytes(12),
        b"acsp",
        bytes(4),
    )
    return head.ljust(128, b"\0") + struct.pack(">I", 0)


def _configure(root: Path, *lines: str) -> None:
    file = root / "jianbao.toml"
    file.write_text("\n".join((file.read_text("utf-8"), "[press]", *lines, "")), "utf-8")


PDFS = tuple(name for name in EDITIONS if name != WECHAT)


@dataclass(frozen=True, slots=True)
class _Built:
    folder: Path
    issue: Path
    index: dict[str, list[dict[str, object]]]

    def file(self, edition: str) -> Path:
        names = [a["path"] for a in self.index["artifacts"] if a["edition"] == edition]
        return self.folder / str(names[0])


def _build(issue: Path, output: Path, *editions: str) -> _Built:
    workspace, folder = find_issue(str(issue), Path.cwd())
    checked = pipeline.check(workspace, folder, TODAY)
    press = pipeline.Press(output=output, editions=editions)
    built = pipeline.build(checked, workspace, folder, press)
    assert built.folder is not None, built.diagnostics
    index = json.loads((built.folder / "build.json").read_text("utf-8"))
    return _Built(built.folder, issue, index)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> _Built:
    root = tmp_path_factory.mktemp("editions")
    issue = pdfs.write_synthetic_issue(root)
    (issue / "map.svg").unlink()  # an SVG brings RGB operators of its own
    table = issue / "02-table.md"
    table.write_text(table.read_text("utf-8").replace("![示意图](map.svg)\n", ""), "utf-8")
    (root / "press.icc").write_bytes(_icc())
    _configure(root, 'icc = "press.icc"', f'output_condition = "{_CONDITION}"')
    return _build(issue, root / "output", *PDFS)


@pytest.fixture
def sheets(built: _Built) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(built.file("print")) as opened:
        yield opened


@pytest.fixture
def archive(built: _Built) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(built.file("archive")) as opened:
        yield opened


def _box(page: pikepdf.Page, name: str) -> tuple[float, ...]:
    return tuple(float(x) for x in page[name])


def _grown(box: tuple[float, ...], millimetres: float) -> tuple[float, ...]:
    by = millimetres * _MM
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


# -- all --


def test_each_edition_has_its_name_and_the_pages_are_the_same(built: _Built) -> None:
    names = {str(a["edition"]): str(a["path"]) for a in built.index["artifacts"]}
    stem = "样刊甲-2025年第9期-总第99期"
    assert names == {
        "pdf": f"{stem}.pdf",
        "print": f"{stem}-付印.pdf",
        "archive": f"{stem}-存档.pdf",
    }
    assert next(item["page"] for item in built.index["items"]) == 1


def test_the_bytes_are_the_same_again(built: _Built, tmp_path: Path) -> None:
    again = _build(built.issue, tmp_path, *PDFS)
    for edition in PDFS:
        assert again.file(edition).read_bytes() == built.file(edition).read_bytes()


@pytest.mark.parametrize("edition", PDFS)
def test_qpdf_finds_nothing(built: _Built, edition: str) -> None:
    subprocess.run(["qpdf", "--check", built.file(edition)], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("edition", "wanted"),
    [
        ("pdf", {"pdfuaid:part": "1"}),
        ("print", {"pdfxid:GTS_PDFXVersion": "PDF/X-4"}),
        ("archive", {"pdfaid:part": "3", "pdfaid:conformance": "A"}),
    ],
)
def test_metadata_name_the_standard(built: _Built, edition: str, wanted: dict[str, str]) -> None:
    with pikepdf.open(built.file(edition)) as document, document.open_metadata() as metadata:
        assert {key: metadata.get(key) for key in wanted} == wanted


# -- print --


def test_sheets_hold_the_trim_the_bleed_and_room_for_marks(sheets: pikepdf.Pdf) -> None:
    for page in sheets.pages:
        assert _box(page, "/TrimBox") == pytest.approx(_A4, abs=0.01)
        assert _box(page, "/BleedBox") == pytest.approx(_grown(_A4, 3), abs=0.01)
        assert _box(page, "/MediaBox") == pytest.approx(_grown(_A4, 10), abs=0.01)


def test_crop_marks_lie_outside_the_bleed(sheets: pikepdf.Pdf) -> None:
    left, bottom, right, top = _grown(_A4, 3)
    for page in sheets.pages:
        for x, y in _points(page)[-16:]:  # eight lines, drawn last
            assert x < left or x > right or y < bottom or y > top


def _points(page: pikepdf.Page) -> list[tuple[float, float]]:
    drawn = pikepdf.parse_content_stream(page)
    return [(float(o[0]), float(o[1])) for o, operator in drawn if str(operator) in {"m", "l"}]


def test_page_streams_have_no_rgb_and_text_is_black_alone(sheets: pikepdf.Pdf) -> None:
    colours = set()
    for page in sheets.pages:
        for operands, operator in pikepdf.parse_content_stream(page):
            assert str(operator) not in _RGB
            if str(operator) == "scn":
                colours.add(tuple(float(x) for x in operands))
    assert (0.0, 0.0, 0.0, 1.0) in colours
    assert all(len(colour) == 4 for colour in colours)


def test_an_rgb_picture_says_which_rgb(sheets: pikepdf.Pdf) -> None:
    space = sheets.pages[0].Resources.ColorSpace.DefaultRGB
    assert space[0] == "/ICCBased"
    assert space[1].N == 3


def test_the_output_intent_is_the_profile_that_was_named(sheets: pikepdf.Pdf) -> None:
    (intent,) = sheets.Root.OutputIntents
    assert intent.S == "/GTS_PDFX"
    assert str(intent.OutputConditionIdentifier) == _CONDITION
    assert intent.DestOutputProfile.N == 4
    assert intent.DestOutputProfile.read_bytes() == _icc()


def test_pages_fill_whole_sheets(built: _Built, sheets: pikepdf.Pdf) -> None:
    count = len(sheets.pages)
    assert count % 4 == 0
    assert [a["pages"] for a in built.index["artifacts"] if a["edition"] == "print"] == [count]
    screen = len(pdfs.page_texts(built.file("pdf")))
    assert screen <= count < screen + 4
    assert not any("/Font" in p.Resources for p in list(sheets.pages)[screen:])


def test_sheets_have_no_annotation(sheets: pikepdf.Pdf) -> None:
    assert not any("/Annots" in page for page in sheets.pages)


def test_without_a_profile_nothing_is_printed(tmp_path: Path, jianbao: Callable[..., Ran]) -> None:
    make_workspace(tmp_path)
    ran = jianbao(tmp_path, "build", "2025-04", "--edition", "pdf,print", "--out", "out")
    assert ran.code == 2
    assert "[press]" in ran.err
    assert "icc =" in ran.err
    assert "output_condition =" in ran.err
    assert not (tmp_path / "out" / "2025-04").exists()


@pytest.mark.parametrize(
    ("profile", "message"),
    [(_icc(b"RGB "), "是 RGB 的"), (_icc(kind=b"mntr"), "不是印刷机"), (b"x", "不是印刷机")],
)
def test_a_profile_that_is_not_of_a_press_is_refused(
    tmp_path: Path, profile: bytes, message: str
) -> None:
    make_workspace(tmp_path, {"press.icc": profile})
    _configure(tmp_path, 'icc = "press.icc"')
    with pytest.raises(UsageProblem, match=message):
        _build(tmp_path / "issues/2025-04", tmp_path / "out", "print")


@pytest.mark.parametrize("name", ["missing.icc", "../outside.icc"])
def test_a_profile_must_lie_in_the_workspace(tmp_path: Path, name: str) -> None:
    (tmp_path / "outside.icc").write_bytes(_icc())
    press = f'{PUBLICATION}[press]\nicc = "{name}"\n'
    (problem,) = diagnose(tmp_path / "workspace", {CONFIGURATION: press})
    assert problem.message == f"找不到文件 {name}"


def test_one_process_prints_all_editions(tmp_path: Path, jianbao: Callable[..., Ran]) -> None:
    make_workspace(tmp_path)
    ran = jianbao(tmp_path, "build", "2025-04", "--edition", "archive, pdf,archive")
    assert ran.code == 0, ran.err
    assert [line.rpartition("期")[2] for line in ran.out.splitlines()[:2]] == ["-存档.pdf", ".pdf"]


# -- archive --


def test_sources_are_attached_as_they_lie(built: _Built, archive: pikepdf.Pdf) -> None:
    attached = {str(f.UF): f for f in archive.Root.AF}
    assert len(archive.Root.AF) == len(attached)
    names = ["01-list.md", "02-table.md", "03-end.md", "issue.toml"]
    assert sorted(attached) == names
    for name, entry in attached.items():
        assert entry.AFRelationship == "/Source"
        assert entry.EF.F.read_bytes() == (built.issue / name).read_bytes()
        kind = "/application/toml" if name.endswith(".toml") else "/text/markdown"
        assert entry.EF.F.Subtype == kind
    assert sorted(archive.attachments) == names


def test_the_archive_is_tagged_and_finished(archive: pikepdf.Pdf) -> None:
    assert archive.Root.MarkInfo.Marked
    assert archive.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert "/PageLabels" in archive.Root
    annotations = [a for page in archive.pages for a in page.get("/Annots", [])]
    assert annotations
    assert all(a.F == 4 and "://" not in str(a.Contents) for a in annotations)
