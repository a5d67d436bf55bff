"""Bring a file of subscribers into the store: a batch at a time, all of it or nothing."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Column, MetaData, Table, Text, bindparam, insert, select, update

from jianbao.deliver.readers.acts import note
from jianbao.deliver.readers.profiles import Profile, known_profiles
from jianbao.deliver.readers.subscriber_files import BadRow, read_subscribers
from jianbao.deliver.readers.subscribers import digest_of, list_number
from jianbao.store.delivery import (
    consents,
    import_changes,
    imports,
    lists,
    readers,
    subscriptions,
    suppressions,
    tags,
)
from jianbao.store.engine import writing
from jianbao.store.tables import SUBSCRIBERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from jianbao.deliver.keys import Keyring
    from jianbao.deliver.readers.acts import Actor
    from jianbao.deliver.readers.subscriber_files import SubscriberRow

_T = TypeVar("_T")

#: Rows that are looked up and written at a time.
_BATCH = 2000
_BLOCK = 1 << 20

#: The addresses that this file has had. In the database, since a set of them would grow.
_seen = Table("seen", MetaData(), Column("key", Text, primary_key=True), prefixes=["TEMPORARY"])


class Fate(StrEnum):
    """What importing makes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SUPPRESSED = "suppressed"
    BAD = "bad"


FATE_NAMES = {
    Fate.NEW: "新增",
    Fate.CHANGED: "有改动",
    Fate.UNCHANGED: "没有变化",
    Fate.SUPPRESSED: "跳过停发的",
    Fate.BAD: "跳过有问题的",
}


@dataclass(frozen=True, slots=True)
class Import:
    """A file to bring in: ``default`` is the list of rows that name none."""

    file: Path
    default: str
    actor: Actor


class _OnlyLooking(Exception):
    """Ends a transaction whose changes are not to be kept."""


@dataclass(frozen=True, slots=True)
class Importing:
    """Imports into the store behind ``engine``."""

    engine: Engine
    keys: Keyring

    def run(
        self, order: Import, say: Callable[[int], None], report: Callable[[BadRow], None]
    ) -> Mapping[Fate, int]:
        """Bring in ``order.file``; how many rows met which fate.

        ``say`` hears how many rows were read so far, ``report`` each row that is passed over.

        Raises:
            UsageProblem: The file cannot be read; then nothing is changed.
        """
        with writing(self.engine, SUBSCRIBERS) as connection:
            counts = _Run(connection, self.keys, order, report).bring_in(say)
            if any(counts[fate] for fate in (Fate.NEW, Fate.CHANGED)):
                note(connection, order.actor, "import", f"{order.file.name} {dict(counts)}")
        return counts

    def preview(
        self, order: Import, say: Callable[[int], None], report: Callable[[BadRow], None]
    ) -> Mapping[Fate, int]:
        """The same, but nothing is kept: what a preview shows is what `run` would do."""
        counts: Mapping[Fate, int] = {}
        with suppress(_OnlyLooking), writing(self.engine, SUBSCRIBERS) as connection:
            counts = _Run(connection, self.keys, order, report).bring_in(say)
            raise _OnlyLooking
        return counts


