"""Pages of the back matter are printed too, so what is wrong with them is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from workspaces import CONFIGURATION, PUBLICATION, diagnose, places

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "back/about.md"
WITH_PAGE = f'{PUBLICATION}\n[[back_matter]]\ntitle = "简介"\nfile = "{PAGE}"\n'


def test_a_page_of_text_is_fine(tmp_path: Path) -> None:
    assert diagnose(tmp_path, {CONFIGURATION: WITH_PAGE, PAGE: "本刊**简介。**甲\n"}) == ()


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        ("本刊<br>简介", 3, "raw-html"),
        ("<div>本刊简介</div>", 1, "raw-html"),
        ("电话：TODO", 4, "placeholder-text"),
        ("[网站](javascript:alert(1))", 6, "link-invalid"),
        ("![标志](logo.png)", 7, "image-missing"),
        ("![标志](/etc/hostname)", 7, "image-outside"),
    ],
    ids=["HTML", "HTML block", "placeholder", "link", "missing image", "absolute image"],
)
def test_what_would_stop_an_item_stops_a_page(
    text: str, column: int, code: str, tmp_path: Path
) -> None:
    found = diagnose(tmp_path, {CONFIGURATION: WITH_PAGE, PAGE: f"{text}\n"})

    assert [(PAGE, 1, column, code)] == places(found)
