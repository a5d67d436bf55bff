"""Take back the last import: readers and what was changed of them, never what they said since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, select, update

from jianbao.deliver.readers.acts import note
from jianbao.deliver.readers.subscribers import Standing
from jianbao.store.delivery import (
    asks,
    bounces,
    consents,
    deliveries,
    import_changes,
    imports,
    lists,
    readers,
    subscriptions,
    tags,
)
from jianbao.store.engine import writing
from jianbao.store.tables import SUBSCRIBERS

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from jianbao.deliver.readers.acts import Actor

#: Changes that are taken back at a time.
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Undone:
    """The import that was taken back: readers removed, restored, and kept off its lists.

    ``kept``: they were written to meanwhile, and what was sent stays on record.
    """

    file: str
    removed: int
    restored: int
    kept: int


def undo_import(engine: Engine, actor: Actor) -> Undone | None:
    """Take back the last import that changed anything; None where there is none."""
    with writing(engine, SUBSCRIBERS) as connection:
        row = connection.execute(
            select(imports)
            .where(
                imports.c.undone.is_(None),
                exists().where(import_changes.c["import"] == imports.c.id),
            )
            .order_by(imports.c.id.desc())
            .limit(1)
        ).first()
        if row is None:
            return None
        counts = {"removed": 0, "restored": 0, "kept": 0}
        while page := _page(connection, row.id):
            for reader, before in page:
                counts[_take_back(connection, reader, before)] += 1
            connection.execute(
                delete(import_changes).where(
                    import_changes.c["import"] == row.id,
                    import_changes.c.reader.in_([reader for reader, _ in page]),
                )
            )
        connection.execute(update(imports).where(imports.c.id == row.id).values(undone=actor.at))
        note(connection, actor, "undo-import", f"{row.file} {counts}")
    return Undone(row.file, **counts)


def _page(connection: Connection, number: int) -> list[tuple[int, dict[str, Any] | None]]:
    query = (
        select(import_changes.c.reader, import_changes.c.before)
        .where(import_changes.c["import"] == number)
        .limit(_PAGE)
    )
    return [(row.reader, row.before) for row in connection.execute(query)]


def _take_back(connection: Connection, reader: int, before: dict[str, Any] | None) -> str:
    if before is not None:
        _restore(connection, reader, before)
        return "restored"
    if any(
        connection.scalar(select(exists().where(table.c.reader == reader)))
        for table in (deliveries, asks, bounces)
    ):
        _restore(connection, reader, {"lists": (), "tags": ()})
        return "kept"
    for table in (subscriptions, tags, consents):
        connection.execute(delete(table).where(table.c.reader == reader))
    connection.execute(delete(readers).where(readers.c.id == reader))
    return "removed"


def _restore(connection: Connection, reader: int, before: dict[str, Any]) -> None:
    """As it was. Whoever has unsubscribed since stays unsubscribed."""
    if "name" in before:
        connection.execute(
            update(readers)
            .where(readers.c.id == reader)
            .values(name=before["name"], attributes=before["attributes"])
        )
    had = select(lists.c.id).where(lists.c.name.in_(before["lists"]))
    connection.execute(
        delete(subscriptions).where(
            subscriptions.c.reader == reader,
            subscriptions.c.list.not_in(had),
            subscriptions.c.state != Standing.UNSUBSCRIBED,
        )
    )
    connection.execute(
        delete(tags).where(tags.c.reader == reader, tags.c.tag.not_in(before["tags"]))
    )
