"""Footnotes: the notes parted from the text that calls them.

The plugin's own last step drops a note that nothing calls, and all but the last of those
with one label, before anybody can say so; here each is kept with its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mdit_py_plugins.footnote import footnote_plugin

from jianbao.model import Footnote, Text
from jianbao.spans import span_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_OPEN = "footnote_reference_open"
_CLOSE = "footnote_reference_close"


def footnotes_in_place(md: MarkdownIt) -> None:
    """Install footnotes; a call is one whether or not there is a note for it."""
    md.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)


def part_footnotes(
    tokens: Sequence[Token], lines: Sequence[str], first_line: int
) -> tuple[tuple[Token, ...], tuple[Footnote, ...]]:
    """The text, and the notes in the order in which they are written.

    ``lines`` are those that ``tokens`` were made of; the first is ``first_line`` of its file.
    """
    text: list[Token] = []
    notes: list[tuple[Token, list[Token]]] = []
    within: list[list[Token]] = [text]
    for token in tokens:
        if token.type == _OPEN:
            note: list[Token] = []
            notes.append((token, note))
            within.append(note)
        elif token.type == _CLOSE:
            within.pop()
        else:
            within[-1].append(token)
    return tuple(text), tuple(
        Footnote(label=_label(opening, lines, first_line), tokens=tuple(note))
        for opening, note in notes
    )


def _label(opening: Token, lines: Sequence[str], first_line: int) -> Text:
    assert opening.map is not None  # noqa: S101  (narrowing: the plugin sets it)
    value = str(opening.meta["label"])
    line = opening.map[0]
    written = f"[^{value}]"
    span = span_at(lines[line], lines[line].index(written), len(written), first_line + line)
    return Text(value, span)
