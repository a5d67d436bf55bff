"""What becomes of a delivery: the state machine of a campaign, decided without any I/O.

    pending ─claim→ claimed ─reply→ accepted | deferred | failed
                       └─ no reply ─→ uncertain ─journal→ accepted | pending
                                             └─ nobody can tell ─→ parked

Over SMTP nobody can have "exactly once" (RFC 5321, 4.5.3.2.6): where the reply to a message
is lost, only the server knows. So a claim is on record before the message goes out, and one
without a reply is never sent again unless the server's own journal says that it is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Of a delivery."""

    PENDING = "pending"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    PARKED = "parked"
    WITHDRAWN = "withdrawn"


#: What the editor reads.
STATE_NAMES = {
    State.PENDING: "待送",
    State.CLAIMED: "在送",
    State.ACCEPTED: "已交出",
    State.DEFERRED: "稍后再试",
    State.FAILED: "退回",
    State.UNCERTAIN: "不确定",
    State.PARKED: "待人定夺",
    State.WITHDRAWN: "不再发送",
}
#: In which nothing more will happen by itself; parked ones wait for a person.
SETTLED = frozenset({State.ACCEPTED, State.FAILED, State.WITHDRAWN})
#: In which a delivery may be claimed when it is due.
OPEN = frozenset({State.PENDING, State.DEFERRED})


class Phase(StrEnum):
    """Of a campaign."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took it."""

    reply: str
    queue_id: str = ""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now: again after ``after`` at the earliest."""

    reply: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class Refused:
    """Never: the server will not take it for this reader. ``hard``: the reader is not there."""

    reply: str
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """The message went out, wholly or in part, and the reply did not come."""

    why: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """The server has not got it; ``why`` is of the connection, not of the reader.

    ``final``: it comes to the same until a password or a certificate is set right.
    ``begun``: the connection stood, and broke when it came to this message.
    """

    why: str
    final: bool = False
    begun: bool = False


Outcome = Accepted | Deferred | Refused | Unknown | Unsent


@dataclass(frozen=True, slots=True)
class Change:
    """The state that a delivery goes into. ``due`` is when it may be claimed again.

    ``hard``: its reader is not there, and is not written to any more.
    """

    state: State
    reply: str = ""
    queue_id: str = ""
    due: datetime | None = None
    hard: bool = False


#: Waits before the second attempt, the third …; the last one again and again.
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 60, 120, 240))
#: Attempts until a reader who is always put off has failed: with these waits two days.
_ATTEMPTS = 16
#: Attempts until a message is put aside on which connections break: what breaks them is in it,
#: or stands between us and its reader, and a person must look.
_BREAKS = 8
#: Characters of a server's reply that are kept.
_REPLY = 500


def after_sending(outcome: Outcome, attempt: int, now: datetime) -> Change:
    """What ``outcome`` of the attempt number ``attempt``, from 1, makes of a delivery."""
    match outcome:
        case Accepted(reply, queue_id):
            return Change(State.ACCEPTED, reply[:_REPLY], queue_id)
        case Deferred():
            return _put_off(outcome, attempt, now)
        case Refused(reply, hard):
            return Change(State.FAILED, reply[:_REPLY], hard=hard)
        case Unknown(why):
            return Change(State.UNCERTAIN, why[:_REPLY])
        case Unsent(why, begun=True):
            return _after_breaking(why, attempt, now)
        case Unsent(why):
            return Change(State.PENDING, why[:_REPLY])


def _put_off(deferred: Deferred, attempt: int, now: datetime) -> Change:
    if attempt >= _ATTEMPTS:
        return Change(State.FAILED, f"试了 {attempt} 次：{deferred.reply}"[:_REPLY])
    wait = max(deferred.after, _wait(attempt))
    return Change(State.DEFERRED, deferred.reply[:_REPLY], due=now + wait)


def _after_breaking(why: str, attempt: int, now: datetime) -> Change:
    """Let others go first: it may be this message that breaks connections."""
    if attempt >= _BREAKS:
        return Change(State.PARKED, _broke(attempt, why))
    return Change(State.DEFERRED, why[:_REPLY], due=now + _wait(attempt))


def _wait(attempt: int) -> timedelta:
    return _WAITS[min(attempt, len(_WAITS)) - 1]


def _broke(attempt: int, why: str) -> str:
    return f"试了 {attempt} 次，每次送到它都断开：{why}"[:_REPLY]


@dataclass(frozen=True, slots=True)
class Doubt:
    """How long a delivery has been uncertain, and whether the journal has its message.

    ``why`` it is, of the attempt number ``attempt``.
    """

    since: datetime
    found: bool
    attempt: int = 1
    why: str = ""


def settled(doubt: Doubt, now: datetime, delay: timedelta) -> Change | None:
    """What the journal makes of an uncertain delivery; None while it may still be written.

    A server notes a message a little after it has taken it, so "not there" counts only
    ``delay`` after the sender was last heard of.
    """
    if doubt.found:
        return Change(State.ACCEPTED, "在邮件服务器的记录里找到")
    if now - doubt.since < delay:
        return None
    if doubt.attempt >= _BREAKS:
        return Change(State.PARKED, _broke(doubt.attempt, doubt.why))
    return Change(State.PENDING, "邮件服务器的记录里没有，再送一次")


@dataclass(frozen=True, slots=True)
class Tally:
    """What deliveries came to since a person last looked; ``in_a_row``: the latest failures."""

    accepted: int = 0
    failed: int = 0
    in_a_row: int = 0

    def with_one(self, state: State) -> Tally:
        """And one more delivery."""
        match state:
            case State.ACCEPTED:
                return Tally(self.accepted + 1, self.failed, 0)
            case State.FAILED:
                return Tally(self.accepted, self.failed + 1, self.in_a_row + 1)
            case _:
                return self


#: Failures in a row, and their share of at least so many deliveries, at which sending stops.
_IN_A_ROW, _SHARE, _ENOUGH = 10, 0.05, 40


def reason_to_stop(tally: Tally) -> str | None:
    """Why a person should look before more is sent; None where nothing is conspicuous."""
    if tally.in_a_row >= _IN_A_ROW:
        return f"连续 {tally.in_a_row} 封退回"
    many = tally.accepted + tally.failed
    if many >= _ENOUGH and tally.failed > _SHARE * many:
        return f"{many} 封里有 {tally.failed} 封退回，超过 {_SHARE:.0%}"
    return None


#: Connections that failed one after the other until sending stops.
_UNREACHED = 5


def wait_for_server(failures: int) -> timedelta | None:
    """How long to wait after so many connections in a row failed; None: stop."""
    return None if failures >= _UNREACHED else timedelta(seconds=2**failures)
