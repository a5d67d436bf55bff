"""Jobs in the store's own database, committed together with the rows that they are about.

The rows stay the truth: a job says only that there may be something to do. So it does no harm
where one is lost, runs twice, or finds that another has done its work.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from jianbao.errors import MachineProblem, UsageProblem
from jianbao.store.engine import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from procrastinate import App
    from sqlalchemy import Connection, Engine


class Work(StrEnum):
    """What jobs are for; each has a queue of its own."""

    SEND = "send"
    FETCH = "fetch"
    BUILD = "build"


#: Names of tasks, as the database has them.
SEND_BATCH, FETCH_SOURCES, BUILD_ISSUE = "send_batch", "fetch_sources", "build_issue"
#: Readers of a batch: many enough that jobs cost nothing beside messages, and few enough that
#: all workers have some to the end.
BATCH = 500
#: Seconds after which a worker that has said nothing is gone.
STALLED = 30
#: Of the connections that the library keeps besides the store's own.
_CONNECTIONS = 4

# The library has no call that counts; these columns are those that its own queries read.
_COUNT = text(
    "select count(*) from procrastinate_jobs where task_name = :task"
    " and status = any(cast(:states as procrastinate_job_status[]))"
    " and (cast(:issue as text) is null or args ->> 'issue' = :issue)"
)
_ALIVE = text(
    "select count(*) from procrastinate_workers"
    " where last_heartbeat > now() - make_interval(secs => :seconds)"
)
_WAITING, _OPEN = ["todo"], ["todo", "doing"]


@dataclass(frozen=True, slots=True)
class Queue:
    """The jobs beside the rows of ``engine``, a batch of readers for each."""

    engine: Engine
    batch: int = BATCH

    def app(self) -> App:
        """Procrastinate as a worker has it, with connections of its own."""
        from procrastinate import App, PsycopgConnector  # noqa: PLC0415  (only workers pay)

        _, options = self.engine.dialect.create_connect_args(self.engine.url)
        options["application_name"] = "jianbao-worker"
        return App(connector=PsycopgConnector(kwargs=options, min_size=1, max_size=_CONNECTIONS))

    def enqueue_batches(self, connection: Connection, issue: str, many: int) -> None:
        """Have ``many`` readers of ``issue`` written to, in the transaction of ``connection``.

        Batches that wait already are counted in.
        """
        waiting = _count(connection, SEND_BATCH, _WAITING, issue)
        missing = -(-many // self.batch) - waiting
        if missing > 0:
            job = {"issue": issue, "share": self.batch}
            self._defer(connection, SEND_BATCH, Work.SEND, [job] * missing)

    def enqueue_builds(self, issues: Sequence[str], editions: Sequence[str]) -> None:
        """Have ``editions`` of ``issues`` built."""
        jobs = [{"issue": issue, "editions": list(editions)} for issue in issues]
        with writing(self.engine) as connection:
            self._defer(connection, BUILD_ISSUE, Work.BUILD, jobs)

    def enqueue_fetching(self, groups: Sequence[tuple[str, ...]]) -> None:
        """Have the sources of ``groups`` asked; nothing while an earlier round goes on."""
        with writing(self.engine) as connection:
            if groups and not _count(connection, FETCH_SOURCES, _OPEN):
                jobs = [{"names": list(group)} for group in groups]
                self._defer(connection, FETCH_SOURCES, Work.FETCH, jobs)

    def workers(self) -> int:
        """How many are alive."""
        with reading(self.engine) as connection:
            return int(connection.scalar(_ALIVE, {"seconds": STALLED}) or 0)

    def _defer(
        self, connection: Connection, task: str, work: Work, jobs: list[dict[str, Any]]
    ) -> None:
        from procrastinate import App, SyncPsycopgConnector  # noqa: PLC0415  (likewise)

        # Never opened: it only writes on the connection that it is given.
        app = App(connector=SyncPsycopgConnector())
        driver = connection.connection.driver_connection
        app.configure_task(task, queue=work, connection=driver).batch_defer(*jobs)


def _count(connection: Connection, task: str, states: list[str], issue: str | None = None) -> int:
    """Jobs of ``task`` in ``states``, of one issue or of all."""
    asked = {"task": task, "states": states, "issue": issue}
    return int(connection.scalar(_COUNT, asked) or 0)


def open_queue(engine: Engine, batch: int = BATCH) -> Queue:
    """The jobs beside the rows of ``engine``, their tables made where there are none.

    Args:
        engine: Of the store.
        batch: Readers that a job of sending is for.

    Raises:
        UsageProblem: The store is SQLite.
        MachineProblem: The library is missing, or its tables are not those of this version.
    """
    if engine.dialect.name != "postgresql":
        hint = (
            "一台机器用不着：直接 jianbao send 期 --send、jianbao fetch --every 30m；"
            '要用几台机器，先在 jianbao.toml 写 [store] url = "postgresql://用户名@主机/数据库名"'
        )
        raise UsageProblem("数据库是 SQLite，没有可以分给 worker 的任务", hint)
    if find_spec("procrastinate") is None:
        message = "worker 要用 procrastinate，这台机器上没有"
        raise MachineProblem(message, 'pip install "jianbao[postgres]"')
    from jianbao.jobs.schema import prepare_tables  # noqa: PLC0415  (only who uses jobs pays)

    prepare_tables(engine)
    return Queue(engine, batch)


@contextmanager
def explained_jobs() -> Iterator[None]:
    """Turn a server that is gone into a sentence.

    Raises:
        MachineProblem: The database cannot be reached.
    """
    from procrastinate.exceptions import ConnectorException  # noqa: PLC0415  (likewise)

    try:
        yield
    except ConnectorException as error:
        raise MachineProblem("数据库连不上", "等它恢复；再运行 jianbao worker 接着做") from error
