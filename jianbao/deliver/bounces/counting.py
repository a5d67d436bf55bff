"""Counts a failure against its reader, and ends it there: in the transaction of whoever saw it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from jianbao.deliver.bounces.returned import Kind
from jianbao.deliver.bounces.tally import Mark, tally
from jianbao.deliver.readers.subscribers import Reason, suppress_reader
from jianbao.deliver.smtp.replies import Reason as Why
from jianbao.store.delivery import bounces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from jianbao.deliver.bounces.tally import Limits
    from jianbao.deliver.readers.acts import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Of one reader: in a message that came back, or in a server's reply.

    ``digest`` is by what it is known again.
    """

    digest: str
    kind: Kind
    reason: Why
    said: str
    reader: int
    delivery: int | None = None


def count(connection: Connection, failure: Failure, limits: Limits, actor: Actor) -> bool:
    """Put ``failure`` on record; whether its reader is not written to any more."""
    connection.execute(
        insert(bounces).values(
            digest=failure.digest,
            at=actor.at,
            kind=failure.kind,
            reason=failure.reason,
            said=failure.said,
            reader=failure.reader,
            delivery=failure.delivery,
        )
    )
    why = tally(_marks(connection, failure.reader), actor.at.date()).exceeded(limits)
    if why:
        reason = Reason.COMPLAINED if failure.kind is Kind.COMPLAINT else Reason.BOUNCED
        suppress_reader(connection, failure.reader, reason, why, actor)
    return bool(why)


def _marks(connection: Connection, reader: int) -> Iterator[Mark]:
    query = select(bounces.c.at, bounces.c.kind, bounces.c.reason).where(
        bounces.c.reader == reader, bounces.c.forgiven.is_(None)
    )
    for row in connection.execute(query):
        yield Mark(row.at.date(), Kind(row.kind), Why(row.reason))
