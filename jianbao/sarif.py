"""Diagnostics in SARIF 2.1.0 (OASIS), which code hosts and editors read.

Clauses are those of the standard: 3.14.14 for the base of relative URIs, 3.14.17 for
the unit of columns, 3.55 to 3.57 for fixes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jianbao import __version__
from jianbao.diagnostics import Code
from jianbao.explanations import explain, explain_in_markdown

if TYPE_CHECKING:
    from jianbao.diagnostics import Diagnostic, Edit
    from jianbao.spans import Span

_BASE = "%SRCROOT%"
_CODES = tuple(Code)
_INDEX = {code: index for index, code in enumerate(_CODES)}


def render_sarif(diagnostics: tuple[Diagnostic, ...]) -> str:
    """One log with one run; ``uriBaseId`` stands for the workspace's folder."""
    driver = {
        "name": "jianbao",
        "version": __version__,
        "language": "zh-CN",
        "rules": [_rule(code) for code in _CODES],
    }
    run = {
        "tool": {"driver": driver},
        "language": "zh-CN",
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            _BASE: {"description": {"text": "工作区：jianbao.toml 所在的文件夹"}}
        },
        "results": [_result(d) for d in diagnostics],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(code: Code) -> dict[str, Any]:
    return {
        "id": code.slug,
        "shortDescription": {"text": code.explanation},
        "help": {"text": explain(code), "markdown": explain_in_markdown(code)},
        "defaultConfiguration": {"level": code.severity.value},
    }


def _result(diagnostic: Diagnostic) -> dict[str, Any]:
    hint = f"。{diagnostic.hint}" if diagnostic.hint else ""
    artifact = _artifact(diagnostic.path)
    place = {"artifactLocation": artifact, "region": _region(diagnostic.span)}
    result: dict[str, Any] = {
        "ruleId": diagnostic.code.slug,
        "ruleIndex": _INDEX[diagnostic.code],
        "level": diagnostic.severity.value,
        "message": {"text": f"{diagnostic.message}{hint}"},
        "locations": [{"physicalLocation": place}],
    }
    if diagnostic.fix is not None:
        result["fixes"] = [_fix(diagnostic.fix, artifact)]
    return result


def _fix(edit: Edit, artifact: dict[str, str]) -> dict[str, Any]:
    replacement = {
        "deletedRegion": _region(edit.span),
        "insertedContent": {"text": edit.text},
    }
    return {
        "description": {"text": f"改为“{edit.text}”" if edit.text else "删去"},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": [replacement]}],
    }


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path), "uriBaseId": _BASE}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
