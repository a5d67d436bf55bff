"""copy.html: the articles to be looked at and copied into WeChat's editor, all in one file."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from jianbao.press.views import edition_title
from jianbao.wechat.colours import colour
from jianbao.wechat.dark_mode import DARK_GROUND, dark_ground, dark_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jianbao.model import CheckedIssue
    from jianbao.press.wechat.pictures import Picture
    from jianbao.press.wechat.writing import Tools, WrittenPiece
    from jianbao.wechat.colours import Colour

COPY = "copy.html"
_TEMPLATE = "wechat/copy.html.j2"
_COLOUR = re.compile(r"(?<=[;\"])((background|color)(?:-color)?:([^;\"]+))")
_MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An article to copy: what the editor asks for, and the HTML with its pictures in it."""

    title: str
    author: str
    digest: str
    source_url: str
    characters: int
    html: Markup


def write_copy_page(
    written: tuple[WrittenPiece, ...],
    entries: tuple[dict[str, object], ...],
    pictures: tuple[Picture, ...],
    issue: CheckedIssue,
    tools: Tools,
) -> str:
    """The page for the articles ``written``, whose ``entries`` are those of draft.json."""
    return tools.render(
        _TEMPLATE,
        publication=issue.publication,
        edition_title=edition_title(issue),
        copies=_copies(zip(written, entries, strict=True), pictures),
        dark_colours=dark_colours("".join(one.html for one in written)),
    )


def _copies(
    written: Iterable[tuple[WrittenPiece, dict[str, object]]], pictures: Iterable[Picture]
) -> tuple[Copy, ...]:
    addresses = {picture.file: _data(picture) for picture in pictures if picture.use == "body"}
    return tuple(
        Copy(
            title=str(entry["title"]),
            author=str(entry["author"]),
            digest=str(entry["digest"]),
            source_url=str(entry["content_source_url"]),
            characters=len(one.html),
            html=_with_pictures(one.html, addresses),
        )
        for one, entry in written
    )


def dark_colours(html: str) -> tuple[tuple[str, str], ...]:
    """Declarations in ``html`` with what dark mode makes of them, on the page's own ground."""
    found = sorted(set(_COLOUR.findall(html)))
    turned = ((written, name, colour(value)) for written, name, value in found)
    return tuple((written, f"{name}: {_turned(name, one)}") for written, name, one in turned if one)


def _turned(name: str, written: Colour) -> str:
    turn = dark_ground if name == "background" else dark_text
    red, green, blue = (round(channel) for channel in turn(written, DARK_GROUND).channels)
    return f"rgb({red} {green} {blue})"


def _with_pictures(html: str, addresses: dict[str, str]) -> Markup:
    """``html`` with addresses that carry the picture: a clipboard has no files beside it."""
    for file, address in addresses.items():
        html = html.replace(f'src="{file}"', f'src="{address}"')
    return Markup(html)  # noqa: S704  (what the edition's templates escaped)


def _data(picture: Picture) -> str:
    kind = _MEDIA_TYPES[picture.file.rpartition(".")[2]]
    return f"data:{kind};base64,{base64.b64encode(picture.content).decode()}"
