"""What readers decide themselves, by the links in their letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from jianbao.deliver.readers.acts import note
from jianbao.deliver.readers.subscribers import (
    Reason,
    Standing,
    Subscribers,
    fetch,
    suppress_reader,
)
from jianbao.store.delivery import consents, lists, readers, subscriptions, suppressions
from jianbao.store.engine import reading, writing
from jianbao.store.tables import SUBSCRIBERS

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from jianbao.deliver.keys import Keyring
    from jianbao.deliver.readers.acts import Actor
    from jianbao.deliver.readers.subscribers import Subscriber

#: How a consent was given that a reader gave on a page of ours.
_HOW = "读者在网页上确认"


@dataclass(frozen=True, slots=True)
class Choices:
    """The readers of the store behind ``engine``, each by the number in a token."""

    engine: Engine
    keys: Keyring

    def find(self, reader: int) -> Subscriber | None:
        """What is kept of ``reader``; None where it was erased."""
        with reading(self.engine) as connection:
            query = select(readers.c.id).where(readers.c.id == reader, readers.c.erased.is_(None))
            return fetch(connection, (reader,))[0] if connection.scalar(query) else None

    def leave(self, reader: int, name: str, actor: Actor) -> None:
        """Take ``reader`` off the list ``name``."""
        with writing(self.engine, SUBSCRIBERS) as connection:
            _stand(connection, reader, name, Standing.UNSUBSCRIBED, actor)
            note(connection, actor, "unsubscribe", f"{reader} {name}")

    def leave_all(self, reader: int, actor: Actor) -> None:
        """Write to ``reader`` no more, whatever lists there will be. Done twice it is done once."""
        with writing(self.engine, SUBSCRIBERS) as connection:
            leave_all(connection, reader, actor)

    def join(self, reader: int, name: str, actor: Actor) -> None:
        """Put ``reader`` on the list ``name`` again: who left may come back, nobody else."""
        with writing(self.engine, SUBSCRIBERS) as connection:
            _take_back(connection, reader)
            _stand(connection, reader, name, Standing.CONFIRMED, actor)
            _consent(connection, reader, actor)
            note(connection, actor, "subscribe", f"{reader} {name}")

    def confirm(self, reader: int, actor: Actor) -> None:
        """``reader`` did ask for what waits to be confirmed."""
        with writing(self.engine, SUBSCRIBERS) as connection:
            done = connection.execute(
                update(subscriptions)
                .where(subscriptions.c.reader == reader, subscriptions.c.state == Standing.PENDING)
                .values(state=Standing.CONFIRMED, changed=actor.at)
            )
            if done.rowcount:
                _consent(connection, reader, actor)
                note(connection, actor, "confirm", str(reader))

    def erase(self, reader: int, actor: Actor) -> None:
        """Forget ``reader`` (个人信息保护法, article 47); a digest keeps others from writing."""
        Subscribers(self.engine, self.keys).erase_reader(reader, actor)


def leave_all(connection: Connection, reader: int, actor: Actor) -> None:
    """See `Choices.leave_all`; in a transaction that there is already."""
    suppress_reader(connection, reader, Reason.UNSUBSCRIBED, "", actor)


def _stand(
    connection: Connection, reader: int, name: str, standing: Standing, actor: Actor
) -> None:
    """Give ``reader`` a ``standing`` on a list that it is on already; other lists stay closed."""
    number = select(lists.c.id).where(lists.c.name == name).scalar_subquery()
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.reader == reader, subscriptions.c.list == number)
        .values(state=standing, changed=actor.at)
    )


def _take_back(connection: Connection, reader: int) -> None:
    """Undo a suppression that the reader asked for; what bounced or complained stays."""
    digest = select(readers.c.digest).where(readers.c.id == reader).scalar_subquery()
    connection.execute(
        delete(suppressions).where(
            suppressions.c.digest == digest, suppressions.c.reason == Reason.UNSUBSCRIBED
        )
    )


def _consent(connection: Connection, reader: int, actor: Actor) -> None:
    connection.execute(
        insert(consents).values(
            reader=reader,
            given=actor.at.isoformat(timespec="seconds"),
            how=_HOW,
            evidence=actor.name,
            recorded=actor.at,
        )
    )
