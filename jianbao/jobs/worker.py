"""A worker: takes jobs until it is told to stop, or until there are none."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jianbao.errors import JianbaoError
from jianbao.jobs.keeping import Keeping
from jianbao.jobs.queue import BUILD_ISSUE, FETCH_SOURCES, SEND_BATCH, Work, explained_jobs
from jianbao.jobs.tasks import Tasks
from jianbao.jobs.works import Pace

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from procrastinate import App, JobContext
    from procrastinate.worker import Worker as LibraryWorker

    from jianbao.jobs.queue import Queue
    from jianbao.jobs.works import Works

#: What looks after other jobs must not stand in line behind them.
_FIRST = 100
#: The queue of what is done for the jobs themselves, which every worker serves.
_KEEPING = "keeping"


@dataclass
class Worker:
    """Does ``kinds`` of work, ``concurrency`` jobs at a time; ``say`` hears what was done.

    ``once``: it ends when nothing is left to do now.
    """

    queue: Queue
    works: Works
    say: Callable[[str], None]
    kinds: tuple[Work, ...] = tuple(Work)
    once: bool = False
    concurrency: int = 1
    pace: Pace = field(default_factory=Pace)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Work until SIGINT or SIGTERM.

        Jobs that have begun are brought to an end: of a batch, what is on its way.

        Raises:
            MachineProblem: The database is gone.
        """
        app = self.queue.app()
        tasks = Tasks(self.works, self.say)
        keeping = Keeping(self.queue, app.job_manager, self.works, self.pace.stalled)
        self._register(app, tasks, keeping)
        _quieten()
        with explained_jobs():
            async with app.open_async():
                # At once, without waiting for the minute.
                if Work.SEND in self.kinds:
                    await asyncio.to_thread(keeping.tend)
                if Work.FETCH in self.kinds:
                    await asyncio.to_thread(keeping.enqueue_fetching)
                await self._take_jobs(app, tasks)

    async def _take_jobs(self, app: App, tasks: Tasks) -> None:
        taking = asyncio.create_task(
            app.run_worker_async(
                queues=[*self.kinds, _KEEPING],
                name=socket.gethostname(),
                concurrency=self.concurrency,
                wait=not self.once,
                delete_jobs="successful",
                install_signal_handlers=False,
                update_heartbeat_interval=self.pace.heartbeat,
                stalled_worker_timeout=self.pace.stalled,
                worker_middleware=[self._do],
            )
        )

        def stop() -> None:
            tasks.stop()
            self._stopping.set()
            taking.cancel()  # it ends as soon as its jobs have

        with suppress(NotImplementedError):  # not on Windows
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, stop)
        with suppress(asyncio.CancelledError):
            await taking

    async def _do(
        self,
        do: Callable[[], Awaitable[Any]],
        context: JobContext,
        worker: LibraryWorker,
    ) -> Any:  # noqa: ANN401  (the library's own signature)
        """Do a job; where this machine cannot, say why, and let others take the next ones."""
        del worker
        try:
            return await do()
        except JianbaoError as error:
            hint = f"（{error.hint}）" if error.hint else ""
            self.say(f"{context.job.task_name}：{error.message}{hint}")
            if not self.once:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), self.pace.rest)
            raise

    def _register(self, app: App, tasks: Tasks, keeping: Keeping) -> None:
        app.task(name=SEND_BATCH)(tasks.send_batch)
        app.task(name=FETCH_SOURCES)(tasks.fetch_sources)
        app.task(name=BUILD_ISSUE)(tasks.build_issue)
        for queue, keep in (
            (_KEEPING, keeping.retry_stalled),
            (Work.SEND, keeping.tend_campaigns),
            (Work.FETCH, keeping.fetch_due),
        ):
            name = keep.__name__
            task = app.task(name=name, queue=queue, queueing_lock=name, priority=_FIRST)(keep)
            app.periodic(cron=self.pace.tending)(task)


def _quieten() -> None:
    """What was said in a sentence need not come again as a traceback; bugs do."""

    def is_news(record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], JianbaoError))

    logging.getLogger("procrastinate.worker").addFilter(is_news)
