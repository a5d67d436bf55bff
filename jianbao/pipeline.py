"""The stages in order: the one file that reads from top to bottom.

issue folder ─load→ Issue ─check→ CheckedIssue ─press→ Edition ─→ bundle
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jianbao.check import check_issue
from jianbao.check.visited import web_addresses
from jianbao.diagnostics import Diagnostic, Severity, has_errors, sort_key
from jianbao.editions import OUTGOING, WECHAT
from jianbao.frozen import dataclass
from jianbao.link_memory import write_links
from jianbao.load import load_issue, load_publication
from jianbao.workspace import CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from jianbao.model import CheckedIssue, Edition, Issue
    from jianbao.press.paged import Engine
    from jianbao.records import LinkState
    from jianbao.settings import Packing
    from jianbao.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking an issue came to; ``loaded`` is what was read, gaps included."""

    issue: CheckedIssue | None
    diagnostics: tuple[Diagnostic, ...]
    loaded: Issue | None = None

    @property
    def misconfigured(self) -> bool:
        """Whether jianbao.toml itself is wrong."""
        return any(
            d.path == CONFIGURATION and d.severity is Severity.ERROR for d in self.diagnostics
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Where and how to print: ``engine`` is `print_pdf`, here or in another process."""

    output: Path
    editions: tuple[str, ...] = ("pdf",)
    packing: Packing | None = None  # of the articles for WeChat; None as jianbao.toml says
    outgoing: bool = True  # False: for the eyes of those who are to sign
    engine: Engine | None = None
    progress: Callable[[str], None] = lambda _step: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visiting:
    """How to visit addresses: ``refresh`` asks those again that answered lately."""

    refresh: bool = False
    progress: Callable[[str], None] = lambda _step: None


@dataclass(frozen=True, slots=True)
class Built:
    """What building an issue came to; ``folder`` is None where nothing was written."""

    folder: Path | None
    diagnostics: tuple[Diagnostic, ...]
    artifacts: tuple[str, ...] = ()
    pages: int | None = None
    remarks: tuple[str, ...] = ()


def check(workspace: Workspace, folder: Path, today: date) -> Checked:
    """Load and check the issue in ``folder``."""
    issue, found = _load(workspace, folder)
    if issue is None:
        return Checked(None, found)
    checked, diagnostics = check_issue(issue, found, today)
    return Checked(checked, diagnostics, issue)


def _load(workspace: Workspace, folder: Path) -> tuple[Issue | None, tuple[Diagnostic, ...]]:
    """The issue in ``folder``; None where jianbao.toml cannot be used."""
    configuration = load_publication(workspace)
    if configuration.publication is None:
        return None, configuration.problems
    issue, found = load_issue(workspace, folder, configuration, configuration.publication)
    return issue, (*configuration.problems, *found)


def signing_sheet(
    checked: Checked, workspace: Workspace, folder: Path, today: date, press: Press
) -> Built:
    """Write the 审签单 of what `check` let through into ``press.output``."""
    from jianbao.press.bundle import write_file  # noqa: PLC0415  (as in `build`)
    from jianbao.press.engine import print_pdf  # noqa: PLC0415
    from jianbao.press.signing_sheet import make_signing_sheet  # noqa: PLC0415

    if checked.issue is None:
        return Built(None, checked.diagnostics)
    found = checked.diagnostics
    content, more = make_signing_sheet(
        checked.issue,
        found,
        folder,
        workspace,
        today,
        progress=press.progress,
        engine=press.engine or print_pdf,
    )
    if content is None:
        return Built(None, (*found, *more))
    file = write_file(content, press.output / f"{folder.name}-审签单.pdf")
    return Built(file.parent, found, (file.name,))


def visit_links(
    workspace: Workspace, folder: Path, today: date, visiting: Visiting
) -> tuple[LinkState, ...]:
    """Visit the addresses in the issue of ``folder`` and remember how they answered."""
    # Checking must not pay for the network, nor need its libraries.
    from jianbao.gather.libraries import need_gather_libraries  # noqa: PLC0415

    need_gather_libraries()
    from jianbao.gather.web.links import due, visit  # noqa: PLC0415

    issue, _ = _load(workspace, folder)
    if issue is None:
        return ()
    urls = due(web_addresses(issue), issue.links, today, refresh=visiting.refresh)
    states = visit(urls, today, visiting.progress)
    write_links(workspace, {**issue.links, **{state.url: state for state in states}})
    return states


def check_wechat(checked: Checked, workspace: Workspace, folder: Path) -> Checked:
    """``checked`` with what WeChat would strip, refuse or break, where it may be printed."""
    if checked.issue is None:
        return checked
    _, found = wechat_edition(checked.issue, workspace, folder, Press(output=workspace.output))
    return replace(checked, diagnostics=(*checked.diagnostics, *found))


def wechat_edition(
    issue: CheckedIssue, workspace: Workspace, folder: Path, press: Press
) -> tuple[Edition | None, tuple[Diagnostic, ...]]:
    """The articles for WeChat, and what WeChat would strip, refuse or break of them."""
    from jianbao.press.wechat.edition import make_wechat_edition  # noqa: PLC0415  (as in `build`)

    packing = press.packing or issue.wechat.packing
    return make_wechat_edition(issue, folder, workspace, packing, press.progress)


def build(checked: Checked, workspace: Workspace, folder: Path, press: Press) -> Built:
    """Set what `check` let through and write it below ``press.output``."""
    # Checking must not pay for the press, nor need its libraries.
    from jianbao.press.bundle import Bundle, write_bundle  # noqa: PLC0415
    from jianbao.press.engine import print_pdf  # noqa: PLC0415
    from jianbao.press.paged import make_pdf_edition  # noqa: PLC0415
    from jianbao.press.printing import plan_printing  # noqa: PLC0415

    if checked.issue is None:
        return Built(None, checked.diagnostics)
    engine = press.engine or print_pdf
    issue = checked.issue
    if press.outgoing and issue.unsigned and OUTGOING.intersection(press.editions):
        return Built(None, (*checked.diagnostics, *issue.unsigned))
    # All are planned before the first is printed: a wrong configuration shows at once.
    printed = [name for name in press.editions if name != WECHAT]
    printings = [plan_printing(name, issue, folder, workspace) for name in printed]
    editions: list[Edition] = []
    found = dict.fromkeys(checked.diagnostics)
    for printing in printings:
        edition, more = make_pdf_edition(
            issue, folder, workspace, press.progress, engine, printing=printing
        )
        found |= dict.fromkeys(more)  # what editions have in common is told once
        if edition is not None:
            editions.append(edition)
    if WECHAT in press.editions:
        edition, more = wechat_edition(issue, workspace, folder, press)
        found |= dict.fromkeys(more)
        editions += [edition] if edition else []
    diagnostics = tuple(sorted(found, key=sort_key))
    if len(editions) < len(press.editions) or has_errors(diagnostics):
        return Built(None, diagnostics)
    press.progress("写入文件")
    counts = {s.value: sum(d.severity is s for d in diagnostics) for s in Severity}
    target = write_bundle(Bundle(issue, tuple(editions), counts), press.output)
    artifacts = tuple(artifact for edition in editions for artifact in edition.artifacts)
    names = tuple(artifact.path for artifact in artifacts)
    pages = next((a.pages for a in artifacts if a.pages is not None), None)
    remarks = tuple(remark for edition in editions for remark in edition.remarks)
    return Built(target, diagnostics, names, pages, remarks)
