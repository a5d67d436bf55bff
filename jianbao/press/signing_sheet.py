"""审签单: who reviewed an issue, and its error rate, as a PDF to be filed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from jianbao.diagnostics import Severity
from jianbao.model import OBJECT
from jianbao.press.engine import Pages, print_pdf
from jianbao.press.environment import TemplateProblem, make_environment, render
from jianbao.press.fonts import find_working_set, make_working_set
from jianbao.press.paged import need_libraries, printed_by
from jianbao.press.printing import Printing
from jianbao.press.views import edition_title

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from jianbao.diagnostics import Diagnostic
    from jianbao.model import CheckedIssue
    from jianbao.press.engine import Progress
    from jianbao.press.paged import Engine
    from jianbao.reviews import RecordedIgnore, Signature, StageReview
    from jianbao.workspace import Workspace

TEMPLATE = "signing-sheet.html.j2"
STYLE = "signing-sheet.css"

#: 《图书质量管理规定》: a text is fit to print with at most one error in ten thousand characters.
STANDARD = 1.0
_PER = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StageView:
    """A stage as the template sees it; ``state`` is a word or two."""

    name: str
    state: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """The sheet as the template sees it.

    ``rate`` is errors in ten thousand characters, of which ``standard`` are allowed;
    ``digest`` is one SHA-256 over those of all files.
    """

    title: str
    stages: tuple[StageView, ...]
    characters: int
    remaining: tuple[Diagnostic, ...]
    ignores: tuple[RecordedIgnore, ...]
    rate: float
    standard: float
    files: int
    digest: str

    @property
    def passes(self) -> bool:
        """Whether the error rate is within the standard."""
        return self.rate <= self.standard


def make_signing_sheet(  # noqa: PLR0913  (what, of where, by whom, and how)
    issue: CheckedIssue,
    diagnostics: tuple[Diagnostic, ...],
    folder: Path,
    workspace: Workspace,
    day: date,
    *,
    progress: Progress = lambda _text: None,
    engine: Engine = print_pdf,
) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
    """The sheet of ``issue`` as it is on ``day``, with what ``diagnostics`` are left.

    Returns:
        The PDF, or None where a template of the publication's own is wrong; and what is.

    Raises:
        MachineProblem: A library or font is missing.
    """
    fonts = find_working_set() or make_working_set(progress)
    need_libraries()
    environment = make_environment(workspace, folder)
    names = {"publication": issue.publication, "issue": issue, "day": day}
    sheet = describe(issue, diagnostics)
    try:
        html = render(environment, TEMPLATE, workspace, sheet=sheet, **names)
        css = render(environment, STYLE, workspace, sheet=sheet, **names)
    except TemplateProblem as problem:
        return None, (problem.diagnostic,)
    pages = Pages(html, css, {}, {}, Printing())
    return printed_by(partial(engine, pages, dict, fonts, progress)).pdf, ()


def describe(issue: CheckedIssue, diagnostics: tuple[Diagnostic, ...]) -> SheetView:
    """What the sheet says."""
    remaining = tuple(d for d in diagnostics if d.severity is not Severity.NOTE)
    characters = sum(len(text) for text in _texts(issue))
    digests = "".join(sorted(issue.record.digests.values()))
    return SheetView(
        title=edition_title(issue),
        stages=tuple(_stage(review) for review in issue.reviews),
        characters=characters,
        remaining=remaining,
        ignores=issue.record.ignores,
        rate=len(remaining) * _PER / max(characters, 1),
        standard=STANDARD,
        files=len(issue.record.digests),
        digest=hashlib.sha256(digests.encode()).hexdigest(),
    )


def _texts(issue: CheckedIssue) -> Iterator[str]:
    """What is counted: titles, summaries and texts, without blanks and addresses."""
    bodies = (*(a.body for a in issue.articles), *(page.body for page in issue.back_matter))
    front = (text for a in issue.articles for text in (a.title, a.summary))
    passages = (passage.text for body in bodies for passage in body.passages)
    for text in (*front, *passages):
        yield "".join(text.replace(OBJECT, "").split())


def _stage(review: StageReview) -> StageView:
    if review.complete:
        state = "已签"
    elif review.changed:
        state = "签后改过"
    else:
        state = "未签全" if review.signatures else "未签"
    return StageView(name=review.stage.value, state=state, signatures=review.signatures)
