"""Markdown tokens to the HTML of a page.

Ordered lists are set the Chinese way: the number runs in the first line of an
indented paragraph. Footnotes stand where they are called, for CSS to float.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token
from markupsafe import Markup

from jianbao.press.spacing import Neighbours, space_text
from jianbao.press.tables import Wrap, wrap_cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jianbao.model import Body, Footnote

#: Gives the address under which an image is asked for, by its source as written.
ImageAddress = Callable[[str], str]

_DEEPEST_HEADING = 6
_TEXTS = {"text", "text_special"}
_CELLS = {"th_open", "td_open"}
#: print.css: em by which a quotation, and a list in a list, are narrower than what is around.
_QUOTATION, _LIST = 4, 2


@dataclass(frozen=True, slots=True)
class Setting:
    """How a body is set.

    ``base`` is the heading level above it; ``characters`` stand in a line of it; ``tail`` is
    text that runs on after the last paragraph; ``keep_ends`` leaves no lone character on a
    last line.
    """

    base: int
    image: ImageAddress
    characters: int
    tail: str = ""
    keep_ends: bool = True


def set_body(body: Body, setting: Setting) -> Markup:
    """HTML of ``body``."""
    return Markup(_Writer(body, setting).html())  # noqa: S704  (every text below is escaped)


class _Writer:
    """Writes one body; each method takes the token it is named after."""

    def __init__(self, body: Body, setting: Setting) -> None:
        self._setting = setting
        self._tokens = body.tokens
        self._notes = {note.label.value: note for note in body.footnotes}
        self._called: dict[str, int] = {}
        self._tail_at = last_paragraph(self._tokens) if setting.tail else None
        self._number = ""
        self._levels: list[int] = []
        self._wraps: Iterator[Wrap] = iter(())
        self._out: list[str] = []

    def html(self) -> str:
        for index, token in enumerate(self._tokens):
            self._block(index, token)
        if self._setting.tail and self._tail_at is None:
            self._out.append(f'<p class="source">{escapeHtml(self._setting.tail)}</p>\n')
        return "".join(self._out)

    def _block(self, index: int, token: Token) -> None:
        kind = token.type
        if kind == "inline":
            tail = self._setting.tail if index == self._tail_at else ""
            self._out.append(self._inline(token.children or (), tail, ends=self._setting.keep_ends))
        elif kind in {"paragraph_open", "paragraph_close"}:
            self._paragraph(index, token)
        elif kind in {"heading_open", "heading_close"}:
            self._heading(token)
        elif kind == "list_item_open":
            self._list_item(index, token)
        elif kind in {"fence", "code_block"}:
            self._out.append(f"<pre><code>{escapeHtml(token.content)}</code></pre>\n")
        elif token.nesting:
            if kind == "table_open":
                self._wraps = self._cells(index)
            self._element(token)
        elif kind == "hr":
            self._out.append("<hr>\n")

    def _element(self, token: Token) -> None:
        if token.nesting < 0:
            self._out.append(f"</{token.tag}>\n")
            return
        start = f' start="{token.attrs["start"]}"' if "start" in token.attrs else ""
        style = str(token.attrs.get("style", ""))
        names = [style.split(":")[1]] if style.startswith("text-align:") else []
        if token.type in _CELLS:
            names += filter(None, [next(self._wraps)])
        classes = f' class="{" ".join(names)}"' if names else ""
        self._out.append(f"<{token.tag}{start}{classes}>")

    def _cells(self, index: int) -> Iterator[Wrap]:
        """Where each cell of the table at ``index`` may be broken, in their order."""
        rows: list[list[str]] = []
        for cell, inline in pairwise(self._tokens[index:]):
            if cell.type == "table_close":
                break
            if cell.type == "tr_open":
                rows.append([])
            elif cell.type in _CELLS:
                rows[-1].append("".join(map(_set_text, inline.children or ())))
        line = self._setting.characters - _indent(self._tokens[:index])
        return chain.from_iterable(wrap_cells(rows, line))

    def _paragraph(self, index: int, token: Token) -> None:
        inline = self._tokens[index + 1 if token.nesting > 0 else index - 1]
        figure = _only_image(inline) and index + 1 != self._tail_at and index - 1 != self._tail_at
        if token.nesting < 0:
            self._out.append("</figure>\n" if figure else "</p>\n")
            return
        if figure and self._number:
            self._out.append(f"<p>{self._number}</p>")
        self._out.append("<figure>" if figure else f"<p>{self._number}")
        self._number = ""

    def _heading(self, token: Token) -> None:
        """Levels without a jump, whatever numbers of # were written."""
        if token.nesting > 0:
            written = int(token.tag[1])
            while self._levels and self._levels[-1] >= written:
                self._levels.pop()
            self._levels.append(written)
        level = min(self._setting.base + len(self._levels), _DEEPEST_HEADING)
        self._out.append(f"<h{level}>" if token.nesting > 0 else f"</h{level}>\n")

    def _list_item(self, index: int, token: Token) -> None:
        mark = f"{token.info}{token.markup}" if token.info else "•"
        number = f'<span class="number">{escapeHtml(mark)}</span>'
        self._out.append("<li>")
        if self._tokens[index + 1].type == "paragraph_open":
            self._number = number
        else:
            self._out.append(f"<p>{number}</p>")

    def _inline(self, tokens: Sequence[Token], tail: str = "", *, ends: bool = False) -> str:
        """HTML of ``tokens``, then of ``tail``; ``ends`` where a paragraph ends with them."""
        texts = [_visible(token) for token in tokens]
        shown = (n for n, t in enumerate(tokens) if t.type in _TEXTS and t.content.strip())
        last = max(shown, default=None)
        out = []
        for index, token in enumerate(tokens):
            before, after = "".join(texts[:index][-3:]), "".join(texts[index + 1 :][:3])
            at_end = ends and not tail and index == last
            around = Neighbours(before, after or tail, ends=at_end)
            out.append(self._inline_token(token, around))
        if tail:
            around = Neighbours(before="".join(texts)[-1:], ends=ends)
            out.append(f'<span class="source">{space_text(tail, around)}</span>')
        return "".join(out)

    def _inline_token(self, token: Token, around: Neighbours) -> str:
        match token.type:
            case "text" | "text_special":
                html = space_text(token.content, around)
            case "softbreak":
                html = "\n"
            case "hardbreak":
                html = "<br>"
            case "code_inline":
                html = f"<code>{escapeHtml(token.content)}</code>"
            case "image":
                html = self._image(token)
            case "link_open":
                html = f'<a href="{escapeHtml(str(token.attrs["href"]))}">'
            case "footnote_ref":
                html = self._footnote(str(token.meta["label"]))
            case _:  # strong, em, s, and the end of a link
                html = f"<{token.tag}>" if token.nesting > 0 else f"</{token.tag}>"
        return html

    def _footnote(self, label: str) -> str:
        """The note where it is called first; its number alone where it is called again.

        Not by CSS's counter: WeasyPrint counts a note after those that it calls.
        """
        again = self._called.get(label)
        if again is not None:
            return f'<span class="called-again" data-number="{again}">{again}</span>'
        number = self._called[label] = len(self._called) + 1
        note = self._inline(_note_text(self._notes[label]))
        return f'<span class="footnote" data-number="{number}">{note}</span>'

    def _image(self, token: Token) -> str:
        source = str(token.attrs["src"])
        caption = str(token.attrs.get("title", ""))
        alt = token.content or caption
        shown = f'<img src="{escapeHtml(self._setting.image(source))}" alt="{escapeHtml(alt)}">'
        return f"{shown}<figcaption>{escapeHtml(caption)}</figcaption>" if caption else shown


