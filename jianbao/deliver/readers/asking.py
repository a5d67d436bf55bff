"""Asks readers to confirm, one after the other: few letters, and each is its reader's own."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from jianbao.deliver.campaigns.campaign import Accepted, Deferred, Refused, Unknown, Unsent
from jianbao.deliver.readers.asks import Ask, Held, Turn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from jianbao.deliver.campaigns.campaign import Outcome
    from jianbao.deliver.campaigns.sending import Posted
    from jianbao.deliver.readers.asks import Asks

#: Seconds until the account's rate is looked at again.
_LOOK = 0.5


class Came(StrEnum):
    """What came of a letter."""

    ACCEPTED = "accepted"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass
class Asking:
    """One run: ``post`` carries the letter of an ask, ``say`` hears how many are done."""

    asks: Asks
    post: Callable[[Ask], Awaitable[Posted]]
    clock: Callable[[], datetime]
    say: Callable[[int], None]
    came: Counter[Came] = field(default_factory=Counter)
    _resting: set[str] = field(default_factory=set)

    async def run(self) -> str:
        """Write to all who are due; why it ended before that, "" where it did not."""
        turns = self.asks.turns(self.clock())
        due = [reader for reader, turn in turns.items() if turn is Turn.NOW]
        for done, reader in enumerate(due):
            self.say(done)
            ask = await self._take(reader)
            if ask is None:
                continue
            posted = await self.post(ask)
            if posted.rest:
                self._resting.add(ask.domain)
            self._keep(ask, posted.outcome)
            if isinstance(posted.outcome, Unsent):
                return posted.outcome.why
        return ""

    async def _take(self, reader: int) -> Ask | None:
        while (found := self.asks.take(reader, self.clock())) is Held.ACCOUNT:  # noqa: ASYNC110  (rates are in the store, which wakes nobody)
            await asyncio.sleep(_LOOK)
        if isinstance(found, Ask) and found.domain in self._resting:
            self.asks.unsent(found)
            found = Held.DOMAIN
        if found is Held.DOMAIN:
            self.came[Came.LATER] += 1
        return found if isinstance(found, Ask) else None

    def _keep(self, ask: Ask, outcome: Outcome) -> None:
        match outcome:
            case Accepted(reply):
                self.asks.sent(ask, reply)
                self.came[Came.ACCEPTED] += 1
            case Refused(reply, hard):
                self.asks.refused(ask, reply, self.clock(), hard=hard)
                self.came[Came.REFUSED] += 1
            case Unknown(why):
                self.asks.sent(ask, why)
                self.came[Came.UNKNOWN] += 1
            case Deferred() | Unsent():
                self.asks.unsent(ask)
                self.came[Came.LATER] += 1
