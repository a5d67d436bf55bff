"""A round of fetching: each due list is asked, read and kept, hosts side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from jianbao.candidates import Page
from jianbao.gather.answers import (
    FORBIDDEN,
    conditions,
    list_in,
    readable,
    recipe_of,
    without_robots,
)
from jianbao.gather.poll import Outcome, Poll
from jianbao.gather.reading import read_entries
from jianbao.gather.replies import Request, Route
from jianbao.gather.robots import RobotsText, Shelf, allows, ask_robots
from jianbao.gather.schedule import Answered, alarm, state_after
from jianbao.gather.unpacking import ACCEPTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from jianbao.candidates import Entry
    from jianbao.gather.http import Web
    from jianbao.gather.lines import Reading
    from jianbao.gather.poll import SourceState
    from jianbao.gather.replies import Reply
    from jianbao.records import Source

#: Lists read at a time. Reading is a matter of milliseconds, but a hostile list may take seconds.
_READERS = 4
_PACKED = (("Accept-Encoding", ACCEPTED),)
_LED_ASTRAY = Answered(outcome=Outcome.EMPTY, detail="网页指向的地址里也没有列表")


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A list to ask, and what is remembered of it."""

    source: Source
    address: str
    before: SourceState | None = None

    @property
    def host(self) -> str:
        """The host, with its port."""
        return urlsplit(self.address).netloc.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came of an errand: ``new`` candidates, and what needs a person."""

    source: str
    address: str
    outcome: Outcome
    detail: str
    new: int
    alarm: str


class Keeper(Shelf, Protocol):
    """Keeps what a round brings, each poll in one transaction."""

    async def record(self, poll: Poll) -> int:
        """Keep ``poll``; return how many candidates are new."""


class Watcher(Protocol):
    """Who is told how a round goes on."""

    def begun(self, errand: Errand) -> None:
        """A list is being asked."""

    def done(self, fetched: Fetched) -> None:
        """It was asked, and what came is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a round works with. ``places`` is how many hosts are asked at a time."""

    web: Web
    keeper: Keeper
    watcher: Watcher
    now: Callable[[], datetime]
    luck: Callable[[], float]
    places: int


async def fetch(errands: Iterable[Errand], around: Round) -> tuple[Fetched, ...]:
    """Ask the list of each errand; what came is kept as it comes, whatever becomes of the rest.

    Raises:
        MachineProblem: The store cannot be written.
    """
    lanes = deque(_lanes(errands))
    fetched: list[Fetched] = []
    with ThreadPoolExecutor(_READERS, "readers") as readers:

        async def work() -> None:
            while lanes:
                for errand in lanes.popleft():
                    around.watcher.begun(errand)
                    one = await _run(errand, around, readers)
                    fetched.append(one)
                    around.watcher.done(one)

        workers = [asyncio.create_task(work()) for _ in range(min(around.places, len(lanes)))]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
    return tuple(fetched)


def _lanes(errands: Iterable[Errand]) -> list[list[Errand]]:
    """The errands of a host one after another, in as many lanes as the host takes visits.

    Hosts that were well come before those that failed, which may hold a place for a minute;
    among those, the ones with most errands, as they take longest.
    """
    hosts: dict[str, list[Errand]] = {}
    for errand in errands:
        hosts.setdefault(errand.host, []).append(errand)
    lanes = []
    for there in hosts.values():
        lane_count = max(1, min(errand.source.manners.concurrency for errand in there))
        lanes += [lane for start in range(lane_count) if (lane := there[start::lane_count])]
    return sorted(lanes, key=lambda lane: (_trouble(lane), -len(lane)))


def _trouble(lane: list[Errand]) -> int:
    return max(errand.before.failures if errand.before else 0 for errand in lane)


async def _run(errand: Errand, around: Round, readers: ThreadPoolExecutor) -> Fetched:
    asked = await _Asking(errand, around, readers).ask()
    now, source = around.now(), errand.source
    state = state_after(
        source, errand.address, errand.before, asked.answered, now=now, luck=around.luck()
    )
    new = await around.keeper.record(Poll(state=state, entries=asked.entries))
    return Fetched(
        source=source.name,
        address=errand.address,
        outcome=state.outcome,
        detail=state.detail,
        new=new,
        alarm="" if new else alarm(source, state, now),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    answered: Answered
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asking:
    """Asks and reads the list of one errand."""

    errand: Errand
    around: Round
    readers: ThreadPoolExecutor

    async def ask(self) -> _Asked:
        """The list, or where a page only names it the one that it names."""
        manners, recipe = self.errand.source.manners, recipe_of(self.errand.source)
        request = Request(
            url=self.errand.address,
            headers=(*_PACKED, *conditions(self.errand.before, recipe)),
            gap=manners.gap,
            concurrency=manners.concurrency,
            route=Route(proxy=manners.proxy, legacy_tls=manners.legacy_tls),
        )
        found = await self._get(request, recipe)
        if isinstance(found, _Asked):
            return found
        # The validators of a page that names the list say nothing of the list.
        named = await self._get(replace(request, url=found, headers=_PACKED), "")
        return named if isinstance(named, _Asked) else _Asked(_LED_ASTRAY)

    async def _get(self, request: Request, recipe: str) -> _Asked | str:
        """What came, or the address that has the list."""
        refusal = await self._robots(request)
        if refusal is not None:
            return _Asked(refusal)
        came = await self.around.web.send_patiently(request)
        now = self.around.now()
        reply = list_in(came, self.errand.before, now)
        if isinstance(reply, Answered):
            return _Asked(reply)
        reading = await self._read(reply, now)
        if reading.follow:
            return reading.follow
        return _Asked(readable(reply, reading, recipe, now), reading.entries)

    async def _robots(self, request: Request) -> Answered | None:
        """What comes of a list that robots.txt keeps from us; None where it may be read."""
        if not self.errand.source.manners.obeys_robots:
            return None
        now = self.around.now()
        found = await ask_robots(self.around.web, self.around.keeper, request, now)
        if not isinstance(found, RobotsText):
            return without_robots(found, now)
        return None if allows(found.text, request.url) else FORBIDDEN

    async def _read(self, reply: Reply, now: datetime) -> Reading:
        page = Page(
            url=reply.url,
            content_type=reply.header("content-type"),
            body=reply.body,
            fetched=now,
        )
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.readers, read_entries, self.errand.source, page)
