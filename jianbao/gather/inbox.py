"""收件箱: the candidates in the store, what sources answered, and what editors decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from jianbao.addresses import canonical
from jianbao.candidates import CandidateState
from jianbao.gather.poll import Outcome, SourceState
from jianbao.store.engine import reading, writing
from jianbao.store.gathering import candidates, source_states
from jianbao.store.tables import INBOX

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Row

    from jianbao.candidates import Entry
    from jianbao.gather.poll import Poll

#: Addresses in one question: SQLite takes 32,766 parameters, and a list may be hostile.
_CHUNK = 1000


class Inbox:
    """What gathering found, in the store behind ``engine``.

    Each method is one transaction; processes may work on one store at the same time.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, poll: Poll) -> int:
        """Keep the entries of ``poll`` that are not known yet, and its source's state.

        Returns:
            How many were new. Recording a poll again changes nothing but the state.
        """
        with writing(self._engine, INBOX) as connection:
            new = _unknown(connection, poll.entries)
            rows = [_row(poll, address, entry) for address, entry in new.items()]
            if rows:
                connection.execute(insert(candidates), rows)
            _keep_state(connection, poll, len(rows))
        return len(rows)

    def source_states(self) -> tuple[SourceState, ...]:
        """What is remembered of each list of each source, by name and address."""
        asked = select(source_states).order_by(source_states.c.source, source_states.c.address)
        with reading(self._engine) as connection:
            return tuple(_state(row) for row in connection.execute(asked))


def _unknown(connection: Connection, entries: tuple[Entry, ...]) -> dict[str, Entry]:
    """Entries by canonical address, without those that are candidates already.

    Asked first, not left to a conflict: PostgreSQL would use up a number for each of those.
    """
    by_address: dict[str, Entry] = {}
    for entry in entries:
        by_address.setdefault(canonical(entry.url), entry)
    addresses = list(by_address)
    for start in range(0, len(addresses), _CHUNK):
        some = addresses[start : start + _CHUNK]
        known = select(candidates.c.address).where(candidates.c.address.in_(some))
        for address in connection.scalars(known):
            del by_address[address]
    return by_address


def _row(poll: Poll, address: str, entry: Entry) -> dict[str, object]:
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
        "section": "",
        "score": 0,
        "why": "",
        "state": CandidateState.NEW.value,
        "issue": "",
        "reason": "",
        "note": "",
    }


def _keep_state(connection: Connection, poll: Poll, new: int) -> None:
    """The state after ``poll``; what only the store knows is added to what it had before."""
    key = (source_states.c.source == poll.source) & (source_states.c.address == poll.state.address)
    row = connection.execute(select(source_states).where(key)).first()
    before = _state(row) if row else None
    state = replace(
        poll.state,
        last_new=poll.when if new else before.last_new if before else None,
        brought=new + (before.brought if before else 0),
    )
    values = {column.name: getattr(state, column.name) for column in source_states.columns}
    if before:
        connection.execute(update(source_states).where(key).values(values))
    else:
        connection.execute(insert(source_states).values(values))


def _state(row: Row[tuple[object, ...]]) -> SourceState:
    values = row._asdict()
    return SourceState(**{**values, "outcome": Outcome(values["outcome"])})
