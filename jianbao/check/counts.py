"""Counts: what is said to be listed against what is listed. Silent unless certain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Manuscript, Prose
from jianbao.check.rule import HOUSE, manuscript_rule, prose_rule
from jianbao.check.stretches import char_before
from jianbao.cjk import ONE_HAN
from jianbao.diagnostics import Code
from jianbao.frozen import dataclass
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.model import Issue

_DIGITS = "一二三四五六七八九"
#: Patterns start with the number's class alone, which the engine looks for fast.
_NUMBER = "(?P<number>[1-9二三四五六七八九两十][0-9十]?[一二三四五六七八九]?)"
#: Before or behind a number: it is the part of a longer one, an ordinal, or vague.
_UNCOUNTED = set("0123456789.零一二三四五六七八九十百千万亿第前后近约超逾数几每再又")
_MEASURE = r"\s*(?:个|项|点|条|类|种|大|方面|部分|家|位|处)"
_STATED = pattern(_NUMBER + _MEASURE)
#: What is counted by naming each; things by the dozen (公里, 平台) are not.
_NOUN = (
    r"(?:重点|主要|关键|核心|基本|不同)?"
    r"(?:方面|部门|单位|机构|领域|环节|维度|阶段|层面|层次|省份|省市|城市|板块|章节|部分|类别"
    r"|省|市(?![场值民])|县|区(?![域间])|国(?![家际内]))(?!级)"
)
_COUNT_BEHIND = pattern(rf"{_NUMBER}\s*(?:个|大|类|种|项|家)?{_NOUN}(?!{ONE_HAN}?、)")
_COUNT_BEFORE = pattern(_NUMBER + _MEASURE + r"[^、，。；：！？\n\ufffc]{0,16}：")
#: “五个坚持”：坚持甲、坚持乙: each of what is listed starts with the word that is counted.
_REFRAIN = pattern(_NUMBER + rf"个(?P<word>{ONE_HAN}{{2,3}})”?：(?P<list>[^。：\n]+)")
_CLAUSE_END = pattern(r"[，。；：！？\n\ufffc]")
_SENTENCE_END = pattern(r"[。\n]")
#: Characters in which a list of names is looked for.
_REACH = 300
_JOINS = pattern("以及|[和与及或]")
_NESTED = pattern(r"[的等]|包括|其中|分别|[0-9]")
_BRACKETED = pattern(r"《[^《》]*》|“[^“”]*”|（[^（）]*）")
_POINT = pattern(r"(?:^|(?<=[。；：，、\n]))(十?[一二三四五六七八九]|二?十)是(?!否)")
#: The farthest that a slip goes: more is another count than that of the list.
_SLIP = 3


def number(text: str) -> int:
    """The whole number below 100 that ``text`` writes; 0 if it writes none."""
    if text.isdecimal() and text.isascii():
        return int(text)
    tens, ten, ones = text.replace("两", "二").rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or not set(tens + ones) <= set(_DIGITS):
        return 0
    units = _DIGITS.index(ones) + 1 if ones else 0
    return (10 * (_DIGITS.index(tens) + 1 if tens else 1) if ten else 0) + units


@prose_rule(
    Code.COUNT_MISMATCH,
    clause=HOUSE,
    bad="围绕交通、医疗、金融、文旅5个重点领域打造数据产品。",
    good="围绕交通、医疗、金融、文旅4个重点领域打造数据产品，覆盖贵阳、遵义等9个城市。",
)
def listed(prose: Prose) -> Iterator[Finding]:
    """A list of names, and a number beside it that is not theirs."""
    yield from _refrains(prose.text)
    text = _BRACKETED.sub(lambda found: "〇" * len(found.group()), prose.text)
    if "、" not in text:
        return
    for count in (*_lists_before(text), *_lists_behind(text)):
        if _is_wrong(count):
            least, most = _bounds(count.names)
            yield _miscounted(count.stated, f"{least}" if least == most else f"{least}到{most}")


def _miscounted(found: re.Match[str], listed_count: str) -> Finding:
    message = f"写的是{found['number']}，列出的是{listed_count}个"
    return Finding(*found.span("number"), message, "数一遍，改数目或补上漏列的")


def _refrains(text: str) -> Iterator[Finding]:
    for found in _counts(_REFRAIN, text):
        parts = [part.lstrip("“") for part in re.split("[、，；]", found["list"])]
        if all(part.startswith(found["word"]) for part in parts) and len(parts) != number(
            found["number"]
        ):
            yield _miscounted(found, str(len(parts)))


def _counts(form: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Where ``form`` finds a whole number, from 2 to 99."""
    for found in form.finditer(text):
        if number(found["number"]) > 1 and char_before(text, found.start()) not in _UNCOUNTED:
            yield found


