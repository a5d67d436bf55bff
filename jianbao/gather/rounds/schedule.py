"""When a list is asked again, and what about it needs a person. Pure: time and luck come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from jianbao.gather.rounds.poll import Outcome, SourceState
from jianbao.gather.web.freshness import NO_TIME

if TYPE_CHECKING:
    from datetime import datetime

    from jianbao.records import Source

#: The longest wait after a failure: a source is never given up.
LONGEST = timedelta(days=1)
#: A server that says that its list stays as it is for longer is asked all the same.
_FRESHEST = timedelta(hours=6)
#: Waits vary by this part, so that sources that failed together do not return together.
_SPREAD = 0.1
_SPREAD_AFTER_FAILURE = 0.3
#: Doublings after which every wait is the longest anyway.
_MOST_DOUBLINGS = 20
_WELL = frozenset({Outcome.READ, Outcome.UNCHANGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What asking a list came to.

    ``fresh`` and ``retry`` are what the server asks us to wait. ``is_nameless`` says that no
    server was found to ask, which may be for want of a network here.
    """

    outcome: Outcome
    detail: str = ""
    etag: str = ""
    last_modified: str = ""
    recipe: str = ""
    digest: str = ""
    fresh: timedelta = NO_TIME
    retry: timedelta = NO_TIME
    is_nameless: bool = False


def is_due(source: Source, state: SourceState | None, now: datetime) -> bool:
    """Whether a list of ``source`` is to be asked now.

    One that would wait for longer than there is reason to was written by a clock that was wrong.
    """
    if state is None:
        return True
    return state.next_due <= now or state.next_due - now > max(LONGEST, _every(source))


def state_after(  # noqa: PLR0913  (each decides something)
    source: Source,
    address: str,
    before: SourceState | None,
    answer: Answered,
    *,
    now: datetime,
    luck: float,
) -> SourceState:
    """What is remembered of a list after ``answer``.

    Args:
        source: Whose list it is.
        address: Of the list.
        before: What was remembered, if it was ever asked.
        answer: What came.
        now: When.
        luck: From 0 to 1: how much of the spread is taken off the wait.
    """
    failures = 0
    if answer.outcome in {Outcome.FAILED, Outcome.CHALLENGED, Outcome.FORBIDDEN}:
        failures = (before.failures if before else 0) + 1
    empties = 0
    if answer.outcome is Outcome.EMPTY:
        empties = (before.empties if before else 0) + 1
    return SourceState(
        source=source.name,
        address=address,
        since=before.since if before else now,
        polled=now,
        outcome=answer.outcome,
        detail=answer.detail,
        etag=answer.etag,
        last_modified=answer.last_modified,
        recipe=answer.recipe,
        digest=answer.digest,
        failures=failures,
        empties=empties,
        next_due=now + _wait(source, answer, failures, luck),
        last_new=before.last_new if before else None,
        brought=before.brought if before else 0,
    )


def alarm(source: Source, state: SourceState, now: datetime) -> str:
    """What a person should look into, though the server is well; empty where there is nothing."""
    if state.outcome is Outcome.EMPTY:
        times = f"，连续 {state.empties} 次" if state.empties > 1 else ""
        return f"网站答复正常，列表里却一条也没有读到{times}：{state.detail or '多半改版了'}"
    silent = now - (state.last_new or state.since)
    if state.outcome in _WELL and 0 < source.rhythm_days < silent.days:
        return f"{silent.days} 天没有新的了，往常 {source.rhythm_days} 天之内总有"
    return ""


def _every(source: Source) -> timedelta:
    return timedelta(minutes=source.every)


def _wait(source: Source, answer: Answered, failures: int, luck: float) -> timedelta:
    every = _every(source)
    if not failures:
        wait = max(every, min(answer.fresh, _FRESHEST))
        return wait * (1 - _SPREAD * luck)
    longest = max(every, LONGEST)
    doublings = min(failures - 1, _MOST_DOUBLINGS)
    wait = longest if answer.outcome is Outcome.FORBIDDEN else every * 2**doublings
    return max(min(wait, longest) * (1 - _SPREAD_AFTER_FAILURE * luck), min(answer.retry, longest))
