"""Measure fetching against a bare loop of the HTTP library (``make bench-gather``).

Both ask the same local sources, each a host of its own, so that both make a connection for
each; the server answers after 20 ms. They take turns, and medians count. What `fetch` does
besides: look at the address, robots.txt, read the list, keep each poll in a transaction.
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
from datetime import datetime
from pathlib import Path

import httpx2 as httpx

from jianbao.gather.fetch import Errand, Fetched, Round, fetch
from jianbao.gather.http import Manners, Web
from jianbao.gather.inbox import Inbox
from jianbao.gather.keeping import StoreKeeper
from jianbao.records import Kind, Level, Listing, Source
from jianbao.store.engine import open_store

_LATENCY = 0.02
_LINES = 20
_PLACES = (4, 16)
_TURNS = 3
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


def _errands(count: int, port: int) -> list[Errand]:
    return [
        Errand(
            source=Source(
                path=f"sources/s{number}.toml",
                name=f"s{number}",
                level=Level.NATIONAL,
                hosts=(f"s{number}.test",),
                section="",
                kind=Kind.LISTING,
                listing=Listing(item="ul.list > li"),
            ),
            address=f"http://s{number}.test:{port}/list",
        )
        for number in range(count)
    ]


async def _fetch(count: int, port: int, folder: Path, places: int) -> float:
    """Seconds that a round takes."""
    engine = open_store(f"sqlite:///{folder}/store.db")
    manners = Manners(is_allowed=lambda address: address == "127.0.0.1")
    with StoreKeeper(engine, Inbox(engine)) as keeper:
        async with Web(manners, _to_this_machine) as web:
            around = Round(
                web=web,
                keeper=keeper,
                watcher=_Nobody(),
                now=lambda: datetime.now().astimezone(),
                luck=lambda: 0.0,
                places=places,
            )
            started = time.perf_counter()
            await fetch(_errands(count, port), around)
            took = time.perf_counter() - started
    engine.dispose()
    return took


async def _bare(count: int, port: int, places: int) -> float:
    """Seconds that as many requests take, each on a connection of its own."""
    gate = asyncio.Semaphore(places)
    limits = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(limits=limits, trust_env=False) as client:

        async def one() -> None:
            async with gate:
                (await client.get(f"http://127.0.0.1:{port}/list")).raise_for_status()

        started = time.perf_counter()
        await asyncio.gather(*(one() for _ in range(count)))
        return time.perf_counter() - started


def _compare(port: int, places: int) -> None:
    ours, bare = [], []
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_fetch(_FEW, port, Path(folder), 256))  # robots.txt, and a second's gap
        for _ in range(_TURNS):
            bare.append(asyncio.run(_bare(_FEW, port, places)))
            ours.append(asyncio.run(_fetch(_FEW, port, Path(folder), places)))
    mine, other = statistics.median(ours), statistics.median(bare)
    print(
        f"{_FEW} 个来源，同时 {places} 个：采集 {_FEW / mine:.0f} 个/秒，裸循环 ",
        end="",
        flush=True,
    )
    print(f"{_FEW / other:.0f} 个/秒，比值 {other / mine:.2f}")


def _capacity(port: int) -> None:
    """How many sources one machine carries, as it is set up in earnest."""
    with tempfile.TemporaryDirectory() as folder:
        first = asyncio.run(_fetch(_MANY, port, Path(folder), 128))
        again = asyncio.run(_fetch(_MANY, port, Path(folder), 128))
    for name, took in (("第一次（连同 robots.txt 和新候选稿）", first), ("以后", again)):
        print(
            f"同时 128 个，{name}：{_MANY / took:.0f} 个/秒，15 分钟 {_MANY / took * 900:,.0f} 个"
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
    server = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE)
    try:
        port = int(server.stdout.readline()) if server.stdout else 0
        for places in _PLACES:
            _compare(port, places)
        _capacity(port)
        for count in (_FEW, _MANY):
            command = [sys.executable, __file__, "--memory", str(count), str(port)]
            subprocess.run(command, check=True)
    finally:
        server.kill()
        server.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
