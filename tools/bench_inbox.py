"""How fast the inbox is with many candidates: ``.venv/bin/python tools/bench_inbox.py``.

Seconds are this machine's; what matters is how they grow, and that none is felt.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert

from jianbao.candidates import CandidateState, Entry
from jianbao.gather.choosing import arrivals
from jianbao.gather.choosing.decisions import Decision, Verb
from jianbao.gather.choosing.inbox import Inbox
from jianbao.gather.choosing.proposal import NOTHING_SOUGHT, propose
from jianbao.gather.choosing.selection import Query
from jianbao.gather.rounds.poll import Outcome, Poll, SourceState
from jianbao.records import Witness
from jianbao.store.engine import open_store, writing
from jianbao.store.gathering import candidates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

NOW = datetime(2025, 2, 11, tzinfo=UTC)
#: Titles are made of these, so that many are alike and few are twins.
BODIES = ("国家数据局", "工业和信息化部", "国家发展改革委", "江苏省数据局", "贵阳市大数据局")
VERBS = ("印发", "发布", "部署", "启动", "召开会议研究", "公开征求意见")
THINGS = (
    *("公共数据", "数据要素", "算力网络", "可信空间", "数据标注"),
    *("人工智能", "数字政府", "工业互联网", "数据安全"),
)
#: Entries of a list, and days over which all of them came in.
LIST, DAYS = 20, 365
RUNS = 7


def main() -> int:
    """Fill a store and print what each question takes."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        address = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder) / 'store.db'}"  # noqa: PLR2004  (the second argument)
        engine = open_store(address)
        inbox = Inbox(engine)
        everything = list(polls(count + (RUNS + 1) * LIST))
        fill(engine, everything[: -RUNS - 1])
        inbox.record(everything[-RUNS - 1])  # reads the titles of the last days
        recorded = [timed(partial(inbox.record, poll)) for poll in everything[-RUNS:]]
        told = statistics.median(recorded) * 1000
        print(f"{count} 条；记下一次轮询（{LIST} 条新的）：{told:.0f} ms")
        for name, ask in questions(inbox):
            print(f"{name}：{statistics.median(timed(ask) for _ in range(RUNS)) * 1000:.0f} ms")
        engine.dispose()
    return 0


def fill(engine: Engine, kept: list[Poll]) -> None:
    """Put the entries of ``kept`` in at once, which a year of polls would do one by one."""
    rows = [
        arrivals.row_of(poll, one.url, one, propose(one, None, NOTHING_SOUGHT, poll.when.date()))
        for poll in kept
        for one in poll.entries
    ]
    with writing(engine) as connection:
        connection.execute(insert(candidates), rows)


def polls(count: int) -> Iterator[Poll]:
    """Of a thousand sources, spread over a year."""
    chance = random.Random(1)  # noqa: S311  (the same titles each time)
    for start in range(0, count, LIST):
        when = NOW - timedelta(days=DAYS * (1 - start / count))
        source = f"{chance.choice(BODIES)}{chance.randrange(200)}"
        state = SourceState(
            source=source,
            address=f"https://s{start % 1000}.gov.cn/",
            since=when,
            polled=when,
            outcome=Outcome.READ,
            next_due=when,
        )
        yield Poll(
            state=state, entries=tuple(entry(n, chance, when) for n in range(start, start + LIST))
        )


def entry(number: int, chance: random.Random, when: datetime) -> Entry:
    """A title of some words and a number that most others do not have."""
    words = "和".join(chance.sample(THINGS, 3))
    title = f"{chance.choice(BODIES)}{chance.choice(VERBS)}{words}工作方案"
    if chance.random() < 1 / 2:
        title += f"（第{chance.randrange(1, 400)}号）"
    return Entry(url=f"https://www.gov.cn/{number}.html", title=title, published=when.date())


def questions(inbox: Inbox) -> Iterator[tuple[str, Callable[[], object]]]:
    """What editors ask for."""
    sections = ("国策要论", "地方新政")
    month = (NOW - timedelta(days=31)).date()
    witness = Witness("bench", NOW)
    yield "列出近一个月的", lambda: inbox.select(Query(since=month, sections=sections, limit=50))
    yield "列出全部的前 50 条", lambda: inbox.select(Query(sections=sections, limit=50))
    yield (
        "近一个月里找两个词",
        lambda: inbox.select(Query(since=month, search=("算力", "贵阳"), limit=50)),
    )
    yield "全部里找两个词", lambda: inbox.select(Query(search=("算力", "贵阳"), limit=50))
    dropped = Query(states=(CandidateState.DROPPED,), limit=50)
    yield "只列丢弃的", lambda: inbox.select(dropped)
    numbers = range(1, 6)
    yield (
        "选用五条再撤销",
        lambda: (inbox.decide(numbers, Decision(verb=Verb.TAKE), witness), inbox.undo(witness)),
    )


def timed(ask: Callable[[], object]) -> float:
    """Seconds that ``ask`` takes."""
    begin = time.perf_counter()
    ask()
    return time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main())
