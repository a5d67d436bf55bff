"""Which section a candidate is for and how much it matters, as far as its entry tells.

A sum that an editor can do in the head: each part of it is a reason in ``why``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from jianbao.records import Level

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from jianbao.candidates import Entry
    from jianbao.records import Source
    from jianbao.settings import Topic

#: What a candidate has before anything speaks for or against it.
_START = 30
_HIGHEST = 100
_LEVELS = {
    Level.NATIONAL: (20, "国家级来源"),
    Level.PROVINCIAL: (10, "省级来源"),
    Level.MUNICIPAL: (5, "市级来源"),
    Level.INDUSTRY: (5, "行业来源"),
}
_HOME = 15
#: A word that the publication looks for, and at most three of them.
_WORD, _WORDS = 10, 3
_DOCUMENT = 10
_TOP = 10
_ERRAND = -25
#: Days since it was published, what that is worth, and how it is called.
_FRESH = ((3, 10, "三天以内发布"), (7, 5, "一周以内发布"))
_OLD = -20

_IS_DOCUMENT = re.compile(
    "印发|意见|方案|办法|条例|规划|规定|指南|指引|标准|白皮书|蓝皮书|名单|目录|行动计划|公报|报告"
)
_IS_TOP = re.compile("中共中央|国务院|全国人大|中央网信|习近平|总书记|总理")
#: What offices publish of themselves.
_IS_ERRAND = re.compile(
    "招聘|招录|招标|中标|采购|成交|询价|比选|任免|任职|拟录用|体检|面试|党建|党课|党支部|主题党日"
    "|慰问|值班|放假|停机|维护公告|预算|决算|信访"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interests:
    """What a publication looks for, and from whom.

    ``home`` are the places it sits in, ``window`` the days for which something is news.
    """

    sources: tuple[Source, ...] = ()
    words: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    home: tuple[str, ...] = ()
    window: int = 31


#: Of a publication that looks for nothing in particular.
NOTHING_SOUGHT = Interests()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """``section`` is empty where nothing speaks for one; ``score`` goes from 0 to 100."""

    section: str
    score: int
    why: tuple[str, ...]


def propose(entry: Entry, source: Source | None, interests: Interests, found: date) -> Proposal:
    """What is proposed for ``entry`` of ``source``, found on that day."""
    section, reason = _section(entry.title, source, interests)
    parts = tuple(_parts(entry, source, interests, found))
    score = _START + sum(points for points, _ in parts)
    told = tuple(f"{what} {points:+d}" for points, what in parts)
    return Proposal(
        section=section,
        score=min(max(score, 0), _HIGHEST),
        why=(*((reason,) if reason else ()), f"起始 {_START}", *told),
    )


def _section(title: str, source: Source | None, interests: Interests) -> tuple[str, str]:
    """What the title is about goes before where it comes from."""
    for topic in interests.topics:
        if found := _first(topic.words, title):
            return topic.section, f"栏目：标题里有“{found}”，属于“{topic.section}”"
    if source is None:
        return "", ""
    return source.section, f"栏目：{source.name}登记的是“{source.section}”"


def _parts(
    entry: Entry, source: Source | None, interests: Interests, found: date
) -> Iterator[tuple[int, str]]:
    title = entry.title
    if source is not None:
        yield _LEVELS[source.level]
    if home := _first(interests.home, title):
        yield _HOME, f"本刊所在地{home}"
    words = [word for word in interests.words if word in title][:_WORDS]
    for word in words:
        yield _WORD, f"关注的词“{word}”"
    if top := _IS_TOP.search(title):
        yield _TOP, f"标题里有{top.group()}"
    if errand := _IS_ERRAND.search(title):
        yield _ERRAND, f"像事务性消息（{errand.group()}）"
    elif document := _IS_DOCUMENT.search(title):
        yield _DOCUMENT, f"像一份文件（{document.group()}）"
    yield from _freshness(entry, interests.window, found)


def _freshness(entry: Entry, window: int, found: date) -> Iterator[tuple[int, str]]:
    published = entry.published
    if published is None:
        return
    day = published.date() if isinstance(published, datetime) else published
    age = (found - day).days
    if age > window:
        yield _OLD, f"发现时已发布 {age} 天"
        return
    fresh = ((points, words) for days, points, words in _FRESH if age <= days)
    yield from list(fresh)[:1]


def _first(words: tuple[str, ...], title: str) -> str:
    return next((word for word in words if word in title), "")
