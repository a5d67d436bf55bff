"""Titles and digests as short as WeChat's fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.model import PassageKind
from jianbao.press.titles import break_title, length
from jianbao.wechat.limits import DIGEST, TITLE

if TYPE_CHECKING:
    from jianbao.model import Article

#: What stands in parentheses is the first that a title can do without.
_ASIDE = re.compile(r"（[^（）]*）|\([^()]*\)")
_PAIRS = {"《": "》", "“": "”", "（": "）"}
_ENDS = "。！？"
#: Characters behind the cut that tell whether it parts a word.
_LONGEST_WORD = 8
_LOOSE = "，、：；——·｜ "
#: 的 says that more is to come, unless it is of 目的.
_DANGLING = re.compile("(?<!目)的$")


def short_title(title: str) -> str:
    """``title`` in at most `TITLE` characters, cut where a line of it would end by sense."""
    if len(title) <= TITLE:
        return title
    brief = _ASIDE.sub("", title)
    return brief if len(brief) <= TITLE else _cut(brief, TITLE)


def digest(article: Article) -> str:
    """The summary of ``article``, or the sentences it begins with."""
    if article.summary:
        return clipped(article.summary)
    paragraphs = (p for p in article.body.passages if p.kind is PassageKind.PARAGRAPH)
    return clipped(next((p.text for p in paragraphs if p.text.strip()), ""))


def list_of(titles: tuple[str, ...]) -> str:
    """As many whole ``titles`` as a digest holds, the first in any case."""
    text = clipped(titles[0]) if titles else ""
    for title in titles[1:]:
        if len(text) + len(title) + 1 > DIGEST:
            break
        text += f"；{title}"
    return text


def clipped(text: str) -> str:
    """``text`` in at most `DIGEST` characters: whole sentences where one fits."""
    text = " ".join(text.replace("\ufffc", "").split())
    if len(text) <= DIGEST:
        return text
    end = max(text.rfind(mark, 0, DIGEST) for mark in _ENDS) + 1
    return text[:end] if end else _cut(text, DIGEST)


def _cut(text: str, most: int) -> str:
    """The longest beginning of ``text`` that ends by sense, an ellipsis, and what it opened."""
    head = text[: most - 2]
    line = break_title(text[: most + _LONGEST_WORD], length(head))[0]
    whole = line if most // 2 <= len(line) < most - 1 else head
    kept = _DANGLING.sub("", whole.rstrip(_LOOSE))
    return f"{kept}…{_closing(kept)}"


def _closing(text: str) -> str:
    """The mark that closes the innermost pair open at the end of ``text``, if one is."""
    is_open = {text.rfind(a): b for a, b in _PAIRS.items() if text.rfind(a) > text.rfind(b)}
    return is_open[max(is_open)] if is_open else ""
