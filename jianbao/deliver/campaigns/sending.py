"""Sends a campaign: claims, hands messages to the post, puts on record what it answered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from jianbao.deliver.campaigns.campaign import (
    Doubt,
    Outcome,
    Phase,
    State,
    Tally,
    Unsent,
    after_sending,
    reason_to_stop,
    settled,
    wait_for_server,
)
from jianbao.deliver.campaigns.claims import Report, doubt_the_dead, settle
from jianbao.deliver.campaigns.journal import taken
from jianbao.deliver.readers.acts import Actor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from jianbao.deliver.campaigns.claims import Claim, Claims, Turn
    from jianbao.deliver.campaigns.ledger import Campaign, Ledger

#: Seconds until a sender whose messages take long says that it lives, and until one that has
#: fewer claims than connections looks for more.
_BEAT, _LOOK = 60.0, 0.5
#: A run waits for deferred readers that are due so soon; for later ones it is run again.
_PATIENCE = timedelta(minutes=15)
#: A share that rates hold back for so long is given up; others may have work to do meanwhile.
_SPELL = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Posted:
    """What the post answered; ``rest``: leave the whole domain alone for so long."""

    outcome: Outcome
    rest: timedelta = timedelta()


class Post(Protocol):
    """Carries messages; each call may run beside others, up to ``connections``."""

    connections: int

    async def send(self, claim: Claim) -> Posted:
        """Send the message of ``claim``."""

    async def close(self) -> None:
        """Nothing more is to be sent."""


class End(StrEnum):
    """Why a run ended."""

    DONE = "done"
    PARKED = "parked"  # nothing is left but what a person must decide
    PAUSED = "paused"
    LATER = "later"  # the rest is due later
    STOPPED = "stopped"  # somebody pressed Ctrl-C
    SHARE = "share"  # there may be more, which is left to other runs
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended, with its reason and when to run again.

    ``final``: it comes to the same until a person has set something right.
    """

    end: End
    why: str = ""
    due: datetime | None = None
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Where it is read what came of ``campaign``: here, and at the mail server.

    ``journal`` is the server's own record, which is complete ``journal_delay`` after it took
    a message.
    """

    ledger: Ledger
    campaign: Campaign
    clock: Callable[[], datetime]
    actor: str
    journal: Path | None = None
    journal_delay: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a run works with.

    ``say`` hears the counts of what it brought to which state; ``waits`` until when it waits
    for the first of those who were put off, None where it waits for something else.
    """

    books: Books
    claims: Claims
    post: Post
    say: Callable[[Mapping[State, int]], None] = lambda _counts: None
    waits: Callable[[datetime | None], None] = lambda _due: None


