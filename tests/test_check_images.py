"""Images; most mistakes are in ``cases/broken``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from workspaces import ITEM, diagnose, item_text, places

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.diagnostics import Diagnostic

HEADS = {
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff\xe0",
    "gif": b"GIF89a",
    "webp": b"RIFF\x00\x00\x00\x00WEBP",
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
}


def found_in(markdown: str, folder: Path, **files: bytes) -> tuple[Diagnostic, ...]:
    """What is wrong with an item of ``markdown``; ``files`` lie beside it."""
    beside = {f"issues/2025-04/{name.replace('_', '.')}": data for name, data in files.items()}
    return diagnose(folder, {ITEM: item_text(f"{markdown}\n"), **beside})


@pytest.mark.parametrize("kind", HEADS)
def test_a_file_is_an_image_by_what_is_in_it(kind: str, tmp_path: Path) -> None:
    assert found_in("![图](a.bin)", tmp_path, a_bin=HEADS[kind]) == ()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<html>", b"RIFF\x00\x00\x00\x00WAVE"])
def test_another_file_is_no_image(data: bytes, tmp_path: Path) -> None:
    found = found_in("![图](a.png)", tmp_path, a_png=data)

    assert places(found) == [(ITEM, 8, 6, "image-invalid")]


def test_an_image_may_lie_anywhere_in_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(HEADS["png"])

    assert found_in("![图](../../logo.png)", tmp_path) == ()


def test_a_link_out_of_the_workspace_is_outside(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(HEADS["png"])
    inside = tmp_path / "inside"
    (inside / "issues/2025-04").mkdir(parents=True)
    (inside / "issues/2025-04/a.png").symlink_to(tmp_path / "secret.png")

    assert places(found_in("![图](a.png)", inside)) == [(ITEM, 8, 6, "image-outside")]


def test_a_name_with_a_space_is_percent_encoded_or_in_angle_brackets(tmp_path: Path) -> None:
    markdown = "![图](a%20b.png)![图](<a b.png>)"
    (tmp_path / "issues/2025-04").mkdir(parents=True)
    (tmp_path / "issues/2025-04/a b.png").write_bytes(HEADS["png"])

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
