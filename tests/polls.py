"""Polls made for a test."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from jianbao.candidates import Entry
from jianbao.gather.rounds.poll import Outcome, Poll, SourceState

if TYPE_CHECKING:
    from datetime import date

GUIYANG = timezone(timedelta(hours=8))
#: The morning on which the tests poll, in Guiyang.
NOW = datetime(2025, 2, 11, 9, 30, tzinfo=GUIYANG)


def poll(source: str, *entries: Entry, when: datetime = NOW, etag: str = "") -> Poll:
    """A poll of the only list of ``source`` that had ``entries``."""
    state = SourceState(
        source=source,
        address="https://www.nda.gov.cn/list.html",
        since=when,
        polled=when,
        outcome=Outcome.READ,
        etag=etag,
        next_due=when + timedelta(hours=1),
    )
    return Poll(state=state, entries=entries)


def entry(number: int, title: str = "", published: datetime | date | None = None) -> Entry:
    """The entry of a page of its own."""
    url = f"https://www.nda.gov.cn/{number}.html"
    return Entry(url=url, title=title or f"第{number}号消息：数据工作有新进展", published=published)
