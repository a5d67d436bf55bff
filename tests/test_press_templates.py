"""Where templates come from, what they may name, and how their errors are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pdfs
import pytest
from workspaces import TODAY, contents, make_workspace, write_files

from jianbao import pipeline
from jianbao.press.environment import (
    css_string,
    find_file,
    make_environment,
    render,
    template_folders,
)
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import Ran

_ISSUE = "issues/2025-04"
_COVER = "templates/cover.html.j2"
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
)
_ANOTHER_COVER = '{% extends "theme/cover.html.j2" %}{% block publisher %}特刊{% endblock %}'

#: A template with an error, and the line of the error and what is said of it.
_ERRORS = {
    "syntax": ("<p>\n{% if %}\n</p>\n", 2, "模板语法有误"),
    "block left open": ("{% block a %}\n<p>\n", 2, "模板语法有误"),
    "filter": ("\n\n{{ issue.id|nope }}\n", 3, "nope"),
    "undefined name": ("<p>{{ issue.id }}</p>\n<p>{{ isue.id }}</p>\n", 2, "isue"),
    "undefined attribute": ("<p>\n\n{{ issue.nombre }}</p>\n", 3, "nombre"),
    "undefined key": ("{{ masthead.credits[99].label }}\n", 1, "99"),
    "wrong call": ("\n{{ issue.date.isoformat(1) }}\n", 2, "isoformat"),
    "wrong type": ("\n{{ issue.number + '期' }}\n", 2, "int"),
    "division": ("\n{{ issue.number / 0 }}\n", 2, "division"),
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace whose issue may be printed."""
    return Workspace(make_workspace(tmp_path / "workspace").resolve())


def rendered(workspace: Workspace, name: str, **names: object) -> str:
    """The template ``name`` of the issue."""
    environment = make_environment(workspace, workspace.root / _ISSUE)
    return render(environment, name, workspace, **names)


def build(workspace: Workspace) -> pipeline.Built:
    """Print the issue."""
    folder = workspace.root / _ISSUE
    checked = pipeline.check(workspace, folder, TODAY)
    press = pipeline.Press(output=workspace.root / "output")
    return pipeline.build(checked, workspace, folder, press)


# -- the chain --


def test_an_issues_template_comes_first_then_the_workspaces_then_the_themes(
    workspace: Workspace,
) -> None:
    names = {"back_matter": ()}
    assert rendered(workspace, "back.html.j2", **names) == ""

    write_files(workspace.root, {"templates/back.html.j2": "刊"})
    assert rendered(workspace, "back.html.j2", **names) == "刊"

    write_files(workspace.root, {f"{_ISSUE}/templates/back.html.j2": "期"})
    assert rendered(workspace, "back.html.j2", **names) == "期"


def test_theme_name_is_always_the_themes(workspace: Workspace) -> None:
    style = '{% include "theme/colours.css" %}\n刊'
    write_files(workspace.root, {"templates/colours.css": style})

    shown = rendered(workspace, "colours.css", hues=("#123456",))

    assert "--hue: #123456" in shown
    assert shown.endswith("\n刊")


def test_a_folder_named_theme_does_not_hide_the_theme(workspace: Workspace) -> None:
    write_files(workspace.root, {"templates/theme/back.html.j2": "刊"})

    assert rendered(workspace, "theme/back.html.j2", back_matter=()) == ""


def test_templates_of_an_issue_and_of_the_workspace_stand_together(workspace: Workspace) -> None:
    own = {
        "templates/a.html.j2": "刊",
        f"{_ISSUE}/templates/b.html.j2": '{% include "a.html.j2" %}期',
    }
    write_files(workspace.root, own)

    assert rendered(workspace, "b.html.j2") == "刊期"


def test_an_overridden_block_is_printed(workspace: Workspace) -> None:
    write_files(workspace.root, {_COVER: _ANOTHER_COVER})

    built = build(workspace)

    assert built.diagnostics == ()
    assert built.folder is not None
    assert "特刊" in pdfs.page_texts(built.folder / built.artifacts[0])[0]


def test_an_issues_own_files_are_no_other_issues(workspace: Workspace) -> None:
    write_files(workspace.root, {f"{_ISSUE}/{_COVER}": _ANOTHER_COVER})
    this, next_one = (workspace.root / f"issues/{name}" for name in ("2025-04", "2025-05"))

    found = [
        find_file("cover.html.j2", template_folders(workspace, issue)) for issue in (this, next_one)
    ]

    assert [file and file.parent.name for file in found] == ["templates", "classic"]


