"""Checks files that were made for WeChat: fragments of HTML, and draft.json.

file ─read→ text ─check→ diagnostics; what lies beside a file says how it is to be sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.load import read_text
from jianbao.wechat.draft import Draft, check_draft, read_draft
from jianbao.wechat.validator import check_html

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.diagnostics import Diagnostic

#: What lists the articles of an edition for WeChat.
DRAFT = "draft.json"
_FRAGMENTS = (".html", ".htm")
#: The packing that is pasted and never pushed.
_PASTED = "single"


def check_page(file: Path, path: str) -> tuple[Diagnostic, ...]:
    """What is wrong with ``file``, which diagnostics call ``path``.

    A draft.json is checked with the fragments that it names; a fragment that one beside it
    names may refer to the pictures that this one lists.
    """
    text, problems = read_text(file, path)
    if problems:
        return problems
    if file.name == DRAFT:
        return _check_draft(text, file, path)
    beside = file.with_name(DRAFT)
    draft = _read(read_text(beside, DRAFT)[0], beside, DRAFT)[0] if beside.is_file() else None
    named = draft is not None and file.name in draft.files
    return _check_fragment(text, path, draft if named else None)


def _check_draft(text: str, file: Path, path: str) -> tuple[Diagnostic, ...]:
    draft, wrong = _read(text, file, path)
    if draft is None:
        return wrong
    found = list(check_draft(text, path, draft))
    for name, html in draft.fragments.items():
        if name in draft.files:
            found += _check_fragment(html, f"{path.removesuffix(DRAFT)}{name}", draft)
    return (*found, *wrong)


def _check_fragment(html: str, path: str, draft: Draft | None) -> tuple[Diagnostic, ...]:
    if draft is None:
        return check_html(html, path)
    pasted = draft.content["packing"] == _PASTED
    return check_html(html, path, uploads=draft.uploads("body"), pasted=pasted)


def _read(text: str, file: Path, path: str) -> tuple[Draft | None, tuple[Diagnostic, ...]]:
    """The draft, with what lies beside it and what of that cannot be read."""
    folder = file.parent
    beside = [one for pattern in ("*", "images/*") for one in folder.glob(pattern)]
    sizes = {
        one.relative_to(folder).as_posix(): one.stat().st_size for one in beside if one.is_file()
    }
    names = [name for name in sizes if name.endswith(_FRAGMENTS)]
    prefix = path.removesuffix(DRAFT)
    read = {name: read_text(folder / name, f"{prefix}{name}") for name in names}
    fragments = {name: html for name, (html, problems) in read.items() if not problems}
    draft, wrong = read_draft(text, path, sizes, fragments)
    if draft is None:
        return None, wrong
    unread = [one for name in names if name in draft.files for one in read[name][1]]
    return draft, tuple(unread)
