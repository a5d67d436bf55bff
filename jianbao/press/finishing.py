"""The last hand on a PDF before it is written: what WeasyPrint leaves in the tagged tree.

`finish_tags` is a ``finisher`` of ``Document.write_pdf``: it works on the objects that are
about to be written, so that nothing is read a second time. Mended here:

- Text of margin boxes is marked content outside the tree; it becomes an /Artifact.
- The dots of a leader are a leaf each, and would be read out; they become artifacts too.
  Nothing tells them apart once the tree is built, so `name_leaders` goes before writing.
- Links have the bare target as /Contents and no Print flag; links within links, empty ones
  and anchors without a target stand as /Link.
- Empty elements (drawn by CSS alone) stand in the tree.
- There are no page labels, so that a viewer counts the cover as page 1.

Not mended: a paragraph cut by a page break is two /P, for its halves are two boxes and
nothing of the pair is left in the objects; and marked content inside a transparency group
(``opacity`` in a theme) belongs to another stream than the page's, where it stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jianbao.model import CheckedIssue
    from jianbao.press.printing import Printing

#: The Print flag of an annotation (ISO 32000-1, table 165).
_PRINT = 4

#: Elements that say nothing when they hold nothing; a table's cell does.
_HOLLOW = {"/Span", "/NonStruct", "/Div", "/P", "/Sect", "/Lbl", "/Link", "/Caption"}

#: WeasyPrint writes this tag for a list's marker, and for nothing but the kid of an item.
_MARKER_TAG = "li::marker"
_MARKER = "/Lbl"

#: How artifacts are typed (ISO 32000-1, 14.8.2.2.2).
_FURNITURE = "Pagination"
_ORNAMENT = "Layout"


@dataclass(frozen=True, slots=True)
class LinkWords:
    """What links are called: by anchor within the issue, and by address of an original."""

    anchors: Mapping[str, str] = field(default_factory=dict)
    originals: Mapping[str, str] = field(default_factory=dict)


def link_words(issue: CheckedIssue) -> LinkWords:
    """What a link is called for those who cannot see where it stands."""
    anchors = {f"a{n}": article.title for n, article in enumerate(issue.articles, start=1)}
    anchors |= {f"b{n}": page.title for n, page in enumerate(issue.back_matter, start=1)}
    originals = {a.attribution.url: a.title for a in issue.articles if a.attribution.url}
    return LinkWords(anchors, originals)


def name_leaders(document: Any) -> None:  # noqa: ANN401  (WeasyPrint has no types)
    """Let the leaders of ``document`` be known in the tree that is built of it."""
    for page in document.pages:
        for box in page._page_box.descendants():  # noqa: SLF001  (no other way to the boxes)
            if box.is_leader:
                box.element_tag = _MARKER_TAG


def finish_tags(document: Any, pdf: Any, words: LinkWords, first_page: int) -> None:  # noqa: ANN401  (pydyf has no types)
    """Clean the tagged tree of ``pdf``; ``first_page`` (from 0) is the one numbered 1."""
    _name_links(document, words)
    label_pages(pdf, first_page)
    tree = _Tree(pdf)
    tree.mend_links()
    tree.prune()
    tree.mark_artifacts()


def finish_sources(pdf: Any, printing: Printing) -> None:  # noqa: ANN401  (likewise)
    """Name each attached source once, and of its own kind.

    WeasyPrint enters them twice, and asks the machine for their kind.
    """
    pdf.catalog["AF"][:] = list(dict.fromkeys(pdf.catalog["AF"]))
    for reference, source in zip(pdf.catalog["AF"], printing.sources, strict=True):
        entry = pdf.objects[int(reference.split()[0])]
        content = pdf.objects[int(entry["EF"]["F"].split()[0])]
        content.extra["Subtype"] = "/" + source.media_type.replace("/", "#2f")


def label_pages(pdf: Any, first_page: int) -> None:  # noqa: ANN401  (likewise)
    """Number the pages of ``pdf`` as they are printed; what stands before has no number."""
    front = "0 << >> " if first_page else ""
    pdf.catalog["PageLabels"] = f"<< /Nums [{front}{first_page} << /S /D /St 1 >>] >>"


def _name_links(document: Any, words: LinkWords) -> None:  # noqa: ANN401  (likewise)
    for page in document.pages:
        for kind, target, _rectangle, box in page.links:
            annotation = box.link_annotation
            if annotation is None:  # its target is not there, which was logged
                continue
            annotation["F"] = _PRINT
            shown = "".join(box.element.itertext()).replace("\u200b", "").strip()
            if kind == "internal":
                name = words.anchors.get(target, shown)
            else:
                name = _original(box.element.get("href", ""), shown, words)
            annotation["Contents"] = pdf_text(name or target)


def _original(href: str, shown: str, words: LinkWords) -> str:
    """Words for a link to ``href``: the text itself, where it is more than the address."""
    title = words.originals.get(href)
    return f"原文链接：{title}" if title and shown in {href, ""} else shown


def pdf_text(text: str) -> bytes:
    """``text`` as a string object of PDF."""
    import pydyf  # noqa: PLC0415  (only a build pays for it)

    data: bytes = pydyf.String(text).data
    return data


class _Tree:
    """The structure tree of a PDF as pydyf's objects; elements are dictionaries."""

    def __init__(self, pdf: Any) -> None:  # noqa: ANN401  (pydyf has no types)
        self._pdf = pdf
        root = self._object(pdf.catalog["StructTreeRoot"])
        self._top = self._object(root["K"][0])
        self._numbers = self._object(root["ParentTree"])["Nums"]
        self._pages = {ref: self._object(ref) for ref in pdf.page_references}

    def _object(self, reference: bytes) -> Any:  # noqa: ANN401  (likewise)
        return self._pdf.objects[int(reference.split()[0])]

    def _elements(self, element: Any) -> Iterator[Any]:  # noqa: ANN401  (likewise)
        """Elements right below ``element``."""
        kids = (self._object(kid) for kid in element["K"] if isinstance(kid, bytes))
        return (kid for kid in kids if kid.get("Type") == "/StructElem")

    def _references(self, element: Any) -> list[bytes]:  # noqa: ANN401  (likewise)
        """Kids of ``element`` that stand for annotations."""
        kids = [kid for kid in element["K"] if isinstance(kid, bytes)]
        return [kid for kid in kids if self._object(kid).get("Type") == "/OBJR"]

    def _below(self, element: Any) -> Iterator[Any]:  # noqa: ANN401  (likewise)
        """``element`` and all below it, parents first."""
        yield element
        for kid in self._elements(element):
            yield from self._below(kid)

    # -- links --

    def mend_links(self) -> None:
        """Links hold text and a target, and no other link."""
        for element in self._below(self._top):
            if element["S"] != "/Link":
                continue
            for inner in list(self._below(element))[1:]:
                if inner["S"] == "/Link":
                    self._absorb(inner, element)
            if not self._references(element):
                element["S"] = "/Span"  # an anchor

    def _absorb(self, inner: Any, outer: Any) -> None:  # noqa: ANN401  (likewise)
        """Make the link ``inner`` a part of ``outer``, its targets too."""
        inner["S"] = "/Span"
        for reference in self._references(inner):
            inner["K"].remove(reference)
            outer["K"].append(reference)
            self._file_annotation(reference, outer.reference)

    def _file_annotation(self, reference: bytes, owner: bytes | None) -> None:
        """Enter who owns an annotation into the parent tree, or strike its entry."""
        annotation = self._object(self._object(reference)["Obj"])
        at = self._entry(annotation["StructParent"])
        if owner is not None:
            self._numbers[at + 1] = owner
        else:
            del self._numbers[at : at + 2]

    def _entry(self, key: int) -> int:
        return next(n for n in range(0, len(self._numbers), 2) if self._numbers[n] == key)

    # -- empty elements --

    def prune(self) -> None:
        """Take out elements that hold nothing."""
        self._prune(self._top)

    def _prune(self, element: Any) -> None:  # noqa: ANN401  (likewise)
        for kid in list(self._elements(element)):
            self._prune(kid)
            references = self._references(kid)
            if kid["S"] in _HOLLOW and len(kid["K"]) == len(references):
                for reference in references:
                    self._drop_annotation(reference)
                element["K"].remove(kid.reference)
                kid.clear()

    def _drop_annotation(self, reference: bytes) -> None:
        """Take a link that shows nothing off its page."""
        self._file_annotation(reference, None)
        entry = self._object(reference)
        annotation = self._object(entry["Obj"])
        self._pages[entry["Pg"]]["Annots"].remove(annotation.reference)
        annotation.clear()
        entry.clear()

    # -- artifacts --

    def mark_artifacts(self) -> None:
        """Mark what nobody should hear, and number what is left anew on each page."""
        marks = {ref: self._marks(page) for ref, page in self._pages.items()}
        for leader in list(self._leaders()):
            self._release(leader, marks, _ORNAMENT)
        reached = {element.number for element in self._below(self._top)}
        for element in self._pdf.objects:
            loose = isinstance(element, dict) and element.get("Type") == "/StructElem"
            if loose and element.number not in reached:
                self._release_one(element, marks, _FURNITURE)
        self._renumber(marks)

    def _marks(self, page: Any) -> dict[int, tuple[Any, int]]:  # noqa: ANN401  (likewise)
        """Where in a page's operators each marked content begins, by its number."""
        stream = self._object(page["Contents"]).stream
        starts = (n for n, operator in enumerate(stream) if operator == b"BDC")
        return {stream[n - 1]["MCID"]: (stream, n) for n in starts if "MCID" in stream[n - 1]}

    def _leaders(self) -> Iterator[Any]:
        """Leaders, taken from their parents; a list's own markers stay."""
        for element in list(self._below(self._top)):
            if element["S"] in {"/LI", "/LBody"}:
                continue
            for kid in list(self._elements(element)):
                if kid["S"] == _MARKER:
                    element["K"].remove(kid.reference)
                    yield kid

    def _release(self, element: Any, marks: Any, kind: str) -> None:  # noqa: ANN401  (likewise)
        for each in list(self._below(element)):
            self._release_one(each, marks, kind)

    def _release_one(self, element: Any, marks: Any, kind: str) -> None:  # noqa: ANN401  (likewise)
        """Make an artifact of what ``element`` holds, and nothing of itself.

        pydyf writes a wrong table of objects when one is freed; an empty one stays.
        """
        for number in (kid for kid in element["K"] if isinstance(kid, int)):
            stream, at = marks[element["Pg"]].pop(number)
            stream[at - 2] = "/Artifact"
            stream[at - 1] = f"<</Type /{kind}>>"
        element.clear()

    def _renumber(self, marks: Any) -> None:  # noqa: ANN401  (likewise)
        """Close the gaps in the numbers of each page's marked content."""
        new = {page: {old: n for n, old in enumerate(sorted(m))} for page, m in marks.items()}
        for page, found in marks.items():
            for number, (stream, at) in found.items():
                stream[at - 1]["MCID"] = new[page][number]
        owners: dict[bytes, dict[int, bytes]] = {page: {} for page in marks}
        for element in self._below(self._top):
            page = element.get("Pg")
            for index, kid in enumerate(element["K"]):
                if isinstance(kid, int):
                    number = element["K"][index] = new[page][kid]
                    owners[page][number] = element.reference
        for page, numbered in owners.items():
            at = self._entry(self._pages[page]["StructParents"])
            self._numbers[at + 1][:] = [numbered[n] for n in sorted(numbered)]
