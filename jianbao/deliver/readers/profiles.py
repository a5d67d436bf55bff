"""What an import may change of a reader, as it was and as it is to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from jianbao.deliver.readers.subscriber_files import Consent
from jianbao.deliver.readers.subscribers import Standing
from jianbao.store.delivery import consents, lists, readers, subscriptions, tags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from jianbao.deliver.readers.subscriber_files import SubscriberRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What an import may change of a reader."""

    name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, Standing] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    consents: frozenset[Consent] = frozenset()

    def merged(self, row: SubscriberRow, opt_in: frozenset[str]) -> Profile:
        """With what ``row`` says. A cell left empty changes nothing.

        A standing that there is stays: an import brings nobody back who left. On lists in
        ``opt_in`` a reader without a consent on record must confirm.
        """
        agreed = bool(row.consent.at and row.consent.how)
        entered = {
            name: Standing.PENDING if name in opt_in and not agreed else Standing.CONFIRMED
            for name in row.lists
        }
        return Profile(
            name=row.name or self.name,
            attributes={**self.attributes, **row.attributes},
            lists={**entered, **self.lists},
            tags=self.tags | frozenset(row.tags),
            consents=self.consents | ({row.consent} - {Consent()}),
        )

    def as_json(self) -> dict[str, Any]:
        """As it is kept for the undo."""
        return {
            "name": self.name,
            "attributes": dict(self.attributes),
            "lists": sorted(self.lists),
            "tags": sorted(self.tags),
        }


def known_profiles(connection: Connection, keys: Sequence[str]) -> dict[str, tuple[int, Profile]]:
    """Readers by their key: the id, and the profile."""
    rows = connection.execute(
        select(readers.c.id, readers.c.key, readers.c.name, readers.c.attributes).where(
            readers.c.key.in_(keys)
        )
    ).all()
    ids = [row.id for row in rows]
    if not ids:
        return {}
    standings = _standings(connection, ids)
    tagged: dict[int, set[str]] = {number: set() for number in ids}
    for number, tag in connection.execute(
        select(tags.c.reader, tags.c.tag).where(tags.c.reader.in_(ids))
    ):
        tagged[number].add(tag)
    agreed = _consents(connection, ids)
    return {
        row.key: (
            row.id,
            Profile(
                name=row.name,
                attributes=row.attributes,
                lists=standings[row.id],
                tags=frozenset(tagged[row.id]),
                consents=frozenset(agreed[row.id]),
            ),
        )
        for row in rows
    }


def _standings(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, Standing]]:
    found: dict[int, dict[str, Standing]] = {number: {} for number in ids}
    for number, name, state in connection.execute(
        select(subscriptions.c.reader, lists.c.name, subscriptions.c.state)
        .join(lists, lists.c.id == subscriptions.c.list)
        .where(subscriptions.c.reader.in_(ids))
    ):
        found[number][name] = Standing(state)
    return found


def _consents(connection: Connection, ids: Sequence[int]) -> dict[int, set[Consent]]:
    found: dict[int, set[Consent]] = {number: set() for number in ids}
    for number, given, how, evidence in connection.execute(
        select(consents.c.reader, consents.c.given, consents.c.how, consents.c.evidence).where(
            consents.c.reader.in_(ids)
        )
    ):
        found[number].add(Consent(at=given, how=how, evidence=evidence))
    return found
