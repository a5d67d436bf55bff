"""What the elements of a tagged PDF are: WeasyPrint's tree, made to say what the HTML says.

PDF/UA-1 (ISO 14289-1) and the kinds of ISO 32000-1, 14.8.4. WeasyPrint 70 knows no notes,
code or labels, makes a new element of each part that a page or line leaves of one, gives
figures their place in pixels from the top, and relates the cells of tables by page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jianbao.press.tree import Tree

#: Kinds by HTML element, where WeasyPrint has none or another.
_KINDS = {
    "strong": "/Strong",
    "b": "/Strong",
    "em": "/Em",
    "code": "/Code",
    "pre": "/P",
}
#: PDF 1.7 has no kinds for emphasis; readers that know these need not fall back.
_ROLES = {"Strong": "/Span", "Em": "/Span"}

#: A list in an HTML element of the role ``doc-toc`` is a table of contents.
_CONTENTS = {"/L": "/TOC", "/LI": "/TOCI", "/LBody": "/Reference"}

#: What a note stands behind: the paragraph, heading or note with its call.
_BLOCKS = {"/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/Note", "/Caption"}
_CELLS = {"/TD", "/TH", "/LBody"}

#: A CSS pixel in points.
_PIXEL = 0.75


def set_structure(tree: Tree) -> None:
    """Join what pages parted, and give every element its kind and attributes."""
    for element in list(tree.below(tree.top)):
        _set_kind(tree, element)
    areas = _part_areas(tree)
    _join(tree, tree.top)
    tree.top["K"].extend(areas)
    _place_notes(tree)
    for element in list(tree.below(tree.top)):
        _complete(tree, element)
    tree.root["RoleMap"] = _dictionary(_ROLES)


def _set_kind(tree: Tree, element: Any) -> None:  # noqa: ANN401  (pydyf has no types)
    source = tree.source(element)
    if source is not None and source.get("role") == "doc-toc":
        for part in tree.below(element):
            part["S"] = _CONTENTS.get(part["S"], part["S"])
    element["S"] = _KINDS.get(tree.html_tag(element), element["S"])


def _array(items: Iterable[object] = ()) -> Any:  # noqa: ANN401  (pydyf has no types)
    import pydyf  # noqa: PLC0415  (only a build pays for it)

    return pydyf.Array(items)


def _dictionary(entries: dict[str, Any]) -> Any:  # noqa: ANN401  (pydyf has no types)
    import pydyf  # noqa: PLC0415  (only a build pays for it)

    return pydyf.Dictionary(entries)


# -- parts of one --


def _part_areas(tree: Tree) -> list[bytes]:
    """Take the areas of notes from between the parts of a text."""
    areas = [e for e in tree.elements(tree.top) if type(tree.box(e)).__name__ == "FootnoteAreaBox"]
    for area in areas:
        tree.top["K"].remove(area.reference)
    return [area.reference for area in areas]


def _join(tree: Tree, parent: Any) -> None:  # noqa: ANN401  (pydyf has no types)
    """Make one of neighbours below ``parent`` that are parts of one HTML element."""
    kept: list[Any] = []
    for element in tree.elements(parent):
        if kept and _is_rest(tree, kept[-1], element):
            _absorb(tree, kept[-1], element)
        else:
            kept.append(element)
    for element in kept:
        _join(tree, element)


def _is_rest(tree: Tree, first: Any, second: Any) -> bool:  # noqa: ANN401  (likewise)
    source = tree.source(first)
    return (
        source is not None
        and source is tree.source(second)
        and tree.html_tag(first) == tree.html_tag(second)
        and first["S"] == second["S"] != "/Figure"
    )


def _absorb(tree: Tree, first: Any, rest: Any) -> None:  # noqa: ANN401  (likewise)
    """Move what ``rest`` holds behind what ``first`` does.

    The head of a table stands again on each page: the second is left out, and becomes an
    artifact like all that nothing holds.
    """
    heads = [e for e in tree.elements(first) if e["S"] in {"/THead", "/TFoot"}]
    again = [e.reference for e in tree.elements(rest) if any(_is_rest(tree, h, e) for h in heads)]
    if rest["Pg"] != first["Pg"]:
        tree.wrap_numbers(rest)  # a number counts on the page of its element
    for kid in rest["K"]:
        if kid not in again:
            first["K"].append(kid)
            tree.hold(first, kid)
    tree.parent(rest)["K"].remove(rest.reference)
    rest.clear()


# -- notes --


def _place_notes(tree: Tree) -> None:
    """Put each note behind the block that calls it first, and let the two refer to each other.

    ``Ref`` is of PDF 2.0 (ISO 32000-2, table 355); what does not know it passes it over.
    """
    calls = [e for e in tree.below(tree.top) if tree.html_tag(e).endswith("::footnote-call")]
    notes = _notes(tree, calls)
    last: dict[int, Any] = {}
    for count, call in enumerate(calls, start=1):
        note = notes[id(tree.source(call))]
        note["S"] = "/Note"
        note["ID"] = f"(note-{count})".encode()  # PDF/UA-1, 7.9
        note["Ref"] = _array()
        _refer(call, note)
        _place(tree, note, call, last)
    numbered = {_numbered(tree, note): note for note in notes.values()}
    for element in list(tree.below(tree.top)):
        note = numbered.get(_numbered(tree, element)) if _is_again(tree, element) else None
        if note is not None:
            _refer(element, note)


def _is_again(tree: Tree, element: Any) -> bool:  # noqa: ANN401  (likewise)
    return "called-again" in tree.classes(element)


def _notes(tree: Tree, calls: list[Any]) -> dict[int, Any]:
    """Notes by the identity of the HTML element that they share with their calls."""
    called = {id(tree.source(call)) for call in calls}
    notes: dict[int, Any] = {}
    for element in tree.below(tree.top):
        tag, key = tree.html_tag(element), id(tree.source(element))
        if tag.endswith("::footnote-marker"):
            element["S"] = "/Lbl"
        elif key in called and "::" not in tag:
            notes.setdefault(key, element)
    return notes


def _refer(call: Any, note: Any) -> None:  # noqa: ANN401  (likewise)
    call["S"] = "/Reference"
    call["Ref"] = _array([note.reference])
    note["Ref"].append(call.reference)


def _place(tree: Tree, note: Any, call: Any, last: dict[int, Any]) -> None:  # noqa: ANN401  (likewise)
    """Move ``note`` behind the block of ``call``, and behind the ``last`` that went there."""
    block = call
    while block["S"] not in _BLOCKS | _CELLS:
        block = tree.parent(block)
    before = last.get(block.number, block)
    last[block.number] = note
    if block["S"] in _CELLS:
        tree.move(note, block, len(block["K"]))
    else:
        parent = tree.parent(before)
        tree.move(note, parent, parent["K"].index(before.reference) + 1)


def _numbered(tree: Tree, element: Any) -> tuple[int, str]:  # noqa: ANN401  (likewise)
    """The number of a note or call, which is one within its article or page."""
    within = element
    while within["S"] not in {"/Art", "/Sect", "/Document"}:
        within = tree.parent(within)
    return within.number, str(tree.source(element).get("data-number"))


# -- attributes --


def _complete(tree: Tree, element: Any) -> None:  # noqa: ANN401  (likewise)
    """Give ``element`` what its kind needs."""
    match element["S"]:
        case "/Figure":
            _place_figure(tree, element)
        case "/Table":
            _relate_cells(tree, element)
        case "/LI":
            _label_item(tree, element)
        case "/Caption":
            _caption_figure(tree, element)


def _place_figure(tree: Tree, figure: Any) -> None:  # noqa: ANN401  (likewise)
    """``BBox`` in the page's own space: points, from the bottom."""
    box = tree.box(figure)
    left, _bottom, _right, top = (float(edge) for edge in tree.pages[figure["Pg"]]["MediaBox"])
    x, y = left + box.content_box_x() * _PIXEL, top - box.content_box_y() * _PIXEL
    corners = (x, y - box.height * _PIXEL, x + box.width * _PIXEL, y)
    figure["A"]["BBox"] = _array([round(corner, 2) for corner in corners])


