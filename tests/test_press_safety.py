"""What a page may reach: this issue's own files, and nothing else of the machine or the net."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pdfs
import pytest
from PIL import Image
from workspaces import ITEM, KEYS, PUBLICATION, TODAY, diagnose, item_text, make_workspace

from jianbao import pipeline
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from workspaces import Content

_MARK = "SECRET-5f1c"
_COVER = '{{% extends "theme/cover.html.j2" %}}{{% block publisher %}}{}{{% endblock %}}'
_STYLE = '{{% include "theme/colours.css" %}}\n{}'
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}<rect width="9" height="9"/></svg>'
)

#: What a template may try, with ADDRESS for a file of the machine without its suffix.
_TRICKS = {
    "attachment": '<link rel="attachment" href="ADDRESS.txt">',
    "attached link": '<a rel="attachment" href="ADDRESS.txt">x</a>',
    "image": '<img src="ADDRESS.png" alt="x">',
    "object": '<object data="ADDRESS.png"></object>',
    "embed": '<embed src="ADDRESS.png">',
    "background": '<div style="background: url(ADDRESS.png)">x</div>',
    "style sheet": '<link rel="stylesheet" href="ADDRESS.txt">',
    "import": '<style>@import url("ADDRESS.txt");</style>',
    "drawing": '<svg><image href="ADDRESS.png" width="9" height="9"/></svg>',
    "source set": '<img srcset="ADDRESS.png 1x" src="ADDRESS.png" alt="x">',
}


#: A template that shows a drawing of the theme's, which no check sees before the press.
_SHOWN = _COVER.format('<img src="jianbao:file/a.svg" alt="x">')


@pytest.fixture
def secret(tmp_path: Path) -> str:
    """Address without suffix of a text and a picture that lie outside the workspace."""
    folder = tmp_path / "machine"
    folder.mkdir()
    (folder / "secret.txt").write_text(_MARK, "utf-8")
    Image.new("RGB", (8, 8), (1, 2, 3)).save(folder / "secret.png")
    return f"file://{folder}/secret"


def build(folder: Path, files: Mapping[str, Content]) -> pipeline.Built:
    """Build the minimal issue with ``files`` laid over it."""
    workspace = Workspace(make_workspace(folder / "workspace", files).resolve())
    issue = workspace.issues / "2025-04"
    checked = pipeline.check(workspace, issue, TODAY)
    return pipeline.build(checked, workspace, issue, pipeline.Press(output=folder / "output"))


def codes(built: pipeline.Built) -> list[str]:
    """Codes of what came up."""
    return [diagnostic.code.slug for diagnostic in built.diagnostics]


def printed(built: pipeline.Built) -> bytes:
    """The PDF with its streams unpacked."""
    assert built.folder is not None
    return pdfs.plain(built.folder / built.artifacts[0])


def assert_refused(built: pipeline.Built, address: str) -> None:
    """The build told of ``address``, and nothing of it was printed."""
    assert codes(built) == ["press-log"]
    assert address in built.diagnostics[0].message
    data = printed(built)
    assert _MARK.encode() not in data
    assert b"/Subtype /Image" not in data
    assert b"/EmbeddedFile" not in data


@pytest.mark.parametrize("trick", _TRICKS.values(), ids=_TRICKS)
def test_a_template_cannot_print_a_file_of_the_machine(
    tmp_path: Path, secret: str, trick: str
) -> None:
    cover = _COVER.format(trick.replace("ADDRESS", secret))

    built = build(tmp_path, {"templates/cover.html.j2": cover})

    assert_refused(built, secret)


def test_a_base_address_changes_nothing(tmp_path: Path, secret: str) -> None:
    folder = secret.removesuffix("secret")
    cover = _COVER.format(f'<base href="{folder}"><img src="secret.png" alt="x">')

    built = build(tmp_path, {"templates/cover.html.j2": cover})

    assert_refused(built, secret)


@pytest.mark.parametrize(
    "rule",
    ["body {{ background: url({}.png) }}", ".cover::before {{ content: url({}.png) }}"],
)
def test_a_style_sheet_cannot_either(tmp_path: Path, secret: str, rule: str) -> None:
    style = _STYLE.format(rule.format(secret))

    built = build(tmp_path, {"templates/colours.css": style})

    assert_refused(built, secret)


def test_a_style_sheet_cannot_take_a_font_from_elsewhere(tmp_path: Path, secret: str) -> None:
    rule = f'@font-face {{ font-family: X; src: url("{secret}.txt") }} .lead {{ font-family: X }}'

    built = build(tmp_path, {"templates/colours.css": _STYLE.format(rule)})

    assert set(codes(built)) <= {"press-log", "font-fallback"}
    assert "press-log" in codes(built)
    assert _MARK.encode() not in printed(built)


@pytest.mark.parametrize("address", ["http://192.0.2.1/x.png", "https://example.com/x.png"])
def test_nothing_is_asked_of_the_network(tmp_path: Path, address: str) -> None:
    cover = _COVER.format(f'<img src="{address}" alt="x">')

    # conftest.py fails the test at the first connection.
    built = build(tmp_path, {"templates/cover.html.j2": cover})

    assert_refused(built, address)


@pytest.mark.parametrize("name", ["../../machine/secret.png", "{root}/machine/secret.png"])
def test_files_of_templates_lie_beside_templates(tmp_path: Path, secret: str, name: str) -> None:
    assert secret
    address = f"jianbao:file/{name.format(root=tmp_path)}"

    built = build(
        tmp_path, {"templates/cover.html.j2": _COVER.format(f'<img src="{address}" alt="x">')}
    )

    assert_refused(built, address)


def test_a_link_in_the_file_system_leads_no_further(tmp_path: Path, secret: str) -> None:
    folder = tmp_path / "workspace" / "templates"
    folder.mkdir(parents=True)
    (folder / "linked.png").symlink_to(secret.removeprefix("file://") + ".png")

    built = build(
        tmp_path,
        {"templates/cover.html.j2": _COVER.format('<img src="jianbao:file/linked.png" alt="x">')},
    )

    assert_refused(built, "jianbao:file/linked.png")


@pytest.mark.parametrize("name", ["{root}/machine/secret.txt", "../../machine/secret.txt"])
def test_templates_are_not_included_from_elsewhere(tmp_path: Path, secret: str, name: str) -> None:
    assert secret
    cover = f'{{% include "{name.format(root=tmp_path)}" %}}'

    built = build(tmp_path, {"templates/cover.html.j2": cover})

    assert built.folder is None
    assert codes(built) == ["template-error"]


def test_a_themes_drawing_cannot_show_another_file(tmp_path: Path, secret: str) -> None:
    drawing = _SVG.format(f'<image href="{secret}.png" width="9" height="9"/>')

    built = build(tmp_path, {"templates/a.svg": drawing, "templates/cover.html.j2": _SHOWN})

    assert_refused(built, secret)


def test_a_themes_drawing_cannot_read_another_file_by_an_entity(
    tmp_path: Path, secret: str
) -> None:
    entity = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{secret}.txt">]>'
    drawing = entity + _SVG.format("<text>&x;</text>")

    built = build(tmp_path, {"templates/a.svg": drawing, "templates/cover.html.j2": _SHOWN})

    assert codes(built) == ["press-log"]
    assert _MARK.encode() not in printed(built)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("[x](file:///etc/hostname)", "link-invalid"),
        ("[x](javascript:alert(1))", "link-invalid"),
        ("![x](file:///etc/hostname)", "image-outside"),
        ("![x](../../../machine/secret.png)", "image-outside"),
        ("![x](https://example.com/x.png)", "image-outside"),
        ('<img src="file:///etc/hostname">', "raw-html"),
    ],
)
@pytest.mark.usefixtures("secret")
def test_an_item_that_points_out_of_the_workspace_is_not_printed(
    tmp_path: Path, body: str, code: str
) -> None:
    found = diagnose(tmp_path / "workspace", {ITEM: item_text(f"{body}\n")})

    assert [diagnostic.code.slug for diagnostic in found] == [code]


@pytest.mark.parametrize("source", ["../machine/secret.png", "none.png", "https://a.cn/a.png"])
def test_back_matter_cannot_show_a_picture_from_outside_either(
    tmp_path: Path, secret: str, source: str
) -> None:
    assert secret
    back = '[[back_matter]]\ntitle = "关于"\nfile = "about.md"\n'

    built = build(tmp_path, {"jianbao.toml": PUBLICATION + back, "about.md": f"![x]({source})\n"})

    assert built.folder is None
    assert codes(built)[0].startswith("image-")


def test_text_is_printed_as_written_never_run(tmp_path: Path) -> None:
    title = "{{ 7 * 7 }} <script>x</script> &amp;"
    body = "{% include 'cover.html.j2' %} \\<b>粗\\</b> `<i>`\n"

    built = build(tmp_path, {ITEM: item_text(body, title=f'"{title}"')})

    assert codes(built) == []
    assert built.folder is not None
    text = pdfs.squeeze("".join(pdfs.page_texts(built.folder / built.artifacts[0])))
    assert pdfs.squeeze(title) in text
    assert pdfs.squeeze("{% include 'cover.html.j2' %} <b>粗</b> <i>（来源：") in text


def test_a_property_that_the_engine_does_not_know_is_told(tmp_path: Path) -> None:
    built = build(tmp_path, {"templates/colours.css": _STYLE.format("p { colr: red }")})

    assert codes(built) == ["press-log"]
    assert "colr" in built.diagnostics[0].message


def test_a_character_that_no_font_has_is_not_printed(tmp_path: Path) -> None:
    built = build(tmp_path, {ITEM: item_text("甲\U0001f600乙。\n")})

    assert built.folder is None
    assert "glyph-missing" in codes(built)
    missing = next(d for d in built.diagnostics if d.code.slug == "glyph-missing")
    assert (missing.path, missing.span.column) == (ITEM, 2)
    assert missing.span.line == len(KEYS) + 4
