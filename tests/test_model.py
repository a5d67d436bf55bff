"""What the stages promise one another."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, is_dataclass
from pathlib import Path

import pytest
from workspaces import make_workspace

import jianbao as package
from jianbao import candidates, delivery, diagnostics, model, records, settings
from jianbao.spans import Span

PACKAGE = Path(package.__file__).parent
TYPES = [
    kind
    for module in (model, settings, delivery, candidates, records, diagnostics)
    for kind in vars(module).values()
    if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__
]


def makers(name: str) -> set[str]:
    """Modules of the package in which ``name`` is called, or handed on to be called."""
    return {
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and name in (_called(node), *map(_name, node.args))
    }


def _called(call: ast.Call) -> str:
    return _name(call.func)


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def test_only_check_makes_a_checked_issue() -> None:
    assert makers("CheckedIssue") == {"check/issue.py"}


@pytest.mark.parametrize("name", ["Article", "Attribution", "SectionOfIssue"])
def test_only_check_makes_what_a_checked_issue_consists_of(name: str) -> None:
    assert makers(name) == {"check/issue.py"}


@pytest.mark.parametrize("kind", TYPES, ids=[kind.__name__ for kind in TYPES])
def test_what_stages_hand_on_is_frozen(kind: type) -> None:
    name, made = fields(kind)[0].name, object.__new__(kind)
    object.__setattr__(made, name, None)  # as __init__ does

    with pytest.raises(FrozenInstanceError):
        setattr(made, name, None)
    with pytest.raises(FrozenInstanceError):
        delattr(made, name)


@pytest.mark.parametrize(
    "name", ["model.py", "settings.py", "measures.py", "records.py", "reviews.py"]
)
def test_the_model_does_no_input_or_output(name: str) -> None:
    body = ast.parse((PACKAGE / name).read_text("utf-8")).body
    imported = {node.module for node in body if isinstance(node, ast.ImportFrom)}
    imported |= {a.name for node in body if isinstance(node, ast.Import) for a in node.names}

    standard = {"__future__", "bisect", "dataclasses", "enum", "math", "operator", "typing"}
    own = {"jianbao.frozen", "jianbao.measures", "jianbao.settings"}
    assert imported <= standard | own


def test_a_span_on_a_line_ends_behind_its_last_character() -> None:
    assert Span.on_line(3, 10, 4) == Span(3, 10, 3, 14)


WATCH = """
import sys
from jianbao.cli import run
code = run(["check", "2025-04"])
heavy = {"weasyprint", "jinja2", "qrcode", "fontTools", "uharfbuzz", "rich", "multiprocessing"}
heavy |= {"asyncio", "httpx2", "lxml", "readability", "warcio"}
heavy |= {"alembic", "feedparser", "rapidfuzz", "sqlalchemy", "starlette", "flufl.bounce"}
print(code, sorted(heavy & set(sys.modules)))
"""


def test_checking_imports_nothing_that_only_printing_and_gathering_need(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", WATCH],
        cwd=tmp_path,
        env={"PYTHONPATH": str(PACKAGE.parent), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "2025-04：没有问题，可以付印\n0 []\n"
