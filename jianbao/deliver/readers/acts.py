"""Who did what with readers' addresses, for whoever must account for it later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert

from jianbao.store.delivery import delivery_acts

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and when."""

    name: str
    at: datetime


def note(connection: Connection, actor: Actor, verb: str, detail: str) -> None:
    """Put on record what ``actor`` does in this transaction; ``detail`` names no address."""
    connection.execute(
        insert(delivery_acts).values(at=actor.at, by=actor.name, verb=verb, detail=detail)
    )
