"""How fast workers send, beside one process of ``jianbao send`` (``make bench-workers``).

On a PostgreSQL that it starts itself, to Debian's smtp-sink on this machine; argument: readers.
The time is that between the first and the last delivery, without the start of processes. All
of it runs on this machine, which is what bounds it: it tells what the jobs cost, not how far
several machines carry.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_READERS, _CONNECTIONS, _ROUNDS, _BATCH = 4000, 4, 3, 500
_TESTS = Path(__file__).resolve().parent.parent / "tests"


def main(arguments: list[str]) -> int:
    """Print the rates; 3 where a program is missing."""
    sys.path[:0] = [str(_TESTS), str(_TESTS.parent)]
    postgres = import_module("postgres")
    mail, programs = import_module("bench_delivery"), postgres.server_programs()
    if programs is None:
        print("要 PostgreSQL：apt-get install postgresql")
        return 3
    readers = int(arguments[0]) if arguments else _READERS
    with (
        postgres.running_server(programs) as server,
        mail.postfix() as folder,
        mail.running_sink(folder) as port,
    ):
        for number in range(_ROUNDS):
            rates = {
                what: _rate(postgres, server, f"r{number}{name}{many}", port, readers)
                for what, name, many in _sets()
            }
            alone = rates["一个进程"]
            shown = (
                f"{what} {rate:.0f} 封/秒（{rate / alone:.2f}）" for what, rate in rates.items()
            )
            print("，".join(shown), flush=True)
    return 0


def _sets() -> Iterator[tuple[str, str, int]]:
    """What it is called, the script, and how many processes."""
    yield "一个进程", "mail_sender", 1
    for many in (1, 2, 3):
        yield f"{many} 个 worker", "mail_worker", many


def _rate(postgres: Any, server: Any, name: str, port: int, readers: int) -> float:  # noqa: ANN401  (the tests' modules)
    """Deliveries a second."""
    script, many = name.rstrip("123")[2:], int(name[-1])
    with postgres.new_database(server, name) as address:
        engine = import_module("jianbao.store.engine").open_store(address)
        try:
            campaign = _begin(engine, readers)
            words = [sys.executable, str(_TESTS / f"{script}.py")]
            words += [address.render_as_string(), str(port), str(_CONNECTIONS), ""]
            words += [str(_BATCH)] if script == "mail_worker" else []
            path = os.pathsep.join((str(_TESTS), str(_TESTS.parent)))
            environment = {**os.environ, "PYTHONPATH": path}
            processes = [
                subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
                for _ in range(many)
            ]
            return _watch(engine, campaign, readers, processes)
        finally:
            engine.dispose()


def _begin(engine: Any, readers: int) -> Any:  # noqa: ANN401  (likewise)
    rig, acts = import_module("mail_kills"), import_module("jianbao.deliver.acts")
    queue = import_module("jianbao.jobs.queue").open_queue(engine, _BATCH)
    rig.enter_readers(engine, readers)
    return rig.Ledger(engine).begin(
        rig.ISSUE,
        "0" * 64,
        rig.Audience(),
        acts.Actor("bench", rig.datetime.now(rig.UTC)),
        enqueue=queue.enqueue_batches,
    )


def _watch(
    engine: Any,  # noqa: ANN401  (likewise)
    campaign: Any,  # noqa: ANN401  (likewise)
    readers: int,
    processes: list[subprocess.Popen[bytes]],
) -> float:
    tables, sql = import_module("jianbao.store.delivery"), import_module("sqlalchemy")
    rows = tables.deliveries
    query = sql.select(sql.func.count(), sql.func.min(rows.c.changed), sql.func.max(rows.c.changed))
    query = query.where(rows.c.campaign == campaign.id, rows.c.state == "accepted")
    while True:
        with engine.connect() as connection:
            done, first, last = connection.execute(query).one()
        if done == readers:
            break
        time.sleep(0.5)
    for process in processes:
        process.terminate()
        process.wait()
    return float(readers / (last - first).total_seconds())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
