"""What a round of fetching keeps in the store, from a thread of its own.

A transaction waits for the disk, and for other processes; the round goes on meanwhile.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self, TypeVar

from sqlalchemy import delete, insert, select

from jianbao.gather.inbox import Inbox
from jianbao.gather.robots import RobotsText
from jianbao.store.engine import reading, writing
from jianbao.store.gathering import robots

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from jianbao.gather.poll import Poll

_T = TypeVar("_T")


class StoreKeeper:
    """Keeps polls and robots.txt in the store; a context manager.

    What was handed over when it is left is kept first, even where whoever waited for it is gone.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._inbox = Inbox(engine)
        self._thread = ThreadPoolExecutor(1, "store")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._thread.shutdown(wait=True)

    async def record(self, poll: Poll) -> int:
        """Keep ``poll`` in one transaction; return how many candidates are new."""
        return await self._run(lambda: self._inbox.record(poll))

    async def robots(self, origin: str) -> RobotsText | None:
        """The robots.txt that is kept of ``origin``."""
        return await self._run(lambda: self._read_robots(origin))

    async def keep_robots(self, text: RobotsText) -> None:
        """Keep ``text`` instead of what there was."""
        await self._run(lambda: self._write_robots(text))

    async def _run(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _read_robots(self, origin: str) -> RobotsText | None:
        asked = select(robots).where(robots.c.origin == origin)
        with reading(self._engine) as connection:
            row = connection.execute(asked).first()
        return RobotsText(**row._asdict()) if row else None

    def _write_robots(self, text: RobotsText) -> None:
        values = {"origin": text.origin, "text": text.text, "asked": text.asked}
        with writing(self._engine) as connection:
            connection.execute(delete(robots).where(robots.c.origin == text.origin))
            connection.execute(insert(robots).values(values))
