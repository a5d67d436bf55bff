"""Letters that ask readers to confirm, in the store: who is due, and that nobody is pestered.

A row is there before its letter goes out, so a crash may cost a reader one letter and never
sends two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from jianbao.deliver.bounces.counting import Failure, count
from jianbao.deliver.bounces.returned import Kind
from jianbao.deliver.bounces.tally import Limits
from jianbao.deliver.campaigns.buckets import ACCOUNT, Buckets
from jianbao.deliver.readers.acts import Actor
from jianbao.deliver.readers.audience import is_suppressed
from jianbao.deliver.readers.subscribers import Standing
from jianbao.deliver.smtp.replies import Reason
from jianbao.store.delivery import asks, lists, readers, subscriptions
from jianbao.store.engine import reading, writing
from jianbao.store.tables import SUBSCRIBERS

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Select

    from jianbao.deliver.campaigns.buckets import Limits as Rates

#: Between two letters to one reader, and how many there are in all.
APART, MOST = timedelta(days=7), 3
_SERVER = "邮件服务器"


class Turn(StrEnum):
    """Whether a reader who has not confirmed is asked now."""

    NOW = "now"
    LATER = "later"  # asked a short while ago
    NEVER = "never"  # asked often enough


def turn(times: int, last: datetime | None, now: datetime) -> Turn:
    """Of a reader who was asked so many ``times``, the ``last`` time then."""
    if times >= MOST:
        return Turn.NEVER
    return Turn.NOW if last is None or now - last >= APART else Turn.LATER


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A letter that this process, and nobody else, is to send now."""

    id: int
    reader: int
    times: int  # from 1
    address: str
    name: str
    domain: str
    lists: tuple[str, ...]


class Held(StrEnum):
    """Why there is no letter to a reader who was due."""

    ACCOUNT = "account"  # its rate: in a moment
    DOMAIN = "domain"  # its rate, or it rests
    GONE = "gone"  # confirmed, left or asked by another meanwhile


@dataclass(frozen=True, slots=True)
class Asks:
    """Those of the store behind ``engine``; ``name`` is the list that is asked for, "" all."""

    engine: Engine
    rates: Rates
    name: str = ""

    def turns(self, now: datetime) -> dict[int, Turn]:
        """Readers who have not confirmed and may be written to, by their ids."""
        with reading(self.engine) as connection:
            rows = connection.execute(self._waiting()).all()
        return {row.id: turn(row.times, row.last, now) for row in rows}

    def take(self, reader: int, now: datetime) -> Ask | Held:
        """Enter a letter to ``reader``, if it is due and rates allow."""
        with writing(self.engine, SUBSCRIBERS) as connection:
            row = connection.execute(self._waiting().where(readers.c.id == reader)).first()
            if row is None or turn(row.times, row.last, now) is not Turn.NOW:
                return Held.GONE
            books = Buckets(connection, self.rates, {}, now)
            if not books.allowed(ACCOUNT):
                return Held.ACCOUNT
            if not books.allowed(row.domain):
                return Held.DOMAIN
            books.close([row.domain])
            entered = insert(asks).values(reader=reader, at=now, reply="").returning(asks.c.id)
            return Ask(
                id=connection.execute(entered).scalar_one(),
                reader=reader,
                times=row.times + 1,
                address=row.address,
                name=row.name,
                domain=row.domain,
                lists=_waited_for(connection, reader),
            )

    def sent(self, ask: Ask, reply: str) -> None:
        """What the server said, or why nobody knows."""
        with writing(self.engine, SUBSCRIBERS) as connection:
            connection.execute(update(asks).where(asks.c.id == ask.id).values(reply=reply))

    def refused(self, ask: Ask, reply: str, now: datetime, *, hard: bool) -> None:
        """The server does not take it; ``hard``: there is no such reader."""
        with writing(self.engine, SUBSCRIBERS) as connection:
            connection.execute(update(asks).where(asks.c.id == ask.id).values(reply=reply))
            if hard:
                count(connection, _failure(ask, reply), Limits(), Actor(_SERVER, now))

    def unsent(self, ask: Ask) -> None:
        """It has not gone out: another time."""
        with writing(self.engine, SUBSCRIBERS) as connection:
            connection.execute(delete(asks).where(asks.c.id == ask.id))

    def _waiting(self) -> Select[tuple[int, str, str, str, int, datetime | None]]:
        pending = select(subscriptions.c.reader).where(subscriptions.c.state == Standing.PENDING)
        if self.name:
            number = select(lists.c.id).where(lists.c.name == self.name)
            pending = pending.where(subscriptions.c.list.in_(number))
        person = (readers.c.id, readers.c.address, readers.c.name, readers.c.domain)
        return (
            select(*person, func.count(asks.c.id).label("times"), func.max(asks.c.at).label("last"))
            .outerjoin(asks, asks.c.reader == readers.c.id)
            .where(
                readers.c.id.in_(pending),
                readers.c.erased.is_(None),
                ~is_suppressed(readers.c.digest),
            )
            .group_by(*person, readers.c.digest)
            .order_by(readers.c.id)
        )


def _waited_for(connection: Connection, reader: int) -> tuple[str, ...]:
    query = (
        select(lists.c.name)
        .join(subscriptions, subscriptions.c.list == lists.c.id)
        .where(subscriptions.c.reader == reader, subscriptions.c.state == Standing.PENDING)
        .order_by(lists.c.id)
    )
    return tuple(connection.scalars(query))


def _failure(ask: Ask, reply: str) -> Failure:
    return Failure(
        digest=f"ask {ask.id}",
        kind=Kind.FAILED,
        reason=Reason.NO_SUCH,
        said=reply,
        reader=ask.reader,
    )
