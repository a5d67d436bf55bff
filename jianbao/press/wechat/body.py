"""Markdown tokens to the HTML of an article for WeChat.

As `press.body`, but for a page without style sheets and links: lists are paragraphs with
their marks as text, footnotes stand below, and a link is a number in the list of originals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from jianbao.press.wechat.styles import moved_in
from jianbao.wechat.filter import is_link_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from markdown_it.token import Token

    from jianbao.model import Body
    from jianbao.press.wechat.pictures import Picture

#: How far a level of a list is moved in, in em.
_INDENT = 1.5
_TEXTS = {"text", "text_special"}
_BARE = {"thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open", "tr_close"}


@dataclass(slots=True)
class References:
    """The numbered list of addresses of one article: each address has one number."""

    _labels: dict[str, str] = field(default_factory=dict)

    def number(self, url: str, label: str) -> int:
        """The number of ``url``; ``label`` says what it is, the first time."""
        self._labels.setdefault(url, label)
        return list(self._labels).index(url) + 1

    @property
    def every(self) -> tuple[tuple[int, str, str], ...]:
        """Number, label and address of each."""
        return tuple((n, label, url) for n, (url, label) in enumerate(self._labels.items(), 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a body is set with: the styles, the list of addresses, and its pictures."""

    styles: Mapping[str, str]
    references: References
    picture: Callable[[str], Picture | None]


@dataclass(frozen=True, slots=True)
class SetBody:
    """A body's HTML, and its notes in the order of their calls."""

    html: Markup
    notes: tuple[Markup, ...]


def set_body(body: Body, setting: Setting) -> SetBody:
    """``body`` as HTML."""
    writer = _Writer(body, setting)
    html = Markup("").join(writer.block(i, token) for i, token in enumerate(body.tokens))
    return SetBody(html, tuple(writer.notes()))


