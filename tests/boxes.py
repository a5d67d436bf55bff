"""Boxes of an issue as it was laid out: where they lie, and what they lie in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workspaces import TODAY

from jianbao import pipeline
from jianbao.press.engine import Printed, lay_out, print_pdf
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.press.engine import Draw, Pages, Progress
    from jianbao.press.fonts import WorkingSet

#: Half a CSS pixel; a gap or a halved mark at an edge is wider.
TOLERANCE = 0.5

#: These stand in the margin, or fill the page, by design.
OUTSIDE = ("cover", "section-name")


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
        return any(c in classes_of(b) for b in (*self.ancestors, self.box) for c in classes)


def classes_of(box: Any) -> list[str]:  # noqa: ANN401  (WeasyPrint has no types)
    """Classes of the box's element."""
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
        return (b for b in self.boxes() if hasattr(b.box, "text") or hasattr(b.box, "replacement"))


def _walk(box: Any, ancestors: tuple[Any, ...], page: int) -> Iterator[Box]:  # noqa: ANN401  (likewise)
    yield Box(box, ancestors, page)
    for child in getattr(box, "children", ()):
        yield from _walk(child, (*ancestors, box), page)


def lay_out_issue(folder: Path, output: Path, *, printed: bool = False) -> Laid:
    """Check, lay out and build the issue in ``folder``; its PDF is empty if not ``printed``."""
    workspace, folder = find_issue(str(folder), Path.cwd())
    documents = []

    def engine(pages: Pages, draw: Draw, fonts: WorkingSet, progress: Progress) -> Printed:
        document = lay_out(pages, fonts)
        documents.append(document)
        if printed:
            return print_pdf(pages, draw, fonts, progress)
        anchors = {a: n for n, page in enumerate(document.pages) for a in page.anchors}
        return Printed(b"", len(document.pages), anchors, (), ())

    checked = pipeline.check(workspace, folder, TODAY)
    built = pipeline.build(checked, workspace, folder, pipeline.Press(output=output, engine=engine))
    return Laid(documents[0], built)


def overflowing(laid: Laid) -> list[tuple[int, str, str, float]]:
    """Boxes that reach out of the type area: page, kind, text, and by how many CSS pixels."""
    outside = []
    for found in laid.boxes():
        page = laid.document.pages[found.page]._page_box  # noqa: SLF001  (there is no public name)
        box = found.box
        if found.inside(*OUTSIDE) or box.element_tag in {"html", "body"}:
            continue
        left, top = page.content_box_x(), page.content_box_y()
        right, bottom = left + page.width, top + page.height
        # The quiet zone of a QR code may reach over the line grid.
        low = bool(box.children) or "qr" in classes_of(box)
        over = max(
            left - box.position_x,
            box.position_x + box.margin_width() - right,
            0 if low else top - box.position_y,
            0 if low else box.position_y + box.margin_height() - bottom,
        )
        if over > TOLERANCE:
            outside.append((found.page + 1, type(box).__name__, found.text[:20], round(over, 1)))
    return outside