@dataclass
class Run:
    """One run; ``stop`` makes it end as soon as what is on its way has arrived.

    It claims up to ``share`` deliveries and leaves the rest to others; None: it stays until
    there are no more.
    """

    bench: Bench
    share: int | None = None
    _claimed: int = 0
    _idle_from: datetime | None = None
    _tally: Tally = field(init=False)
    _counts: dict[State, int] = field(default_factory=dict)
    _failures: int = 0
    _free_from: datetime | None = None
    _ending: Ended | None = None

    def stop(self) -> None:
        """Claim nothing more."""
        self._ending = Ended(End.STOPPED, "按了 Ctrl-C")

    async def send(self) -> Ended:
        """Send until nothing is left to do now."""
        books = self.bench.books
        self._tally = books.ledger.tally(books.campaign)
        reconcile(books)
        reports: list[Report] = []
        running: dict[asyncio.Task[Posted], Claim] = {}
        while True:
            turn = await self._turn(reports, self._room(len(running)))
            self._weigh(reports)
            self._claimed += len(turn.claims)
            for claim in turn.claims:
                running[asyncio.create_task(self.bench.post.send(claim))] = claim
            if not running:
                ended = await self._idle(turn)
                if ended is not None:
                    return ended
                reports = []
                continue
            self._idle_from = None
            starved = len(running) < self.bench.post.connections
            done, _ = await asyncio.wait(
                running,
                timeout=_LOOK if starved else _BEAT,
                return_when=asyncio.FIRST_COMPLETED,
            )
            reports = [self._report(task.result(), running.pop(task)) for task in done]

    async def _turn(self, reports: Sequence[Report], wanted: int) -> Turn:
        # A commit waits for the disk; messages go on meanwhile.
        return await asyncio.to_thread(self.bench.claims.turn, reports, wanted, self._now())

    def _now(self) -> datetime:
        return self.bench.books.clock()

    def _room(self, running: int) -> int:
        if self._ending or self._waits():
            return 0
        room = self.bench.post.connections - running
        return room if self.share is None else min(room, self.share - self._claimed)

    def _waits(self) -> bool:
        """Whether the server is left alone for a while."""
        return self._free_from is not None and self._now() < self._free_from

    def _report(self, posted: Posted, claim: Claim) -> Report:
        change = after_sending(posted.outcome, claim.attempt, self._now())
        if isinstance(posted.outcome, Unsent):
            self._postpone(posted.outcome)
        else:
            self._failures = 0
        return Report(claim, change, posted.rest)

    def _postpone(self, unsent: Unsent) -> None:
        """Leave the server alone for a while, or for good where it does not come back."""
        if unsent.final:
            self._ending = Ended(End.UNREACHED, unsent.why, final=True)
            return
        if self._waits():
            return  # connections that broke together are one failure
        self._failures += 1
        wait = wait_for_server(self._failures)
        if wait is None:
            self._ending = Ended(End.UNREACHED, unsent.why)
        else:
            self._free_from = self._now() + wait

    def _weigh(self, reports: Sequence[Report]) -> None:
        for report in reports:
            state = report.change.state
            self._counts[state] = self._counts.get(state, 0) + 1
            self._tally = self._tally.with_one(state)
        if reports:
            self.bench.say(self._counts)
        why = reason_to_stop(self._tally)
        if why and self._ending is None:
            self._ending = Ended(End.PAUSED, why)
            books = self.bench.books
            books.ledger.pause(books.campaign, why, Actor(books.actor, self._now()))

    async def _idle(self, turn: Turn) -> Ended | None:
        """Why the run is over now that nothing is on its way; None where it only waits."""
        if self._ending is not None:
            return self._ending
        books = self.bench.books
        if turn.phase is Phase.PAUSED:
            found = books.ledger.find(books.campaign.issue)
            return Ended(End.PAUSED, found.why if found else "")
        if self.share is not None and self._claimed >= self.share:
            return Ended(End.SHARE)
        ended = outlook(books)
        if ended is None and self._leaves_the_rest():
            return Ended(End.SHARE)
        if ended is None:
            self.bench.waits(books.ledger.next_due(books.campaign))
            await asyncio.sleep(_LOOK)
        return ended

    def _leaves_the_rest(self) -> bool:
        """Whether what there is to do is not for this run: others do it, or it is not due."""
        if self.share is None or self._waits():
            return False
        now = self._now()
        self._idle_from = self._idle_from or now
        books = self.bench.books
        is_held_back = books.ledger.count_due(books.campaign, now) > 0
        return not is_held_back or now - self._idle_from > _SPELL


def outlook(books: Books) -> Ended | None:
    """Settle what can be settled; why there is nothing to send now, None where there may be."""
    reconcile(books)
    campaign, ledger, now = books.campaign, books.ledger, books.clock()
    counts = ledger.counts(campaign)
    current = ledger.find(campaign.issue)
    if current and current.not_before and now < current.not_before:
        return Ended(End.LATER, "还没有到定好的时间", current.not_before)
    if any(counts[state] for state in (State.PENDING, State.CLAIMED, State.UNCERTAIN)):
        return None
    if counts[State.DEFERRED]:
        due = ledger.next_due(campaign)
        soon = due is None or due - now <= _PATIENCE
        return None if soon else Ended(End.LATER, "有些邮箱要过一阵再试", due)
    if counts[State.PARKED]:
        return Ended(End.PARKED)
    ledger.finish(campaign, Actor(books.actor, now))
    return Ended(End.DONE)


def reconcile(books: Books) -> None:
    """Settle what nobody knows: by the mail server's own record, else a person must."""
    campaign, ledger, now = books.campaign, books.ledger, books.clock()
    doubt_the_dead(ledger.engine, campaign, now)
    rows = tuple(ledger.deliveries(campaign, State.UNCERTAIN))
    if not rows:
        return
    if books.journal is None:
        why = "不知道邮件服务器收下没有"
        ledger.move(campaign, State.UNCERTAIN, State.PARKED, why, Actor(books.actor, now))
        return
    found = taken(books.journal, frozenset(row.message_id for row in rows))
    changes = {
        row.id: settled(
            Doubt(row.changed, row.message_id in found, row.attempt, row.reply),
            now,
            books.journal_delay,
        )
        for row in rows
    }
    known = {number: change for number, change in changes.items() if change is not None}
    settle(ledger.engine, known, now)
