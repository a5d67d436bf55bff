"""Servers that mean no good: each ends within its bounds, with one line, and delays no other."""

from __future__ import annotations

import asyncio
import socket
import time
import tracemalloc
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from fakes.hostile import hostile

from jianbao.gather.choosing.inbox import Inbox
from jianbao.gather.rounds.fetch import Errand, Fetched, Round, fetch
from jianbao.gather.rounds.keeping import StoreKeeper
from jianbao.gather.rounds.poll import Outcome, SourceState
from jianbao.gather.web.http import Manners, Web
from jianbao.gather.web.replies import Failure, Refused, Reply, Trouble
from jianbao.records import Kind, Level, Listing, Source, SourceManners
from jianbao.store.engine import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fakes.hostile import Hostile

pytestmark = pytest.mark.usefixtures("loopback")

MOMENT = datetime(2025, 2, 11, 9, 30, tzinfo=timezone(timedelta(hours=8)))
#: Names of the tests, and where they lead. Only those that are ours may lead inside.
OURS, TOO = "ours.test", "ours-too.test"
GOOD = tuple(f"good{number}.test" for number in range(10))
NAMES = {
    **dict.fromkeys((OURS, TOO, *GOOD), "127.0.0.1"),
    "inside.test": "127.0.0.1",
    "mapped.test": "::ffff:127.0.0.1",
    "public.test": "127.0.0.1",
    "private.test": "127.0.0.3",
}
BOUNDS = Manners(
    connect=0.5,
    read=0.3,
    whole=0.8,
    pause=0.01,
    attempts=2,
    body=100_000,
    private_hosts=frozenset({OURS, TOO, *GOOD}),
)
LATE, BROKEN = Trouble.TIMEOUT.value, Trouble.BROKEN.value
TOO_LONG = "列表太大，超过 0 MB"
SOURCE = Source(
    path="sources/a.toml",
    name="a",
    level=Level.NATIONAL,
    hosts=(OURS,),
    section="国策要论",
    kind=Kind.LISTING,
    listing=Listing(item="ul.list > li"),
    manners=SourceManners(gap=0, concurrency=8, obeys_robots=False),
)


async def resolve(host: str, _port: int) -> list[str]:
    """As a name server would, and as the C library takes 127.1 and 2130706433."""
    if host in NAMES:
        return [NAMES[host]]
    try:
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except OSError:
        raise Refused(Trouble.NO_NAME) from None


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile() as running:
        yield running


class Order:
    """Remembers what came in which order."""

    def __init__(self) -> None:
        self.came: list[Fetched] = []

    def begun(self, _errand: Errand) -> None:
        """Nothing to remember."""

    def done(self, fetched: Fetched) -> None:
        """Remember it."""
        self.came.append(fetched)


def run(folder: Path, errands: list[Errand], places: int = 64) -> list[Fetched]:
    """A round, its polls in the order in which they were kept."""
    order = Order()

    async def go() -> None:
        engine = open_store(f"sqlite:///{folder}/store.db")
        with StoreKeeper(engine, Inbox(engine)) as keeper:
            async with Web(BOUNDS, resolve) as web:
                around = Round(
                    web=web,
                    keeper=keeper,
                    watcher=order,
                    now=lambda: MOMENT,
                    luck=lambda: 0.0,
                    places=places,
                )
                await fetch(errands, around)
        engine.dispose()

    asyncio.run(go())
    return order.came


def errand(server: Hostile, path: str, host: str = OURS) -> Errand:
    """A list of a source of its own, at ``path``."""
    address = f"http://{host}:{server.port}{path}"
    return Errand(source=replace(SOURCE, name=path), address=address)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/endless", TOO_LONG),
        ("/drip", LATE),
        ("/dripping-head", LATE),
        ("/silent", LATE),
        ("/bomb", TOO_LONG),
        ("/cut-pack", BROKEN),
        ("/unknown-pack", BROKEN),
        ("/too-short", BROKEN),
        ("/wrong-length", BROKEN),
        ("/two-lengths", BROKEN),
        ("/long-head", BROKEN),
        ("/many-heads", BROKEN),
        ("/garbage", BROKEN),
        ("/half-closed", BROKEN),
        ("/loop", Trouble.REDIRECTS.value),
        ("/ping-pong", Trouble.REDIRECTS.value),
        ("/to?file:///etc/passwd", BROKEN),
        ("/to?gopher://inside.test/", BROKEN),
        ("/to?http://[", BROKEN),
        ("/to?https:///", BROKEN),
    ],
)
def test_it_ends_within_its_bounds(path: str, told: str, server: Hostile, tmp_path: Path) -> None:
    run(tmp_path, [errand(server, "/list")])  # what is imported at first use is not counted
    tracemalloc.start()
    started = time.monotonic()
    (fetched,) = run(tmp_path, [errand(server, path)])
    took, (_, peak) = time.monotonic() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (fetched.outcome, fetched.detail) == (Outcome.FAILED, told)
    assert took < 8  # twice the whole, and much patience with a busy machine
    assert peak < 8_000_000  # far below the 10 MB of a head and the 30 MB of the bomb


