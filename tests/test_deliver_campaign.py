"""The state machine of a delivery, the breaker and the buckets: decided without any I/O."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jianbao.deliver.campaigns.campaign import (
    Accepted,
    Change,
    Deferred,
    Doubt,
    Outcome,
    Refused,
    State,
    Tally,
    Unknown,
    Unsent,
    after_sending,
    reason_to_stop,
    settled,
    wait_for_server,
)
from jianbao.deliver.campaigns.rates import Bucket, full

_NOW = datetime(2025, 2, 10, 9, 0, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("outcome", "attempt", "expected"),
    [
        (Accepted("250 Ok", "A1"), 1, Change(State.ACCEPTED, "250 Ok", "A1")),
        (Deferred("450", timedelta()), 1, Change(State.DEFERRED, "450", due=_NOW + 2 * _MINUTE)),
        (Deferred("450", timedelta()), 2, Change(State.DEFERRED, "450", due=_NOW + 10 * _MINUTE)),
        (Deferred("450", timedelta()), 9, Change(State.DEFERRED, "450", due=_NOW + 240 * _MINUTE)),
        (Deferred("450", _MINUTE * 60), 1, Change(State.DEFERRED, "450", due=_NOW + 60 * _MINUTE)),
        (Deferred("450", timedelta()), 16, Change(State.FAILED, "试了 16 次：450")),
        (Refused("550 no such user"), 1, Change(State.FAILED, "550 no such user")),
        (Refused("550", hard=True), 1, Change(State.FAILED, "550", hard=True)),
        (Unknown("断了"), 1, Change(State.UNCERTAIN, "断了")),
        (Unsent("断了", begun=True), 1, Change(State.DEFERRED, "断了", due=_NOW + 2 * _MINUTE)),
        (
            Unsent("断了", begun=True),
            8,
            Change(State.PARKED, "试了 8 次，每次送到它都断开：断了"),
        ),
        (Unsent("连不上"), 8, Change(State.PENDING, "连不上")),
        (Unsent("连不上"), 1, Change(State.PENDING, "连不上")),
    ],
)
def test_what_the_server_says_decides(outcome: Outcome, attempt: int, expected: Change) -> None:
    assert after_sending(outcome, attempt, _NOW) == expected


def test_what_the_journal_has_was_delivered_at_once() -> None:
    change = settled(Doubt(_NOW, found=True), _NOW, _MINUTE)

    assert change is not None
    assert change.state is State.ACCEPTED


def test_what_the_journal_has_not_yet_may_still_come() -> None:
    assert settled(Doubt(_NOW, found=False), _NOW + _MINUTE / 2, _MINUTE) is None


def test_what_the_journal_has_not_after_its_delay_is_sent_again() -> None:
    change = settled(Doubt(_NOW, found=False), _NOW + _MINUTE, _MINUTE)

    assert change is not None
    assert change.state is State.PENDING


def test_what_breaks_connections_again_and_again_is_put_aside() -> None:
    doubt = Doubt(_NOW, found=False, attempt=8, why="断了")

    change = settled(doubt, _NOW + _MINUTE, _MINUTE)

    assert change == Change(State.PARKED, "试了 8 次，每次送到它都断开：断了")


def _tally(*states: State) -> Tally:
    tally = Tally()
    for state in states:
        tally = tally.with_one(state)
    return tally


def test_ten_failures_in_a_row_stop() -> None:
    row = [State.FAILED] * 10

    assert reason_to_stop(_tally(*row)) == "连续 10 封退回"
    assert reason_to_stop(_tally(*row[:9])) is None
    assert reason_to_stop(_tally(*row[:9], State.ACCEPTED, State.FAILED)) is None


def test_more_than_a_twentieth_of_failures_stops() -> None:
    good = [State.FAILED, State.ACCEPTED, *[State.ACCEPTED] * 18] * 2

    assert reason_to_stop(_tally(*good)) is None
    assert reason_to_stop(_tally(*good, State.FAILED)) == "41 封里有 3 封退回，超过 5%"


def test_a_server_that_does_not_answer_is_left_alone_longer_each_time() -> None:
    waits = [wait_for_server(failures) for failures in range(1, 6)]

    assert waits == [timedelta(seconds=seconds) for seconds in (2, 4, 8, 16)] + [None]


def test_a_bucket_lets_through_what_flows_in() -> None:
    bucket = full(60, _NOW)

    assert bucket.allows(_NOW) == 10
    assert bucket.without(10).filled(60, _NOW + timedelta(seconds=3)).allows(_NOW) == 3
    assert bucket.without(10).filled(60, _NOW + timedelta(hours=3)).allows(_NOW) == 10


def test_a_clock_that_was_set_back_gives_nothing_and_blocks_nothing() -> None:
    bucket = full(60, _NOW).without(10)
    earlier = _NOW - timedelta(hours=5)

    back = bucket.filled(60, earlier)

    assert back.allows(earlier) == 0
    assert back.filled(60, earlier + timedelta(seconds=2)).allows(earlier) == 2


def test_a_domain_that_rests_gets_nothing() -> None:
    bucket = Bucket(5, _NOW, paused_until=_NOW + _MINUTE)

    assert bucket.allows(_NOW) == 0
    assert bucket.allows(_NOW + _MINUTE) == 5
