"""Bodies as articles for WeChat have them: ``cases/markdown/wechat`` in markdown-it's form.

A style is shown by its name in the table; line ends are for the reader.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markdown_it.utils import read_fixture_file
from workspaces import ITEM, ROOT

from jianbao.load.markdown import parse_body
from jianbao.press.wechat.body import References, Setting, set_body
from jianbao.press.wechat.pictures import Picture
from jianbao.press.wechat.styles import read_styles
from jianbao.wechat.validator import check_html
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent / "cases" / "markdown" / "wechat"
CASES = [
    pytest.param(source, expected, id=f"{file.stem}: {title}")
    for file in sorted(FOLDER.glob("*.md"))
    for _, title, source, expected in read_fixture_file(file)
]
STYLES = read_styles(Workspace(ROOT), ROOT / "issues" / "2025-04")
NAMES = {name: name for name in STYLES} | {
    name: f"{name} var(--indent)" for name in ("row", "row-on")
}
PICTURE = Picture(file="images/picture-01.png", content=b"", use="body", width=640, height=320)


def written(source: str, styles: Mapping[str, str]) -> tuple[str, ...]:
    """The body's HTML, and its notes."""
    body = parse_body(source, ITEM, 1, FOLDER)
    setting = Setting(
        styles=styles,
        references=References(),
        picture=lambda source: PICTURE if source.endswith(".png") else None,
    )
    made = set_body(body, setting)
    return str(made.html), *map(str, made.notes)


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_a_body_is_written_as_wechat_keeps_it(source: str, expected: str) -> None:
    html = "".join(written(source, NAMES)).replace("\u00a0", "&nbsp;")

    assert expected.replace("\n", "") == html


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_wechat_would_change_nothing_of_it(source: str, expected: str) -> None:
    del expected
    html = "".join(f"<section>{part}</section>" for part in written(source, STYLES))

    found = check_html(html, "a.html", uploads=frozenset({PICTURE.file}))

    assert [(one.code.slug, one.message) for one in found] == []
