"""``jianbao check`` of files for WeChat."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao import reporting
from jianbao.cli.check import code_of, lines_of, report
from jianbao.diagnostics import has_errors
from jianbao.pages import DRAFT, check_page
from jianbao.verifier import ask_verifier
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from jianbao.diagnostics import Diagnostic


def check_pages(pages: tuple[str, ...], form: str, *, strict: bool, outside: bool) -> int:
    """Show what is wrong with ``pages``, files that are named from the current folder."""
    here = Workspace(Path.cwd())  # they need not lie in a publication's
    found = {page: _check(page, here, outside=outside) for page in dict.fromkeys(pages)}
    every = tuple(one for diagnostics in found.values() for one in diagnostics)
    if form in reporting.DOCUMENTS:  # one, however many pages
        shown = reporting.render(every, form, lines_of(here))
    else:
        shown = "".join(_about(page, one, here, form) for page, one in found.items())
    click.echo(shown, nl=False)
    return code_of(every, strict=strict)


def _check(page: str, here: Workspace, *, outside: bool) -> tuple[Diagnostic, ...]:
    file, path = here.root / page, Path(page).as_posix()
    found = check_page(file, path)
    return found + ask_verifier(file, path) if outside and file.name != DRAFT else found


def _about(page: str, found: tuple[Diagnostic, ...], here: Workspace, form: str) -> str:
    text = report(found, here, form, sys.stdout.isatty())
    words = "不能发到公众号" if has_errors(found) else "可以发到公众号"
    verdict = f"{page}：{reporting.summary(found) or '没有问题'}，{words}\n"
    return f"{text}{verdict}" if form == "full" else text