@dataclass(frozen=True, slots=True)
class _Count:
    """A stated number and the names beside it: ``is_open`` where 等 ends them."""

    stated: re.Match[str]
    names: str
    is_open: bool
    shortest: int  # of lists that are surely no part of a longer sentence


def _lists_before(text: str) -> Iterator[_Count]:
    """甲、乙、丙等三个部门: the clause before the count."""
    for found in _counts(_COUNT_BEHIND, text):
        before = text[max(found.start() - _REACH, 0) : found.start()].rstrip()
        names = _CLAUSE_END.split(before)[-1]
        yield _Count(found, names.rstrip("等这共"), names.endswith("等"), shortest=3)


def _lists_behind(text: str) -> Iterator[_Count]:
    """三家企业：甲、乙、丙。: the sentence behind the count, if that is a bare list."""
    for found in _counts(_COUNT_BEFORE, text):
        names = _SENTENCE_END.split(text[found.end() : found.end() + _REACH])[0]
        if not _CLAUSE_END.search(names):
            yield _Count(found, names, is_open=False, shortest=2)


def _bounds(names: str) -> tuple[int, int]:
    """The least and the greatest number of names in a list: 和 may join two, or belong to one."""
    least = names.count("、") + 1
    return least, least + len(_JOINS.findall(names))


def _is_wrong(count: _Count) -> bool:
    names = count.names.split("、")
    if any(_NESTED.search(name) for name in names[1:]) or "等" in names[0] or "" in names:
        return False
    stated = number(count.stated["number"])
    least, most = _bounds(count.names)
    if least < count.shortest:
        return False
    if stated < least:
        return least - stated <= _SLIP and _are_alike(names)
    return 0 < stated - most <= _SLIP and not count.is_open and _ends_plainly(names)


def _ends_plainly(names: list[str]) -> bool:
    """Whether the last name is no more than one: 安顺设立 or 教育领域 goes with the number."""
    *_, before, last = names
    longest = max((len(name) for name in names[1:-1]), default=len(last))
    return len(last) <= longest or last[-1] == before[-1]


def _are_alike(names: list[str]) -> bool:
    """Whether the names are surely of one list, and none of a list within it."""
    ends = {name[-1] for name in names}
    lengths = {len(name) for name in names[1:-1]}
    return len(ends) == 1 or (len(lengths) == 1 and len(names) > 3)  # noqa: PLR2004  (two in the middle)


@manuscript_rule(
    Code.POINTS_MISMATCH,
    clause=HOUSE,
    bad="条例有三项规定：一是明确规则。二是完善服务。三是健全考核。四是划定清单。",
    good="条例有四项规定：一是明确规则。二是完善服务。三是健全考核。四是划定清单。",
)
def points(manuscript: Manuscript, _issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """三项规定 before 一是, 二是, 三是, 四是."""
    proses = manuscript.body
    marks = [
        (index, found.start(), number(found[1]))
        for index, prose in enumerate(proses)
        for found in _POINT.finditer(prose.text)
    ]
    for place, (index, start, first) in enumerate(marks):
        if first == 1:
            lead = proses[index if start else max(index - 1, 0)]
            end = start or len(lead.text)
            outer = marks[place - 1][2] if place else 0
            yield from _compare(lead, end, _run(marks, place), outer)


def _run(marks: list[tuple[int, int, int]], place: int) -> int:
    """How far the points from ``place`` on count."""
    count = 0
    while place + count < len(marks) and marks[place + count][2] == count + 1:
        count += 1
    return count


def _compare(lead: Prose, end: int, count: int, outer: int) -> Iterator[tuple[Prose, Finding]]:
    """The count that stands right before ``end``, against ``count`` points.

    Behind point ``outer`` of another list, what is more than stated may be that list's.
    """
    before = lead.text[max(end - _REACH, 0) : end].rstrip()
    if not before.endswith(("：", ":")):
        return
    clause = re.split("[。；！？\n]", before)[-1]
    stated = list(_counts(_STATED, clause))
    tail = clause[stated[-1].end() :] if stated else ""
    if not stated or len(tail) > 16 or re.search("[，、]", tail):  # noqa: PLR2004  (as far as a noun reaches)
        return
    numbers = {number(found["number"]) for found in stated}
    if count > 1 and count not in numbers and not (outer in numbers and outer < count):
        start = max(end - _REACH, 0) + len(before) - len(clause)
        last = stated[-1]
        message = f"前面说{last.group()}，后面从“一是”列到第{count}点"
        span = (start + last.start(), start + last.end())
        yield lead, Finding(*span, message, "数一遍，改数目或补上漏列的")
