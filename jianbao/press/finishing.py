"""The last hand on a PDF before it is written: what WeasyPrint leaves in the tagged tree.

`finish_tags` is a ``finisher`` of ``Document.write_pdf``: it works on the objects that are
about to be written, so that nothing is read a second time. Mended here, besides what
`structure` does:

- Text of margin boxes is marked content outside the tree; it becomes an /Artifact.
- The dots of a leader are a leaf each, and would be read out; they become artifacts too.
- Links have the bare target as /Contents and no Print flag; links within links, empty ones
  and anchors without a target stand as /Link.
- Empty elements (drawn by CSS alone) stand in the tree.
- There are no page labels, so that a viewer counts the cover as page 1.

Not mended: marked content inside a transparency group (``opacity`` in a theme) belongs to
another stream than the page's, where it stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jianbao.press.structure import set_structure
from jianbao.press.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jianbao.model import CheckedIssue
    from jianbao.press.printing import Printing

#: The Print flag of an annotation (ISO 32000-1, table 165).
_PRINT = 4

#: Elements that say nothing when they hold nothing; a table's cell does.
_HOLLOW = {"/Span", "/NonStruct", "/Div", "/P", "/Sect", "/Lbl", "/Link", "/Caption"}

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


def prepare_links(document: Any) -> None:  # noqa: ANN401  (WeasyPrint has no types)
    """Take from ``document`` the links of boxes that only lie in the box of a link.

    WeasyPrint makes a target of each of them. A picture may reach out of its link.
    """
    for page in document.pages:
        page.links[:] = [
            link for link in page.links if link[3].link or hasattr(link[3], "replacement")
        ]


def finish_tags(
    document: Any,  # noqa: ANN401  (pydyf has no types)
    pdf: Any,  # noqa: ANN401  (likewise)
    boxes: Mapping[int, Any],
    words: LinkWords,
    first_page: int,
) -> None:
    """Clean the tagged tree of ``pdf``; ``first_page`` (from 0) is the one numbered 1."""
    _name_links(document, words)
    label_pages(pdf, first_page)
    tree = Tree(pdf, boxes)
    if boxes:
        set_structure(tree)
    _mend_links(tree)
    _prune(tree, tree.top)
    _mark_artifacts(tree)


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


# -- links --


def _mend_links(tree: Tree) -> None:
    """Links hold text and a target, and no other link."""
    for element in tree.below(tree.top):
        if element["S"] != "/Link":
            continue
        for inner in list(tree.below(element))[1:]:
            _absorb_links(tree, inner, element)
        if not tree.references(element):
            element["S"] = "/Span"  # an anchor


def _absorb_links(tree: Tree, inner: Any, outer: Any) -> None:  # noqa: ANN401  (pydyf has no types)
    """Make what ``inner`` links to a target of the link ``outer`` that it is in."""
    if inner["S"] == "/Link":
        inner["S"] = "/Span"
    for reference in tree.references(inner):
        inner["K"].remove(reference)
        outer["K"].append(reference)
        tree.file_annotation(reference, outer.reference)


# -- empty elements --


def _prune(tree: Tree, element: Any) -> None:  # noqa: ANN401  (likewise)
    """Take out of ``element`` what holds nothing."""
    for kid in tree.elements(element):
        _prune(tree, kid)
        references = tree.references(kid)
        if kid["S"] in _HOLLOW and len(kid["K"]) == len(references):
            for reference in references:
                tree.drop_annotation(reference)
            element["K"].remove(kid.reference)
            kid.clear()


# -- artifacts --

#: Where in a page's operators each marked content begins, by its number; by page.
_Marks = dict[bytes, dict[int, tuple[Any, int]]]


def _mark_artifacts(tree: Tree) -> None:
    """Mark what nobody should hear, and number what is left anew on each page."""
    marks = {ref: _marks(tree, page) for ref, page in tree.pages.items()}
    for leader in [e for e in tree.below(tree.top) if getattr(tree.box(e), "is_leader", False)]:
        tree.parent(leader)["K"].remove(leader.reference)
        for each in list(tree.below(leader)):
            _release(tree, each, marks, _ORNAMENT)
    reached = {element.number for element in tree.below(tree.top)}
    for element in tree.pdf.objects:
        loose = isinstance(element, dict) and element.get("Type") == "/StructElem"
        if loose and element.number not in reached:
            _release(tree, element, marks, _FURNITURE)
    _renumber(tree, marks)


def _marks(tree: Tree, page: Any) -> dict[int, tuple[Any, int]]:  # noqa: ANN401  (likewise)
    stream = tree.object(page["Contents"]).stream
    starts = (n for n, operator in enumerate(stream) if operator == b"BDC")
    return {stream[n - 1]["MCID"]: (stream, n) for n in starts if "MCID" in stream[n - 1]}


def _release(tree: Tree, element: Any, marks: _Marks, kind: str) -> None:  # noqa: ANN401  (likewise)
    """Make an artifact of what ``element`` holds, and nothing of itself.

    pydyf writes a wrong table of objects when one is freed; an empty one stays.
    """
    for number in (kid for kid in element["K"] if isinstance(kid, int)):
        stream, at = marks[element["Pg"]].pop(number)
        stream[at - 2] = "/Artifact"
        stream[at - 1] = f"<</Type /{kind}>>"
    for reference in tree.references(element):
        tree.drop_annotation(reference)
    element.clear()


def _renumber(tree: Tree, marks: _Marks) -> None:
    """Close the gaps in the numbers of each page's marked content."""
    new = {page: {old: n for n, old in enumerate(sorted(m))} for page, m in marks.items()}
    for page, found in marks.items():
        for number, (stream, at) in found.items():
            stream[at - 1]["MCID"] = new[page][number]
    owners: dict[bytes, dict[int, bytes]] = {page: {} for page in marks}
    for element in tree.below(tree.top):
        page = element.get("Pg")
        for index, kid in enumerate(element["K"]):
            if isinstance(kid, int):
                number = element["K"][index] = new[page][kid]
                owners[page][number] = element.reference
    for page, numbered in owners.items():
        at = tree.entry(tree.pages[page]["StructParents"])
        tree.numbers[at + 1][:] = [numbered[n] for n in sorted(numbered)]
