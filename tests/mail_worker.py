"""A worker that sends campaigns to a `PostOffice`, to be killed.

Arguments: the store's address, the port, connections, the journal ("" for none), and readers
of a job.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mail_sender import bench_for, books_for
from sqlalchemy.engine import make_url

from jianbao.deliver.campaigns.ledger import Ledger
from jianbao.jobs.queue import Work, open_queue
from jianbao.jobs.worker import Worker
from jianbao.jobs.works import Pace
from jianbao.store.engine import open_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jianbao.deliver.campaigns.ledger import Campaign
    from jianbao.deliver.campaigns.sending import Bench, Books

#: Readers of a job: few enough that all workers have some.
BATCH = 10
#: So that a second is enough where a minute would be.
_PACE = Pace(tending="* * * * * *", heartbeat=0.3, stalled=1, rest=0)


@dataclass(frozen=True)
class _Mail:
    """Works that only send."""

    ledger: Ledger
    port: int
    connections: int
    journal: str

    def books(self, campaign: Campaign) -> Books:
        return books_for(self.ledger, campaign, self.journal)

    def bench(self, books: Books) -> Bench:
        return bench_for(books, self.port, self.connections)

    def due_sources(self) -> Sequence[tuple[str, ...]]:
        return ()

    async def fetch(self, names: Sequence[str]) -> str:
        raise NotImplementedError(names)

    async def build(self, issue: str, editions: Sequence[str]) -> str:
        raise NotImplementedError(issue, editions)


def main(address: str, port: str, connections: str, journal: str, batch: str = str(BATCH)) -> int:
    """Work until it is told to stop."""
    engine = open_store(make_url(address))
    works = _Mail(Ledger(engine), int(port), int(connections), journal)
    worker = Worker(open_queue(engine, int(batch)), works, print, kinds=(Work.SEND,), pace=_PACE)
    asyncio.run(worker.run())
    engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
