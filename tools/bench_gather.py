"""Measure fetching against a bare loop of the HTTP library (``make bench-gather``).

Both ask the same local sources, each a host of its own, so that both make a connection for
each; the server answers after 20 ms. They take turns, and the median of the ratios of two
that follow one another counts, as the machine may be busy with other things. The bare loop
throws away what comes. What `fetch` does besides: look at the address, obey the robots.txt
that it knows, tell whether the list is the one it read before, keep each poll; and where it is
not, read the list and look for its addresses among the known ones.

Argument: how many sources to measure the memory and the time of a round with, 5,000 if none.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

import httpx2 as httpx

from jianbao.gather.fetch import Errand, Fetched, Round, fetch
from jianbao.gather.http import Manners, Web
from jianbao.gather.inbox import Inbox
from jianbao.gather.keeping import StoreKeeper
from jianbao.records import Kind, Level, Listing, Source
from jianbao.store.engine import open_store

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from jianbao.gather.poll import SourceState

_LATENCY = 0.02
_LINES = 20
_PLACES = (4, 16)
_TURNS = 5
_FEW, _MANY = 1_000, 5_000
_ITEM = "<li><a href=https://a.test/{0}.html>合成样例第{0}条</a><span>2025-02-06</span></li>"
_LIST = f"<html><ul class=list>{''.join(map(_ITEM.format, range(_LINES)))}</ul></html>".encode()
_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: "


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(_LATENCY)
    body = b"" if b" /robots.txt " in head else _LIST
    writer.write(f"{_HEAD}{len(body)}\r\n\r\n".encode() + body)
    await writer.drain()
    writer.close()


async def _serve() -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


class _Nobody:
    """Watches nothing."""

    def begun(self, errand: Errand) -> None:
        """A list is being asked."""

    def done(self, fetched: Fetched) -> None:
        """It was asked."""


async def _to_this_machine(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def _errands(count: int, port: int, before: dict[str, SourceState]) -> list[Errand]:
    return [
        Errand(
            source=Source(
                path=f"sources/{name}.toml",
                name=name,
                level=Level.NATIONAL,
                hosts=(f"{name}.test",),
                section="",
                kind=Kind.LISTING,
                listing=Listing(item="ul.list > li"),
            ),
            address=f"http://{name}.test:{port}/list",
            before=before.get(name),
        )
        for name in (f"s{number}" for number in range(count))
    ]


@dataclass(frozen=True, slots=True)
class _Took:
    """Seconds of a round, on the clock and of this process's processors."""

    clock: float
    busy: float

    @classmethod
    async def by(cls, work: Awaitable[object]) -> Self:
        clock, busy = time.perf_counter(), time.process_time()
        await work
        return cls(time.perf_counter() - clock, time.process_time() - busy)


async def _fetch(count: int, port: int, folder: Path, places: int, *, anew: bool = False) -> _Took:
    """A round. ``anew``: nothing is known of the lists, so that each is read again."""
    engine = open_store(f"sqlite:///{folder}/store.db")
    inbox = Inbox(engine)
    before = {} if anew else {state.source: state for state in inbox.source_states()}
    errands = _errands(count, port, before)
    manners = Manners(is_allowed=lambda address: address == "127.0.0.1")
    with StoreKeeper(engine, inbox) as keeper:
        async with Web(manners, _to_this_machine) as web:
            around = Round(
                web=web,
                keeper=keeper,
                watcher=_Nobody(),
                now=lambda: datetime.now().astimezone(),
                luck=lambda: 0.0,
                places=places,
            )
            took = await _Took.by(fetch(errands, around))
    engine.dispose()
    return took


async def _bare(count: int, port: int, places: int) -> _Took:
    """As many requests, each on a connection of its own."""
    gate = asyncio.Semaphore(places)
    limits = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(limits=limits, trust_env=False) as client:

        async def one() -> None:
            async with gate:
                (await client.get(f"http://127.0.0.1:{port}/list")).raise_for_status()

        return await _Took.by(asyncio.gather(*(one() for _ in range(count))))


def _compare(port: int, places: int, folder: Path, *, anew: bool) -> None:
    pairs = [
        (
            asyncio.run(_bare(_FEW, port, places)),
            asyncio.run(_fetch(_FEW, port, folder, places, anew=anew)),
        )
        for _ in range(_TURNS)
    ]
    ratio = statistics.median(bare.clock / ours.clock for bare, ours in pairs)
    rates = [
        _FEW / statistics.median(one.clock for one in side) for side in zip(*pairs, strict=True)
    ]
    busy = [statistics.median(one.busy for one in side) for side in zip(*pairs, strict=True)]
    print(
        f"同时 {places} 个，{'都要重读' if anew else '没有变'}：采集 {rates[1]:.0f} 个/秒，"
        f"裸循环 {rates[0]:.0f} 个/秒，比值 {ratio:.2f}；"
        f"处理器每个 {busy[1] / _FEW * 1000:.1f} ms，裸循环 {busy[0] / _FEW * 1000:.1f} ms",
        flush=True,
    )


def _comparisons(port: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # robots.txt and the second's gap after it come in the first round only.
        asyncio.run(_fetch(_FEW, port, Path(folder), 256))
        for places in _PLACES:
            for anew in (False, True):
                _compare(port, places, Path(folder), anew=anew)


def _capacity(port: int, count: int) -> None:
    """How many sources one machine carries, as it is set up in earnest."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("第一次（连同 robots.txt 和新候选稿）", "以后"):
            took = asyncio.run(_fetch(count, port, Path(folder), 128)).clock
            print(
                f"{count} 个来源，同时 128 个，{name}：{took:.0f} 秒，每秒 {count / took:.0f} 个",
                flush=True,
            )


def _memory(count: int, port: int) -> None:
    """Print the peak of a process that fetches from ``count`` sources."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_fetch(count, port, Path(folder), 128))
    gc.collect()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} 个来源：最多 {peak:.0f} MB")


def main(arguments: list[str]) -> int:
    """Measure everything, or be one of the processes that takes."""
    if arguments == ["--serve"]:
        asyncio.run(_serve())
        return 0
    if arguments[:1] == ["--memory"]:
        _memory(int(arguments[1]), int(arguments[2]))
        return 0
    many = int(arguments[0]) if arguments else _MANY
    server = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE)
    try:
        port = int(server.stdout.readline()) if server.stdout else 0
        _comparisons(port)
        _capacity(port, many)
        for count in (_FEW, many):
            command = [sys.executable, __file__, "--memory", str(count), str(port)]
            subprocess.run(command, check=True)
    finally:
        server.kill()
        server.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
