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
_INSERT = insert(candidates).returning(candidates.c.number)
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
        self.forget()

    def add(self, connection: Connection, polls: Sequence[Poll]) -> tuple[int, ...]:
        """Add what is new of each of ``polls``; return how many.

        Should the transaction fail, ``forget`` what was remembered in it.
        """
        by_address = [_by_address(poll.entries) for poll in polls]
        known = _known(connection, set().union(*by_address))
        if any(entries.keys() - known for entries in by_address):
            self.remember(connection, polls[-1].when)
        counts = []
        for poll, entries in zip(polls, by_address, strict=True):
            new = [address for address in entries if address not in known]
            for address in new:
                self._add_one(connection, poll, address, entries[address])
            known.update(new)
            counts.append(len(new))
        return tuple(counts)

    def remember_at_first(self, connection: Connection, polls: Sequence[Poll]) -> None:
        """Read the titles, should there be none and ``polls`` have something to hold against them.

        That takes seconds; afterwards only those are read that came since.
        """
        with_entries = [poll.when for poll in polls if poll.entries]
        if with_entries and self._since is None:
            self.remember(connection, with_entries[0])

    def forget(self) -> None:
        """Read the titles anew the next time."""
        self._titles, self._last, self._count = Titles(), 0, 0
        self._since: datetime | None = None

    def _add_one(self, connection: Connection, poll: Poll, address: str, entry: Entry) -> None:
        source = self._sources.get(poll.source)
        proposal = propose(entry, source, self._interests, poll.when.date())
        twin = self._titles.find(entry.title)
        values = row_of(poll, address, entry, proposal) | {"twin_of": twin}
        number = connection.execute(_INSERT, values).scalar_one()
        self._add_title(number, twin, entry.title)

    def remember(self, connection: Connection, now: datetime) -> None:
        """The titles of the last days that are not remembered yet, other processes' too."""
        since = now - _TWINS_WITHIN
        is_old = self._since is None or since - self._since > _TWINS_WITHIN / 2
        if is_old or self._count > 2 * self._most:
            self.forget()
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
            self._add_title(number, first, title)

    def _add_title(self, number: int, first: int | None, title: str) -> None:
        self._titles.add(first or number, title)
        self._count += 1
        self._last = max(self._last, number)


def _by_address(entries: tuple[Entry, ...]) -> dict[str, Entry]:
    """The first of those with one canonical address."""
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(canonical(entry.url), entry)
    return found


def _known(connection: Connection, addresses: set[str]) -> set[str]:
    """Those of ``addresses`` that candidates have.

    Asked first, not left to a conflict: PostgreSQL would use up a number for each of those.
    """
    known: set[str] = set()
    asked = list(addresses)
    for start in range(0, len(asked), CHUNK):
        some = candidates.c.address.in_(asked[start : start + CHUNK])
        known.update(connection.scalars(select(candidates.c.address).where(some)))
    return known


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
