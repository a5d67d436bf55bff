"""How many messages may go out now: a bucket for the account, and one for each limited domain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

#: Seconds of its rate that a bucket holds: the largest burst.
_BURST = 10


@dataclass(frozen=True, slots=True)
class Bucket:
    """``tokens`` that there were ``at`` a moment."""

    tokens: float
    at: datetime
    paused_until: datetime | None = None

    def filled(self, rate: int, now: datetime) -> Bucket:
        """As it is ``now``, with ``rate`` messages a minute flowing in.

        A clock that was set back fills nothing, and what it says counts from now on.
        """
        seconds = max(0.0, (now - self.at).total_seconds())
        tokens = min(capacity(rate), self.tokens + rate * seconds / 60)
        return replace(self, tokens=tokens, at=now)

    def without(self, messages: int) -> Bucket:
        """After ``messages`` went out."""
        return replace(self, tokens=self.tokens - messages)

    def allows(self, now: datetime) -> int:
        """Messages that may go out ``now``."""
        if self.paused_until is not None and now < self.paused_until:
            return 0
        return max(0, int(self.tokens))


def capacity(rate: int) -> float:
    """Tokens that a bucket of ``rate`` messages a minute holds at most; always one message."""
    return max(1.0, rate * _BURST / 60)


def full(rate: int, now: datetime) -> Bucket:
    """A bucket that nobody has used."""
    return Bucket(capacity(rate), now)
