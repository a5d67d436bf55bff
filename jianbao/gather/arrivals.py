"""Entries that were not known yet become candidates."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from jianbao.addresses import canonical
from jianbao.candidates import CandidateState
from jianbao.gather.likeness import Titles
from jianbao.gather.proposal import propose
from jianbao.store.gathering import candidates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from jianbao.candidates import Entry
    from jianbao.gather.poll import Poll
    from jianbao.gather.proposal import Interests, Proposal

#: Addresses in one question: SQLite takes 32,766 parameters, and a list may be hostile.
CHUNK = 1000
#: For how long after the first another source's title may tell of the same thing.
_TWINS_WITHIN = timedelta(days=14)
#: Titles remembered, the newest: 50 MB, read in seconds. A few hundred sources fill less.
MOST_TITLES = 50_000


class Arrivals:
    """Puts entries into the store, and remembers the titles of the last days for twins.

    Not for two threads at a time: whoever calls holds the inbox's lock.
    """

    def __init__(self, interests: Interests, most_titles: int = MOST_TITLES) -> None:
        self._most = most_titles
        self._interests = interests
        self._sources = {source.name: source for source in interests.sources}
        self._forget()

    def add(self, connection: Connection, poll: Poll) -> int:
        """Add what is new of ``poll``; return how many.

        Should the transaction fail, ``forget`` what was remembered in it.
        """
        new = _unknown(connection, poll.entries)
        if new:
            self.remember(connection, poll.when)
        source = self._sources.get(poll.source)
        for address, entry in new.items():
            proposal = propose(entry, source, self._interests, poll.when.date())
            twin = self._titles.find(entry.title)
            values = row_of(poll, address, entry, proposal) | {"twin_of": twin}
            number = connection.execute(
                insert(candidates).values(values).returning(candidates.c.number)
            ).scalar_one()
            self._add(number, twin, entry.title)
        return len(new)

    def remember_at_first(self, connection: Connection, polls: Sequence[Poll]) -> None:
        """Read the titles, should there be none and ``polls`` have something to hold against them.

        That takes seconds; afterwards only those are read that came since.
        """
        with_entries = [poll.when for poll in polls if poll.entries]
        if with_entries and self._since is None:
            self.remember(connection, with_entries[0])

    def forget(self) -> None:
        """Read the titles anew the next time."""
        self._forget()

    def _forget(self) -> None:
        self._titles, self._last, self._count = Titles(), 0, 0
        self._since: datetime | None = None

    def remember(self, connection: Connection, now: datetime) -> None:
        """The titles of the last days that are not remembered yet, other processes' too."""
        since = now - _TWINS_WITHIN
        is_old = self._since is None or since - self._since > _TWINS_WITHIN / 2
        if is_old or self._count > 2 * self._most:
            self._forget()
            self._since = since
        newest = connection.execute(select(func.max(candidates.c.number))).scalar() or 0
        head = func.coalesce(candidates.c.twin_of, candidates.c.number)
        first = max(self._last, newest - self._most)
        asked = (
            select(candidates.c.number, head, candidates.c.title)
            .where(candidates.c.number > first, candidates.c.found >= self._since)
            .order_by(candidates.c.number)
        )
        for number, first, title in connection.execute(asked):
            self._add(number, first, title)

    def _add(self, number: int, first: int | None, title: str) -> None:
        self._titles.add(first or number, title)
        self._count += 1
        self._last = max(self._last, number)


def _unknown(connection: Connection, entries: tuple[Entry, ...]) -> dict[str, Entry]:
    """Entries by canonical address, without those that are candidates already.

    Asked first, not left to a conflict: PostgreSQL would use up a number for each of those.
    """
    by_address: dict[str, Entry] = {}
    for entry in entries:
        by_address.setdefault(canonical(entry.url), entry)
    addresses = list(by_address)
    for start in range(0, len(addresses), CHUNK):
        some = addresses[start : start + CHUNK]
        known = select(candidates.c.address).where(candidates.c.address.in_(some))
        for address in connection.scalars(known):
            del by_address[address]
    return by_address


def row_of(poll: Poll, address: str, entry: Entry, proposal: Proposal) -> dict[str, object]:
    """The columns of a new candidate, known by ``address``."""
    published = entry.published
    day = published.date() if isinstance(published, datetime) else published
    return {
        "address": address,
        "source": poll.source,
        "url": entry.url,
        "title": entry.title,
        "published": published.isoformat() if published else "",
        "summary": entry.summary,
        "found": poll.when,
        "day": day or poll.when.date(),
        "section": proposal.section,
        "score": proposal.score,
        "why": "\n".join(proposal.why),
        "state": CandidateState.NEW.value,
        "issue": "",
        "reason": "",
        "note": "",
    }
