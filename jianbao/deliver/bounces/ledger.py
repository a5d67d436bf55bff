"""Puts what came back on record, and acts on it: once a message, and so that it can be undone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from jianbao.deliver.bounces.counting import Failure, count
from jianbao.deliver.bounces.returned import Kind, Returned
from jianbao.deliver.readers.acts import note
from jianbao.deliver.readers.addresses import Address, read_address
from jianbao.deliver.readers.choices import leave_all
from jianbao.deliver.smtp.replies import Reason
from jianbao.store.delivery import bounces, deliveries, readers
from jianbao.store.engine import reading, writing
from jianbao.store.tables import SUBSCRIBERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Row

    from jianbao.deliver.bounces.tally import Limits
    from jianbao.deliver.keys import Keyring
    from jianbao.deliver.readers.acts import Actor

#: Kinds that are put on record: the others say nothing of an address.
_KEPT = frozenset({Kind.FAILED, Kind.COMPLAINT})


class Fate(StrEnum):
    """What came of a message."""

    COUNTED = "counted"
    GIVEN_UP = "given-up"  # and the reader is not written to any more
    LEFT = "left"
    UNKNOWN = "unknown"  # nobody here has the address
    KNOWN = "known"  # read before
    NOTHING = "nothing"  # delayed, automatic, or from a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """One on record; the address is "" where the reader was erased."""

    at: datetime
    kind: Kind
    reason: Reason
    said: str
    address: str
    forgiven: bool


@dataclass(frozen=True, slots=True)
class Bounces:
    """What came back, in the store behind ``engine``."""

    engine: Engine
    keys: Keyring
    limits: Limits

    def take(self, raw: bytes, found: Returned, actor: Actor) -> tuple[Fate, ...]:
        """Put the message ``raw``, read as ``found``, on record: a fate for each of its readers."""
        if found.kind is not Kind.LEAVE and found.kind not in _KEPT:
            return (Fate.NOTHING,)
        digest = hashlib.sha256(raw).hexdigest()
        with writing(self.engine, SUBSCRIBERS) as connection:
            people = tuple(_people(connection, found))
            if not people:
                return (Fate.UNKNOWN,)
            return tuple(self._judge(connection, digest, found, one, actor) for one in people)

    def _judge(
        self, connection: Connection, digest: str, found: Returned, person: _Person, actor: Actor
    ) -> Fate:
        if found.kind is Kind.LEAVE:
            leave_all(connection, person.reader, actor)
            return Fate.LEFT
        if _is_known(connection, digest, person.reader):
            return Fate.KNOWN
        one = Failure(
            digest=digest,
            kind=found.kind,
            reason=found.reason,
            said=found.said,
            reader=person.reader,
            delivery=person.delivery,
        )
        ended = count(connection, one, self.limits, actor)
        return Fate.GIVEN_UP if ended else Fate.COUNTED

    def latest(self, most: int) -> tuple[Bounce, ...]:
        """The last ``most``, the latest first."""
        query = (
            select(bounces, readers.c.address)
            .join_from(bounces, readers, readers.c.id == bounces.c.reader)
            .order_by(bounces.c.id.desc())
            .limit(most)
        )
        with reading(self.engine) as connection:
            return tuple(_bounce(row) for row in connection.execute(query))

    def forgive(self, address: Address, actor: Actor) -> int:
        """Let nothing that came back count against ``address``; how many there were."""
        ours = select(readers.c.id).where(readers.c.key == address.key).scalar_subquery()
        with writing(self.engine, SUBSCRIBERS) as connection:
            done = connection.execute(
                update(bounces)
                .where(bounces.c.reader == ours, bounces.c.forgiven.is_(None))
                .values(forgiven=actor.at)
            )
            note(connection, actor, "forgive", f"{done.rowcount}")
        return done.rowcount


@dataclass(frozen=True, slots=True)
class _Person:
    reader: int
    delivery: int | None = None


def _people(connection: Connection, found: Returned) -> Iterator[_Person]:
    """Who is meant: by our own Message-ID if it tells, else by the addresses."""
    if found.message_id:
        row = connection.execute(
            select(deliveries.c.id, readers.c.id.label("reader"))
            .join_from(deliveries, readers, readers.c.id == deliveries.c.reader)
            .where(deliveries.c.message_id == found.message_id, readers.c.address.is_not(None))
        ).first()
        if row is not None:
            yield _Person(row.reader, row.id)
            return
    for written in found.addresses:
        address = read_address(written)
        if isinstance(address, Address):
            known = connection.scalar(select(readers.c.id).where(readers.c.key == address.key))
            if known is not None:
                yield _Person(known)


def _is_known(connection: Connection, digest: str, reader: int) -> bool:
    query = select(bounces.c.id).where(bounces.c.digest == digest, bounces.c.reader == reader)
    return connection.scalar(query) is not None


def _bounce(row: Row[tuple[object, ...]]) -> Bounce:
    return Bounce(
        at=row.at,
        kind=Kind(row.kind),
        reason=Reason(row.reason),
        said=row.said,
        address=row.address or "",
        forgiven=row.forgiven is not None,
    )
