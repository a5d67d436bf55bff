"""Days, years and issue numbers in the prose, as far as arithmetic knows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from jianbao.check.counts import number
from jianbao.check.prose import Finding, Manuscript, Prose
from jianbao.check.rule import HOUSE, manuscript_rule, prose_rule
from jianbao.diagnostics import Code
from jianbao.frozen import dataclass
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.model import Issue

_WEEKDAYS = "一二三四五六日"
#: Patterns start with a class of digits, which the engine looks for fast.
_DAY = pattern(
    r"(?P<month>[0-9][0-9]?)\s*月\s*(?P<day>[0-9][0-9]?)\s*[日号]"
    r"(?:\s*[（(]?\s*(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])[）)]?)?"
)
_YEAR_BEFORE = pattern(r"(?<![0-9])([12][0-9]{3})\s*年\s*$")
#: 12—24月30日: months counted, not named.
_COUNTED = set("0123456789.~～—–-至到")
_MONTH = pattern(r"[12][0-9]{3}年(?:1[3-9]|[2-9][0-9]|0{1,2})月")
_RANGE = pattern(
    r"((?:19|20)[0-9]{2})\s*年?\s*(?:—|–|-|－|~|～|至|到){1,2}\s*((?:19|20)[0-9]{2})\s*年"
)
_PLAN = pattern(
    r"(?P<plan>十[一二三四五六七八九])五”?(?:规划|计划|时期|期间)*[（(]"
    r"(?P<first>20[0-9]{2})\s*年?[—–\-－~～至]{1,2}(?P<last>20[0-9]{2})\s*年?[）)]"
)
_YEAR_ON_YEAR = pattern(r"(20[0-9]{2})年[^，。；！？\n0-9]{0,20}同比(?:增长|下降|增加|减少|提高)")
_TOTAL = pattern(r"本期[^。；！？\n]{0,30}?总第?\s*([0-9]{1,5})\s*期")
_NUMBER = pattern(r"本期[^。；！？\n]{0,20}?(?<!总)第\s*([0-9]{1,3})\s*期")
#: The years of the 14th plan; each plan has five.
_FOURTEENTH, _ITS_START = 14, 2021
#: For dates without a year: it has every day that any year has.
_LEAP = 2024


@manuscript_rule(
    Code.WEEKDAY_MISMATCH,
    clause=HOUSE,
    bad="会议于2025年2月10日（星期二）召开。",
    good="会议于2025年2月10日（星期一）召开，2月11日星期二闭幕。",
    needs=(week + day for week in ("星期", "周", "礼拜") for day in "一二三四五六日天"),
)
def weekday(manuscript: Manuscript, issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """A weekday that its date does not fall on, in no year that may be meant."""
    about = issue.head.date.year if issue.head else None
    for prose in manuscript.proses:
        for written in _dates(prose.text):
            days = list(_days(written, about)) if written.weekday else []
            if days and all(_WEEKDAYS[day.weekday()] != written.weekday for day in days):
                right = "、".join(f"{d.year}年是星期{_WEEKDAYS[d.weekday()]}" for d in days)
                message = f"“{written.words}”对不上：{right}"
                yield prose, Finding(written.start, written.end, message, "核对日期和星期")


@dataclass(frozen=True, slots=True)
class _WrittenDate:
    """A date as a text writes it; without a year where there is none before it."""

    start: int
    end: int
    words: str
    year: int | None
    month: int
    day: int
    weekday: str


def _dates(text: str) -> Iterator[_WrittenDate]:
    for found in _DAY.finditer(text) if "月" in text else ():
        before = text[max(found.start() - 8, 0) : found.start()]
        year = _YEAR_BEFORE.search(before)
        start = found.start() - (len(before) - year.start() if year else 0)
        if year or before[-1:] not in _COUNTED:
            yield _WrittenDate(
                start=start,
                end=found.end(),
                words=text[start : found.end()].strip(),
                year=int(year[1]) if year else None,
                month=int(found["month"]),
                day=int(found["day"]),
                weekday=(found["weekday"] or "").replace("天", "日"),
            )


def _days(written: _WrittenDate, about: int | None) -> Iterator[date]:
    """The days that may be meant: without a year, those about the issue's."""
    near = (about - 1, about, about + 1) if about else ()
    for year in (written.year,) if written.year else near:
        if _is_day(year, written.month, written.day):
            yield date(year, written.month, written.day)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:  # 2月29日, or one that no year has
        return False
    return True