class _Run:
    """One import in one transaction."""

    def __init__(
        self,
        connection: Connection,
        keys: Keyring,
        order: Import,
        report: Callable[[BadRow], None],
    ) -> None:
        self._connection = connection
        self._keys = keys
        self._order = order
        self._report = report
        self._counts = dict.fromkeys(Fate, 0)
        self._lists: dict[str, int] = {}
        self._opt_in = frozenset(
            connection.scalars(select(lists.c.name).where(lists.c.opt_in.is_(True)))
        )

    def bring_in(self, say: Callable[[int], None]) -> Mapping[Fate, int]:
        order = self._order
        _seen.drop(self._connection, checkfirst=True)
        _seen.create(self._connection)
        self._number = self._connection.scalar(
            insert(imports)
            .values(
                at=order.actor.at,
                by=order.actor.name,
                file=order.file.name,
                sha256=_sha256(order.file),
                counts={},
            )
            .returning(imports.c.id)
        )
        for batch in _batched(read_subscribers(order.file), _BATCH):
            self._take(batch)
            say(sum(self._counts.values()))
        _seen.drop(self._connection)
        self._connection.execute(
            update(imports).where(imports.c.id == self._number).values(counts=self._counts)
        )
        return self._counts

    def _take(self, batch: Sequence[SubscriberRow | BadRow]) -> None:
        rows = self._first_ones(self._good_ones(batch))
        digests = {row.address.key: digest_of(row.address, self._keys) for row in rows}
        held = set(
            self._connection.scalars(
                select(suppressions.c.digest).where(suppressions.c.digest.in_(digests.values()))
            )
        )
        wanted = [row for row in rows if digests[row.address.key] not in held]
        self._counts[Fate.SUPPRESSED] += len(rows) - len(wanted)
        known = known_profiles(self._connection, [row.address.key for row in wanted])
        added: list[tuple[SubscriberRow, Profile]] = []
        changed: list[tuple[int, Profile, Profile]] = []
        for row in wanted:
            number, before = known.get(row.address.key, (0, Profile()))
            after = before.merged(row, self._opt_in)
            if not number:
                added.append((row, after))
            elif after != before:
                changed.append((number, before, after))
        self._counts[Fate.NEW] += len(added)
        self._counts[Fate.CHANGED] += len(changed)
        self._counts[Fate.UNCHANGED] += len(wanted) - len(added) - len(changed)
        self._add(added, digests)
        self._change(changed)

    def _good_ones(self, batch: Sequence[SubscriberRow | BadRow]) -> Iterator[SubscriberRow]:
        for row in batch:
            if isinstance(row, BadRow):
                self._refuse(row)
            else:
                yield row

    def _first_ones(self, rows: Iterable[SubscriberRow]) -> list[SubscriberRow]:
        """Those whose address this file has not had before."""
        first: dict[str, SubscriberRow] = {}
        for row in rows:
            if row.address.key in first:
                self._refuse_repeated(row)
            else:
                first[row.address.key] = self._with_list(row)
        earlier = set(self._connection.scalars(select(_seen.c.key).where(_seen.c.key.in_(first))))
        for key in earlier:
            self._refuse_repeated(first.pop(key))
        if first:
            self._connection.execute(insert(_seen), [{"key": key} for key in first])
        return list(first.values())

    def _with_list(self, row: SubscriberRow) -> SubscriberRow:
        return row if row.lists else replace(row, lists=(self._order.default,))

    def _refuse_repeated(self, row: SubscriberRow) -> None:
        self._refuse(BadRow(row.line, f"{row.address} 前面已经有了，以前面的为准"))

    def _refuse(self, row: BadRow) -> None:
        self._counts[Fate.BAD] += 1
        self._report(row)

    def _add(
        self, added: Sequence[tuple[SubscriberRow, Profile]], digests: Mapping[str, str]
    ) -> None:
        self._insert(
            readers,
            [
                {
                    "key": row.address.key,
                    "address": str(row.address),
                    "domain": row.address.domain,
                    "name": profile.name,
                    "attributes": dict(profile.attributes),
                    "digest": digests[row.address.key],
                    "added": self._order.actor.at,
                }
                for row, profile in added
            ],
        )
        keys = [row.address.key for row, _ in added]
        rows = self._connection.execute(
            select(readers.c.key, readers.c.id).where(readers.c.key.in_(keys))
        )
        numbers = {row.key: row.id for row in rows}
        self._extend([(numbers[row.address.key], Profile(), profile) for row, profile in added])
        self._remember([(numbers[key], None) for key in keys])

    def _change(self, changed: Sequence[tuple[int, Profile, Profile]]) -> None:
        if not changed:
            return
        self._connection.execute(
            update(readers)
            .where(readers.c.id == bindparam("number"))
            .values(name=bindparam("new_name"), attributes=bindparam("new_attributes")),
            [
                {
                    "number": number,
                    "new_name": after.name,
                    "new_attributes": dict(after.attributes),
                }
                for number, _, after in changed
            ],
        )
        self._extend(changed)
        self._remember([(number, before.as_json()) for number, before, _ in changed])

    def _extend(self, pairs: Sequence[tuple[int, Profile, Profile]]) -> None:
        """The lists, tags and consents that a reader has after and had not before."""
        at = self._order.actor.at
        self._insert(
            subscriptions,
            [
                {"reader": number, "list": self._list(name), "state": state, "changed": at}
                for number, before, after in pairs
                for name, state in after.lists.items()
                if name not in before.lists
            ],
        )
        self._insert(
            tags,
            [
                {"reader": number, "tag": tag}
                for number, before, after in pairs
                for tag in sorted(after.tags - before.tags)
            ],
        )
        self._insert(
            consents,
            [
                {
                    "reader": number,
                    "given": consent.at,
                    "how": consent.how,
                    "evidence": consent.evidence,
                    "recorded": at,
                }
                for number, before, after in pairs
                for consent in after.consents - before.consents
            ],
        )

    def _remember(self, befores: Sequence[tuple[int, dict[str, Any] | None]]) -> None:
        """For the undo."""
        self._insert(
            import_changes,
            [
                {"import": self._number, "reader": number, "before": before}
                for number, before in befores
            ],
        )

    def _insert(self, table: Table, values: Sequence[Mapping[str, Any]]) -> None:
        if values:
            self._connection.execute(insert(table), values)

    def _list(self, name: str) -> int:
        if name not in self._lists:
            self._lists[name] = list_number(self._connection, name)
        return self._lists[name]


def _batched(rows: Iterable[_T], size: int) -> Iterator[tuple[_T, ...]]:
    iterator = iter(rows)
    while batch := tuple(islice(iterator, size)):
        yield batch


def _sha256(file: Path) -> str:
    """Of the file, by which an import can be told later."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
