"""Every box of a long synthetic issue (`stress`) lies where it should."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from stress import write_stress_issue
from workspaces import TODAY

from jianbao import pipeline
from jianbao.diagnostics import Code
from jianbao.press.engine import lay_out, print_pdf
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.press.engine import Draw, Pages, Printed, Progress
    from jianbao.press.fonts import WorkingSet

#: Half a CSS pixel; a gap or a halved mark at an edge is wider.
TOLERANCE = 0.5

#: These stand in the margin, or fill the page, by design.
OUTSIDE = ("cover", "section-name")
HEADINGS = {"h2", "h3", "h4", "h5", "h6"}


@dataclass(frozen=True, slots=True)
class Box:
    """A laid-out box, its ancestors from the page down, and its page."""

    box: Any
    ancestors: tuple[Any, ...]
    page: int

    @property
    def tags(self) -> set[str]:
        """Elements that it lies in, itself included."""
        return {str(b.element_tag) for b in (*self.ancestors, self.box)}

    @property
    def text(self) -> str:
        """Its own text."""
        return str(getattr(self.box, "text", ""))

    def inside(self, *classes: str) -> bool:
        """Whether it lies in an element of one of ``classes``."""
        return any(c in _classes(b) for b in (*self.ancestors, self.box) for c in classes)


def _classes(box: Any) -> list[str]:  # noqa: ANN401  (WeasyPrint has no types)
    return (box.element.get("class") or "").split() if box.element is not None else []


@dataclass(frozen=True, slots=True)
class Laid:
    """The document and what building it came to."""

    document: Any
    built: pipeline.Built

    def boxes(self) -> Iterator[Box]:
        """All boxes of all pages but those of the page's margins."""
        for number, page in enumerate(self.document.pages):
            for child in page._page_box.children:  # noqa: SLF001  (there is no public walk)
                if type(child).__name__ != "MarginBox":
                    yield from _walk(child, (), number)

    def leaves(self) -> Iterator[Box]:
        """What is seen: text and pictures."""
        return (b for b in self.boxes() if not hasattr(b.box, "children"))


def _walk(box: Any, ancestors: tuple[Any, ...], page: int) -> Iterator[Box]:  # noqa: ANN401  (likewise)
    yield Box(box, ancestors, page)
    for child in getattr(box, "children", ()):
        yield from _walk(child, (*ancestors, box), page)


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Laid:
    root = tmp_path_factory.mktemp("stress")
    workspace, folder = find_issue(str(write_stress_issue(root)), root)
    documents = []

    def engine(pages: Pages, draw: Draw, fonts: WorkingSet, progress: Progress) -> Printed:
        documents.append(lay_out(pages, fonts))
        return print_pdf(pages, draw, fonts, progress)

    checked = pipeline.check(workspace, folder, TODAY)
    press = pipeline.Press(output=root / "output", engine=engine)
    built = pipeline.build(checked, workspace, folder, press)
    return Laid(documents[0], built)


def test_the_issue_is_long_and_says_only_what_is_odd_in_it(laid: Laid) -> None:
    assert laid.built.folder is not None
    assert laid.built.pages is not None
    assert laid.built.pages >= 60
    assert {d.code for d in laid.built.diagnostics} == {Code.GLYPH_FALLBACK, Code.URL_LONG}


def test_nothing_lies_outside_the_type_area(laid: Laid) -> None:
    outside = []
    for found in laid.boxes():
        page = laid.document.pages[found.page]._page_box  # noqa: SLF001  (there is no public name)
        box = found.box
        if found.inside(*OUTSIDE) or box.element_tag in {"html", "body"}:
            continue
        left, top = page.content_box_x(), page.content_box_y()
        right, bottom = left + page.width, top + page.height
        # The quiet zone of a QR code may reach over the line grid.
        low = hasattr(box, "children") or "qr" in _classes(box)
        over = max(
            left - box.position_x,
            box.position_x + box.margin_width() - right,
            0 if low else top - box.position_y,
            0 if low else box.position_y + box.margin_height() - bottom,
        )
        if over > TOLERANCE:
            outside.append((found.page + 1, type(box).__name__, found.text[:20], round(over, 1)))
    assert outside == []


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
        card = next((b for b in leaf.ancestors if "card" in _classes(b)), None)
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
    # WeasyPrint puts one off where widows forbid to move the line of its call.
    assert late in ([], [1])


def _pages_of(laid: Laid, part: str) -> list[int]:
    """Pages of the calls, or the markers, of the footnotes, in their order."""
    tag = f"span::footnote-{part}"
    return [
        b.page
        for b in laid.boxes()
        if b.box.element_tag == tag and b.ancestors[-1].element_tag != tag
    ]
