"""What WeChat made of an article: sent and stored, compared in words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Kinds of things that a line names.
_NAMED = 6
#: Characters around the place where texts part.
_AROUND = 12
#: Editors add characters of no width of their own.
_SPACE = re.compile(r"[\s\u200b\ufeff]+")
#: WeChat stores ``src`` of a picture as ``data-src``.
_RENAMED = {"data-src": "src"}


@dataclass(frozen=True, slots=True)
class Changes:
    """Sentences. ``lost`` is content; ``restyled`` only how it looks."""

    lost: tuple[str, ...] = ()
    restyled: tuple[str, ...] = ()


class _Inventory(HTMLParser):
    """How often a fragment has each tag, attribute and style, its text and its pictures."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: Counter[str] = Counter()
        self.styles: Counter[str] = Counter()
        self.pictures: Counter[str] = Counter()
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count a tag with what it carries."""
        self.tags[tag] += 1
        for name, value in attrs:
            if name == "style":
                self.styles.update(_properties(value or ""))
            else:
                self.attributes[_RENAMED.get(name, name)] += 1
        if tag == "img":
            self.pictures[_picture(dict(attrs))] += 1

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.texts.append(data)

    @property
    def text(self) -> str:
        """All text, without the spaces that HTML does not show apart."""
        return _SPACE.sub("", "".join(self.texts))


def compare(sent: Mapping[str, object], stored: Mapping[str, object]) -> Changes:
    """What differs between an article as it was sent and as draft/get gives it."""
    before, after = (_Inventory(str(one.get("content", ""))) for one in (sent, stored))
    restyled = (
        *_fewer("标签", before.tags, after.tags, "<{}>"),
        *_fewer("属性", before.attributes, after.attributes, "{}"),
        *_fewer("样式", before.styles, after.styles, "{}"),
    )
    return Changes((*_lost(sent, stored, before, after),), restyled)


def text_of(article: Mapping[str, object]) -> str:
    """What readers read of an article: its title and its text, however it is marked up."""
    return f"{_plain(article.get('title'))}\n{_Inventory(str(article.get('content', ''))).text}"


def same_title(one: object, other: object) -> bool:
    """Whether two titles are the same but for spaces and entities."""
    return _plain(one) == _plain(other)


def _lost(
    sent: Mapping[str, object],
    stored: Mapping[str, object],
    before: _Inventory,
    after: _Inventory,
) -> Iterator[str]:
    if not same_title(sent.get("title"), stored.get("title")):
        yield f"标题变成了“{_plain(stored.get('title'))}”"
    if sent.get("content_source_url") and not stored.get("content_source_url"):
        yield "“阅读原文”的网址没有了"
    if before.text != after.text:
        yield _parting(before.text, after.text)
    if missing := (before.pictures - after.pictures).total():
        yield f"少了 {missing} 张图片"


def _parting(sent: str, stored: str) -> str:
    """Where two texts first differ."""
    at = _common(sent, stored)
    near = sent[max(0, at - _AROUND) : at + _AROUND]
    return f"正文的文字变了：原有 {len(sent)} 个字，存下 {len(stored)} 个，从“{near}”处开始不同"


def _common(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _fewer(kind: str, before: Counter[str], after: Counter[str], form: str) -> Iterator[str]:
    for word, difference in (("去掉了", before - after), ("添上了", after - before)):
        if difference:
            named = [f"{form.format(n)} {c} 处" for n, c in difference.most_common(_NAMED)]
            more = f" 等 {len(difference)} 种" if len(difference) > _NAMED else ""
            yield f"{word}{kind} {'、'.join(named)}{more}"


def _properties(style: str) -> Iterator[str]:
    for declaration in style.split(";"):
        name, colon, _ = declaration.partition(":")
        if colon and name.strip():
            yield name.strip().lower()


def _picture(attributes: Mapping[str, str | None]) -> str:
    """Address of a picture; WeChat may add a query and change the scheme."""
    address = attributes.get("data-src") or attributes.get("src") or ""
    return address.partition("?")[0].partition("://")[2]


def _plain(value: object) -> str:
    return _SPACE.sub(" ", unescape(str(value or ""))).strip()