@pytest.mark.parametrize(
    "inside",
    [
        "http://127.0.0.1:PORT/list",
        "http://[::1]:PORT/list",
        "http://inside.test:PORT/list",
        "http://mapped.test:PORT/list",
        "http://[::ffff:127.0.0.1]:PORT/list",
        "http://[::127.0.0.1]:PORT/list",
        "http://[64:ff9b::7f00:1]:PORT/list",
        "http://0.0.0.0:PORT/list",
        "http://[::]:PORT/list",
        "http://2130706433:PORT/list",
        "http://0x7f.1:PORT/list",
        "http://127.1:PORT/list",
        "//inside.test:PORT/list",
        "http://ours.test@127.0.0.1:PORT/list",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_a_redirect_does_not_lead_inside(inside: str, server: Hostile, tmp_path: Path) -> None:
    (fetched,) = run(tmp_path, [errand(server, f"/to?{inside}")])

    assert (fetched.outcome, fetched.detail) == (Outcome.FAILED, Trouble.PRIVATE.value)
    assert [path for path, _ in server.asked] == [f"/to?{inside}"]


def test_a_name_that_leads_inside_is_not_asked(server: Hostile, tmp_path: Path) -> None:
    (fetched,) = run(tmp_path, [errand(server, "/list", "inside.test")])

    assert (fetched.detail, server.asked) == (Trouble.PRIVATE.value, [])


def test_a_host_of_ours_is_open_only_to_who_begins_there(server: Hostile) -> None:
    bounds = replace(
        BOUNDS,
        is_allowed=lambda address: address == "127.0.0.1",
        private_hosts=frozenset({"private.test"}),
    )

    async def ask(url: str) -> Reply | Failure:
        async with Web(bounds, resolve) as web:
            return await web.ask(url)

    sent = f"http://public.test:{server.port}/to?http://private.test:{server.port}/list"
    there = f"http://private.test:{server.port}/list"

    assert asyncio.run(ask(sent)) == Failure(url=there, trouble=Trouble.PRIVATE)


def test_a_cookie_goes_back_to_the_host_that_set_it_and_to_no_other(
    server: Hostile, tmp_path: Path
) -> None:
    to_itself = errand(server, "/to?/list")
    run(tmp_path, [to_itself])

    assert server.asked == [("/to?/list", ""), ("/list", "Cookie: session=1")]

    server.asked.clear()
    run(tmp_path, [errand(server, f"/to?http://{TOO}:PORT/list")])
    assert server.asked[1:] == [("/list", "")]


def test_cookies_have_a_bound(server: Hostile, tmp_path: Path) -> None:
    (fetched,) = run(tmp_path, [errand(server, "/many-cookies")])

    assert fetched.outcome is Outcome.READ
    assert len(server.asked[-1][1]) < 5000


def test_the_good_are_not_delayed(server: Hostile, tmp_path: Path) -> None:
    bad = ["/drip", "/silent", "/endless", "/dripping-head", "/bomb", "/loop", "/long-head"]
    good = [errand(server, f"/list?{host}", host) for host in GOOD]
    came = run(tmp_path, [*(errand(server, path) for path in bad), *good])

    order = [one.source for one in came]
    late = min(map(order.index, ("/drip", "/silent", "/dripping-head")))
    assert {one.source.name for one in good} <= set(order[:late])
    assert {one.outcome for one in came if one.source.startswith("/list")} == {Outcome.READ}


def test_who_failed_before_does_not_hold_the_place_of_the_good(
    server: Hostile, tmp_path: Path
) -> None:
    known = SourceState(
        source="/drip",
        address="",
        since=MOMENT,
        polled=MOMENT,
        outcome=Outcome.FAILED,
        failures=3,
        next_due=MOMENT,
    )
    slow = replace(errand(server, "/silent"), before=known)
    came = run(tmp_path, [slow, errand(server, "/list", TOO)], places=1)

    assert came[-1].source == "/silent"
