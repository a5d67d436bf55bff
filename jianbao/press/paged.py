"""The PDF edition: a checked issue to paged HTML, and that to a PDF."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from jianbao.diagnostics import has_errors
from jianbao.errors import MachineProblem
from jianbao.machine import mend, missing_libraries
from jianbao.model import Artifact, Edition, FontFile
from jianbao.press.assets import add_files, draw_codes, qr_sides, qr_urls
from jianbao.press.engine import Draw, Pages, Printed, Progress, print_pdf
from jianbao.press.environment import (
    PRESS_STYLE,
    STYLE,
    TEMPLATE,
    TemplateProblem,
    make_environment,
    render,
    template_folders,
)
from jianbao.press.finishing import link_words
from jianbao.press.fonts import WorkingSet, find_working_set, make_working_set
from jianbao.press.printing import Printing
from jianbao.press.remarks import lost_anchors, remarks
from jianbao.press.views import template_names

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.diagnostics import Diagnostic
    from jianbao.model import CheckedIssue
    from jianbao.press.assets import Assets
    from jianbao.workspace import Workspace

Engine = Callable[[Pages, Draw, WorkingSet, Progress], Printed]

_ON_SCREEN = Printing()


def make_pdf_edition(  # noqa: PLR0913  (what, of where, by whom, and how)
    issue: CheckedIssue,
    folder: Path,
    workspace: Workspace,
    progress: Progress = lambda _text: None,
    engine: Engine = print_pdf,
    *,
    printing: Printing = _ON_SCREEN,
) -> tuple[Edition | None, tuple[Diagnostic, ...]]:
    """Set ``issue``, which lies in ``folder``, as a PDF.

    Args:
        issue: What check let through.
        folder: Where its templates and images lie.
        workspace: Where the publication's templates lie.
        progress: Told of each step in Chinese.
        engine: `print_pdf`, here or in a process of its own.
        printing: Which edition it is, and how it is printed.

    Returns:
        The edition, or None where a template or a glyph forbids it; and what came up.

    Raises:
        MachineProblem: A library or font is missing.
    """
    fonts = find_working_set() or make_working_set(progress)
    try:
        pages = _pages(issue, folder, workspace, printing)
    except TemplateProblem as problem:
        return None, (problem.diagnostic,)
    need_libraries()
    draw = partial(draw_codes, qr_urls(issue))
    printed = printed_by(partial(engine, pages, draw, fonts, progress))
    lost = lost_anchors(printed, issue)
    if lost:
        return None, lost
    diagnostics = remarks(printed, issue)
    if has_errors(diagnostics):
        return None, diagnostics
    return _edition(issue, printed, fonts, printing), diagnostics


def _pages(issue: CheckedIssue, folder: Path, workspace: Workspace, printing: Printing) -> Pages:
    """The templates filled in, and what they ask for."""
    assets: Assets = {}
    names = template_names(issue, assets, printing)
    environment = make_environment(workspace, folder)
    html = render(environment, TEMPLATE, workspace, **names)
    styles = (STYLE, PRESS_STYLE) if printing.bleed else (STYLE,)
    css = "\n".join(render(environment, style, workspace, **names) for style in styles)
    add_files(html + css, template_folders(workspace, folder), assets)
    return Pages(html, css, assets, qr_sides(issue), printing, link_words(issue), "a1")


def need_libraries() -> None:
    """Raise MachineProblem where a system library is missing."""
    missing = missing_libraries()
    if missing:
        names = "、".join(requirement.name for requirement in missing)
        raise MachineProblem(f"缺少系统库 {names}", f"运行 {mend(missing)}")


def printed_by(engine: Callable[[], Printed]) -> Printed:
    """What ``engine`` prints; MachineProblem where a library does not open."""
    try:
        return engine()
    except OSError as error:
        # cffi's dlopen, on a system whose libraries are not known by name.
        message = f"排版需要的系统库打不开：{error}"
        raise MachineProblem(message, "运行 jianbao doctor 查看要安装什么") from error


def _edition(
    issue: CheckedIssue, printed: Printed, fonts: WorkingSet, printing: Printing
) -> Edition:
    anchors = printed.anchors
    first = anchors["a1"]
    pages = {
        article.slug: anchors[f"a{number}"] - first + 1
        for number, article in enumerate(issue.articles, start=1)
    }
    name = f"{_file_name(issue)}{printing.suffix}.pdf"
    artifact = Artifact(
        edition=printing.edition,
        path=name,
        media_type="application/pdf",
        content=printed.pdf,
        pages=printed.pages,
    )
    files = tuple(FontFile(file=font.file, sha256=font.sha256) for font in fonts.fonts)
    return Edition(artifacts=(artifact,), first_pages=pages, fonts=files)


def _file_name(issue: CheckedIssue) -> str:
    """大数据发展动态-2025年第4期-总第217期, without what file systems refuse."""
    name = re.sub(r'[\\/:*?"<>|]', "", issue.publication.name)
    return f"{name}-{issue.date.year}年第{issue.number}期-总第{issue.total}期"
