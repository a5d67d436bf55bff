"""What a screen reader meets: kinds, order and relations of the elements of a tagged PDF."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pdfs
import pikepdf
import pytest
from PIL import Image
from stress import filler
from workspaces import ISSUE, ITEM, item_text, make_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONG = filler(900)
_ROWS = "\n".join(f"| 行{n} | {filler(60, n)} |" for n in range(30))
_BODY = f"""\
**一是{filler(60)}**二是*着重*与`代码`。再看[网站](https://www.gov.cn/)，{filler(400)}

{_LONG}

> 引用的一段[^quoted]。

## 小标题

14. 第十四条[^1]，又见[^1]。
    - 内层，{filler(900)}
15. 第十五条，参见[^2]。

| 名称 | 说明[^cell] |
| --- | --- |
{_ROWS}

![柱状图](chart.png "图1 柱状图")

末段[^2]。

[^1]: 注一，参见[^3]。
[^2]: 注二
[^3]: 注三
[^quoted]: 引文的注
[^cell]: 表的注
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> pdfs.PrintedIssue:
    root = tmp_path_factory.mktemp("structure")
    make_workspace(
        root,
        {
            ITEM: item_text(_BODY),
            "issues/2025-04/02-b.md": item_text(
                "另一篇[^1]，[^1]。\n\n[^1]: 另一篇的注\n", url="https://www.nda.gov.cn/2.html"
            ),
        },
    )
    Image.new("RGB", (300, 120), (30, 90, 160)).save(root / ITEM.replace("01-a.md", "chart.png"))
    return pdfs.print_issue((root / ISSUE).parent, root / "output")


@pytest.fixture
def document(printed: pdfs.PrintedIssue) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(printed.pdf) as opened:
        yield opened


def _kids(element: Any) -> list[Any]:  # noqa: ANN401  (any PDF object)
    return [kid for kid in element.get("/K", []) if _is_element(kid)]


def _is_element(kid: object) -> bool:
    return isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem"


def _below(element: Any) -> Iterator[Any]:  # noqa: ANN401  (likewise)
    for kid in _kids(element):
        yield kid
        yield from _below(kid)


def _all(document: pikepdf.Pdf, *kinds: str) -> list[Any]:
    root = document.Root.StructTreeRoot
    return [e for e in _below(root) if str(e.S) in {f"/{kind}" for kind in kinds}]


def _pages(document: pikepdf.Pdf, element: Any) -> set[int]:  # noqa: ANN401  (likewise)
    """Numbers of the pages on which ``element`` holds text."""
    numbers = {page.objgen: number for number, page in enumerate(document.pages)}
    holders = [e for e in (element, *_below(element)) if any(isinstance(k, int) for k in e.K)]
    return {numbers[holder.Pg.objgen] for holder in holders}


class _Texts:
    """What marked contents say, by page and number, as pdfium would show their glyphs."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self._found: dict[tuple[Any, int], str] = {}
        for page in document.pages:
            self._read(page)

    def _read(self, page: pikepdf.Page) -> None:
        fonts: dict[str, dict[str, str]] = {}
        number, font = None, ""
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "BDC":
                    number = operands[1].get("/MCID")
                case "EMC":
                    number = None
                case "Tf":
                    font = str(operands[0])
                    if font not in fonts:
                        fonts[font] = _characters(page.Resources.Font[font])
                case "TJ" if number is not None:
                    glyphs = [g for g in operands[0] if isinstance(g, pikepdf.String)]
                    codes = b"".join(bytes(g) for g in glyphs).hex()
                    shown = "".join(fonts[font].get(c, "") for c in re.findall("....", codes))
                    key = page.objgen, int(number)
                    self._found[key] = self._found.get(key, "") + shown

    def of(self, element: Any) -> str:  # noqa: ANN401  (any PDF object)
        """Text of an element and all below it, in reading order, without white space."""
        return pdfs.squeeze(
            "".join(
                self._found.get((element.Pg.objgen, int(kid)), "")
                if isinstance(kid, int)
                else self.of(kid)
                if _is_element(kid)
                else ""
                for kid in element.get("/K", [])
            )
        )


def _characters(font: Any) -> dict[str, str]:  # noqa: ANN401  (likewise)
    """Characters of a font's glyphs, by their codes as hexadecimal digits."""
    table = font.ToUnicode.read_bytes().decode()
    pairs = re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", table)
    return {code.lower(): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


@pytest.fixture
def texts(document: pikepdf.Pdf) -> _Texts:
    return _Texts(document)


def test_the_first_heading_is_the_only_h1_and_no_level_is_left_out(document: pikepdf.Pdf) -> None:
    levels = [int(str(e.S)[2:]) for e in _all(document, "H1", "H2", "H3", "H4", "H5", "H6")]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_document_says_its_language_title_and_tab_order(document: pikepdf.Pdf) -> None:
    assert str(document.Root.Lang) == "zh-CN"
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
    assert {str(page.get("/Tabs")) for page in document.pages} == {"/S"}


def test_a_paragraph_cut_by_a_page_is_one(document: pikepdf.Pdf, texts: _Texts) -> None:
    (paragraph,) = [p for p in _all(document, "P") if texts.of(p) == _LONG]

    assert len(_pages(document, paragraph)) == 2


def test_articles_and_sections_are_as_many_as_were_written(document: pikepdf.Pdf) -> None:
    assert len(_all(document, "Art")) == 2
    assert any(len(_pages(document, article)) > 3 for article in _all(document, "Art"))


def test_a_table_is_one_whose_head_is_heard_once(document: pikepdf.Pdf, texts: _Texts) -> None:
    (table,) = _all(document, "Table")
    assert len(_pages(document, table)) > 1
    heads = [e for e in _below(table) if e.S == "/TH"]
    assert [texts.of(head)[:2] for head in heads] == ["名称", "说明"]
    assert [str(head.A.Scope) for head in heads] == ["/Column", "/Column"]
    rows = [e for e in _below(table) if e.S == "/TR"]
    assert len(rows) == 31
    assert {len(_kids(row)) for row in rows} == {2}


def test_a_list_says_how_it_is_numbered_and_its_items_what_their_number_is(
    document: pikepdf.Pdf, texts: _Texts
) -> None:
    lists = _all(document, "L")
    assert [str(each.A.ListNumbering) for each in lists] == ["/Decimal", "/Disc"]
    items = [[str(kid.S) for kid in _kids(item)] for item in _all(document, "LI")]
    assert items == [["/Lbl", "/LBody"]] * 3
    labels = [texts.of(_kids(item)[0]) for item in _all(document, "LI")]
    assert labels == ["14.", "•", "15."]


def test_an_item_cut_by_a_page_is_one(document: pikepdf.Pdf) -> None:
    assert max(len(_pages(document, item)) for item in _all(document, "LI")) > 1


def test_a_note_stands_behind_the_block_that_calls_it_first(
    document: pikepdf.Pdf, texts: _Texts
) -> None:
    before = {
        texts.of(second): str(first.S)
        for parent in _below(document.Root.StructTreeRoot)
        for first, second in pairwise(_kids(parent))
        if second.S == "/Note"
    }
    # In a quotation, an item, behind the note that calls it, an item, a cell, an article.
    assert before == {
        "1引文的注": "/P",
        "2注一，参见3。": "/P",
        "3注三": "/Note",
        "4注二": "/P",
        "5表的注": "/Reference",
        "1另一篇的注": "/P",
    }


def test_calls_and_notes_refer_to_each_other(document: pikepdf.Pdf, texts: _Texts) -> None:
    notes = _all(document, "Note")
    called = {texts.of(note)[:3]: [texts.of(call) for call in note.Ref] for note in notes}

    assert called == {
        "1引文": ["1"],
        "2注一": ["2", "2"],
        "3注三": ["3"],
        "4注二": ["4", "4"],
        "5表的": ["5"],
        "1另一": ["1", "1"],
    }
    assert all(note.objgen == call.Ref[0].objgen for note in notes for call in note.Ref)
    assert len({str(note.ID) for note in notes}) == len(notes)
    assert all(str(_kids(note)[0].S) == "/Lbl" for note in notes)


def test_quotations_code_and_emphasis_are_named(document: pikepdf.Pdf, texts: _Texts) -> None:
    assert [texts.of(e)[:4] for e in _all(document, "BlockQuote")] == ["引用的一"]
    assert [texts.of(e) for e in _all(document, "Code")] == ["代码"]
    assert [texts.of(e) for e in _all(document, "Em")] == ["着重"]
    roles = {key: str(value) for key, value in document.Root.StructTreeRoot.RoleMap.items()}
    assert roles == {"/Strong": "/Span", "/Em": "/Span"}


def test_emphasis_over_a_line_end_is_one(document: pikepdf.Pdf, texts: _Texts) -> None:
    assert [texts.of(e) for e in _all(document, "Strong") if _in_article(e)] == [
        f"一是{filler(60)}"
    ]


def _in_article(element: Any) -> bool:  # noqa: ANN401  (any PDF object)
    while str(element.S) not in {"/Art", "/Document"}:
        element = element.P
    return element.S == "/Art"


def test_a_figure_has_words_a_place_and_its_caption(
    printed: pdfs.PrintedIssue, document: pikepdf.Pdf, texts: _Texts
) -> None:
    figures = _all(document, "Figure")
    assert [str(f.Alt) for f in figures] == ["柱状图", "标题", "标题"]
    captions = [texts.of(kid) for kid in _kids(figures[0])]
    assert captions == ["图1柱状图"]
    for figure in figures:
        left, bottom, right, top = (float(edge) for edge in figure.A.BBox)
        assert 0 < left < right < 596
        assert 0 < bottom < top < 842
    # The caption's words, as poppler sees them, stand right below the picture.
    page = next(iter(_pages(document, figures[0])))
    word = next(w for w in pdfs.words(printed.pdf)[page] if w.text.startswith("图"))
    assert 0 < word.y - (842 - float(figures[0].A.BBox[1])) < 26


def test_the_contents_are_a_table_of_contents(document: pikepdf.Pdf) -> None:
    (contents,) = _all(document, "TOC")
    assert [[str(kid.S) for kid in _kids(item)] for item in _kids(contents)] == [["/Reference"]] * 2
    assert {str(item.S) for item in _kids(contents)} == {"/TOCI"}


def test_a_link_has_one_target_for_each_of_its_lines(document: pikepdf.Pdf) -> None:
    for link in _all(document, "Link"):
        targets = [kid.Obj for kid in link.K if not isinstance(kid, int) and not _is_element(kid)]
        assert targets
        places = [tuple(float(edge) for edge in target.Rect) for target in targets]
        assert len(set(places)) == len(places)


def test_every_element_names_its_parent(document: pikepdf.Pdf) -> None:
    for parent in _below(document.Root.StructTreeRoot):
        assert all(kid.P.objgen == parent.objgen for kid in _kids(parent))
