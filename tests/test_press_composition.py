"""Lines of Chinese: both edges, gaps, squeezed marks and what may stand at an edge.

Measured in printed issues by pdfium: the issue of this workspace, and issue 217 as it
was published where it lies beside the repository (its folder in JIANBAO_ISSUE_217).
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pdfs import REPOSITORY, PrintedIssue, body_text, fonts, print_issue, squeeze

from jianbao.press.characters import (
    WHITE_BEFORE,
    WHITE_BEHIND,
    end_error,
    find_paragraphs,
    line_text,
    mark_runs,
    opened,
    read_chars,
)
from jianbao.press.engine import import_weasyprint
from jianbao.press.fonts import FACES

if TYPE_CHECKING:
    from jianbao.press.characters import Char, Line, Paragraph

ISSUE_217 = Path(os.environ.get("JIANBAO_ISSUE_217", REPOSITORY.parent / "shared" / "issue-217"))

POINTS = 72 / 25.4
#: The type area of the classic theme in points from the left of its page.
LEFT, RIGHT = 18.2 * POINTS, (210 - 18.2) * POINTS
#: Its top and bottom from the foot of the page; furniture lies outside.
TOP, BOTTOM = (297 - 25.5) * POINTS, 23.7 * POINTS

#: CLREQ 3.1.3: what starts no line, and what ends none.
NEVER_FIRST = set(WHITE_BEHIND + "〉…—·～％%")
NEVER_LAST = set(WHITE_BEFORE + "〈")

START_PAGES = [1, 3, 5, 6, 7, 9, 10, 11, 12, 14, 16, 17, 19, 20]
PAGE_BREAKS = {
    "实|施路径": 1,
    "应|用所形成": 3,
    "支持|数据产业": 6,
    "安全保|护等": 7,
    "政府指|导定价": 12,
    "四|成左右": 14,
    "智能行|为的": 16,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """A printed issue and its paragraphs."""

    printed: PrintedIssue
    chars: list[Char]
    paragraphs: list[Paragraph]

    @property
    def lines(self) -> list[Line]:
        """All lines."""
        return [line for p in self.paragraphs for line in p.lines]

    @property
    def pairs(self) -> list[tuple[Char, Char, float]]:
        """Neighbours on one line, with what the line was opened by."""
        return [(a, b, opened(line)) for line in self.lines for a, b in pairwise(line)]


def measure(folder: Path, output: Path) -> Measured:
    printed = print_issue(folder, output)
    chars = type_area(printed.pdf)
    paragraphs, missing = find_paragraphs(chars, printed.issue.articles)
    assert missing == []
    return Measured(printed, chars, paragraphs)


def type_area(pdf: Path) -> list[Char]:
    """Characters between running head and folio."""
    return [c for c in read_chars(pdf) if BOTTOM < c.y < TOP]


def shown(chars: list[Char]) -> list[Char]:
    """``chars`` without white space."""
    return [c for c in chars if not c.text.isspace()]


def copy_of_217(root: Path) -> Path:
    if not ISSUE_217.is_dir():
        pytest.skip("issue 217 is not on this machine")
    workspace = root / "issue-217"
    shutil.copytree(ISSUE_217, workspace, copy_function=shutil.copyfile)
    for folder in (workspace, *workspace.rglob("*/")):
        folder.chmod(0o755)
    return workspace


@pytest.fixture(scope="module", params=["2025-04", "217"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    root = tmp_path_factory.mktemp(request.param)
    workspace = REPOSITORY if request.param == "2025-04" else copy_of_217(root)
    return measure(workspace / "issues" / "2025-04", root / "output")


@pytest.fixture(scope="module")
def facsimile(tmp_path_factory: pytest.TempPathFactory) -> PrintedIssue:
    """Issue 217 as it was extracted, mended, in the original's settings."""
    root = tmp_path_factory.mktemp("facsimile")
    workspace = copy_of_217(root)
    with (workspace / "jianbao.toml").open("a", encoding="utf-8") as file:
        file.write('\n[press]\nprofile = "facsimile"\n')
    for file in (workspace / "issues" / "2025-04").glob("*.md"):
        _, front, body = file.read_text("utf-8").split("---\n", 2)
        file.write_text(f"---\n{front}---\n{mended(body)}", "utf-8")
    return print_issue(workspace / "issues" / "2025-04", root / "output")


def mended(text: str) -> str:
    """``text`` without the flaws of its extraction from the original."""
    wide = "[\u3001-\u303f\u4e00-\u9fff\uff01-\uff60“”]"
    text = re.sub(f"(?<={wide}) and (?={wide})", "和", text)
    return re.sub(rf"(?<={wide}) +(?=[0-9])|(?<=[0-9%]) +(?={wide})", "", text)


# -- edges --


