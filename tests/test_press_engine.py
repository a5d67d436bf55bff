"""The engine: what it may read, what it reports, and the process of its own."""

from __future__ import annotations

import logging
import multiprocessing
import os
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from workspaces import ITEM, PUBLICATION, TODAY, item_text, make_workspace

from jianbao import pipeline
from jianbao.errors import MachineProblem
from jianbao.machine import Requirement
from jianbao.press import engine_process, paged
from jianbao.press.engine import Asset, Pages, Printed, import_weasyprint, print_pdf
from jianbao.press.engine_process import EngineProcess, can_fork
from jianbao.press.fonts import WorkingSet, find_working_set, make_working_set
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from workspaces import Content

    from jianbao.pipeline import Built
    from jianbao.press.paged import Engine

_HTML = '<html lang="zh-CN"><title>题</title><h1 id="a1">甲</h1>{}<h2 id="a2">乙</h2></html>'
_CSS = 'html { font-family: "Jianbao Song" } h2 { break-before: page }'
_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
)

needs_fork = pytest.mark.skipif(not can_fork(), reason="this system does not fork")


@pytest.fixture(scope="module")
def fonts() -> WorkingSet:
    """The set of this machine."""
    return find_working_set() or make_working_set()


def pages_of(body: str = "", sides: Mapping[str, int] | None = None) -> Pages:
    """Two pages with ``body`` on the first."""
    assets = {"file/a.svg": Asset(_SVG, "image/svg+xml")}
    return Pages(_HTML.format(body), _CSS, assets, sides or {})


def print_here(pages: Pages, fonts: WorkingSet) -> Printed:
    """Print in this process."""
    return print_pdf(pages, dict, fonts, lambda _step: None)


def failing(error: Exception) -> Callable[..., Printed]:
    """A `print_pdf` that fails."""

    def fail(*_arguments: object) -> Printed:
        raise error

    return fail


# -- printing --


def test_what_was_printed_is_told(fonts: WorkingSet) -> None:
    printed = print_here(pages_of(), fonts)

    assert printed.pdf.startswith(b"%PDF-1.7")
    assert printed.pages == 2
    assert dict(printed.anchors) == {"a1": 0, "a2": 1}
    assert printed.fonts == ("Jianbao-Song-Bold",)
    assert printed.log == ()


def test_assets_are_read_by_their_key_alone(fonts: WorkingSet) -> None:
    known = print_here(pages_of('<img src="jianbao:file/a.svg" alt="图">'), fonts)
    unknown = print_here(pages_of('<img src="jianbao:file/b.svg" alt="图">'), fonts)

    assert known.log == ()
    assert len(unknown.log) == 1
    assert "jianbao:file/b.svg" in unknown.log[0]


def test_drawings_are_asked_for_after_the_layout(fonts: WorkingSet) -> None:
    steps: list[str] = []
    pages = pages_of('<img src="jianbao:qr/a1" alt="码">', {"qr/a1": 29})

    def draw() -> dict[str, bytes]:
        steps.append("drawn")
        return {"qr/a1": b"0 g 0 0 m 1 0 l 1 1 l h f*"}

    printed = print_pdf(pages, draw, fonts, steps.append)

    assert steps == ["排版", "drawn", "写入 PDF"]
    assert printed.log == ()


def test_warnings_are_told_and_reach_no_other_log(
    fonts: WorkingSet, caplog: pytest.LogCaptureFixture
) -> None:
    printed = print_here(pages_of('<p style="colr: red">红</p>'), fonts)

    assert "colr" in printed.log[0]
    assert caplog.records == []
    assert logging.getLogger("weasyprint").propagate


def test_nothing_of_the_process_stays_changed(
    fonts: WorkingSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "mine")
    print_here(pages_of(), fonts)
    assert os.environ["FONTCONFIG_FILE"] == "mine"

    monkeypatch.delenv("FONTCONFIG_FILE")
    print_here(pages_of(), fonts)
    assert "FONTCONFIG_FILE" not in os.environ


def test_the_same_pages_are_the_same_bytes(fonts: WorkingSet) -> None:
    assert print_here(pages_of(), fonts).pdf == print_here(pages_of(), fonts).pdf


def test_the_engine_is_the_version_that_was_read() -> None:
    assert import_weasyprint().__version__ == "70.0"


# -- in a process of its own --


@needs_fork
def test_another_process_prints_the_same(fonts: WorkingSet) -> None:
    steps: list[str] = []

    with EngineProcess() as engine:
        printed = engine(pages_of(), dict, fonts, steps.append)

    assert printed == print_here(pages_of(), fonts)
    assert steps == ["排版", "写入 PDF"]
    assert not multiprocessing.active_children()


