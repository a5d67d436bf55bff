"""The tagged tree as it is finished: links, labels, artifacts, and nothing hollow."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Any

import pdfs
import pikepdf
import pytest
from workspaces import make_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COVER = """{% extends "theme/cover.html.j2" %}{% block publisher %}
<a href="#a1"></a><a id="anchor">不是链接</a><a class="outer" href="https://www.gov.cn/b">外层</a>
{% endblock %}
"""
_NESTED = """{% include "theme/colours.css" %}
.outer::after { content: "再点"; link: attr(href); }
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> pdfs.PrintedIssue:
    root = tmp_path_factory.mktemp("finishing")
    return pdfs.print_issue(pdfs.write_synthetic_issue(root), root / "output")


@pytest.fixture
def document(printed: pdfs.PrintedIssue) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(printed.pdf) as opened:
        yield opened


def _first_page(printed: pdfs.PrintedIssue) -> int:
    """Physical page, from 1, of the first article: the lead headline repeats its title."""
    return next(b.page for b in pdfs.bookmarks(printed.pdf) if b.level == 2)


def _kids(element: pikepdf.Object) -> list[Any]:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _elements(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    for kid in _kids(element):
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
            yield kid
            yield from _elements(kid)


def _annotations(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [a for page in document.pages for a in page.get("/Annots", [])]


def _marked(page: pikepdf.Page) -> list[tuple[str, int | None]]:
    """Tag and number of each marked content of a page."""
    found = []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in {"BMC", "BDC"}:
            properties = operands[1] if len(operands) > 1 else {}
            found.append((str(operands[0]), properties.get("/MCID")))
    return found


def test_a_link_is_printed_and_called_in_words(document: pikepdf.Pdf) -> None:
    annotations = _annotations(document)
    assert annotations
    assert all(a.F == 4 for a in annotations)
    names = [str(a.Contents) for a in annotations]
    assert names.count("以表格结尾") == 1  # in the contents
    assert "原文链接：以表格结尾" in names
    assert "网站" in names
    assert not [name for name in names if "://" in name or re.fullmatch("[ab][0-9]+", name)]


def test_page_labels_are_the_printed_numbers(
    printed: pdfs.PrintedIssue, document: pikepdf.Pdf
) -> None:
    labels = [page.label for page in document.pages]
    front = _first_page(printed) - 1
    assert labels[:front] == [""] * front
    assert labels[front:] == [str(n) for n in range(1, len(labels) - front + 1)]


def test_every_marked_content_is_an_artifact_or_in_the_tree(document: pikepdf.Pdf) -> None:
    numbers = dict(zip(*[iter(document.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
    reached = {e.objgen for e in _elements(document.Root.StructTreeRoot)}
    for page in document.pages:
        marked = _marked(page)
        assert all((number is None) == (tag == "/Artifact") for tag, number in marked)
        found = sorted(number for _, number in marked if number is not None)
        owners = numbers[page.StructParents]
        assert found == list(range(len(owners)))
        assert all(owner.objgen in reached for owner in owners)


def test_each_number_is_held_by_the_element_that_the_parent_tree_names(
    document: pikepdf.Pdf,
) -> None:
    numbers = dict(zip(*[iter(document.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
    for element in _elements(document.Root.StructTreeRoot):
        for kid in _kids(element):
            if isinstance(kid, int):
                assert numbers[element.Pg.StructParents][kid].objgen == element.objgen
            elif kid.get("/Type") == "/OBJR":
                assert numbers[kid.Obj.StructParent].objgen == element.objgen


def test_running_heads_and_folios_are_pagination(
    printed: pdfs.PrintedIssue, document: pikepdf.Pdf
) -> None:
    page = document.pages[_first_page(printed) - 1]
    assert b"/Artifact\n<</Type /Pagination>>\nBDC" in page.Contents.read_bytes()


def test_dots_of_the_contents_are_artifacts(document: pikepdf.Pdf) -> None:
    contents = [e for e in _elements(document.Root.StructTreeRoot) if e.S == "/TOC"]
    held = sum(isinstance(k, int) for c in contents for e in _elements(c) for k in _kids(e))
    items = sum(e.S == "/TOCI" for c in contents for e in _elements(c))
    assert items == 3
    assert held <= 3 * items  # the title, which may take two lines, and the page


def test_a_link_holds_text_and_a_target_and_no_other_link(document: pikepdf.Pdf) -> None:
    links = [e for e in _elements(document.Root.StructTreeRoot) if e.S == "/Link"]
    targets = [kid for link in links for kid in _kids(link) if not isinstance(kid, int)]
    targets = [kid.Obj.objgen for kid in targets if kid.get("/Type") == "/OBJR"]
    assert sorted(targets) == sorted(a.objgen for a in _annotations(document))
    _assert_sound(links)


def test_hollow_nested_and_dead_links_are_mended(tmp_path: Path) -> None:
    templates = {"templates/cover.html.j2": _COVER, "templates/colours.css": _NESTED}
    make_workspace(tmp_path, templates)
    printed = pdfs.print_issue(tmp_path / "issues/2025-04", tmp_path / "output")
    with pikepdf.open(printed.pdf) as document:
        elements = list(_elements(document.Root.StructTreeRoot))
        cover = [e for e in elements if e.S == "/Link" and e.Pg.objgen == document.pages[0].objgen]
        _assert_sound(cover)
        assert len(cover) == 1
        assert {str(a.Contents) for a in document.pages[0].Annots} == {"外层"}


def _assert_sound(links: list[pikepdf.Object]) -> None:
    for link in links:
        kinds = [isinstance(kid, int) or str(kid.get("/Type")) for kid in _kids(link)]
        assert "/OBJR" in kinds
        assert True in kinds or "/StructElem" in kinds
        assert all(inner.S != "/Link" for inner in _elements(link))


def test_no_element_is_hollow(document: pikepdf.Pdf) -> None:
    assert all(_kids(e) for e in _elements(document.Root.StructTreeRoot) if e.S != "/TD")


def test_qpdf_finds_nothing_and_the_bytes_are_the_same_again(
    printed: pdfs.PrintedIssue, tmp_path: Path
) -> None:
    subprocess.run(["qpdf", "--check", printed.pdf], check=True, capture_output=True)
    again = pdfs.print_issue(printed.folder, tmp_path)
    assert again.pdf.read_bytes() == printed.pdf.read_bytes()
