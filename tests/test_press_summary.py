"""The summary of an item: under its title, set as the text is, never torn from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pdfs
import pytest
from boxes import lay_out_issue
from stress import filler
from workspaces import ITEM, SECOND_ITEM, item_text, make_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from boxes import Laid

_SUMMARY = "到2027年，AI算力规模达到10EFLOPS以上；登记、授权运营和收益分配的制度基本建立。" * 2


def print_item(folder: Path, **keys: str) -> Path:
    """The PDF of an issue of one item with these keys."""
    root = make_workspace(folder, {ITEM: item_text("正文。\n", **keys)})
    return pdfs.print_issue(root / "issues/2025-04", root / "output").pdf


def test_a_summary_stands_between_the_title_and_the_text(tmp_path: Path) -> None:
    pdf = print_item(tmp_path, summary=_SUMMARY)

    text = pdfs.body_text(pdf, 5)
    assert text.startswith(f"标题摘要{_SUMMARY}正文。（来源：")


def test_a_summary_is_a_paragraph_of_its_own_for_those_who_listen(tmp_path: Path) -> None:
    paragraphs = [
        [tag.kind for tag in pdfs.tags(print_item(tmp_path / name, **keys))].count("P")
        for name, keys in (("with", {"summary": _SUMMARY}), ("without", {}))
    ]

    assert paragraphs[0] == paragraphs[1] + 1


def test_its_lines_are_flush_and_gapped_like_those_of_the_text(tmp_path: Path) -> None:
    page = pdfs.words(print_item(tmp_path, summary=_SUMMARY))[4]

    ends = dict[int, float]()
    for word in page[page.index(next(w for w in page if w.text.startswith("摘要"))) :]:
        ends[round(word.bottom)] = word.right
    first, second, *_ = ends.values()
    assert first == pytest.approx(second, abs=1)
    assert "到2027年，AI算力" in "".join(w.text for w in page)


@pytest.mark.parametrize("lines", range(15, 22))
def test_a_summary_is_kept_with_the_title_and_the_text(tmp_path: Path, lines: int) -> None:
    items = {
        ITEM: item_text(filler(41 * lines), url=None, no_url="内部材料"),
        SECOND_ITEM: item_text(filler(200), url="https://www.nda.gov.cn/2.html", summary=_SUMMARY),
    }
    root = make_workspace(tmp_path, items)

    laid = lay_out_issue(root / "issues/2025-04", root / "output")

    title, summary, *text = pages_of_second_article(laid)
    assert {title, summary} == {text[0]}


def pages_of_second_article(laid: Laid) -> list[int]:
    """Pages of its title, its summary, and the lines of its text."""
    found = [b for b in laid.boxes() if type(b.box).__name__ == "LineBox" and "article" in b.tags]
    title = max(n for n, box in enumerate(found) if "h3" in box.tags)
    summary = max(n for n, box in enumerate(found) if box.inside("summary"))
    return [found[title].page, found[summary].page, *(b.page for b in found[summary + 1 :])]