@needs_fork
def test_a_process_that_is_not_needed_ends() -> None:
    with EngineProcess():
        assert len(multiprocessing.active_children()) == 1

    assert not multiprocessing.active_children()


@needs_fork
def test_a_process_that_dies_is_told(fonts: WorkingSet) -> None:
    with EngineProcess() as engine:
        (child,) = multiprocessing.active_children()
        child.kill()
        child.join()
        with pytest.raises(MachineProblem) as caught:
            engine(pages_of(), dict, fonts, lambda _step: None)

    assert "意外结束" in caught.value.message


@needs_fork
@pytest.mark.parametrize(
    ("error", "raised"),
    [(OSError("libpango"), OSError), (ValueError("a bug of ours"), RuntimeError)],
)
def test_an_error_there_is_raised_here(
    fonts: WorkingSet,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    raised: type[Exception],
) -> None:
    monkeypatch.setattr(engine_process, "print_pdf", failing(error))

    with EngineProcess() as engine, pytest.raises(raised, match=str(error)):
        engine(pages_of(), dict, fonts, lambda _step: None)


@needs_fork
def test_an_error_there_is_raised_here_though_the_drawings_are_many(
    fonts: WorkingSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_process, "print_pdf", failing(ValueError("a bug of ours")))

    with EngineProcess() as engine, pytest.raises(RuntimeError, match="a bug of ours"):
        engine(pages_of(), lambda: {"qr/a1": b"0" * 1_000_000}, fonts, lambda _step: None)


def test_a_system_that_cannot_fork_prints_here(monkeypatch: pytest.MonkeyPatch) -> None:
    from jianbao.cli.build import engine  # noqa: PLC0415  (its name is the fixture's elsewhere)

    monkeypatch.setattr(engine_process.sys, "platform", "darwin")

    assert isinstance(engine(), nullcontext)


# -- what the press makes of it --


def build(folder: Path, engine: Engine, files: Mapping[str, Content] | None = None) -> Built:
    """Build the minimal issue with ``files`` laid over it by ``engine``."""
    workspace = Workspace(make_workspace(folder / "workspace", files).resolve())
    issue = workspace.issues / "2025-04"
    checked = pipeline.check(workspace, issue, TODAY)
    press = pipeline.Press(output=folder / "output", engine=engine)
    return pipeline.build(checked, workspace, issue, press)


def test_missing_libraries_are_told_with_the_line_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = Requirement("Pango", there=False, purpose="排版文字", package="libpango-1.0-0")
    monkeypatch.setattr(paged, "missing_libraries", lambda: (lacking,))

    with pytest.raises(MachineProblem) as caught:
        build(tmp_path, print_pdf)

    assert "Pango" in caught.value.message
    assert "libpango-1.0-0" in str(caught.value.hint)


def test_a_library_that_does_not_open_is_told(tmp_path: Path) -> None:
    with pytest.raises(MachineProblem) as caught:
        build(tmp_path, failing(OSError("cannot load library 'libpango'")))

    assert "libpango" in caught.value.message
    assert "jianbao doctor" in str(caught.value.hint)
    assert not (tmp_path / "output").exists()


def test_a_font_that_is_not_the_themes_is_told(tmp_path: Path) -> None:
    def with_another_font(*arguments: Any) -> Printed:  # noqa: ANN401  (passed on)
        printed = print_pdf(*arguments)
        return replace(printed, fonts=(*printed.fonts, "DejaVu-Sans"))

    built = build(tmp_path, with_another_font)

    assert [d.code.slug for d in built.diagnostics] == ["font-fallback"]
    assert "DejaVu-Sans" in built.diagnostics[0].message
    assert built.folder is not None


@pytest.mark.parametrize(
    ("files", "path"),
    [
        ({ITEM: item_text(title="甲😀")}, ITEM),
        ({ITEM: item_text(source="国家数据局😀")}, ITEM),
        ({"jianbao.toml": PUBLICATION.replace("简报", "简报😀")}, "templates/issue.html.j2"),
    ],
    ids=["title", "source", "publication"],
)
def test_a_character_that_no_font_has_is_told_where_it_stands(
    tmp_path: Path, files: dict[str, Content], path: str
) -> None:
    built = build(tmp_path, print_pdf, files)

    assert [(d.code.slug, d.path) for d in built.diagnostics] == [("glyph-missing", path)]
    assert built.folder is None
