"""A piece written as HTML: its templates rendered, its QR codes kept apart, its cover painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jianbao.press.environment import render
from jianbao.press.wechat.cover import paint_cover
from jianbao.press.wechat.packing import pack, parted
from jianbao.press.wechat.views import PieceViews
from jianbao.settings import Packing
from jianbao.wechat.fragment import parse
from jianbao.wechat.limits import CONTENT_BYTES, CONTENT_CHARACTERS
from jianbao.wechat.qr_codes import crowded, qr_codes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import jinja2

    from jianbao.model import CheckedIssue
    from jianbao.press.wechat.packing import Piece
    from jianbao.press.wechat.pictures import Picture, Pictures
    from jianbao.workspace import Workspace

_TEMPLATE = "wechat/article.html.j2"
#: Blanks are whole steps of this many pixels, and one more for what an estimate misses.
_STEP = 20


@dataclass(frozen=True, slots=True)
class Tools:
    """What articles are made with: templates, the style table, the font of the covers."""

    environment: jinja2.Environment
    workspace: Workspace
    styles: Mapping[str, str]
    face: Path

    def render(self, name: str, **names: object) -> str:
        """The template ``name`` with ``names``; TemplateProblem where it fails."""
        return render(self.environment, name, self.workspace, **names)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPiece:
    """A piece with the HTML that it became and its cover.

    ``gaps`` are the titles of items that keep away from the QR code before, with the
    height of the blank in pixels.
    """

    piece: Piece
    file: str
    html: str
    cover: Picture
    gaps: tuple[tuple[str, int], ...]


def write_pieces(
    issue: CheckedIssue, packing: Packing, pictures: Pictures, tools: Tools
) -> tuple[WrittenPiece, ...]:
    """The articles of ``issue``; a section that the API would not take is parted."""
    written: list[WrittenPiece] = []
    for piece in pack(issue, packing):
        parts: Sequence[WrittenPiece] = [_write(issue, piece, len(written) + 1, pictures, tools)]
        most = len(piece.articles) if packing is Packing.SECTIONS else 1
        for count in range(2, most + 1):
            if all(map(fits, parts)):
                break
            parts = [
                _write(issue, part, number, pictures, tools)
                for number, part in enumerate(parted(piece, count), start=len(written) + 1)
            ]
        written += parts
    return tuple(written)


def fits(one: WrittenPiece) -> bool:
    """Whether the API takes it."""
    return len(one.html) < CONTENT_CHARACTERS and len(one.html.encode()) < CONTENT_BYTES


def _write(
    issue: CheckedIssue, piece: Piece, number: int, pictures: Pictures, tools: Tools
) -> WrittenPiece:
    views = PieceViews(issue, piece, pictures, tools.styles)
    html = _html(views, tools)
    gaps = _gaps(html, views.codes)
    if gaps:
        views = PieceViews(issue, piece, pictures, tools.styles, gaps)
        html = _html(views, tools)
    words, below = _words_of_cover(issue, piece)
    cover = pictures.made(
        (words, below, piece.section),
        "cover",
        lambda: paint_cover(words, below, piece.section, tools.face),
        "cover",
    )
    titles = {article.slug: article.title for article in piece.articles}
    return WrittenPiece(
        piece=piece,
        file=f"{number:02}-{piece.name}.html",
        html=html,
        cover=cover,
        gaps=tuple((titles[slug], gap) for slug, gap in gaps.items()),
    )


def _html(views: PieceViews, tools: Tools) -> str:
    """Braces of an author are told from those that a template leaves behind."""
    html = tools.render(_TEMPLATE, **views.names()).replace("\n", "")
    return html.replace("{{", "&#123;&#123;").replace("{%", "&#123;%")


def _gaps(html: str, codes: tuple[tuple[str, str], ...]) -> dict[str, int]:
    """Blanks in pixels that items need, by slug; ``codes`` are files and slugs in order."""
    fragment = parse(html)
    missing = {one.code.index: one.missing for one in crowded(fragment)}
    files = {file for file, _ in codes}
    items = iter(codes)
    gaps = {}
    for code in qr_codes(fragment):
        source = code.value("src")
        if source not in files:
            continue  # a picture of an item that happens to be a code
        # A theme may leave codes out, and two items may share one.
        slug = next((slug for file, slug in items if file == source), None)
        if slug and code.index in missing:
            gaps[slug] = (int(missing[code.index]) // _STEP + 2) * _STEP
    return gaps


def _words_of_cover(issue: CheckedIssue, piece: Piece) -> tuple[str, str]:
    """What stands large on the cover of ``piece``, and what below."""
    number = f"{issue.date.year}年第{issue.number}期"
    if piece.section:
        return piece.sections[0].name, f"{issue.publication.name} {number}"
    return issue.publication.name, number