class _Writer:
    """Writes one body; lists are a stack of marks, so that rows know their depth."""

    def __init__(self, body: Body, setting: Setting) -> None:
        self._tokens = body.tokens
        self._notes = {note.label.value: note for note in body.footnotes}
        self._called: list[str] = []
        self._setting = setting
        self._styles = setting.styles
        self._depth = 0
        self._mark = ""
        self._links: list[str] = []

    def notes(self) -> list[Markup]:
        """The notes; one may call others while it is written."""
        written = []
        for label in self._called:  # grows under the loop, by design
            inlines = (t for t in self._notes[label].tokens if t.type == "inline")
            written.append(Markup("<br>").join(self._inline(t.children or ()) for t in inlines))
        return written

    def block(self, index: int, token: Token) -> Markup:
        """HTML of one token of the body."""
        kind = token.type
        if kind == "inline":
            return self._inline(token.children or ())
        if kind.startswith("paragraph"):
            return self._paragraph(index, token)
        if kind in _BARE:
            return Markup(f"<{'/' if token.nesting < 0 else ''}{token.tag}>")  # noqa: S704  (our own names)
        if kind.startswith(("th_", "td_")):
            return self._cell(token)
        if kind.endswith("list_open"):
            self._depth += 1
        elif kind.endswith("list_close"):
            self._depth -= 1
        elif kind == "list_item_open":
            return self._item(index, token)
        return self._other(token)

    def _item(self, index: int, token: Token) -> Markup:
        """Nothing: the mark waits for the paragraph, unless the item begins with none."""
        self._mark = f"{token.info}{token.markup}" if token.info else "•"
        if self._tokens[index + 1].type == "paragraph_open":
            return Markup("")
        return self._row("p") + Markup("</p>")

    def _other(self, token: Token) -> Markup:
        styles = self._styles
        match token.type:
            case "heading_open":
                html = _open("h4", styles["h"])
            case "heading_close":
                html = Markup("</h4>")
            case "blockquote_open":
                html = _open("section", styles["quote"])
            case "table_open":
                html = _open("section", styles["table"]) + _open("table", styles["grid"])
            case "table_close":
                html = Markup("</table></section>")
            case "blockquote_close":
                html = Markup("</section>")
            case "fence" | "code_block":
                code = _unfolded(token.content.rstrip("\n"))
                html = _open("section", styles["code"]) + code + Markup("</section>")
            case "hr":
                html = _open("section", styles["rule"]) + Markup("<br></section>")
            case _:
                html = Markup("")
        return html

    def _paragraph(self, index: int, token: Token) -> Markup:
        inline = self._tokens[index + 1 if token.nesting > 0 else index - 1]
        tag, style = ("section", "figure") if _only_image(inline) else ("p", "p")
        if token.nesting < 0:
            return Markup(f"</{tag}>")  # noqa: S704  (our own names)
        return self._row(tag) if self._depth else _open(tag, self._styles[style])

    def _row(self, tag: str) -> Markup:
        """What opens a row of a list, with its mark where that is not written yet."""
        mark, self._mark = self._mark, ""
        row = self._styles["row" if mark else "row-on"]
        opened = _open(tag, moved_in(row, self._depth * _INDENT))
        return opened + (f"{mark} " if mark else "")

    def _cell(self, token: Token) -> Markup:
        if token.nesting < 0:
            return Markup(f"</{token.tag}>")  # noqa: S704  (our own names)
        align = str(token.attrs.get("style", ""))
        return _open(token.tag, ";".join(filter(None, (self._styles["cell"], align))))

    def _inline(self, tokens: Sequence[Token]) -> Markup:
        return Markup("").join(self._run(i, t, tokens) for i, t in enumerate(tokens))

    def _run(self, index: int, token: Token, around: Sequence[Token]) -> Markup:
        match token.type:
            case "text" | "text_special":
                html = escape(token.content)
            case "softbreak":
                html = Markup(" ")
            case "hardbreak":
                html = Markup("<br>")
            case "code_inline":
                html = Markup("<code>{}</code>").format(token.content)
            case "image":
                html = self._image(token)
            case "link_open":
                html = self._link(str(token.attrs["href"]), index, around)
            case "link_close":
                html = Markup(self._links.pop())  # noqa: S704  (what _link wrote)
            case "footnote_ref":
                html = self._footnote(str(token.meta["label"]))
            case _:
                # Chinese has no slant: emphasis of either kind is bold.
                tag = "s" if token.tag == "s" else "strong"
                html = Markup(f"<{'/' if token.nesting < 0 else ''}{tag}>")  # noqa: S704  (our own names)
        return html

    def _link(self, url: str, index: int, around: Sequence[Token]) -> Markup:
        """What opens a link; what closes it waits in ``_links``."""
        if is_link_kept(url):
            self._links.append("</a>")
            return Markup('<a href="{}">').format(url)
        text = _text_of_link(around, index)
        is_bare = text in {url, url.removeprefix("mailto:")}
        is_page = url.startswith(("http://", "https://"))
        number = self._setting.references.number(url, text) if is_page and not is_bare else 0
        self._links.append(f"[{number}]" if number else "")
        return Markup("")

    def _footnote(self, label: str) -> Markup:
        if label not in self._called:
            self._called.append(label)
        return Markup("<sup>〔{}〕</sup>").format(self._called.index(label) + 1)

    def _image(self, token: Token) -> Markup:
        caption = str(token.attrs.get("title", ""))
        alt = token.content or caption
        picture = self._setting.picture(str(token.attrs["src"]))
        shown = image(picture, alt, self._styles["image"]) if picture else escape(f"［图：{alt}］")
        if not caption:
            return shown
        return shown + Markup('<br><span style="{}">{}</span>').format(
            self._styles["caption"], caption
        )


def image(picture: Picture, alt: str, style: str) -> Markup:
    """An ``<img>`` whose place is kept free while it loads."""
    return Markup('<img src="{}" alt="{}" data-w="{}" data-ratio="{}" style="{}">').format(
        picture.file, alt, picture.width, picture.ratio, style
    )


def _open(tag: str, style: str) -> Markup:
    return Markup(f'<{tag} style="{{}}">').format(style)  # noqa: S704  (our own names)


def _unfolded(code: str) -> Markup:
    """``code`` with its lines and spaces, which <pre> would keep from wrapping."""
    lines = (escape(line.replace("\t", "    ").replace(" ", "\u00a0")) for line in code.split("\n"))
    return Markup("<br>").join(lines)


def _text_of_link(tokens: Sequence[Token], start: int) -> str:
    text = ""
    for token in tokens[start + 1 :]:
        if token.type == "link_close":
            break
        text += token.content if token.type in _TEXTS | {"code_inline"} else ""
    return text


def _only_image(token: Token) -> bool:
    children = token.children or ()
    return len(children) == 1 and children[0].type == "image"
