"""Markdown to tokens: the parser's settings, and where links, images and the like stand."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from markdown_it import MarkdownIt

from jianbao.load.emphasis import cjk_friendly_emphasis
from jianbao.load.footnotes import footnotes_in_place, part_footnotes
from jianbao.load.list_numbers import counted_lists
from jianbao.load.passages import read_passages
from jianbao.load.soft_breaks import cjk_soft_breaks
from jianbao.model import Body, Image, Text
from jianbao.spans import span_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from markdown_it.token import Token


@cache
def parser() -> MarkdownIt:
    """CommonMark with tables, strikethrough and footnotes, friendly to Chinese.

    HTML and unsafe links are parsed, not passed over as text, so that the check
    can point at them; nothing with either is ever rendered.
    """
    md = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    md.use(footnotes_in_place)
    md.use(counted_lists)
    md.use(cjk_friendly_emphasis)
    md.use(cjk_soft_breaks)
    md.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005  (documented as replaceable)
    return md


def parse_body(source: str, path: str, first_line: int, folder: Path) -> Body:
    """Parse ``source``, which starts on ``first_line`` of ``path``; images lie under ``folder``."""
    tokens = tuple(parser().parse(source))
    lines = source.split("\n")
    found = [piece for token in tokens for piece in _pieces(token, lines, first_line)]
    shown, footnotes = part_footnotes(tokens, lines, first_line)
    return Body(
        path=path,
        source=source,
        first_line=first_line,
        tokens=shown,
        passages=tuple(read_passages(tokens, source)),
        footnotes=footnotes,
        calls=tuple(text for kind, text in found if kind == "footnote_ref"),
        images=tuple(find_image(text, folder) for kind, text in found if kind == "image"),
        links=tuple(text for kind, text in found if kind == "link_open"),
        html=tuple(text for kind, text in found if kind.startswith("html_")),
    )


#: What is looked for, and how its author wrote what tells it from others.
_PIECES: Mapping[str, Callable[[Token], str]] = {
    "image": lambda token: str(token.attrs["src"]),
    "link_open": lambda token: str(token.attrs["href"]),
    "html_inline": lambda token: token.content,
    "html_block": lambda token: token.content,
    "footnote_ref": lambda token: f"[^{token.meta['label']}]",
}


def _pieces(block: Token, lines: list[str], first_line: int) -> Iterator[tuple[str, Text]]:
    """Images, links, HTML and calls of footnotes of a block, each with its place.

    markdown-it's inline tokens carry no positions: each is looked for in the
    block's own lines, after the one before it.
    """
    if block.map is None:
        return
    start, end = block.map
    text = "\n".join(lines[start:end])
    cursor = 0
    for token in [block, *(block.children or ())]:
        written = _PIECES.get(token.type)
        if written is None:
            continue
        value = written(token)
        index, length = _find(text, value, cursor)
        cursor = index + length
        yield token.type, Text(_written(value), span_at(text, index, length, first_line + start))


def _find(text: str, value: str, cursor: int) -> tuple[int, int]:
    """Index and length of ``value`` in ``text``; the first line where it is written otherwise."""
    first = value.strip().split("\n", 1)[0]  # in a quotation each line has its own >
    for form in (value.strip("\n"), _written(value), first):
        for start in (cursor, 0):
            index = text.find(form, start) if form else -1
            if index >= 0:
                return index, len(form.split("\n", 1)[0])
    return 0, len(text.split("\n", 1)[0])


def _written(value: str) -> str:
    """A destination as its author wrote it: markdown-it percent-encodes it."""
    return unquote(value)


def find_image(text: Text, folder: Path) -> Image:
    """The image whose address, relative to ``folder``, is ``text``."""
    local = "://" not in text.value and not text.value.startswith(("/", "\\", "data:"))
    return Image(source=text.value, span=text.span, file=folder / text.value if local else None)
