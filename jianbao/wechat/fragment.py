"""A fragment of HTML as elements, each with its place: what the rules read.

The tree is two flat tuples in the order of the text, so that no depth of nesting needs
recursion; what elements inherit is worked out in one pass from the first to the last.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar

from jianbao.spans import Span
from jianbao.wechat.scanner import Attribute, Kind, Token, scan
from jianbao.wechat.styles import Declaration, declarations

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"}
    | {"track", "wbr"}
)
#: Of svg: written ``<path/>``, they are closed.
_SVG = frozenset({"svg", "math"})
#: Where there is no element: the parent of what stands outermost.
NONE = -1


@dataclass(frozen=True, slots=True)
class Element:
    """One element: ``start`` to ``head_end`` is its start tag, ``end`` is behind its end tag.

    ``last`` is the index of its last descendant, or its own.
    """

    index: int
    name: str
    attributes: tuple[Attribute, ...]
    styles: tuple[Declaration, ...]
    start: int
    head_end: int
    end: int
    parent: int
    last: int

    def attribute(self, name: str) -> Attribute | None:
        """The first attribute called ``name``: the one that counts."""
        return next((one for one in self.attributes if one.name == name), None)

    def value(self, name: str) -> str | None:
        """Its value."""
        found = self.attribute(name)
        return found.value if found else None

    def style(self, *names: str) -> Declaration | None:
        """The last declaration of one of ``names``: the one that counts."""
        return next((one for one in reversed(self.styles) if one.name in names), None)


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of text; ``weight`` counts its characters that are no white space."""

    start: int
    end: int
    parent: int
    weight: int
    content: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """A tag without its counterpart."""

    kind: str  # "unclosed", "stray" or "cut"
    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Fragment:
    """An article's content, parsed.

    ``uploads`` are the relative addresses of pictures that the push replaces; ``pasted``
    says that it goes into the editor by hand, where the API's ceilings do not hold.
    """

    source: str
    elements: tuple[Element, ...]
    texts: tuple[Text, ...]
    flaws: tuple[Flaw, ...]
    remarks: tuple[Token, ...]  # comments and the doctype
    uploads: frozenset[str] = frozenset()
    pasted: bool = False

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """The indices of each element's children."""
        found: list[list[int]] = [[] for _ in self.elements]
        for element in self.elements:
            if element.parent != NONE:
                found[element.parent].append(element.index)
        return tuple(tuple(one) for one in found)

    @cached_property
    def direct(self) -> tuple[int, ...]:
        """The weight of the text that stands in each element itself."""
        found = [0] * len(self.elements)
        for text in self.texts:
            if text.parent != NONE:
                found[text.parent] += text.weight
        return tuple(found)

    @cached_property
    def _weights(self) -> tuple[int, ...]:
        return (0, *accumulate(text.weight for text in self.texts))

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(text.start for text in self.texts)

    def weight(self, start: int, end: int) -> int:
        """Visible characters from offset ``start`` to before ``end``."""
        left, right = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return self._weights[max(right, left)] - self._weights[left]

    def weight_of(self, element: Element) -> int:
        """Visible characters in ``element``."""
        return self.weight(element.head_end, element.end)

    def inherited(self, own: Callable[[Element, T], T], root: T) -> list[T]:
        """For each element what ``own`` makes of it and of its parent's."""
        found: list[T] = []
        for element in self.elements:
            above = root if element.parent == NONE else found[element.parent]
            found.append(own(element, above))
        return found

    def enclosing(self, test: Callable[[Element], bool]) -> list[int]:
        """For each element the index of the nearest one around it that passes ``test``."""
        passes = [test(element) for element in self.elements]
        found: list[int] = []
        for element in self.elements:
            above = element.parent
            found.append(above if above == NONE or passes[above] else found[above])
        return found

    def span(self, start: int, end: int) -> Span:
        """Offsets as lines and columns."""
        line, column = self._place(start)
        end_line, end_column = self._place(max(end, start))
        return Span(line, column, end_line, end_column)

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._newlines, offset - 1)
        before = self._newlines[line - 1] + 1 if line else 0
        return line + 1, offset - before + 1

    @cached_property
    def _newlines(self) -> tuple[int, ...]:
        return tuple(at for at, char in enumerate(self.source) if char == "\n")


