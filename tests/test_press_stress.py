"""Every box of a long synthetic issue (`stress`) lies where it should."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from boxes import TOLERANCE, classes_of, lay_out_issue, overflowing
from stress import write_stress_issue

from jianbao.check.rules import DESK
from jianbao.diagnostics import Code

if TYPE_CHECKING:
    from boxes import Box, Laid

HEADINGS = {"h2", "h3", "h4", "h5", "h6"}


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Laid:
    root = tmp_path_factory.mktemp("stress")
    return lay_out_issue(write_stress_issue(root), root / "output", printed=True)


def test_the_issue_is_long_and_says_only_what_is_odd_in_it(laid: Laid) -> None:
    assert laid.built.folder is not None
    assert laid.built.pages is not None
    assert laid.built.pages >= 60
    # The text is cut anywhere, and repeats itself; its longest address is meant.
    of_the_desk = {rule.code for rule in DESK} - {Code.URL_LONG}
    assert {d.code for d in laid.built.diagnostics} - of_the_desk == {
        Code.GLYPH_FALLBACK,
        Code.URL_LONG,
    }


def test_nothing_lies_outside_the_type_area(laid: Laid) -> None:
    assert overflowing(laid) == []


def test_no_heading_is_the_last_thing_on_a_page(laid: Laid) -> None:
    last: dict[int, Box] = {}
    for leaf in laid.leaves():
        if "article" in leaf.tags and not leaf.inside("footnote"):
            last[leaf.page] = leaf
    assert [(n + 1, leaf.text) for n, leaf in last.items() if leaf.tags & HEADINGS] == []


def test_no_card_is_torn_from_its_text(laid: Laid) -> None:
    first: dict[int, Box] = {}
    for leaf in laid.leaves():
        first.setdefault(leaf.page, leaf)
    assert [n + 1 for n, leaf in first.items() if leaf.inside("card")] == []


def test_the_text_of_a_card_lies_within_it(laid: Laid) -> None:
    low = []
    for leaf in laid.leaves():
        card = next((b for b in leaf.ancestors if "card" in classes_of(b)), None)
        if card is not None and leaf.text:
            over = leaf.box.position_y + leaf.box.height - card.position_y - card.height
            low += [(leaf.page + 1, leaf.text)] if over > TOLERANCE else []
    assert low == []


def test_the_head_of_a_table_stands_on_each_of_its_pages(laid: Laid) -> None:
    parts = [b for b in laid.boxes() if type(b.box).__name__ == "TableBox"]
    assert len({part.page for part in parts}) > 1
    for part in parts:
        head = part.box.children[0]
        assert head.is_header, part.page
        assert head.children[0].children[0].element_tag == "th"


def test_notes_stand_on_the_page_of_their_calls(laid: Laid) -> None:
    calls, notes = _pages_of(laid, "call"), _pages_of(laid, "marker")
    late = [note - call for call, note in zip(calls, notes, strict=True) if note != call]
    assert len(calls) == 48
    # Where the second line of a paragraph does not fit, WeasyPrint rather puts off the
    # page's last note than move the paragraph (block.py, "first try to report footnotes").
    assert late in ([], [1])


def _pages_of(laid: Laid, part: str) -> list[int]:
    """Pages of the calls, or the markers, of the footnotes, in their order."""
    tag = f"span::footnote-{part}"
    return [
        b.page
        for b in laid.boxes()
        if b.box.element_tag == tag and b.ancestors[-1].element_tag != tag
    ]