def _relate_cells(tree: Tree, table: Any) -> None:  # noqa: ANN401  (likewise)
    """Say by ``Scope`` what a head is of; lists of heads would name those of one page."""
    for cell in tree.below(table):
        if cell["S"] in {"/TH", "/TD"}:
            attributes = cell.get("A", {})
            attributes.pop("Headers", None)
            cell.pop("ID", None)
            if cell["S"] == "/TH":
                row = tree.source(cell).get("scope") in {"row", "rowgroup"}
                attributes["Scope"] = "/Row" if row else "/Column"


def _label_item(tree: Tree, item: Any) -> None:  # noqa: ANN401  (likewise)
    """Part an item's number, which runs in its first line, from its text."""
    inside = (e for e in tree.below(item) if "number" in tree.classes(e))
    number = next(inside, None)
    if number is None or tree.source(number) not in _first_texts(tree.source(item)):
        return
    number["S"] = "/Lbl"
    tree.move(number, item, 0)
    listed = tree.parent(item)
    ordered = tree.html_tag(listed) == "ol"
    entries = {"O": "/List", "ListNumbering": "/Decimal" if ordered else "/Disc"}
    listed["A"] = _dictionary(entries)


def _first_texts(item: Any) -> list[Any]:  # noqa: ANN401  (likewise)
    """What stands first in the paragraphs of the HTML element ``item``, not of items in it."""
    return [paragraph[0] for paragraph in item if len(paragraph)]


def _caption_figure(tree: Tree, caption: Any) -> None:  # noqa: ANN401  (likewise)
    """Make a caption a part of the figure beside it."""
    parent = tree.parent(caption)
    figure = next((e for e in tree.below(parent) if e["S"] == "/Figure"), None)
    if parent["S"] == "/NonStruct" and figure is not None:
        tree.move(caption, figure, len(figure["K"]))