def _visible(token: Token) -> str:
    """What a token shows its neighbours: text, the space of a line end, or no text."""
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    if token.type in {"footnote_ref", "image", "code_inline"}:
        return "\ufffc"
    return token.content if token.type in _TEXTS else ""


def _set_text(token: Token) -> str:
    """What of a token takes room in its line."""
    return token.content if token.type == "code_inline" else _visible(token)


def _note_text(note: Footnote) -> list[Token]:
    """Inline tokens of ``note``; a floated footnote is one paragraph."""
    text: list[Token] = []
    for token in note.tokens:
        if token.type == "inline":
            text += [Token("hardbreak", "br", 0)] if text else []
            text += token.children or ()
    return text


def last_paragraph(tokens: Sequence[Token]) -> int | None:
    """Index of the inline token that ends the text, if it ends in a paragraph."""
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.type == "inline":
            in_paragraph = tokens[index - 1].type == "paragraph_open"
            return index if in_paragraph and not _only_image(token) else None
        if token.type not in {
            "paragraph_close",
            "list_item_close",
            "ordered_list_close",
            "bullet_list_close",
            "blockquote_close",
        }:
            return None
    return None


def _indent(before: Sequence[Token]) -> int:
    """Em that a line lacks behind the tokens ``before`` it, being in quotations and lists."""
    depth = Counter[str]()
    for token in before:
        depth[token.type.rpartition("_")[0]] += token.nesting
    return _QUOTATION * depth["blockquote"] + _LIST * max(0, depth["list_item"] - 1)


def _only_image(token: Token) -> bool:
    children = token.children or ()
    return len(children) == 1 and children[0].type == "image"
