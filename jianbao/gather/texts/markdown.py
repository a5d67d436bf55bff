# ruff: noqa: ARG002  (the signatures are the base class's)
"""Safe HTML as Markdown in the house's form: what an editor would have typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markdownify import ATX, MarkdownConverter

from jianbao.cjk import HAN
from jianbao.gather.texts.visible import CELL_BREAK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bs4 import Tag

#: Han and the marks that take a Chinese square, beside which no space stands.
_SQUARE = (
    f"{HAN}\u3001-\u3003\u3008-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’—…"
)
_SPACE_BETWEEN = re.compile(f"([{_SQUARE}](?:\\*\\*)?) +(?=(?:\\*\\*)?[{_SQUARE}])")
#: Blanks of the web, among them the two that indent a Chinese paragraph, and what is not seen.
_BLANKS = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000\t\r\n ]+")
_UNSEEN = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
#: What would be markup in a text that means none; at a line's start, more is.
_MARKUP = re.compile(
    r"([\\`*]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|\](?=[(\[:])|\[(?=\^)|~~|&(?=#?\w+;))"
)
_AT_START = re.compile(
    r"^(?:(#{1,6}(?=\s|$)|>|[-+](?=\s|$)|=+\s*$|-{3,}\s*$|~{3,})|([0-9]{1,9})([.)])(?=\s*$))"
)


_NUMBERED = re.compile(r"[0-9]{1,9}[.)] +")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the text: its address, and what Markdown calls it until it lies beside."""

    address: str
    alt: str


@dataclass(frozen=True, slots=True)
class Written:
    """The Markdown of a text, and the pictures in it in their order."""

    markdown: str
    pictures: tuple[Picture, ...] = ()


def to_markdown(html: str, names: Mapping[str, str] | None = None) -> Written:
    """``html`` from `clean_content` as Markdown.

    Args:
        html: Safe, with blocks that hold either blocks or a line.
        names: Of files that lie beside the item, by the addresses of pictures. One that has none
            keeps its address, which a check reports.
    """
    converter = _Converter(names or {})
    text = converter.convert(html)
    lines = (line.rstrip() for line in text.strip().split("\n"))
    return Written(
        re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n" if text.strip() else "",
        tuple(dict.fromkeys(converter.pictures)),
    )


class _Converter(MarkdownConverter):
    """Writes what `cleaning` lets through."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__(heading_style=ATX, bullets="-", escape_misc=False, strip_document=None)
        self.names = names
        self.pictures: list[Picture] = []
        self._levels: dict[int, int] = {}

    def convert_soup(self, soup: Tag) -> str:
        # An item's own title is the first level, so its highest heading is the second, and none
        # is left out below it.
        used = sorted({int(one.name[1]) for one in soup.find_all(re.compile("^h[1-6]$"))})
        self._levels = {level: min(number + 2, 6) for number, level in enumerate(used)}
        return str(super().convert_soup(soup))

    def process_text(self, el: Any, parent_tags: set[str] | None = None) -> str:  # noqa: ANN401  (bs4)
        text = _BLANKS.sub(" ", _UNSEEN.sub("", str(el)))
        return self.escape(text, parent_tags or set())

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return _MARKUP.sub(r"\\\1", text)

    def convert_p(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_inline" in parent_tags:
            return f" {text.strip()} "
        line = _line(text)
        return f"\n\n{line}\n\n" if line else ""

    def convert_div(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        blocks = {"p", "div", "table", "ul", "ol", "blockquote", "hr"} | {
            f"h{n}" for n in range(1, 7)
        }
        if el.find(list(blocks)) is None:
            return self.convert_p(el, text, parent_tags)
        return f"\n\n{text.strip()}\n\n" if text.strip() else ""

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: N802  (the base class's)
        line = _tidy(text)
        if "_inline" in parent_tags or not line:
            return line
        return f"\n\n{'#' * self._levels.get(n, n)} {line}\n\n"

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if not text.strip():
            return ""
        has_blocks = el.find(["p", "div", "ul", "ol"]) is not None
        body = text.strip() if has_blocks else _line(text)
        bullet = "- "
        if el.parent is not None and el.parent.name == "ol":
            start = str(el.parent.get("start") or "1")
            first = int(start) if start.isascii() and start.isdigit() else 1
            bullet = f"{first + len(el.find_previous_siblings('li'))}. "
        indented = body.replace("\n", f"\n{' ' * len(bullet)}")
        return f"{bullet}{indented}\n\n"

    def convert_list(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    convert_ul = convert_list
    convert_ol = convert_list

    def convert_blockquote(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A paragraph: pages indent with it, and do not quote."""
        return self.convert_div(el, text, parent_tags)

    def convert_strong(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        inner = text.strip()
        if not inner or parent_tags & {"th", "h1", "h2", "h3", "h4", "h5", "h6"}:
            return text
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}**{inner}**{after}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        address = str(el.get("src") or "")
        alt = _tidy(str(el.get("alt") or ""))
        self.pictures.append(Picture(address, alt))
        place = self.names.get(address) or _destination(address)
        return f"![{self.escape(alt, parent_tags)}]({place})"

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        address, name = str(el.get("href") or ""), text.strip()
        if not name or not address or "_inline" in parent_tags:
            return text
        return f"[{name}]({_destination(address)})"

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        line = _tidy(text).replace("|", r"\|")
        return f"{line.replace(CELL_BREAK, ' ').strip()}\n"

    convert_th = convert_td

    def convert_tr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"| {' | '.join(text.removesuffix(chr(10)).split(chr(10)))} |\n"

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        head, _, rows = text.strip().partition("\n")
        width = len(el.select("tr:first-of-type > *"))
        return f"\n\n{head}\n|{' --- |' * width}\n{rows}\n\n"


def _line(text: str) -> str:
    """A line of the text that means what it says where it starts a line of Markdown.

    A number with a point is the start of a list's point, as its author meant it.
    """
    line, numbers = _tidy(text), ""
    while found := _NUMBERED.match(line):
        numbers, line = numbers + found.group(), line[found.end() :]
    return numbers + _AT_START.sub(_escaped, line)


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"


def _tidy(text: str) -> str:
    """On one line, without spaces between Chinese characters and marks."""
    return _SPACE_BETWEEN.sub(r"\1", " ".join(text.split(" ")).strip())


def _destination(address: str) -> str:
    return f"<{address}>" if re.search(r"[\s()]", address) else address
