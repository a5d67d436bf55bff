"""What a round of fetching keeps in the store, from threads of its own.

A transaction waits for the disk, and for other processes; the round goes on meanwhile, and
what is only read does not wait behind what is written.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self, TypeVar

from sqlalchemy import case, delete, func, insert, select

from jianbao.gather.robots import RobotsText
from jianbao.store.engine import reading, writing
from jianbao.store.gathering import robots

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine

    from jianbao.gather.inbox import Inbox
    from jianbao.gather.poll import Poll

_T = TypeVar("_T")
#: Characters of a robots.txt that is held in memory; most are empty or a few lines.
_SHORT = 1_000


class StoreKeeper:
    """Keeps polls and robots.txt in the store; a context manager.

    What was handed over when it is left is kept first, even where whoever waited for it is gone.
    """

    def __init__(self, engine: Engine, inbox: Inbox) -> None:
        self._engine = engine
        self._inbox = inbox
        self._writer = ThreadPoolExecutor(1, "store-writer")
        self._reader = ThreadPoolExecutor(1, "store-reader")
        self._robots = _robots_in(engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._reader.shutdown(wait=True)
        self._writer.shutdown(wait=True)

    async def record(self, polls: Sequence[Poll]) -> tuple[int, ...]:
        """Keep ``polls`` in one transaction; return how many candidates of each are new."""
        return await _run(self._writer, lambda: self._inbox.record_all(polls))

    async def robots(self, origin: str) -> RobotsText | None:
        """The robots.txt that is kept of ``origin``."""
        if origin not in self._robots:
            return None
        return self._robots[origin] or await _run(self._reader, lambda: self._read_robots(origin))

    async def keep_robots(self, text: RobotsText) -> None:
        """Keep ``text`` instead of what there was."""
        await _run(self._writer, lambda: self._write_robots(text))
        self._robots[text.origin] = text if len(text.text) <= _SHORT else None

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


def _robots_in(engine: Engine) -> dict[str, RobotsText | None]:
    """By origin, all that are kept; None for a long one, which is read when it is wanted.

    A question of the database for each host took as long as all else that is done for one.
    """
    short = case((func.length(robots.c.text) <= _SHORT, robots.c.text)).label("text")
    with reading(engine) as connection:
        rows = connection.execute(select(robots.c.origin, short, robots.c.asked))
        return {
            row.origin: None if row.text is None else RobotsText(**row._asdict()) for row in rows
        }


async def _run(thread: ThreadPoolExecutor, work: Callable[[], _T]) -> _T:
    return await asyncio.get_running_loop().run_in_executor(thread, work)
