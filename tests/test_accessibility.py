"""What two linters of tagged PDFs say of the editions that people read.

Both are young, and neither is a validator (veraPDF cannot be had here): a clean sheet is
no conformance. What is found all the same is listed with its reason; a finding that is
listed and no longer made fails too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import outloud
import pdfua
import pytest
from stress import write_stress_issue
from workspaces import TODAY

from jianbao import pipeline
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from collections.abc import Mapping

# WeasyPrint leaves the file of its sRGB profile open, and whichever test is next is told.
pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014")

_OURS = Path(__file__).resolve().parent.parent / "issues" / "2025-04"
_EDITIONS = ("pdf", "archive")

#: A file can be written to one standard: PDF/A-3a, and it says no more than that.
_ARCHIVE = {"DOC-012": "does not declare pdfuaid:part", "UA-28-004": "likewise"}
_STRESS = {
    "FIG-012": "the title of one item is one phrase seven times over",
    "HDG-010": "its headings are 第1个小标题 and so on",
    "ORD-001": "a note is heard behind its paragraph, but painted at the foot of the page",
    "PAG-001": "it is made of five sentences, and some of them end several pages",
}
ACCEPTED: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("ours", "pdf"): {},
    ("ours", "archive"): _ARCHIVE,
    ("stress", "pdf"): _STRESS,
    ("stress", "archive"): _STRESS | _ARCHIVE,
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    root = tmp_path_factory.mktemp("accessibility")
    issues = {"ours": _OURS, "stress": write_stress_issue(root / "stress")}
    files = {}
    for name, issue in issues.items():
        workspace, folder = find_issue(str(issue), root)
        press = pipeline.Press(output=root / name, editions=_EDITIONS)
        result = pipeline.build(pipeline.check(workspace, folder, TODAY), workspace, folder, press)
        assert result.folder is not None, result.diagnostics
        index = json.loads((result.folder / "build.json").read_text("utf-8"))
        for artifact in index["artifacts"]:
            files[name, artifact["edition"]] = result.folder / artifact["path"]
    return files


@pytest.mark.parametrize(("name", "edition"), ACCEPTED, ids=["-".join(key) for key in ACCEPTED])
def test_linters_find_nothing_but_what_is_accepted(
    name: str, edition: str, built: dict[tuple[str, str], Path]
) -> None:
    found = _found(built[name, edition])

    assert set(found) == set(ACCEPTED[name, edition]), found


def _found(file: Path) -> dict[str, str]:
    """Messages by rule; a linter that a file brings down has found something too."""
    loud = outloud.check(str(file))
    assert loud.error is None
    crashed = {run.rule: str(run.reason) for run in loud.runs if run.status == "crashed"}
    report = pdfua.validate(str(file))
    return {
        **{finding.rule: finding.message for finding in loud.findings},
        **{finding.rule_id: finding.message for finding in report.findings},
        **crashed,
    }
