"""Checks files that were made for WeChat: fragments of HTML, and draft.json.

file ─read→ text ─check→ diagnostics; what lies beside a file says how it is to be sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.frozen import dataclass
from jianbao.load import read_text
from jianbao.wechat.draft import read_draft
from jianbao.wechat.validator import check_edition, check_fragment, check_html

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.diagnostics import Diagnostic

#: What lists the articles of an edition for WeChat.
DRAFT = "draft.json"
_FRAGMENTS = (".html", ".htm")


def check_page(file: Path, path: str, *, pushed: bool = False) -> tuple[Diagnostic, ...]:
    """What is wrong with ``file``, which diagnostics call ``path``.

    A draft.json is checked with the fragments that it names; a fragment that one beside it
    names may refer to the pictures that this one lists. What is to be ``pushed`` has to keep
    to the ceilings of the API.
    """
    text, problems = read_text(file, path)
    if problems:
        return problems
    if file.name == DRAFT:
        beside = _read_beside(file, path)
        found = check_edition(text, path, beside.sizes, beside.fragments, pushed=pushed)
        return found + beside.problems
    return _check_article(text, file, path)


def _check_article(html: str, file: Path, path: str) -> tuple[Diagnostic, ...]:
    text, _ = read_text(file.with_name(DRAFT), DRAFT)
    draft, _ = read_draft(text, DRAFT, {}, {})
    if draft is None or file.name not in draft.files:
        return check_html(html, path)
    return check_fragment(html, path, draft)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What lies beside a draft.json, as `check_edition` takes it."""

    sizes: dict[str, int]
    fragments: dict[str, str]
    problems: tuple[Diagnostic, ...]


def _read_beside(file: Path, path: str) -> _Beside:
    folder, prefix = file.parent, path.removesuffix(DRAFT)
    files = [one for pattern in ("*", "images/*") for one in folder.glob(pattern) if one.is_file()]
    sizes = {one.relative_to(folder).as_posix(): one.stat().st_size for one in files}
    names = sorted(name for name in sizes if name.endswith(_FRAGMENTS))
    read = {name: read_text(folder / name, f"{prefix}{name}") for name in names}
    fragments = {name: html for name, (html, problems) in read.items() if not problems}
    problems = tuple(one for _, found in read.values() for one in found)
    return _Beside(sizes, fragments, problems)
