"""Images; most mistakes are in ``cases/broken``."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageFile
from workspaces import ITEM, diagnose, item_text, places

from jianbao.press.engine import import_weasyprint

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.diagnostics import Diagnostic

_SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">%s</svg>'


def _picture(kind: str) -> bytes:
    """A picture of noise, which no format packs into a few bytes."""
    file = BytesIO()
    Image.effect_noise((64, 64), 100).convert("RGB").save(file, kind)
    return file.getvalue()


PICTURES = {kind: _picture(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP")}


def found_in(markdown: str, folder: Path, **files: bytes) -> tuple[Diagnostic, ...]:
    """What is wrong with an item of ``markdown``; ``files`` lie beside it."""
    beside = {f"issues/2025-04/{name.replace('_', '.')}": data for name, data in files.items()}
    return diagnose(folder, {ITEM: item_text(f"{markdown}\n"), **beside})


@pytest.mark.parametrize("data", [*PICTURES.values(), _SVG % b""], ids=[*PICTURES, "SVG"])
def test_a_file_is_an_image_by_what_is_in_it(data: bytes, tmp_path: Path) -> None:
    assert found_in("![图](a.bin)", tmp_path, a_bin=data) == ()


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize("left", [0.02, 0.5, 0.95])
def test_a_picture_cut_short_is_damaged(kind: str, left: float, tmp_path: Path) -> None:
    whole = PICTURES[kind]
    (found,) = found_in("![图](a.png)", tmp_path, a_png=whole[: max(12, int(len(whole) * left))])

    assert found.message == "a.png 已损坏，不能完整读出"


def test_a_damaged_picture_is_seen_even_where_the_press_has_been(tmp_path: Path) -> None:
    import_weasyprint()
    data = PICTURES["JPEG"]

    found = found_in("![图](a.png)", tmp_path, a_png=data[: len(data) // 2])

    assert places(found) == [(ITEM, 8, 6, "image-invalid")]
    assert ImageFile.LOAD_TRUNCATED_IMAGES


@pytest.mark.parametrize(
    "content",
    [
        b'<use href="#a"/><a href="https://www.gov.cn/"><path fill="url(#b)"/></a>',
        b'<image href="data:image/png;base64,iVBORw0KGgo="/>',
        b"<style>.a { fill: url('#b') }</style>",
    ],
    ids=["own parts", "own picture", "own style"],
)
def test_an_svg_may_refer_to_itself(content: bytes, tmp_path: Path) -> None:
    assert found_in("![图](a.svg)", tmp_path, a_svg=_SVG % content) == ()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<g>", "第 1 行的 XML 写法有误"),
        (b"<script>alert(1)</script>", "有 script"),
        (b"<foreignObject/>", "有 foreignObject"),
        (b'<g onclick="a()"/>', "有脚本（onclick）"),
        (b'<a href="javascript:a()"/>', "有脚本（href）"),
        (b'<image href="logo.png"/>', "引用了别的文件：logo.png"),
        (
            b'<use xmlns:x="http://www.w3.org/1999/xlink" x:href="https://a.cn/a.svg#b"/>',
            "引用了别的文件：https://a.cn/a.svg#b",
        ),
        (b'<g style="fill: url( a.svg#b )"/>', "引用了别的文件：fill: url( a.svg#b )"),
        (b"<style>@import 'a.css';</style>", "引用了别的文件：@import 'a.css';"),
    ],
)
def test_an_svg_brings_nothing_from_elsewhere(content: bytes, problem: str, tmp_path: Path) -> None:
    (found,) = found_in("![图](a.svg)", tmp_path, a_svg=_SVG % content)

    assert found.message == f"a.svg 不能付印：{problem}"


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>', "定义了实体 a"),
        (b'<?xml-stylesheet href="a.css"?>', "引用了别的样式表"),
        (b"<html/>", "第 1 行的 XML 写法有误"),
    ],
)
def test_nothing_stands_before_an_svg_that_changes_it(
    head: bytes, problem: str, tmp_path: Path
) -> None:
    (found,) = found_in("![图](a.svg)", tmp_path, a_svg=head + b"<svg/>")

    assert found.message == f"a.svg 不能付印：{problem}"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<html>", b"RIFF\x00\x00\x00\x00WAVE"])
def test_another_file_is_no_image(data: bytes, tmp_path: Path) -> None:
    found = found_in("![图](a.png)", tmp_path, a_png=data)

    assert places(found) == [(ITEM, 8, 6, "image-invalid")]


def test_an_image_may_lie_anywhere_in_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(PICTURES["PNG"])

    assert found_in("![图](../../logo.png)", tmp_path) == ()


def test_a_link_out_of_the_workspace_is_outside(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PICTURES["PNG"])
    inside = tmp_path / "inside"
    (inside / "issues/2025-04").mkdir(parents=True)
    (inside / "issues/2025-04/a.png").symlink_to(tmp_path / "secret.png")

    assert places(found_in("![图](a.png)", inside)) == [(ITEM, 8, 6, "image-outside")]


def test_a_name_with_a_space_is_percent_encoded_or_in_angle_brackets(tmp_path: Path) -> None:
    markdown = "![图](a%20b.png)![图](<a b.png>)"
    (tmp_path / "issues/2025-04").mkdir(parents=True)
    (tmp_path / "issues/2025-04/a b.png").write_bytes(PICTURES["PNG"])

    assert found_in(markdown, tmp_path) == ()


@pytest.mark.parametrize("name", ["a%00.png", "a" * 300 + ".png"], ids=["NUL", "long"])
def test_a_name_that_no_file_can_have_is_an_error_not_a_traceback(
    name: str, tmp_path: Path
) -> None:
    assert [(p, line) for p, line, *_ in places(found_in(f"![图]({name})", tmp_path))] == [
        (ITEM, 8)
    ]


@pytest.mark.parametrize(
    "source",
    [r"C:\Users\a.png", "C:/Users/a.png", "file:/etc/a.png", "DATA:image/png;base64,A"],
    ids=["Windows", "Windows with slashes", "file", "capital data"],
)
def test_an_absolute_path_of_any_system_is_outside(source: str, tmp_path: Path) -> None:
    assert places(found_in(f"![图]({source})", tmp_path)) == [(ITEM, 8, 6, "image-outside")]


def test_an_image_without_a_name_says_so(tmp_path: Path) -> None:
    (found,) = found_in("![图]()", tmp_path)

    assert found.message.strip() == found.message