@prose_rule(
    Code.DAY_IMPOSSIBLE,
    clause=HOUSE,
    bad="办法自2025年2月30日起施行。",
    good="办法自2024年2月29日起施行，2025年12月31日止。",
)
def impossible(prose: Prose) -> Iterator[Finding]:
    """A day or month that no calendar has."""
    for written in _dates(prose.text):
        if not _is_day(written.year or _LEAP, written.month, written.day):
            message = f"没有“{written.words}”这一天"
            yield Finding(written.start, written.end, message, "核对日期")
    for found in _MONTH.finditer(prose.text):
        yield Finding(*found.span(), f"没有“{found.group()}”", "核对月份")


@prose_rule(
    Code.RANGE_REVERSED,
    clause=HOUSE,
    bad="行动计划（2027—2025年）已经印发。",
    good="行动计划（2025—2027年）已经印发，2023年至2025年完成试点。",
)
def reversed_range(prose: Prose) -> Iterator[Finding]:
    """Years from the later to the earlier."""
    for found in _RANGE.finditer(prose.text):
        if int(found[1]) > int(found[2]):
            yield Finding(*found.span(), f"“{found.group()}”的起止年份反了", "核对年份")


@prose_rule(
    Code.PLAN_YEARS,
    clause=HOUSE,
    bad="“十四五”（2020—2025年）期间建成三个集群。",
    good="“十四五”（2021—2025年）期间建成三个集群，谋划“十五五”（2026—2030年）。",
    needs=(f"十{digit}五" for digit in "一二三四五六七八九"),
)
def plan_years(prose: Prose) -> Iterator[Finding]:
    """A five-year plan with years that are not its own."""
    for found in _PLAN.finditer(prose.text):
        start = _ITS_START + 5 * (number(found["plan"]) - _FOURTEENTH)
        if (int(found["first"]), int(found["last"])) != (start, start + 4):
            message = f"“{found['plan']}五”是 {start}—{start + 4} 年"
            yield Finding(found.start("first"), found.end("last"), message, "核对年份")


@manuscript_rule(
    Code.YEAR_FUTURE,
    clause=HOUSE,
    bad="2026年全省软件业收入同比增长12%。",
    good="2024年全省软件业收入同比增长12%，2027年超过1500亿元。",
    needs=("同比",),
)
def future_year(manuscript: Manuscript, issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """A growth that is told of a year which the issue cannot know."""
    for prose in manuscript.proses:
        for found in _YEAR_ON_YEAR.finditer(prose.text):
            if issue.head and int(found[1]) > issue.head.date.year:
                message = f"{found[1]}年在本期之后，不会有同比"
                yield prose, Finding(*found.span(1), message, "核对年份")


@manuscript_rule(
    Code.NUMBER_IN_TEXT,
    clause=HOUSE,
    bad="本期为2025年第5期（总第217期）。",
    good="本期为2025年第4期（总第217期）。上一期是第3期。",
    needs=("本期",),
)
def issue_number(manuscript: Manuscript, issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """What the prose says this issue's numbers are."""
    if issue.head is None:
        return
    for form, right in ((_NUMBER, issue.head.number), (_TOTAL, issue.head.total)):
        for prose in manuscript.proses:
            for found in form.finditer(prose.text):
                if int(found[1]) != right:
                    message = f"本期写成第{found[1]}期，issue.toml 里是 {right}"
                    yield prose, Finding(*found.span(1), message, f"改为 {right}")
