"""Letters that ask readers to confirm, in the store: each due once, and nobody who left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from mail_kills import enter_readers
from sqlalchemy import insert, update

from jianbao.deliver.campaigns.buckets import Limits
from jianbao.deliver.readers.asks import Ask, Asks, Held, Turn
from jianbao.store.delivery import subscriptions, suppressions
from jianbao.store.engine import writing

if TYPE_CHECKING:
    from sqlalchemy import Engine

_NOW = datetime(2025, 2, 10, 9, 0, tzinfo=UTC)
_WEEK = timedelta(days=7)


@pytest.fixture
def asks(store: Engine) -> Asks:
    """Of three readers who wait, one of whom is suppressed."""
    enter_readers(store, 3)
    with writing(store) as connection:
        connection.execute(update(subscriptions).values(state="pending"))
        held = {"digest": f"{3:064x}", "reason": "by-hand", "note": "", "at": _NOW}
        connection.execute(insert(suppressions).values(held))
    return Asks(store, Limits(account=60), "周报")


def test_a_reader_is_asked_three_times_a_week_apart(asks: Asks) -> None:
    times = [asks.take(1, _NOW + _WEEK * week) for week in range(4)]

    assert [one.times if isinstance(one, Ask) else one for one in times] == [1, 2, 3, Held.GONE]
    assert asks.take(2, _NOW + _WEEK * 4) != Held.GONE
    assert asks.turns(_NOW + _WEEK * 4) == {1: Turn.NEVER, 2: Turn.LATER}


def test_a_letter_that_did_not_go_out_does_not_count(asks: Asks) -> None:
    first = asks.take(1, _NOW)
    assert isinstance(first, Ask)

    asks.unsent(first)

    assert asks.turns(_NOW) == {1: Turn.NOW, 2: Turn.NOW}


def test_whoever_is_not_there_is_not_asked_again(asks: Asks) -> None:
    first = asks.take(1, _NOW)
    assert isinstance(first, Ask)

    asks.refused(first, "550 5.1.1", _NOW, hard=True)

    assert asks.turns(_NOW + _WEEK) == {2: Turn.NOW}


def test_letters_keep_to_the_rate_of_the_account(asks: Asks) -> None:
    slow = Asks(asks.engine, Limits(account=1))

    assert isinstance(slow.take(1, _NOW), Ask)
    assert slow.take(2, _NOW) is Held.ACCOUNT
    assert isinstance(slow.take(2, _NOW + timedelta(minutes=1)), Ask)
