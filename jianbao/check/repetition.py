"""Long runs of text that stand in an issue twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Prose
from jianbao.check.rule import HOUSE, issue_rule
from jianbao.diagnostics import Code
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.rule import Context
    from jianbao.model import Issue

#: Characters. Shorter runs are phrases of the field.
_LENGTH = 22
_QUOTED = pattern(r"《[^《》]*》|“[^“”]*”|（[^（）]*）|\ufffc+")
#: A paragraph, a segment of it, and an index in that.
_Place = tuple[Prose, str, int]
_CHUNK = pattern(r"[^，。；：、？！“”（）《》\n ]+")
#: Names of bodies and meetings, set phrases of politics and of law: each time the same words.
_FORMULA = pattern(
    "习近平|党的[一二三四五六七八九十]+|[一二三四五六七八九十]中全会|新时代中国特色社会主义|指导思想"
    "|直接责任人员|依法给予处分|刑事责任|玩忽职守|徇私舞弊|第[一二三四五六七八九十百零]+条"
    "|(?:委员会|会议|大会|局|部|厅|委|办|办公室|院|公司|协会|促进会|中心|集团|大学|政府|国务院)$"
)


@issue_rule(
    Code.REPEATED_RUN,
    clause=HOUSE,
    bad="意见要求以创新突破技术装备为基础，以改革完善工作机制为保障。\n\n"
    "意见提出，以创新突破技术装备为基础，以改革完善工作机制为保障。",
    good="意见要求以创新突破技术装备为基础，以改革完善工作机制为保障。\n\n"
    "意见还提出，加强极端场景应急通信能力建设，完善工作机制。",
)
def repeated(_issue: Issue, context: Context) -> Iterator[tuple[Prose, Finding]]:
    """A run of 22 characters or more that an earlier text of the issue has too.

    Each run of 22 is looked up once: time grows as the text does.
    """
    seen: dict[str, _Place] = {}
    for manuscript in context.manuscripts:
        for prose in manuscript.body:
            if prose.kind == "paragraph":
                for start, segment in _segments(prose.text):
                    yield from _against(seen, prose, start, segment)


def _segments(text: str) -> Iterator[tuple[int, str]]:
    """The stretches of ``text`` between quotations, which may be said twice."""
    start = 0
    for found in (*_QUOTED.finditer(text), None):
        end = found.start() if found else len(text)
        yield start, text[start:end]
        start = found.end() if found else end


def _against(
    seen: dict[str, _Place], prose: Prose, start: int, segment: str
) -> Iterator[tuple[Prose, Finding]]:
    at = 0
    while at <= len(segment) - _LENGTH:
        shingle = segment[at : at + _LENGTH]
        first = seen.get(shingle)
        if first is None:
            seen[shingle] = (prose, segment, at)
            at += 1
            continue
        there, text, before = first
        if text is segment and before + _LENGTH > at:  # a run cannot repeat itself
            at += 1
            continue
        length = _common(text, before, segment, at)
        if _own_words(segment[at : at + length]) >= _LENGTH:
            yield prose, _finding(prose, start + at, length, there)
        at += length - _LENGTH + 1


def _common(one: str, here: int, other: str, there: int) -> int:
    length = _LENGTH
    while (
        here + length < len(one)
        and there + length < len(other)
        and one[here + length] == other[there + length]
    ):
        length += 1
    return length


def _own_words(run: str) -> int:
    """Characters of ``run`` that are no name and no formula."""
    return sum(len(chunk) for chunk in _CHUNK.findall(run) if not _FORMULA.search(chunk))


def _finding(prose: Prose, start: int, length: int, first: Prose) -> Finding:
    words = prose.text[start : start + length].strip("，。；：、")
    where = "本篇前面" if first.path == prose.path else first.path
    message = f"{length} 个字与{where}相同：{words[:24]}{'……' if len(words) > 24 else ''}"  # noqa: PLR2004  (as much as a line shows)
    return Finding(start, start + length, message, "改写，或删去一处")
