"""Readers, the lists that they take, and those who are never written to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from jianbao.deliver.readers.acts import note
from jianbao.store.delivery import (
    asks,
    consents,
    import_changes,
    lists,
    readers,
    subscriptions,
    suppressions,
    tags,
)
from jianbao.store.engine import reading, writing
from jianbao.store.tables import SUBSCRIBERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from jianbao.deliver.keys import Keyring
    from jianbao.deliver.readers.acts import Actor
    from jianbao.deliver.readers.addresses import Address

#: Readers that are fetched at a time.
_PAGE = 1000


class Standing(StrEnum):
    """Of a reader on a list."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"


STANDING_NAMES = {
    Standing.PENDING: "待确认",
    Standing.CONFIRMED: "在订",
    Standing.UNSUBSCRIBED: "已退订",
}


class Reason(StrEnum):
    """Why somebody is never written to, whatever lists say."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    BY_HAND = "by-hand"
    UNSUBSCRIBED = "unsubscribed"
    ERASED = "erased"


REASON_NAMES = {
    Reason.BOUNCED: "退信",
    Reason.COMPLAINED: "投诉",
    Reason.BY_HAND: "人工停发",
    Reason.UNSUBSCRIBED: "全部退订",
    Reason.ERASED: "要求删除",
}


def digest_of(address: Address, keys: Keyring) -> str:
    """What is left of an address after it is erased: it still suppresses, and says nothing.

    With the oldest key, so that changing keys loses nobody who asked not to be written to.
    """
    return keys.keys[0].digest("reader", address.key).hex()


@dataclass(frozen=True, slots=True)
class Suppression:
    """Who is never written to, and why, in a word and in ``words``."""

    address: Address
    reason: Reason
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """All that is kept of a reader. ``lists`` are standings by the list's name."""

    id: int
    address: str
    name: str
    added: datetime
    lists: Mapping[str, Standing]
    tags: tuple[str, ...]
    attributes: Mapping[str, str]
    consents: tuple[tuple[str, str, str], ...]  # when, how, what shows it
    suppressed: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which readers: on ``list``, with ``tag``, with ``word`` in address or name; "" is any."""

    list: str = ""
    tag: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Subscribers:
    """The readers of the store behind ``engine``."""

    engine: Engine
    keys: Keyring

    def all(self, wanted: Wanted) -> Iterator[Subscriber]:
        """Those ``wanted`` by the order in which they came, a page of the store at a time."""
        last = 0
        while page := self._page(wanted, last):
            yield from page
            last = page[-1].id

    def attribute_names(self, wanted: Wanted) -> tuple[str, ...]:
        """What else is kept of them, in the order in which it came."""
        names = (name for one in self.all(wanted) for name in one.attributes)
        return tuple(dict.fromkeys(names))

    def _page(self, wanted: Wanted, after: int) -> tuple[Subscriber, ...]:
        query = select(readers.c.id).where(readers.c.id > after, readers.c.erased.is_(None))
        if wanted.list:
            on_list = (
                select(subscriptions.c.reader)
                .join(lists, lists.c.id == subscriptions.c.list)
                .where(lists.c.name == wanted.list)
            )
            query = query.where(readers.c.id.in_(on_list))
        if wanted.tag:
            query = query.where(
                readers.c.id.in_(select(tags.c.reader).where(tags.c.tag == wanted.tag))
            )
        if wanted.word:
            query = query.where(
                readers.c.key.contains(wanted.word.lower(), autoescape=True)
                | readers.c.name.contains(wanted.word, autoescape=True)
            )
        with reading(self.engine) as connection:
            ids = connection.scalars(query.order_by(readers.c.id).limit(_PAGE)).all()
            return fetch(connection, tuple(ids))

    def find(self, address: Address) -> Subscriber | None:
        """The reader with ``address``."""
        with reading(self.engine) as connection:
            number = connection.scalar(select(readers.c.id).where(readers.c.key == address.key))
            return fetch(connection, (number,))[0] if number is not None else None

    def lists(self) -> tuple[tuple[str, bool, Mapping[Standing, int]], ...]:
        """Each list, whether it asks for confirmation, and its readers by standing."""
        query = (
            select(lists.c.name, lists.c.opt_in, subscriptions.c.state, func.count())
            .select_from(lists.outerjoin(subscriptions, subscriptions.c.list == lists.c.id))
            .group_by(lists.c.id, lists.c.name, lists.c.opt_in, subscriptions.c.state)
            .order_by(lists.c.id)
        )
        found: dict[str, tuple[bool, dict[Standing, int]]] = {}
        with reading(self.engine) as connection:
            for name, opt_in, state, many in connection.execute(query):
                counts = found.setdefault(name, (opt_in, {}))[1]
                if state is not None:
                    counts[Standing(state)] = many
        return tuple((name, opt_in, counts) for name, (opt_in, counts) in found.items())

    def is_suppressed(self, address: Address) -> Reason | None:
        """Why ``address`` is never written to."""
        query = select(suppressions.c.reason).where(
            suppressions.c.digest == digest_of(address, self.keys)
        )
        with reading(self.engine) as connection:
            found = connection.scalar(query)
        return Reason(found) if found else None

    def suppress(self, address: Address, reason: Reason, words: str, actor: Actor) -> bool:
        """Never write to ``address`` again; whether that is news."""
        with writing(self.engine, SUBSCRIBERS) as connection:
            return suppress(connection, self.keys, Suppression(address, reason, words), actor)

    def release(self, address: Address, actor: Actor) -> Reason | None:
        """Let ``address`` be written to again; why it was not. Who was erased stays so."""
        digest = digest_of(address, self.keys)
        with writing(self.engine, SUBSCRIBERS) as connection:
            reason = _reason(connection, digest)
            if reason is not None and reason is not Reason.ERASED:
                connection.execute(delete(suppressions).where(suppressions.c.digest == digest))
                note(connection, actor, "release", f"{digest[:12]} {reason}")
        return reason

    def erase(self, address: Address, actor: Actor) -> bool:
        """Forget the person; whether anything was known. The digest keeps suppressing."""
        digest = digest_of(address, self.keys)
        with writing(self.engine, SUBSCRIBERS) as connection:
            number = connection.scalar(select(readers.c.id).where(readers.c.digest == digest))
            known = number is not None or _reason(connection, digest) is not None
            _erase(connection, digest, number, actor)
        return known

    def erase_reader(self, reader: int, actor: Actor) -> None:
        """Forget the person ``reader``; the digest keeps suppressing."""
        with writing(self.engine, SUBSCRIBERS) as connection:
            digest = connection.scalar(
                select(readers.c.digest).where(readers.c.id == reader, readers.c.erased.is_(None))
            )
            if digest is not None:
                _erase(connection, digest, reader, actor)

    def set_opt_in(self, name: str, actor: Actor, *, opt_in: bool) -> None:
        """Whether readers who are entered on the list ``name`` must confirm; it may be new."""
        with writing(self.engine, SUBSCRIBERS) as connection:
            number = list_number(connection, name)
            connection.execute(update(lists).where(lists.c.id == number).values(opt_in=opt_in))
            note(connection, actor, "list", f"{name} opt_in={opt_in}")


def suppress(connection: Connection, keys: Keyring, suppression: Suppression, actor: Actor) -> bool:
    """Never write to an address again; whether that is news."""
    who = (digest_of(suppression.address, keys), str(suppression.address))
    return _suppress(connection, who, suppression.reason, suppression.words, actor)


def suppress_reader(
    connection: Connection, reader: int, reason: Reason, words: str, actor: Actor
) -> bool:
    """Never write to ``reader`` again; whether that is news."""
    person = connection.execute(
        select(readers.c.digest, readers.c.address).where(readers.c.id == reader)
    ).first()
    if person is None:  # the import that brought the reader was undone
        return False
    return _suppress(connection, (person.digest, person.address), reason, words, actor)


def _suppress(
    connection: Connection, who: tuple[str, str | None], reason: Reason, words: str, actor: Actor
) -> bool:
    digest, address = who
    if _reason(connection, digest) is not None:
        return False
    connection.execute(
        insert(suppressions).values(
            digest=digest, address=address, reason=reason, note=words, at=actor.at
        )
    )
    note(connection, actor, "suppress", f"{digest[:12]} {reason}")
    return True


def list_number(connection: Connection, name: str) -> int:
    """The id of the list ``name``, which is made where there is none."""
    number = connection.scalar(select(lists.c.id).where(lists.c.name == name))
    if number is None:
        entered = insert(lists).values(name=name, opt_in=False).returning(lists.c.id)
        number = connection.execute(entered).scalar_one()
    return int(number)


def _reason(connection: Connection, digest: str) -> Reason | None:
    found = connection.scalar(select(suppressions.c.reason).where(suppressions.c.digest == digest))
    return Reason(found) if found else None


def _erase(connection: Connection, digest: str, number: int | None, actor: Actor) -> None:
    connection.execute(delete(suppressions).where(suppressions.c.digest == digest))
    connection.execute(
        insert(suppressions).values(
            digest=digest, address=None, reason=Reason.ERASED, note="", at=actor.at
        )
    )
    if number is not None:
        _forget(connection, number, actor.at)
    note(connection, actor, "erase", digest[:12])


def _forget(connection: Connection, number: int, at: datetime) -> None:
    """What says who the reader was. The row stays: deliveries are counted by it."""
    for table in (subscriptions, tags, consents, asks, import_changes):
        connection.execute(delete(table).where(table.c.reader == number))
    connection.execute(
        update(readers)
        .where(readers.c.id == number)
        .values(key=None, address=None, domain="", name="", attributes={}, erased=at)
    )


def fetch(connection: Connection, ids: tuple[int, ...]) -> tuple[Subscriber, ...]:
    """Readers by their ids, whole, in order."""
    if not ids:
        return ()
    standings: dict[int, dict[str, Standing]] = {}
    of_readers = (
        select(subscriptions.c.reader, lists.c.name, subscriptions.c.state)
        .join(lists, lists.c.id == subscriptions.c.list)
        .where(subscriptions.c.reader.in_(ids))
        .order_by(lists.c.id)
    )
    for reader, name, state in connection.execute(of_readers):
        standings.setdefault(reader, {})[name] = Standing(state)
    tagged: dict[int, list[str]] = {}
    for reader, tag in connection.execute(
        select(tags.c.reader, tags.c.tag).where(tags.c.reader.in_(ids))
    ):
        tagged.setdefault(reader, []).append(tag)
    agreed: dict[int, list[tuple[str, str, str]]] = {}
    for reader, *consent in connection.execute(
        select(consents.c.reader, consents.c.given, consents.c.how, consents.c.evidence)
        .where(consents.c.reader.in_(ids))
        .order_by(consents.c.id)
    ):
        agreed.setdefault(reader, []).append((consent[0], consent[1], consent[2]))
    rows = connection.execute(
        select(readers, suppressions.c.reason)
        .outerjoin(suppressions, suppressions.c.digest == readers.c.digest)
        .where(readers.c.id.in_(ids))
        .order_by(readers.c.id)
    )
    return tuple(
        Subscriber(
            id=row.id,
            address=row.address,
            name=row.name,
            added=row.added,
            lists=standings.get(row.id, {}),
            tags=tuple(sorted(tagged.get(row.id, ()))),
            attributes=row.attributes,
            consents=tuple(agreed.get(row.id, ())),
            suppressed=Reason(row.reason) if row.reason else None,
        )
        for row in rows
    )
