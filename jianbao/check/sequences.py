"""Numbered points: 一是, （一）, 第一, without a gap."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Prose
from jianbao.check.rule import HOUSE, manuscript_rule
from jianbao.diagnostics import Code
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.prose import Manuscript
    from jianbao.model import Issue

_ORDINAL = r"(?:十[一二三四五]?|[一二三四五六七八九])"
#: The kinds of numbering by the words round the number; each is counted by itself.
_POINT = pattern(
    rf"(?P<point>{_ORDINAL})是(?![一二三四五六七八九十][，。；、])|第(?P<ordinal>{_ORDINAL})[，、：]"
    rf"|（(?P<bracket>{_ORDINAL})）|（(?P<figure>\d{{1,2}})）|^(?P<heading>{_ORDINAL})、"
)
#: What may stand before a point; before one in brackets, only the end of a sentence.
_BEFORE = {kind: frozenset("。；：，！？”） \n") for kind in ("point", "ordinal")}
_SENTENCE_END = frozenset("。；：\n")
#: Inside a sentence too, （2） is the point that was awaited, and no reference.
_BRACKETED = frozenset({"bracket", "figure"})
#: What is farther off is no point of the same list.
_NEAR = 3
#: How deep lists of one kind nest; older ones are over.
_DEPTH = 4
_VALUES = {char: value for value, char in enumerate("一二三四五六七八九十", start=1)}
_SHOWN = {
    "point": "{}是",
    "ordinal": "第{}",
    "bracket": "（{}）",
    "figure": "（{}）",
    "heading": "{}、",
}


@manuscript_rule(
    Code.NUMBERING_GAP,
    clause=HOUSE,
    bad="一是建平台，二是聚数据，四是促流通。",
    good="一是建平台，包括：第一，立项；第二，验收。二是聚数据。一是一，二是二。\n\n（二）另有安排。",
)
def gaps(manuscript: Manuscript, _issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """A point whose number does not follow the one before it, once a first was there."""
    counts = {kind: _Count() for kind in _SHOWN}
    for prose in manuscript.body:
        for found in _POINT.finditer(prose.text):
            kind = found.lastgroup or ""
            number = _value(found[kind])
            begins = _begins(prose.text, found.start(), kind)
            if not (begins or (counts[kind].awaits(number) and kind in _BRACKETED)):
                continue
            last = counts[kind].take(number)
            if last is not None:
                shown = _SHOWN[kind].format
                message = f"序号不连续：{shown(_written(kind, last))}之后是{shown(found[kind])}"
                hint = f"应为{shown(_written(kind, last + 1))}；核对有没有漏掉或重复"
                yield prose, Finding(*found.span(), message, hint)


def _begins(text: str, place: int, kind: str) -> bool:
    """Whether a point may begin at ``place``."""
    return place == 0 or text[place - 1] in _BEFORE.get(kind, _SENTENCE_END)


@dataclass(slots=True)
class _Count:
    """The last numbers of the lists that are open, the inner behind the outer."""

    lists: list[int] = field(default_factory=list)

    def awaits(self, number: int) -> bool:
        """Whether ``number`` is the next of a list."""
        return number - 1 in self.lists

    def take(self, number: int) -> int | None:
        """Count ``number``; the last one where it does not follow any, None where it does."""
        del self.lists[:-_DEPTH]
        if number == 1:
            self.lists.append(1)
            return None
        if not self.lists:
            return None
        if self.awaits(number):
            while self.lists[-1] != number - 1:
                self.lists.pop()
            self.lists[-1] = number
            return None
        last = self.lists[-1]
        if not last <= number <= last + _NEAR:
            self.lists.append(number)  # 首先……；二是…… is a list of its own
            return None
        self.lists[-1] = number
        return last


def _value(written: str) -> int:
    if written.isdigit():
        return int(written)
    return sum(_VALUES[char] for char in written)  # 十三 is 10 and 3


def _written(kind: str, number: int) -> str:
    if kind == "figure" or number > 19:  # noqa: PLR2004  (beyond 十九 no list in words goes)
        return str(number)
    words = {value: char for char, value in _VALUES.items()}
    return words[number] if number in words else f"十{words[number - 10]}"