@dataclass(slots=True)
class _Open:
    """An element whose end is still to come."""

    token: Token
    parent: int
    end: int = 0
    last: int = 0


@dataclass(slots=True)
class _Builder:
    source: str
    elements: list[_Open] = field(default_factory=list)
    stack: list[int] = field(default_factory=list)
    open_names: Counter[str] = field(default_factory=Counter)
    torn: Counter[str] = field(default_factory=Counter)  # closed by force, end tag to come
    texts: list[Text] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    remarks: list[Token] = field(default_factory=list)

    @property
    def parent(self) -> int:
        return self.stack[-1] if self.stack else NONE

    def take(self, token: Token) -> None:
        match token.kind:
            case Kind.START:
                self._start(token)
            case Kind.END:
                self._end(token)
            case Kind.TEXT:
                self._text(token)
            case Kind.CUT:
                self.flaws.append(Flaw("cut", token.name, token.start, token.end))
            case Kind.COMMENT | Kind.DOCTYPE:
                self.remarks.append(token)

    def _start(self, token: Token) -> None:
        index = len(self.elements)
        self.elements.append(_Open(token, self.parent, token.end, index))
        closed = self.source.startswith("/>", token.end - 2) and self._in_svg()
        if token.name not in VOID and not closed:
            self.stack.append(index)
            self.open_names[token.name] += 1

    def _in_svg(self) -> bool:
        return any(self.open_names[name] for name in _SVG)

    def _end(self, token: Token) -> None:
        if token.name in VOID:
            return  # </br> and </img> do no harm
        if not self.open_names[token.name]:
            if self.torn[token.name]:
                self.torn[token.name] -= 1  # its start tag is reported already
            else:
                self.flaws.append(Flaw("stray", token.name, token.start, token.end))
            return
        closed = self._close(token.start)
        while closed.token.name != token.name:
            self._report_unclosed(closed.token)
            self.torn[closed.token.name] += 1
            closed = self._close(token.start)
        closed.end = token.end

    def _close(self, at: int) -> _Open:
        one = self.elements[self.stack.pop()]
        one.end, one.last = at, len(self.elements) - 1
        self.open_names[one.token.name] -= 1
        return one

    def _report_unclosed(self, token: Token) -> None:
        self.flaws.append(Flaw("unclosed", token.name, token.start, token.end))

    def _text(self, token: Token) -> None:
        raw = token.name in {"script", "style"}
        content = self.source[token.start : token.end]
        weight = 0 if raw else _visible(content)
        self.texts.append(Text(token.start, token.end, self.parent, weight, content))

    def finish(self) -> None:
        while self.stack:
            self._report_unclosed(self._close(len(self.source)).token)


def _visible(content: str) -> int:
    return sum(len(part) for part in content.replace("&nbsp;", " ").split())


def parse(source: str, *, uploads: frozenset[str] = frozenset(), pasted: bool = False) -> Fragment:
    """``source`` as a fragment; every text is one."""
    builder = _Builder(source)
    for token in scan(source):
        builder.take(token)
    builder.finish()
    elements = tuple(_element(index, one, source) for index, one in enumerate(builder.elements))
    flaws = tuple(sorted(builder.flaws, key=lambda flaw: flaw.start))
    return Fragment(
        source, elements, tuple(builder.texts), flaws, tuple(builder.remarks), uploads, pasted
    )


def _element(index: int, one: _Open, source: str) -> Element:
    token = one.token
    style = next((a for a in token.attributes if a.name == "style"), None)
    styles = tuple(declarations(style, source)) if style else ()
    return Element(
        index,
        token.name,
        token.attributes,
        styles,
        token.start,
        token.end,
        one.end,
        one.parent,
        one.last,
    )
