"""The text of an item as WeChat keeps it: no class, no native list, no link elsewhere."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from jianbao.press.wechat.styles import element, picture, words
from jianbao.wechat.limits import LINK_HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.token import Token

    from jianbao.model import Body, Footnote
    from jianbao.press.wechat.pictures import Picture

_TABLE = frozenset({"table", "thead", "tbody", "tr", "th", "td"})


class TextWriter:
    """Writes one body; ``links`` are the addresses that its text points at, in order."""

    def __init__(self, body: Body, show: Callable[[str], Picture | None], first_link: int) -> None:
        self._notes = {note.label.value: note for note in body.footnotes}
        self._show = show
        self._first = first_link
        self._called: list[str] = []
        self._lists: list[int | None] = []  # the next number of each open list; None for bullets
        self._mark = ""
        self.links: list[str] = []

    def write(self, tokens: Sequence[Token]) -> str:
        """HTML of ``tokens`` and of the footnotes that they call."""
        html = self._blocks(tokens)
        # A note may call another, which is appended while the list is walked.
        for number, label in enumerate(self._called, start=1):
            note = self._notes.get(label)
            text = self._note(note) if note else ""
            html += element("p", f"注{number}　{text}", "small")
        return html

    def _note(self, note: Footnote) -> str:
        inline = [token for token in note.tokens if token.type == "inline"]
        return "<br>".join(self._inline(token.children or ()) for token in inline)

    def _blocks(self, tokens: Sequence[Token]) -> str:
        out: list[str] = []
        for before, token in pairwise((None, *tokens)):
            assert token is not None  # noqa: S101  (narrowing: only the first is none)
            if token.type == "inline" and before is not None:
                out.append(self._block(before, token))
            elif token.type.startswith(("ordered_list", "bullet_list", "list_item")):
                out.append(self._list(token))
            else:
                out.append(_other(token))
        return "".join(out)

    def _list(self, token: Token) -> str:
        if token.type == "list_item_open":
            self._mark = self._next_mark()
        elif token.tag in {"ol", "ul"} and token.nesting > 0:
            start = int(str(token.attrs.get("start", 1)))
            self._lists.append(start if token.tag == "ol" else None)
            return _open("section", "indent") if len(self._lists) > 1 else "<section>"
        elif token.tag in {"ol", "ul"}:
            self._lists.pop()
            return "</section>"
        return ""

    def _block(self, before: Token, token: Token) -> str:
        children = token.children or ()
        if before.type in {"th_open", "td_open"}:
            return self._inline(children)
        if before.type == "heading_open":
            return element("h3", self._inline(children), "heading")
        if len(children) == 1 and children[0].type == "image":
            return self._figure(children[0])
        mark, self._mark = self._mark, ""
        return element("p", f"{mark}{self._inline(children)}", "paragraph")

    def _next_mark(self) -> str:
        number = self._lists[-1]
        if number is None:
            return "• "
        self._lists[-1] = number + 1
        return f"{number}. "

    def _figure(self, token: Token) -> str:
        caption = str(token.attrs.get("title", ""))
        shown = element("p", self._image(token), "center")
        return shown + (
            element("p", words(caption), "small", more="text-align:center") if caption else ""
        )

    def _image(self, token: Token) -> str:
        alt = token.content or str(token.attrs.get("title", "")) or "图"
        found = self._show(unquote(str(token.attrs["src"])))
        return picture(found.file, alt, found.size, "picture") if found else f"（图：{words(alt)}）"

    def _inline(self, tokens: Sequence[Token]) -> str:
        out: list[str] = []
        opened: list[str] = []
        for token in tokens:
            match token.type:
                case "text" | "text_special":
                    out.append(words(token.content))
                case "softbreak" | "hardbreak":
                    out.append(" " if token.type == "softbreak" else "<br>")
                case "code_inline":
                    out.append(element("code", words(token.content), "code"))
                case "image":
                    out.append(self._image(token))
                case "footnote_ref":
                    out.append(f"<sup>注{self._call(str(token.meta['label']))}</sup>")
                case "link_open":
                    opened.append(str(token.attrs["href"]))
                    out.append(self._open_link(opened[-1]))
                case "link_close":
                    out.append(self._close_link(opened.pop()))
                case _:
                    out.append(_marked(token))
        return "".join(out)

    def _call(self, label: str) -> int:
        if label not in self._called:
            self._called.append(label)
        return self._called.index(label) + 1

    def _open_link(self, url: str) -> str:
        own = urlsplit(url).hostname == LINK_HOST
        return f'<a href="{escape(url)}">' if own else ""

    def _close_link(self, url: str) -> str:
        if urlsplit(url).hostname == LINK_HOST:
            return "</a>"
        if not url.startswith(("http://", "https://")):
            return ""
        if url not in self.links:
            self.links.append(url)
        return f"<sup>[{self._first + self.links.index(url)}]</sup>"


def _other(token: Token) -> str:
    """A block that holds no text of its own, or code."""
    match token.type:
        case "blockquote_open":
            return _open("section", "quote")
        case "blockquote_close":
            return "</section>"
        case "fence" | "code_block":
            return element("section", _lines(token.content), "scroll", "code")
        case "hr":
            return element("p", "＊　＊　＊", "center")
    return _table_part(token) if token.tag in _TABLE else ""


def _open(tag: str, style: str) -> str:
    return element(tag, "", style).removesuffix(f"</{tag}>")


def _marked(token: Token) -> str:
    """Emphasis of any kind is bold, since Chinese has no slant; what is struck is struck."""
    tag = "strong" if token.tag in {"strong", "em"} else "span"
    if token.nesting < 0:
        return f"</{tag}>"
    return "<strong>" if tag == "strong" else '<span style="text-decoration:line-through">'


def _table_part(token: Token) -> str:
    if token.type == "table_open":
        return _open("section", "scroll") + _open("table", "table")
    if token.type == "table_close":
        return "</table></section>"
    if token.nesting > 0 and token.tag in {"th", "td"}:
        return _open(token.tag, "cell")
    return f"<{token.tag}>" if token.nesting > 0 else f"</{token.tag}>"


def _lines(code: str) -> str:
    """Code with the line ends and leading spaces that WeChat keeps."""
    lines = words(code.rstrip("\n")).split("\n")
    return "<br>".join(line.replace(" ", "&nbsp;") for line in lines)
