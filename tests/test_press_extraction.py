"""Text that is copied out of a PDF: to the space as it was written, by three programs.

Justification that opens a line by more than a tenth of an em is read as spaces still;
such lines are few, and end before something long that cannot be broken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from pdfs import REPOSITORY, TYPE_AREA, print_issue, run
from workspaces import ITEM, item_text, make_workspace

from jianbao.press.characters import find_paragraphs, opened, read_chars

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pdfs import PrintedIssue

#: In em: what the programs take for a space, of two Han characters.
_SPACE = 0.1

_PARAGRAPHS = (
    "到2027年，实现AI应用覆盖率达到78%以上，DeepSeek-R1等100个模型落地，单价0.5元/次。",
    "**一是明确2项范围。**各地结合**2025**年的实际，**推动GPU**算力与**5**个集群统筹。",
    "集群—5个数据中心，A—B段，《办法》、“3+X”（试行2.0版）。",
    "乔治·布尔（George Boole, 1815）提出的Boolean代数，Don’t repeat yourself。",
    "第1、2、3条和第（4）条；α粒子约占5℃以下样本的¥30或€20。",
    "国" * 36 + "**2025**年与**AI**国" + "，".join("共16个国家和7个地区" for _ in range(14)) + "。",
)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> PrintedIssue:
    """An issue whose article has every kind of change between Han and Latin."""
    root = tmp_path_factory.mktemp("mixed")
    body = "\n\n".join(_PARAGRAPHS)
    make_workspace(root / "workspace", {ITEM: item_text(f"{body}\n")})
    return print_issue(root / "workspace/issues/2025-04", root / "output")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> PrintedIssue:
    """Issue 4 of 2025 as it lies in the repository."""
    return print_issue(REPOSITORY / "issues/2025-04", tmp_path_factory.mktemp("own"))


def read_by_poppler(pdf: Path) -> str:
    return run("pdftotext", *TYPE_AREA, pdf, "-")


def read_by_poppler_as_painted(pdf: Path) -> str:
    return run("pdftotext", "-raw", *TYPE_AREA, pdf, "-")


def read_by_pdfium(pdf: Path) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [document[n].get_textpage() for n in range(len(document))]
        return "\n".join(page.get_text_bounded(0, 67, 596, 770) for page in pages)


def read_by_mupdf(pdf: Path) -> str:
    # No dependency: it is large, and poppler and pdfium are two witnesses already.
    pymupdf = pytest.importorskip("pymupdf")
    with pymupdf.open(pdf) as document:
        area = pymupdf.Rect(0, 72, 596, 775)
        return "\n".join(page.get_text(clip=area) for page in document)


READERS = (read_by_poppler, read_by_poppler_as_painted, read_by_pdfium, read_by_mupdf)


def lacking(paragraphs: list[str], text: str) -> list[str]:
    """Those of ``paragraphs`` that ``text`` has not, its line ends apart."""
    text = re.sub(r"\s*[\r\n\f]+", "\n", text)
    return [p for p in paragraphs if not re.search(pattern(p), text)]


def pattern(paragraph: str) -> str:
    """A line may end at a space, and within anything else."""
    return "\n?".join("[ \n]" if char == " " else re.escape(char) for char in paragraph)


@pytest.mark.parametrize("read", READERS)
def test_a_paragraph_is_read_without_a_space_that_is_not_in_it(
    mixed: PrintedIssue, read: Callable[[Path], str]
) -> None:
    written = [text.replace("*", "") for text in _PARAGRAPHS]

    assert lacking(written, read(mixed.pdf)) == []


@pytest.mark.parametrize("read", READERS)
def test_so_are_all_paragraphs_of_an_issue_but_those_with_loose_lines(
    own: PrintedIssue, read: Callable[[Path], str]
) -> None:
    sources = (article.body.source.replace("**", "") for article in own.issue.articles)
    written = [
        text for source in sources for text in source.split("\n") if text and text[0] not in "|#"
    ]
    found, _ = find_paragraphs(read_chars(own.pdf), own.issue.articles)
    loose = {
        paragraph.text
        for paragraph in found
        if any(opened(line) > _SPACE * line[0].size for line in paragraph.lines[:-1])
    }
    odd = lacking(written, read(own.pdf))

    assert len(written) > 80
    assert len(loose) < 5
    assert [text for text in odd if not any("".join(text.split()) in p for p in loose)] == []
