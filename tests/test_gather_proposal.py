"""What is proposed for a candidate, and that each point of its score is told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from polls import NOW

from jianbao.candidates import Entry
from jianbao.gather.choosing.proposal import Interests, propose
from jianbao.records import Kind, Level, Source
from jianbao.settings import Topic

TODAY = date(2025, 2, 11)
SOURCE = Source(
    path="sources/nda.toml",
    name="国家数据局",
    level=Level.NATIONAL,
    hosts=(),
    section="国策要论",
    kind=Kind.FEED,
)
INTERESTS = Interests(
    words=("数据", "算力", "智能", "网络"),
    topics=(Topic(section="产业前沿", words=("白皮书",)),),
    home=("贵州", "贵阳"),
)


def entry(title: str, published: date | None = None) -> Entry:
    return Entry(url="https://www.nda.gov.cn/1.html", title=title, published=published)


@pytest.mark.parametrize(
    ("title", "published", "why"),
    [
        ("新闻", None, ()),
        ("新闻", TODAY, ("三天以内发布 +10",)),
        ("新闻", TODAY - timedelta(days=3), ("三天以内发布 +10",)),
        ("新闻", TODAY - timedelta(days=7), ("一周以内发布 +5",)),
        ("新闻", TODAY - timedelta(days=8), ()),
        ("新闻", TODAY - timedelta(days=31), ()),
        ("新闻", TODAY - timedelta(days=32), ("发现时已发布 32 天 -20",)),
        ("新闻", NOW, ("三天以内发布 +10",)),
        ("贵阳召开会议", None, ("本刊所在地贵阳 +15",)),
        ("国务院办公厅转发", None, ("标题里有国务院 +10",)),
        ("部门印发办法", None, ("像一份文件（印发） +10",)),
        ("招聘方案", None, ("像事务性消息（招聘） -25",)),
        (
            "数据智能算力网络",
            None,
            ("关注的词“数据” +10", "关注的词“算力” +10", "关注的词“智能” +10"),
        ),
    ],
)
def test_each_part_is_told(title: str, published: date | None, why: tuple[str, ...]) -> None:
    found = propose(entry(title, published), SOURCE, INTERESTS, TODAY)

    assert found.why == (
        "栏目：国家数据局登记的是“国策要论”",
        "起始 30",
        "国家级来源 +20",
        *why,
    )
    assert found.score == 50 + sum(
        int(one) for one in re.findall(r"[+-][0-9]+$", "\n".join(why), re.MULTILINE)
    )


@pytest.mark.parametrize(
    ("level", "points"),
    [(Level.NATIONAL, 20), (Level.PROVINCIAL, 10), (Level.MUNICIPAL, 5), (Level.INDUSTRY, 5)],
)
def test_the_level_of_the_source_counts(level: Level, points: int) -> None:
    found = propose(entry("新闻"), replace(SOURCE, level=level), INTERESTS, TODAY)

    assert found.score == 30 + points


def test_what_a_title_is_about_goes_before_where_it_comes_from() -> None:
    found = propose(entry("算力白皮书"), SOURCE, INTERESTS, TODAY)

    assert found.section == "产业前沿"
    assert found.why[0] == "栏目：标题里有“白皮书”，属于“产业前沿”"


def test_of_an_unknown_source_nothing_is_presumed() -> None:
    found = propose(entry("新闻"), None, INTERESTS, TODAY)

    assert (found.section, found.score, found.why) == ("", 30, ("起始 30",))


def test_a_score_stays_between_nothing_and_a_hundred() -> None:
    old = date(2024, 1, 1)
    least = propose(entry("招聘公告", old), None, INTERESTS, TODAY)
    title = "国务院印发数据算力智能网络方案，贵州先行"
    most = propose(entry(title, TODAY), SOURCE, INTERESTS, TODAY)

    assert (least.score, most.score) == (0, 100)
