"""The two profiles: the page breaks of issue 217 as it was printed, and better ones."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pdfs
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from pdfs import PrintedIssue

_EXTRACTED = pdfs.REPOSITORY.parent / "shared" / "issue-217"
#: Printed pages, and what stands on both sides of their end in the original.
_BREAKS = {
    1: ("明确了授权运营工作的决策流程、实", "施路径和管理要求"),
    3: ("推动其流通应", "用所形成的新兴产业"),
    6: ("依法设立相关基金支持", "数据产业发展"),
    7: ("信息披露、安全保", "护等业务规则"),
    12: ("实行政府指", "导定价管理"),
    14: ("四", "成左右的受访企业"),
    16: ("人工智能行", "为的提供商"),
}


def print_profile(folder: Path, profile: str) -> PrintedIssue:
    """Issue 217 in a profile, its text as the original has it."""
    if not _EXTRACTED.is_dir():
        pytest.skip("issue 217 does not lie beside the repository")
    workspace = folder / "workspace"
    shutil.copytree(_EXTRACTED, workspace)
    with (workspace / "jianbao.toml").open("a", encoding="utf-8") as configuration:
        configuration.write(f'\n[press]\nprofile = "{profile}"\n')
    for item in workspace.glob("issues/2025-04/*.md"):
        # The reading machine wrote "and" for 和.
        item.write_text(item.read_text("utf-8").replace(" and ", "和"), "utf-8")
    return pdfs.print_issue(workspace / "issues/2025-04", folder / "output")


def type_areas(printed: PrintedIssue) -> list[str]:
    """Text of each page from the first article on, without white space, heads and folios."""
    pages = pdfs.page_texts(printed.pdf, "-f", str(printed.first_page), *pdfs.TYPE_AREA)
    return [pdfs.squeeze(page) for page in pages]


def test_the_facsimile_breaks_pages_where_the_original_does(tmp_path: Path) -> None:
    pages = type_areas(print_profile(tmp_path, "facsimile"))

    found = {
        page: (pages[page - 1][-len(end) :], pages[page][: len(start)])
        for page, (end, start) in _BREAKS.items()
    }
    assert found == _BREAKS


def test_the_house_profile_starts_articles_on_the_same_pages(tmp_path: Path) -> None:
    printed = print_profile(tmp_path, "house")

    pages = [1, 3, 5, 6, 7, 9, 10, 11, 12, 14, 16, 17, 19, 20]
    assert [item["page"] for item in printed.index["items"]] == pages
