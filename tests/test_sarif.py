"""SARIF: what the standard asks of a log, and how diagnostics appear in one.

The rules here are the sentences of SARIF 2.1.0 with "SHALL" that bear on what we write.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from workspaces import ITEM, item_text, make_workspace, two_issues

from jianbao.diagnostics import CODES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from workspaces import Ran

    Jianbao = Callable[..., Ran]

_URI = re.compile(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+")


def log_of(jianbao: Jianbao, folder: Path, *issues: str) -> dict[str, Any]:
    ran = jianbao(folder, "check", *(issues or ("2025-04",)), "--format", "sarif")
    log: dict[str, Any] = json.loads(ran.out)
    return log


def regions(result: dict[str, Any]) -> Iterator[dict[str, int]]:
    for location in result["locations"]:
        yield location["physicalLocation"]["region"]
    for fix in result.get("fixes", []):
        for change in fix["artifactChanges"]:
            yield from (replacement["deletedRegion"] for replacement in change["replacements"])


def artifacts(result: dict[str, Any]) -> Iterator[dict[str, str]]:
    for location in result["locations"]:
        yield location["physicalLocation"]["artifactLocation"]
    for fix in result.get("fixes", []):
        yield from (change["artifactLocation"] for change in fix["artifactChanges"])


@pytest.fixture
def run(jianbao: Jianbao, tmp_path: Path) -> dict[str, Any]:
    """The run of a log with an error, a warning, a fix and a name that no URI can have."""
    item = item_text("甲 and 乙，𠀀 TODO。\n", section="国策要轮")
    make_workspace(tmp_path, {ITEM: item, "issues/2025-04/02 要闻.md": item_text("甲 of 乙。\n")})
    log = log_of(jianbao, tmp_path)
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    assert isinstance(only, dict)
    return only


def test_every_code_is_a_rule_with_help(run: dict[str, Any]) -> None:
    rules = run["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == list(CODES)
    for rule in rules:
        assert rule["shortDescription"]["text"] == CODES[rule["id"]].explanation
        assert rule["help"]["text"].startswith(rule["id"])
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}


def test_a_result_names_its_rule_twice(run: dict[str, Any]) -> None:
    rules = run["tool"]["driver"]["rules"]

    assert run["results"]
    for result in run["results"]:  # 3.27.5, 3.27.6
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_columns_are_characters(run: dict[str, Any]) -> None:
    assert run["columnKind"] == "unicodeCodePoints"  # 3.14.17
    (place,) = [
        next(regions(result)) for result in run["results"] if result["ruleId"] == "placeholder-text"
    ]
    assert place == {"startLine": 8, "startColumn": 11, "endLine": 8, "endColumn": 15}


def test_regions_run_forwards_from_one(run: dict[str, Any]) -> None:
    for result in run["results"]:
        for region in regions(result):  # 3.30.5 to 3.30.8
            start = region["startLine"], region["startColumn"]
            assert (1, 1) <= start <= (region["endLine"], region["endColumn"])


def test_addresses_are_relative_to_the_workspace(run: dict[str, Any]) -> None:
    paths = set()
    for result in run["results"]:
        for artifact in artifacts(result):
            assert artifact["uriBaseId"] in run["originalUriBaseIds"]  # 3.4.4
            assert _URI.fullmatch(artifact["uri"])  # RFC 3986
            paths.add(unquote(artifact["uri"]))

    assert paths == {ITEM, "issues/2025-04/02 要闻.md"}


def test_a_fix_says_what_goes_and_what_comes(run: dict[str, Any]) -> None:
    fixes = {result["ruleId"]: result["fixes"] for result in run["results"] if "fixes" in result}

    assert fixes["latin-word"] == [
        {
            "description": {"text": "改为“和”"},
            "artifactChanges": [
                {
                    "artifactLocation": {"uri": ITEM, "uriBaseId": "%SRCROOT%"},
                    "replacements": [
                        {
                            "deletedRegion": {
                                "startLine": 8,
                                "startColumn": 2,
                                "endLine": 8,
                                "endColumn": 7,
                            },
                            "insertedContent": {"text": "和"},
                        }
                    ],
                }
            ],
        }
    ]


def test_a_message_says_what_to_do(run: dict[str, Any]) -> None:
    messages = [result["message"]["text"] for result in run["results"]]

    assert "有没写完的占位文字：TODO。补上内容，或删去" in messages


def test_there_is_one_log_of_several_issues(jianbao: Jianbao, tmp_path: Path) -> None:
    (run,) = log_of(jianbao, two_issues(tmp_path), "2025-04", "2025-05")["runs"]

    assert len(run["results"]) == 2


def test_a_clean_issue_has_a_log_without_results(jianbao: Jianbao, tmp_path: Path) -> None:
    (run,) = log_of(jianbao, make_workspace(tmp_path))["runs"]

    assert run["results"] == []
