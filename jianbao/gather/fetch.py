"""A round of fetching: each due list is asked, read and kept, hosts side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from jianbao.candidates import Page
from jianbao.gather.answers import (
    FORBIDDEN,
    conditions,
    is_known,
    list_in,
    readable,
    recipe_of,
    unchanged,
    without_robots,
)
from jianbao.gather.http import no_network
from jianbao.gather.poll import Outcome, Poll
from jianbao.gather.reading import read_entries
from jianbao.gather.replies import Request, Route
from jianbao.gather.robots import RobotsText, Shelf, allows, ask_robots
from jianbao.gather.schedule import Answered, alarm, state_after
from jianbao.gather.unpacking import ACCEPTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from jianbao.candidates import Entry
    from jianbao.gather.http import Web
    from jianbao.gather.lines import Reading
    from jianbao.gather.poll import SourceState
    from jianbao.gather.replies import Reply
    from jianbao.records import Source

#: Lists read at a time. Reading is a matter of milliseconds, but a hostile list may take seconds.
_READERS = 4
#: Lists that were read and wait for the disk; then the network waits, and not the memory grows.
_UNKEPT = 256
#: Seconds for which one that came waits for others: a transaction each would cost more than
#: all the rest. So much is asked again where the process is killed.
_TOGETHER = 0.25
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
    """Keeps what a round brings: of each poll everything, or nothing."""

    async def record(self, polls: Sequence[Poll]) -> tuple[int, ...]:
        """Keep ``polls``; return how many candidates of each are new."""


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


async def fetch(errands: Iterable[Errand], around: Round) -> None:
    """Ask the list of each errand; what came is kept as it comes, whatever becomes of the rest.

    Raises:
        MachineProblem: The store cannot be written; or not one host could be found, which is
            held against none of them.
    """
    lanes = deque(_lanes(errands))
    hosts, count = {lane[0].host for lane in lanes}, sum(map(len, lanes))
    came: asyncio.Queue[tuple[Errand, _Asked]] = asyncio.Queue(_UNKEPT)
    nameless: list[tuple[Errand, _Asked]] = []
    with ThreadPoolExecutor(_READERS, "readers") as readers:

        async def ask() -> None:
            while lanes:
                for errand in lanes.popleft():
                    around.watcher.begun(errand)
                    await came.put((errand, await _Asking(errand, around, readers).ask()))

        async def keep() -> None:
            left = count
            while left:
                batch = await _next_of(came, left)
                left -= len(batch)
                nameless.extend(pair for pair in batch if pair[1].answered.is_nameless)
                await _keep([pair for pair in batch if not pair[1].answered.is_nameless], around)

        work = [keep(), *(ask() for _ in range(min(around.places, len(lanes))))]
        tasks = [asyncio.create_task(one) for one in work]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
    if len(hosts) > 1 and len(nameless) == count:
        raise no_network()
    await _keep(nameless, around)


async def _next_of(
    came: asyncio.Queue[tuple[Errand, _Asked]], left: int
) -> list[tuple[Errand, _Asked]]:
    """What is kept in one transaction, of ``left`` that will come: those of the next moment."""
    batch = [await came.get()]
    with suppress(TimeoutError):
        async with asyncio.timeout(_TOGETHER):
            while len(batch) < min(left, _UNKEPT):
                batch.append(await came.get())
    return batch


async def _keep(batch: Sequence[tuple[Errand, _Asked]], around: Round) -> None:
    now = around.now()
    polls = [Poll(state=_state(*pair, around), entries=pair[1].entries) for pair in batch]
    counts = await around.keeper.record(polls) if polls else ()
    for (errand, _), poll, new in zip(batch, polls, counts, strict=True):
        around.watcher.done(
            Fetched(
                source=errand.source.name,
                address=errand.address,
                outcome=poll.outcome,
                detail=poll.state.detail,
                new=new,
                alarm="" if new else alarm(errand.source, poll.state, now),
            )
        )


def _state(errand: Errand, asked: _Asked, around: Round) -> SourceState:
    return state_after(
        errand.source,
        errand.address,
        errand.before,
        asked.answered,
        now=around.now(),
        luck=around.luck(),
    )


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
        if is_known(reply, self.errand.before, recipe):
            return _Asked(unchanged(reply, recipe, now))
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