def test_justified_lines_end_within_a_tenth_of_an_em_of_the_edge(house: Measured) -> None:
    lines = [line for p in house.paragraphs for line in p.lines[:-1]]
    errors = {line_text(line): end_error(line, RIGHT) for line in lines}
    assert len(errors) > 250
    assert {text: error for text, error in errors.items() if abs(error) > 0.1} == {}
    assert max(abs(error) for error in errors.values()) < 0.02


def test_paragraphs_start_two_characters_in_and_lines_at_the_edge(house: Measured) -> None:
    for paragraph in house.paragraphs:
        first, *others = (line[0].x - LEFT for line in paragraph.lines)
        assert first > 24 - 0.1, paragraph.text  # the number of a list comes before its text
        assert others == pytest.approx([0] * len(others), abs=0.1), paragraph.text


def test_no_line_starts_or_ends_with_a_mark_that_may_not(house: Measured) -> None:
    wrong = [
        line_text(line)
        for line in house.lines
        if line[0].text in NEVER_FIRST or line[-1].text in NEVER_LAST
    ]
    assert wrong == []


def test_no_paragraph_ends_with_a_lone_character(house: Measured) -> None:
    last = [line_text(p.lines[-1]) for p in house.paragraphs]
    assert [text for text in last if len(re.findall(r"\w", text)) == 1] == []


# -- marks and gaps --


def test_adjacent_marks_share_half_an_em_across_styles_too(house: Measured) -> None:
    runs = [run for line in house.lines for run in mark_runs(line)]
    assert sum(run.pairs for run in runs) > 50
    for run in runs:
        assert run.wide == pytest.approx(run.expected, abs=0.02), run


def test_nothing_is_moved_between_han_and_latin(house: Measured) -> None:
    """The gap is in the advance of the letter."""
    found = [
        (b.x - a.right - share) / a.size
        for a, b, share in house.pairs
        if (a.is_han and b.is_latin) or (a.is_latin and b.is_han)
    ]
    # Issue 217 has true spaces beside many of its digits.
    close = [gap for gap in found if gap < 0.2]
    assert len(close) > 50
    assert close == pytest.approx([0] * len(close), abs=0.005)


# -- text --


def missing(measured: Measured, text: str) -> list[str]:
    return [p.text for p in measured.paragraphs if p.text not in text]


def test_poppler_reads_every_paragraph_verbatim(house: Measured) -> None:
    printed = house.printed
    assert missing(house, body_text(printed.pdf, printed.first_page)) == []


def test_pdfium_reads_every_paragraph_verbatim(house: Measured) -> None:
    text = "".join(c.text for c in shown(house.chars))
    assert missing(house, text) == []


def test_mupdf_reads_every_paragraph_verbatim(house: Measured) -> None:
    # No dependency: it is large, and poppler and pdfium are two witnesses already.
    pymupdf = pytest.importorskip("pymupdf")
    with pymupdf.open(house.printed.pdf) as document:
        area = pymupdf.Rect(0, 72, 596, 775)
        text = squeeze("".join(page.get_text(clip=area) for page in document))
    assert missing(house, text) == []


# -- faces --


def test_only_faces_of_the_working_set_are_embedded(house: Measured) -> None:
    known = {f"{face.family.replace(' ', '-')}" for face in FACES}
    names = {font.name for font in fonts(house.printed.pdf)}
    assert [n for n in names if not n.startswith(tuple(known))] == []


def test_no_letter_is_slanted_or_thickened(house: Measured) -> None:
    with pikepdf.open(house.printed.pdf) as document:
        for page in document.pages:
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tr":
                    assert int(operands[0]) == 0
                if str(operator) == "Tm":
                    assert (float(operands[1]), float(operands[2])) == (0.0, 0.0)


# -- the original's pages --


def test_facsimile_keeps_the_start_pages_of_the_original(facsimile: PrintedIssue) -> None:
    assert [item["page"] for item in facsimile.index["items"]] == START_PAGES


def test_facsimile_breaks_pages_at_the_characters_of_the_original(facsimile: PrintedIssue) -> None:
    chars = shown(type_area(facsimile.pdf))
    text = "".join(c.text for c in chars)
    [paragraph, *_], _ = find_paragraphs(chars, facsimile.issue.articles[:1])
    before_first = paragraph.lines[0][0].page - 1
    found = {}
    for words in PAGE_BREAKS:
        before, after = words.split("|")
        for match in re.finditer(before + after, text):
            cut = match.start() + len(before)
            if chars[cut - 1].page != chars[cut].page:
                found[words] = chars[cut - 1].page - before_first
    assert found == PAGE_BREAKS


# -- another WeasyPrint --


def test_an_issue_is_built_with_another_version_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(import_weasyprint(), "__version__", "71.0")
    measured = measure(REPOSITORY / "issues" / "2025-04", tmp_path)
    lines = [line for p in measured.paragraphs for line in p.lines[:-1]]
    assert min(end_error(line, RIGHT) for line in lines) < -0.1
