"""The WeChat edition: a checked issue to fragments, pictures, draft.json and the page to copy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code, Diagnostic, has_errors
from jianbao.editions import WECHAT
from jianbao.model import Artifact, Edition
from jianbao.press.environment import TemplateProblem, make_environment
from jianbao.press.fonts import find_working_set, make_working_set
from jianbao.press.wechat.budget import advice, budget
from jianbao.press.wechat.copy_page import COPY, write_copy_page
from jianbao.press.wechat.draft_file import DRAFT, entries_of, write_draft
from jianbao.press.wechat.pictures import Pictures
from jianbao.press.wechat.styles import read_styles
from jianbao.press.wechat.writing import Tools, fits, write_pieces
from jianbao.settings import Packing
from jianbao.wechat.validator import check_edition

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.model import CheckedIssue
    from jianbao.press.engine import Progress
    from jianbao.press.wechat.pictures import Picture
    from jianbao.press.wechat.writing import WrittenPiece
    from jianbao.workspace import Workspace

_COVER_FACE = "JianbaoHei-Bold.ttf"
_MEDIA_TYPES = {"html": "text/html", "png": "image/png", "jpg": "image/jpeg"}
_TOO_LONG = {Code.WECHAT_CHARACTERS, Code.WECHAT_BYTES}


@dataclass(frozen=True, slots=True)
class _Articles:
    """An issue written as articles, with their pictures and what was wrong with those."""

    written: tuple[WrittenPiece, ...]
    pictures: tuple[Picture, ...]
    problems: tuple[Diagnostic, ...]

    @property
    def files(self) -> dict[str, bytes]:
        """Content by name: fragments and pictures."""
        fragments = {one.file: one.html.encode() for one in self.written}
        return fragments | {picture.file: picture.content for picture in self.pictures}


def make_wechat_edition(
    issue: CheckedIssue,
    folder: Path,
    workspace: Workspace,
    packing: Packing,
    progress: Progress = lambda _text: None,
) -> tuple[Edition | None, tuple[Diagnostic, ...]]:
    """Set ``issue``, which lies in ``folder``, as articles for WeChat.

    Returns:
        The edition, or None where a template fails or WeChat would refuse it; and what
        came up, by the files as they would be called in the bundle.

    Raises:
        MachineProblem: A font is missing.
    """
    progress("微信文章")
    fonts = find_working_set() or make_working_set(progress)
    try:
        styles = read_styles(workspace, folder)
        tools = Tools(
            make_environment(workspace, folder), workspace, styles, fonts.folder / _COVER_FACE
        )
        return _edition(issue, packing, tools)
    except TemplateProblem as problem:
        return None, (problem.diagnostic,)


def _edition(
    issue: CheckedIssue, packing: Packing, tools: Tools
) -> tuple[Edition | None, tuple[Diagnostic, ...]]:
    pictures = Pictures()
    written = write_pieces(issue, packing, pictures, tools)
    articles = _Articles(written, pictures.every, tuple(dict.fromkeys(pictures.problems)))
    fitting = _fitting(written, issue, packing, pictures, tools)
    entries = entries_of(articles.written, issue)
    draft = write_draft(issue, packing, entries, articles.pictures)
    found = (*articles.problems, *_check(articles, draft, issue, tools.workspace))
    if has_errors(found):
        return None, tuple(_advised(one, fitting) for one in found)
    copy_page = write_copy_page(articles.written, entries, articles.pictures, issue, tools)
    artifacts = (
        _artifact(DRAFT, "application/json", draft.encode()),
        _artifact(COPY, "text/html", copy_page.encode()),
        *(
            _artifact(name, _MEDIA_TYPES[name.rpartition(".")[2]], content)
            for name, content in articles.files.items()
        ),
    )
    return Edition(artifacts=artifacts, remarks=budget(articles.written, fitting)), found


def _fitting(
    written: tuple[WrittenPiece, ...],
    issue: CheckedIssue,
    packing: Packing,
    pictures: Pictures,
    tools: Tools,
) -> Packing | None:
    """The packing whose articles the API takes: ``packing``, or what is parted further."""
    if all(map(fits, written)):
        return packing
    if packing is not Packing.SINGLE:
        return None
    parted = write_pieces(issue, Packing.SECTIONS, pictures, tools)
    return Packing.SECTIONS if all(map(fits, parted)) else None


def _check(
    articles: _Articles, draft: str, issue: CheckedIssue, workspace: Workspace
) -> tuple[Diagnostic, ...]:
    """What WeChat would strip, refuse or break, by the files of the bundle."""
    sizes = {name: len(content) for name, content in articles.files.items()}
    fragments = {one.file: one.html for one in articles.written}
    path = workspace.relative(workspace.output / issue.id / WECHAT / DRAFT)
    return check_edition(draft, path, sizes, fragments)


def _advised(one: Diagnostic, fitting: Packing | None) -> Diagnostic:
    """``one`` with the packing that would fit, where it is about length."""
    return replace(one, hint=advice(fitting)) if one.code in _TOO_LONG else one


def _artifact(name: str, media_type: str, content: bytes) -> Artifact:
    return Artifact(edition=WECHAT, path=f"{WECHAT}/{name}", media_type=media_type, content=content)
