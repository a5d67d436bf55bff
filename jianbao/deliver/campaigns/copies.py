"""The copies that campaigns made, and whose each was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from jianbao.deliver.campaigns.campaign import State
from jianbao.deliver.letters.reader_codes import whose
from jianbao.store.delivery import campaigns, deliveries, readers
from jianbao.store.engine import reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Engine

    from jianbao.deliver.keys import Keyring

#: Rows that are fetched at a time.
_PAGE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedCopy:
    """A copy by its code; ``address`` is "" where the reader was erased since."""

    code: str
    issue: str
    reader: int
    address: str
    name: str
    state: State
    changed: datetime


def copies_with(engine: Engine, keys: Keyring, code: str) -> tuple[MarkedCopy, ...]:
    """The copies that have ``code``: one, or none. A million take five seconds to go through."""
    found = whose(code, keys, _all(engine))
    return tuple(_copy(engine, code, issue, int(reader)) for issue, reader in found)


def _all(engine: Engine) -> Iterator[tuple[str, str]]:
    query = select(campaigns.c.issue, deliveries.c.reader).join(
        campaigns, campaigns.c.id == deliveries.c.campaign
    )
    with reading(engine) as connection:
        for issue, reader in connection.execution_options(yield_per=_PAGE).execute(query):
            yield issue, str(reader)


def _copy(engine: Engine, code: str, issue: str, reader: int) -> MarkedCopy:
    query = (
        select(readers.c.address, readers.c.name, deliveries.c.state, deliveries.c.changed)
        .join(deliveries, deliveries.c.reader == readers.c.id)
        .join(campaigns, campaigns.c.id == deliveries.c.campaign)
        .where(campaigns.c.issue == issue, readers.c.id == reader)
    )
    with reading(engine) as connection:
        row = connection.execute(query).one()
    return MarkedCopy(
        code=code,
        issue=issue,
        reader=reader,
        address=row.address or "",
        name=row.name,
        state=State(row.state),
        changed=row.changed,
    )
