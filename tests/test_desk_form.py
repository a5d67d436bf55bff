"""What the desk's rules of form make of a paragraph; the cases are text in ``cases/mended``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from workspaces import ITEM, diagnose, item_text, lines_of

if TYPE_CHECKING:
    from jianbao.diagnostics import Edit

_BLOCKS = (Path(__file__).parent / "cases/mended/form.txt").read_text("utf-8").split("\n\n")[1:]
CASES = [block.strip("\n").split("\n") for block in _BLOCKS]


def mend(folder: Path, paragraph: str) -> tuple[str, bool]:
    """``paragraph`` with every fix applied, from the last to the first; whether any was told."""
    found = diagnose(folder, {ITEM: item_text(f"{paragraph}\n")})
    lines = lines_of(folder / ITEM)
    edits = [diagnostic.fix for diagnostic in found if diagnostic.fix]
    for edit in sorted(edits, key=lambda edit: edit.span.column, reverse=True):
        apply(edit, lines)
    return lines[-2], bool(found)


def apply(edit: Edit, lines: list[str]) -> None:
    span = edit.span
    assert span.line == span.end_line, "one paragraph of one line"
    line = lines[span.line - 1]
    lines[span.line - 1] = line[: span.column - 1] + edit.text + line[span.end_column - 1 :]


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_a_paragraph_is_mended_or_left_alone(case: list[str], tmp_path: Path) -> None:
    before, *after = case

    mended, told = mend(tmp_path, before)

    assert [mended] == (after or [before])
    assert told == bool(after)


def test_what_cannot_be_seen_is_deleted(tmp_path: Path) -> None:
    assert mend(tmp_path, "数据\u200b要\u00ad素，a\u00a0b。") == ("数据要素，a b。", True)


@pytest.mark.parametrize(
    "paragraph", [case[1] for case in CASES if len(case) > 1 and case[0] != case[1]]
)
def test_what_was_mended_is_not_mended_again(paragraph: str, tmp_path: Path) -> None:
    assert mend(tmp_path, paragraph)[0] == paragraph
