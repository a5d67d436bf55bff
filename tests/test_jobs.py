"""Jobs beside the rows of the store, on a PostgreSQL of the test's own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from mail_kills import enter_readers
from mail_sender import bench_for, books_for
from procrastinate.schema import SchemaManager
from sqlalchemy import text

from jianbao.deliver.acts import Actor
from jianbao.deliver.audience import Audience
from jianbao.deliver.campaign import Phase, Unsent
from jianbao.deliver.ledger import Ledger
from jianbao.deliver.sending import Posted
from jianbao.errors import MachineProblem
from jianbao.jobs.keeping import Keeping
from jianbao.jobs.queue import Queue, open_queue
from jianbao.jobs.tasks import Tasks
from jianbao.store.engine import open_store, reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

    from jianbao.deliver.claims import Claim
    from jianbao.deliver.ledger import Campaign
    from jianbao.deliver.sending import Bench, Books

pytestmark = pytest.mark.usefixtures("loopback")

_ME = Actor("test", datetime(2025, 2, 11, 9, 30, tzinfo=UTC))


@pytest.fixture
def engine(postgres_address: URL) -> Iterator[Engine]:
    engine = open_store(postgres_address)
    yield engine
    engine.dispose()


def jobs(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as connection:
        found = connection.execute(
            text("select task_name, status from procrastinate_jobs order by id")
        )
        return [(name, state) for name, state in found]


def begin(engine: Engine, queue: Queue) -> Ledger:
    enter_readers(engine, 25)
    ledger = Ledger(engine)
    ledger.begin("2025-04", "0" * 64, Audience(), _ME, enqueue=queue.enqueue_batches)
    return ledger


def test_a_campaign_begins_with_a_job_for_each_batch(engine: Engine) -> None:
    begin(engine, open_queue(engine, batch=10))

    assert jobs(engine) == [("send_batch", "todo")] * 3


def test_jobs_are_kept_with_the_rows_or_not_at_all(engine: Engine) -> None:
    queue = open_queue(engine, batch=10)
    enter_readers(engine, 25)

    def enqueue(connection: Connection, issue: str, many: int) -> None:
        queue.enqueue_batches(connection, issue, many)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        Ledger(engine).begin("2025-04", "0" * 64, Audience(), _ME, enqueue=enqueue)

    assert jobs(engine) == []
    assert Ledger(engine).find("2025-04") is None


def test_jobs_that_were_lost_are_made_again_and_no_more_of_them(engine: Engine) -> None:
    queue = open_queue(engine, batch=10)
    ledger = begin(engine, queue)
    campaign = ledger.find("2025-04")
    assert campaign is not None
    with writing(engine) as connection:
        connection.execute(text("delete from procrastinate_jobs where id = 2"))

    for _ in range(2):
        ledger.hand_over(campaign, _ME.at, queue.enqueue_batches)

    assert jobs(engine) == [("send_batch", "todo")] * 3


def test_the_job_of_a_worker_that_is_gone_waits_again(engine: Engine) -> None:
    queue = open_queue(engine, batch=10)
    begin(engine, queue)
    with writing(engine) as connection:
        connection.execute(
            text("""
            insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 minute');
            update procrastinate_jobs set status = 'doing', worker_id =
              (select max(id) from procrastinate_workers) where id = 1
        """)
        )
    assert jobs(engine)[0] == ("send_batch", "doing")

    asyncio.run(_retry_stalled(queue))

    assert jobs(engine) == [("send_batch", "todo")] * 3


async def _retry_stalled(queue: Queue) -> None:
    async with queue.app().open_async() as app:
        await Keeping(queue, app.job_manager, None, stalled=30).retry_stalled(0)  # type: ignore[arg-type]  # it asks nothing of works


def test_a_password_that_is_wrong_pauses_the_campaign(engine: Engine) -> None:
    ledger = begin(engine, open_queue(engine, batch=10))
    said: list[str] = []

    asyncio.run(Tasks(_Refused(ledger), said.append).send_batch("2025-04", 10))  # type: ignore[arg-type]  # it is asked for a campaign alone

    campaign = ledger.find("2025-04")
    assert campaign is not None
    assert (campaign.phase, campaign.why) == (Phase.PAUSED, "密码不对")
    assert said == ["2025-04：待送 1，连不上邮件服务器：密码不对"]


class _Post:
    """Has the wrong password."""

    connections = 1

    async def send(self, claim: Claim) -> Posted:
        del claim
        return Posted(Unsent("密码不对", final=True))

    async def close(self) -> None: ...


@dataclass
class _Refused:
    """Works of a machine whose password is wrong."""

    ledger: Ledger

    def books(self, campaign: Campaign) -> Books:
        return books_for(self.ledger, campaign, "")

    def bench(self, books: Books) -> Bench:
        return replace(bench_for(books, 0, 1), post=_Post())


def test_workers_that_start_at_once_make_the_tables_once(engine: Engine) -> None:
    problems: list[BaseException] = []

    def open_it() -> None:
        try:
            open_queue(engine)
        except BaseException as error:  # noqa: BLE001  (a thread's own would be lost)
            problems.append(error)

    threads = [Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    assert open_queue(engine).workers() == 0


def test_tables_of_an_older_library_are_brought_to_this_one(engine: Engine) -> None:
    *_, before, last = sorted(
        file.name for file in Path(SchemaManager.get_migrations_path()).glob("*.sql")
    )
    open_queue(engine)
    with writing(engine) as connection:
        connection.execute(text(f"comment on table procrastinate_jobs is 'jianbao: {before}'"))

    open_queue(engine)

    with reading(engine) as connection:
        note = connection.scalar(text("select obj_description('procrastinate_jobs'::regclass)"))
    assert note == f"jianbao: {last}"


def test_tables_of_another_program_are_left_alone(engine: Engine) -> None:
    open_queue(engine)
    with writing(engine) as connection:
        connection.execute(text("comment on table procrastinate_jobs is null"))

    with pytest.raises(MachineProblem, match="是别的程序或更新的 jianbao 建的"):
        open_queue(engine)
