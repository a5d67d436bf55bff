"""Real faces only: nothing is thickened or slanted, whatever a style asks for."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from pdfs import print_issue
from workspaces import ITEM, item_text, make_workspace

from jianbao.press.fonts import FACES, find_working_set

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BODY = "正文Abc2025，**着重Ab**，*强调Ab*，***都有Ab***。\n"

#: Weights and slants that the working set does not have.
_STYLE = """\
{% include "theme/colours.css" %}
article p { font-style: italic; }
strong { font-weight: 900; }
em { font-weight: 300; font-style: oblique; }
.source { font-weight: 600; }
"""


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An issue in a style that asks for faces which there are not."""
    root = tmp_path_factory.mktemp("faces")
    files = {ITEM: item_text(_BODY), "templates/colours.css": _STYLE}
    make_workspace(root / "workspace", files)
    return print_issue(root / "workspace/issues/2025-04", root / "output").pdf


def embedded(pdf: Path) -> Iterator[tuple[str, Any]]:
    """The name of each embedded font without its subset's tag, and the font itself."""
    with pikepdf.open(pdf) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                program = TTFont(io.BytesIO(item.FontFile2.read_bytes()))
                yield str(item.FontName).split("+")[1], program


def test_what_is_embedded_is_the_face_that_its_name_says(pdf: Path) -> None:
    working_set = find_working_set()
    assert working_set is not None
    faces = {
        f"{face.family} {face.style}".removesuffix(" Regular").replace(" ", "-"): face
        for face in FACES
    }
    fonts = dict(embedded(pdf))
    assert fonts.keys() == faces.keys()
    for name, font in fonts.items():
        whole = TTFont(working_set.folder / faces[name].file)
        assert font["OS/2"].usWeightClass == faces[name].weight
        assert drawn(font)
        assert all(outline(whole, n) == outline(font, n) for n in drawn(font))


def drawn(font: Any) -> list[int]:  # noqa: ANN401  (fontTools has no types)
    """Numbers of the glyphs that show something; a subset keeps the numbers."""
    names = enumerate(font.getGlyphOrder())
    return [number for number, name in names if font["glyf"][name].numberOfContours]


def outline(font: Any, number: int) -> list[tuple[int, int]]:  # noqa: ANN401  (likewise)
    """Where the points of a glyph lie."""
    glyph = font["glyf"][font.getGlyphOrder()[number]]
    return list(glyph.getCoordinates(font["glyf"])[0])


def test_no_letter_is_thickened_or_slanted_when_it_is_painted(pdf: Path) -> None:
    with pikepdf.open(pdf) as document:
        for page in document.pages:
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tr":
                    assert int(operands[0]) == 0
                if str(operator) in {"Tm", "cm"}:
                    assert (float(operands[1]), float(operands[2])) == (0.0, 0.0)
