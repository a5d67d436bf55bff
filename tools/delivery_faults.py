"""Kill senders of campaigns at named points and count what readers got (``make delivery-faults``).

The tests do the same for a few kills; this is for a change in how a campaign goes on after a
crash. Argument: kills in each scene. On SQLite, and on a PostgreSQL that it starts itself
with three senders at once where its programs are there; with 1, 4 and 10 connections; with the
server's log as the journal and without one. On PostgreSQL also with three workers that take
jobs and are started again when they are killed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_KILLS, _READERS_A_KILL = 20, 25
_CONNECTIONS = (1, 4, 10)
_TESTS = Path(__file__).resolve().parent.parent / "tests"


def main(arguments: list[str]) -> int:
    """Run all scenes; 1 where a reader was lost, doubled, or parked beyond what a kill can do."""
    sys.path[:0] = [str(_TESTS), str(_TESTS.parent)]
    rig = import_module("mail_kills")
    kills = int(arguments[0]) if arguments else _KILLS
    wrong, total = 0, 0
    for number, (name, address, senders, workers) in enumerate(_stores()):
        for connections in _CONNECTIONS:
            for journal in (True, False):
                scene = rig.Scene(
                    many=kills * _READERS_A_KILL * senders,
                    kills=kills,
                    connections=connections,
                    senders=senders,
                    journal=journal,
                    seed=number * 100 + connections,
                    workers=workers,
                )
                came = _run(rig, name, address, scene)
                total += sum(came.kills.values())
                wrong += not came.is_right(scene)
    print(f"共杀 {total} 次，{wrong} 种情形不对")
    return 1 if wrong else 0


def _stores() -> Iterator[tuple[str, Any, int, bool]]:
    """A name, a context that gives a new store's address, senders at once, and if by jobs."""
    urls = import_module("sqlalchemy.engine")
    postgres = import_module("postgres")
    yield "SQLite", lambda folder: _file(urls, folder), 1, False
    yield "SQLite", lambda folder: _file(urls, folder), 3, False
    programs = postgres.server_programs()
    if programs is None:
        print("没有 PostgreSQL 的程序，跳过")
        return
    with postgres.running_server(programs) as server:
        for workers in (False, True):
            yield (
                "PostgreSQL",
                lambda folder: postgres.new_database(server, folder.name.lower()),
                3,
                workers,
            )


@contextmanager
def _file(urls: Any, folder: Path) -> Iterator[Any]:  # noqa: ANN401  (a module, and its URL)
    yield urls.URL.create("sqlite+pysqlite", database=str(folder / "store.db"))


def _run(rig: Any, name: str, address: Any, scene: Any) -> Any:  # noqa: ANN401  (the rig's own types)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kills") as folder, address(Path(folder)) as url:
        came = rig.run_scene(url, Path(folder), scene)
    kept = "有记录" if scene.journal else "无记录"
    who = "worker" if scene.workers else "进程"
    print(
        f"{name}，{scene.senders} 个{who} × {scene.connections} 条连接，{kept}："
        f"杀 {sum(came.kills.values())} 次，漏 {len(came.lost)}，重复 {len(came.doubled)}，"
        f"待定 {came.parked}（其实送到 {came.parked_and_taken}），"
        f"{time.monotonic() - started:.0f} 秒",
        flush=True,
    )
    return came


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
