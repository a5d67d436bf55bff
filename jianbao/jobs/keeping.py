"""What workers do by themselves every minute: jobs made of the rows, and of what went astray.

Procrastinate defers each of these once a minute, however many workers there are.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from jianbao.deliver.campaigns.sending import outlook

if TYPE_CHECKING:
    from procrastinate.jobs import Job
    from procrastinate.manager import JobManager

    from jianbao.jobs.queue import Queue
    from jianbao.jobs.works import Works

#: A job whose workers die again and again is what kills them.
_ATTEMPTS = 5
#: Hours for which jobs that failed are kept, to be looked at.
_KEPT = 24 * 7


@dataclass(frozen=True, slots=True)
class Keeping:
    """Looks after ``queue``, whose workers are gone when they were silent for ``stalled`` seconds.

    Each task takes the time for which it was deferred.
    """

    queue: Queue
    jobs: JobManager
    works: Works
    stalled: float

    async def retry_stalled(self, timestamp: int) -> None:
        """Put the jobs of workers that are gone back into the queue.

        The library leaves this to its user (docs, howto/production/retry_stalled_jobs).
        """
        del timestamp
        for job in await self.jobs.get_stalled_jobs(seconds_since_heartbeat=self.stalled):
            await self._retry(job)
        await self.jobs.delete_old_jobs(
            nb_hours=_KEPT, include_failed=True, include_cancelled=True, include_aborted=True
        )

    async def tend_campaigns(self, timestamp: int) -> None:
        """Settle what is doubtful, finish what is done, and enqueue what is due."""
        del timestamp
        await asyncio.to_thread(self.tend)

    async def fetch_due(self, timestamp: int) -> None:
        """Enqueue the sources that are due."""
        del timestamp
        await asyncio.to_thread(self.enqueue_fetching)

    def tend(self) -> None:
        """Do what `tend_campaigns` does."""
        ledger = self.works.ledger
        for campaign in ledger.queued():
            books = self.works.books(campaign)
            if outlook(books) is None:
                ledger.hand_over(campaign, books.clock(), self.queue.enqueue_batches)

    def enqueue_fetching(self) -> None:
        """Do what `fetch_due` does."""
        self.queue.enqueue_fetching(self.works.due_sources())

    async def _retry(self, job: Job) -> None:
        if job.attempts >= _ATTEMPTS:
            await self.jobs.finish_job(job, Status.FAILED, delete_job=False)
            return
        try:
            await self.jobs.retry_job(job)
        except UniqueViolation:  # of these tasks the next one waits already
            await self.jobs.finish_job(job, Status.FAILED, delete_job=True)