@pytest.mark.parametrize(
    "name",
    [
        "mark.svg",
        "标志.svg",
    ],
)
def test_a_picture_beside_the_templates_is_printed(workspace: Workspace, name: str) -> None:
    cover = _ANOTHER_COVER.replace("特刊", f'<img src="jianbao:file/{name}" alt="标志">')
    write_files(workspace.root, {f"templates/{name}": _SVG, _COVER: cover})

    built = build(workspace)

    assert built.diagnostics == ()
    assert built.folder is not None
    tags = pdfs.tags(built.folder / built.artifacts[0])
    assert "标志" in [tag.alt for tag in tags if tag.kind == "Figure"]


def test_a_picture_that_is_not_there_is_told(workspace: Workspace) -> None:
    cover = _ANOTHER_COVER.replace("特刊", '<img src="jianbao:file/none.svg" alt="无">')
    write_files(workspace.root, {_COVER: cover})

    assert [d.code.slug for d in build(workspace).diagnostics] == ["press-log"]


# -- what is written --


def test_names_are_escaped_in_html(workspace: Workspace) -> None:
    write_files(workspace.root, {"templates/a.html.j2": "{{ text }}"})

    assert rendered(workspace, "a.html.j2", text="<b>&") == "&lt;b&gt;&amp;"


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("简报", "简报"), ('"甲"', '\\"甲\\"'), ("a\\b", "a\\\\b"), ("上\n下", "上 下")],
)
def test_names_are_quoted_in_style_sheets(text: str, quoted: str) -> None:
    assert css_string(text) == quoted


# -- errors --


@pytest.mark.parametrize(("text", "line", "message"), _ERRORS.values(), ids=_ERRORS)
def test_an_error_is_told_with_its_template_and_line(
    workspace: Workspace, text: str, line: int, message: str
) -> None:
    write_files(workspace.root, {_COVER: text})

    built = build(workspace)

    assert built.folder is None
    found = [(d.code.slug, d.path, d.span.line) for d in built.diagnostics]
    assert found == [("template-error", _COVER, line)]
    assert message in built.diagnostics[0].message


def test_an_error_in_an_issues_style_sheet_is_told_there(workspace: Workspace) -> None:
    path = f"{_ISSUE}/templates/colours.css"
    write_files(workspace.root, {path: ":root { --ink: #000 }\np { color: {{ ink }} }\n"})

    found = [(d.code.slug, d.path, d.span.line) for d in build(workspace).diagnostics]

    assert found == [("template-error", path, 2)]


def test_a_template_that_is_not_there_is_named(workspace: Workspace) -> None:
    write_files(workspace.root, {_COVER: '<p>\n{% include "covr.html.j2" %}\n'})

    built = build(workspace)

    assert built.folder is None
    assert [d.code.slug for d in built.diagnostics] == ["template-error"]
    assert "covr.html.j2" in built.diagnostics[0].message


def test_a_template_that_is_not_there_is_told_where_it_was_asked_for(workspace: Workspace) -> None:
    write_files(workspace.root, {_COVER: '<p>\n{% include "covr.html.j2" %}\n'})

    found = [(d.path, d.span.line) for d in build(workspace).diagnostics]

    assert found == [(_COVER, 2)]


@pytest.mark.parametrize("word", ["extends", "include"])
def test_a_template_that_asks_for_itself_is_told(workspace: Workspace, word: str) -> None:
    write_files(workspace.root, {_COVER: f'{{% {word} "cover.html.j2" %}}\n'})

    found = [(d.code.slug, d.path) for d in build(workspace).diagnostics]

    assert found == [("template-error", _COVER)]


def test_a_template_in_another_encoding_is_told(workspace: Workspace) -> None:
    write_files(workspace.root, {_COVER: "<p>特刊</p>".encode("gb18030")})

    assert [d.path for d in build(workspace).diagnostics] == [_COVER]


def test_an_article_template_without_its_anchor_is_told(workspace: Workspace) -> None:
    text = "<article><h3>{{ article.title }}</h3>{{ article.body }}</article>"
    write_files(workspace.root, {"templates/article.html.j2": text})

    assert [d.code.slug for d in build(workspace).diagnostics] == ["template-error"]


def test_a_build_with_a_template_error_leaves_the_last_one_as_it_was(
    workspace: Workspace, jianbao: Callable[..., Ran]
) -> None:
    assert jianbao(workspace.root, "build", "2025-04").code == 0
    before = contents(workspace.root / "output")
    write_files(workspace.root, {_COVER: "<p>\n{{ nothing }}\n"})

    ran = jianbao(workspace.root, "build", "2025-04")

    assert ran.code == 1
    assert f"--> {_COVER}:2:1" in ran.err
    assert contents(workspace.root / "output") == before
