"""The structure tree of a PDF that is about to be written, as pydyf's objects.

Elements are dictionaries of PDF (ISO 32000-1, 14.7.2): ``S`` is the kind, ``K`` the kids
(numbers of marked content, or references), ``P`` the parent, ``Pg`` the page.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jianbao.press.composition import KNOWN_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@contextmanager
def remembered_boxes(weasyprint: Any) -> Iterator[dict[int, Any]]:  # noqa: ANN401  (WeasyPrint has no types)
    """The boxes that elements are made of meanwhile, by the numbers of the elements.

    WeasyPrint forgets them, and with them which elements are parts of one paragraph, and
    what a theme says of them. The replaced name is known in one version alone.
    """
    from weasyprint.pdf import tags  # noqa: PLC0415  (the engine imports first)

    boxes: dict[int, Any] = {}
    build = tags._build_box_tree  # noqa: SLF001  (there is no public name)

    def remember(box: Any, *rest: Any) -> Iterator[Any]:  # noqa: ANN401  (the replaced one's)
        for element in build(box, *rest):
            boxes.setdefault(element.number, getattr(box, "_box", box))  # a placeholder's
            yield element

    if weasyprint.__version__ == KNOWN_VERSION:
        tags._build_box_tree = remember  # noqa: SLF001  (likewise)
    try:
        yield boxes
    finally:
        tags._build_box_tree = build  # noqa: SLF001  (likewise)


class Tree:
    """The structure tree of ``pdf``, and the boxes that its elements were made of."""

    def __init__(self, pdf: Any, boxes: Mapping[int, Any]) -> None:  # noqa: ANN401  (pydyf has no types)
        self.pdf = pdf
        self.root = self.object(pdf.catalog["StructTreeRoot"])
        self.top = self.object(self.root["K"][0])
        self.numbers = self.object(self.root["ParentTree"])["Nums"]
        self.pages = {ref: self.object(ref) for ref in pdf.page_references}
        self._boxes = boxes

    def object(self, reference: bytes) -> Any:  # noqa: ANN401  (likewise)
        """What ``reference`` refers to."""
        return self.pdf.objects[int(reference.split()[0])]

    def box(self, element: Any) -> Any:  # noqa: ANN401  (likewise)
        """The box that ``element`` was made of, or None."""
        return self._boxes.get(element.number)

    def source(self, element: Any) -> Any:  # noqa: ANN401  (likewise)
        """The HTML element that ``element`` was made of, or None."""
        return getattr(self.box(element), "element", None)

    def html_tag(self, element: Any) -> str:  # noqa: ANN401  (likewise)
        """The name of that HTML element, with ``::`` and the name of a pseudo-element."""
        box = self.box(element)
        return "" if box is None else str(box.element_tag or "")

    def classes(self, element: Any) -> list[str]:  # noqa: ANN401  (likewise)
        """The classes of that HTML element."""
        source = self.source(element)
        return [] if source is None else str(source.get("class") or "").split()

    def elements(self, element: Any) -> list[Any]:  # noqa: ANN401  (likewise)
        """Elements right below ``element``."""
        kids = (self.object(kid) for kid in element["K"] if isinstance(kid, bytes))
        return [kid for kid in kids if kid.get("Type") == "/StructElem"]

    def below(self, element: Any) -> Iterator[Any]:  # noqa: ANN401  (likewise)
        """``element`` and all below it, parents first."""
        yield element
        for kid in self.elements(element):
            yield from self.below(kid)

    def parent(self, element: Any) -> Any:  # noqa: ANN401  (likewise)
        """What ``element`` is right below."""
        return self.object(element["P"])

    def move(self, element: Any, parent: Any, index: int) -> None:  # noqa: ANN401  (likewise)
        """Make ``element`` the kid of ``parent`` at ``index``, as it is without ``element``."""
        self.parent(element)["K"].remove(element.reference)
        parent["K"].insert(index, element.reference)
        element["P"] = parent.reference

    def hold(self, parent: Any, kid: int | bytes) -> None:  # noqa: ANN401  (likewise)
        """Enter that ``parent`` holds ``kid``, which may be an element or stand for a link."""
        if isinstance(kid, int):
            return
        held = self.object(kid)
        if held.get("Type") == "/StructElem":
            held["P"] = parent.reference
        else:
            self.file_annotation(kid, parent.reference)

    def wrap_numbers(self, element: Any) -> None:  # noqa: ANN401  (likewise)
        """Put the marked content that ``element`` holds itself into elements of its page."""
        import pydyf  # noqa: PLC0415  (only a build pays for it)

        for index, kid in enumerate(element["K"]):
            if isinstance(kid, int):
                entries = {"Type": "/StructElem", "S": "/Span", "K": pydyf.Array([kid])}
                span = pydyf.Dictionary(entries | {"Pg": element["Pg"], "P": element.reference})
                self.pdf.add_object(span)
                element["K"][index] = span.reference

    # -- links --

    def references(self, element: Any) -> list[bytes]:  # noqa: ANN401  (likewise)
        """Kids of ``element`` that stand for annotations."""
        kids = [kid for kid in element["K"] if isinstance(kid, bytes)]
        return [kid for kid in kids if self.object(kid).get("Type") == "/OBJR"]

    def file_annotation(self, reference: bytes, owner: bytes | None) -> None:
        """Enter who owns an annotation into the parent tree, or strike its entry."""
        annotation = self.object(self.object(reference)["Obj"])
        at = self.entry(annotation["StructParent"])
        if owner is not None:
            self.numbers[at + 1] = owner
        else:
            del self.numbers[at : at + 2]

    def entry(self, key: int) -> int:
        """Where in the parent tree ``key`` stands."""
        return next(n for n in range(0, len(self.numbers), 2) if self.numbers[n] == key)

    def drop_annotation(self, reference: bytes) -> None:
        """Take a link off its page."""
        self.file_annotation(reference, None)
        stand_in = self.object(reference)
        annotation = self.object(stand_in["Obj"])
        self.pages[stand_in["Pg"]]["Annots"].remove(annotation.reference)
        annotation.clear()
        stand_in.clear()
