"""Sends a campaign: claims, hands messages to the post, puts on record what it answered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from jianbao.deliver.acts import Actor
from jianbao.deliver.campaign import (
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
from jianbao.deliver.claims import Report, doubt_the_dead, settle
from jianbao.deliver.journal import taken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from jianbao.deliver.claims import Claim, Claims, Turn
    from jianbao.deliver.ledger import Ledger

#: Seconds until a sender whose messages take long says that it lives, and until one that has
#: fewer claims than connections looks for more.
_BEAT, _LOOK = 60.0, 0.5
#: A run waits for deferred readers that are due so soon; for later ones it is run again.
_PATIENCE = timedelta(minutes=15)


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


class End(StrEnum):
    """Why a run ended."""

    DONE = "done"
    PARKED = "parked"  # nothing is left but what a person must decide
    PAUSED = "paused"
    LATER = "later"  # the rest is due later
    STOPPED = "stopped"  # somebody pressed Ctrl-C
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended, with its reason and when to run again."""

    end: End
    why: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a run works with.

    ``journal`` is the mail server's own record, which is complete ``journal_delay`` after it
    took a message. ``say`` hears the counts of what this run brought to which state.
    """

    ledger: Ledger
    claims: Claims
    post: Post
    clock: Callable[[], datetime]
    actor: str
    journal: Path | None = None
    journal_delay: timedelta = timedelta(minutes=1)
    say: Callable[[Mapping[State, int]], None] = lambda _counts: None


@dataclass
class Run:
    """One run of one process; ``stop`` makes it end as soon as what is on its way has arrived."""

    bench: Bench
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
        self._tally = self.bench.ledger.tally(self.bench.claims.campaign)
        reconcile(self.bench)
        reports: list[Report] = []
        running: dict[asyncio.Task[Posted], Claim] = {}
        while True:
            turn = await self._turn(reports, self._room(len(running)))
            self._weigh(reports)
            for claim in turn.claims:
                running[asyncio.create_task(self.bench.post.send(claim))] = claim
            if not running:
                ended = await self._idle(turn)
                if ended is not None:
                    return ended
                reports = []
                continue
            starved = len(running) < self.bench.post.connections
            done, _ = await asyncio.wait(
                running,
                timeout=_LOOK if starved else _BEAT,
                return_when=asyncio.FIRST_COMPLETED,
            )
            reports = [self._report(task.result(), running.pop(task)) for task in done]

    async def _turn(self, reports: Sequence[Report], wanted: int) -> Turn:
        # A commit waits for the disk; messages go on meanwhile.
        return await asyncio.to_thread(self.bench.claims.turn, reports, wanted, self.bench.clock())

    def _room(self, running: int) -> int:
        waits = self._free_from is not None and self.bench.clock() < self._free_from
        return 0 if self._ending or waits else self.bench.post.connections - running

    def _report(self, posted: Posted, claim: Claim) -> Report:
        change = after_sending(posted.outcome, claim.attempt, self.bench.clock())
        if isinstance(posted.outcome, Unsent):
            self._postpone(posted.outcome)
        else:
            self._failures = 0
        return Report(claim, change, posted.rest)

    def _postpone(self, unsent: Unsent) -> None:
        """Leave the server alone for a while, or for good where it does not come back."""
        if unsent.final:
            self._ending = Ended(End.UNREACHED, unsent.why)
            return
        now = self.bench.clock()
        if self._free_from is not None and now < self._free_from:
            return  # connections that broke together are one failure
        self._failures += 1
        wait = wait_for_server(self._failures)
        if wait is None:
            self._ending = Ended(End.UNREACHED, unsent.why)
        else:
            self._free_from = now + wait

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
            actor = Actor(self.bench.actor, self.bench.clock())
            self.bench.ledger.pause(self.bench.claims.campaign, why, actor)

    async def _idle(self, turn: Turn) -> Ended | None:
        """Why the run is over now that nothing is on its way; None where it only waits."""
        if self._ending is not None:
            return self._ending
        if turn.phase is Phase.PAUSED:
            found = self.bench.ledger.find(self.bench.claims.campaign.issue)
            return Ended(End.PAUSED, found.why if found else "")
        reconcile(self.bench)
        ended = self._left()
        if ended is None:
            await asyncio.sleep(_LOOK)
        return ended

    def _left(self) -> Ended | None:
        campaign, ledger, now = self.bench.claims.campaign, self.bench.ledger, self.bench.clock()
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
        ledger.finish(campaign, Actor(self.bench.actor, now))
        return Ended(End.DONE)


def reconcile(bench: Bench) -> None:
    """Settle what nobody knows: by the mail server's own record, else a person must."""
    campaign, now = bench.claims.campaign, bench.clock()
    doubt_the_dead(bench.ledger.engine, campaign, now)
    rows = tuple(bench.ledger.deliveries(campaign, State.UNCERTAIN))
    if not rows:
        return
    if bench.journal is None:
        bench.ledger.move(
            campaign,
            State.UNCERTAIN,
            State.PARKED,
            "不知道邮件服务器收下没有",
            Actor(bench.actor, now),
        )
        return
    found = taken(bench.journal, frozenset(row.message_id for row in rows))
    changes = {
        row.id: settled(Doubt(row.changed, row.message_id in found), now, bench.journal_delay)
        for row in rows
    }
    known = {number: change for number, change in changes.items() if change is not None}
    settle(bench.ledger.engine, known, now)
