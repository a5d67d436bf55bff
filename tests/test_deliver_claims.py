"""Claims in the store: one sender each, nobody who left, no domain beyond its rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from mail_kills import enter_readers
from mail_sender import message_id
from sqlalchemy import insert, select, update

from jianbao.deliver.campaigns.buckets import Limits
from jianbao.deliver.campaigns.campaign import Change, State
from jianbao.deliver.campaigns.claims import Claims, Report, doubt_the_dead, settle
from jianbao.deliver.campaigns.ledger import Ledger
from jianbao.deliver.readers.acts import Actor
from jianbao.deliver.readers.audience import Audience
from jianbao.store.delivery import bounces, senders, subscriptions, suppressions
from jianbao.store.engine import writing

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from jianbao.deliver.campaigns.ledger import Campaign

_NOW = datetime(2025, 2, 10, 9, 0, tzinfo=UTC)
_ME = Actor("编辑", _NOW)
_ACCEPTED = Change(State.ACCEPTED, "250 Ok", "A1")


@pytest.fixture
def campaign(store: Engine) -> Campaign:
    """To six readers."""
    enter_readers(store, 6)
    return Ledger(store).begin("2025-04", "0" * 64, Audience(lists=("周报",)), _ME)


def _claims(store: Engine, campaign: Campaign, **limits: object) -> Claims:
    return Claims.open(store, campaign, Limits(**limits), message_id, _NOW)  # type: ignore[arg-type]


def _counts(store: Engine, campaign: Campaign) -> dict[str, int]:
    counts = Ledger(store).counts(campaign)
    return {state.value: many for state, many in counts.items() if many}


def test_two_senders_never_claim_the_same(store: Engine, campaign: Campaign) -> None:
    one, other = _claims(store, campaign), _claims(store, campaign)

    first, second = one.turn((), 4, _NOW).claims, other.turn((), 4, _NOW).claims

    assert len(first) == 4
    assert len({claim.id for claim in (*first, *second)}) == 6


def test_whoever_left_since_the_freeze_gets_nothing(store: Engine, campaign: Campaign) -> None:
    with writing(store) as connection:
        held = {"digest": f"{1:064x}", "reason": "by-hand", "note": "", "at": _NOW}
        connection.execute(insert(suppressions).values(held))
        connection.execute(
            update(subscriptions).where(subscriptions.c.reader == 2).values(state="unsubscribed")
        )

    claims = _claims(store, campaign).turn((), 10, _NOW).claims

    assert [claim.reader for claim in claims] == [3, 4, 5, 6]
    assert _counts(store, campaign) == {"claimed": 4, "withdrawn": 2}


def test_the_account_sends_no_more_than_its_rate(store: Engine, campaign: Campaign) -> None:
    one, other = (_claims(store, campaign, account=12) for _ in range(2))

    assert len(one.turn((), 6, _NOW).claims) == 2
    assert len(other.turn((), 6, _NOW).claims) == 0
    assert len(other.turn((), 6, _NOW + timedelta(seconds=5)).claims) == 1


def test_a_domain_that_rests_is_left_alone_by_all(store: Engine, campaign: Campaign) -> None:
    one, other = _claims(store, campaign), _claims(store, campaign)
    (claim,) = one.turn((), 1, _NOW).claims
    later = Change(State.DEFERRED, "421", due=_NOW)

    assert one.turn([Report(claim, later, timedelta(minutes=10))], 3, _NOW).claims == ()
    assert other.turn((), 3, _NOW).claims == ()
    assert len(other.turn((), 3, _NOW + timedelta(minutes=10)).claims) == 3


def test_a_deferred_reader_is_due_in_time_with_the_same_message_id(
    store: Engine, campaign: Campaign
) -> None:
    claims = _claims(store, campaign)
    (first,) = claims.turn((), 1, _NOW).claims
    due = _NOW + timedelta(minutes=2)
    claims.turn([Report(first, Change(State.DEFERRED, "450", due=due))], 0, _NOW)

    assert first.id not in {claim.id for claim in claims.turn((), 2, _NOW).claims}
    (again,) = claims.turn((), 1, due).claims
    assert again == replace(first, attempt=2)


def test_a_reply_counts_after_its_sender_was_given_up(store: Engine, campaign: Campaign) -> None:
    asleep = _claims(store, campaign)
    (claim,) = asleep.turn((), 1, _NOW).claims
    with writing(store) as connection:
        connection.execute(update(senders).values(host="elsewhere", until=_NOW))
    assert doubt_the_dead(store, campaign, _NOW) == 1
    settle(store, {claim.id: Change(State.PENDING)}, _NOW)

    asleep.turn([Report(claim, _ACCEPTED)], 0, _NOW)

    assert _counts(store, campaign) == {"accepted": 1, "pending": 5}


def test_a_reader_who_is_not_there_is_not_written_to_any_more(
    store: Engine, campaign: Campaign
) -> None:
    claims = _claims(store, campaign)
    hard, soft = claims.turn((), 2, _NOW).claims
    replies = [
        Report(hard, Change(State.FAILED, "没有这个邮箱：550 5.1.1 no such user", hard=True)),
        Report(soft, Change(State.FAILED, "被对方的规则拒绝：554 spam")),
    ]

    claims.turn(replies, 0, _NOW)
    claims.turn(replies, 0, _NOW)  # it counts once

    with writing(store) as connection:
        held = connection.execute(select(suppressions.c.digest, suppressions.c.reason)).all()
        told = connection.execute(select(bounces.c.reader, bounces.c.said)).all()
    assert held == [(f"{hard.reader:064x}", "bounced")]
    assert told == [(hard.reader, "没有这个邮箱：550 5.1.1 no such user")]


def test_a_reply_of_an_attempt_that_is_over_changes_nothing(
    store: Engine, campaign: Campaign
) -> None:
    asleep, awake = _claims(store, campaign), _claims(store, campaign)
    (claim,) = asleep.turn((), 1, _NOW).claims
    with writing(store) as connection:
        connection.execute(
            update(senders).where(senders.c.id == asleep.sender).values(host="x", until=_NOW)
        )
    doubt_the_dead(store, campaign, _NOW)
    settle(store, {claim.id: Change(State.PENDING)}, _NOW)
    awake.turn((), 6, _NOW)

    asleep.turn([Report(claim, Change(State.FAILED, "550"))], 0, _NOW)

    assert _counts(store, campaign) == {"claimed": 6}


def test_a_sender_of_this_machine_that_runs_is_not_given_up(
    store: Engine, campaign: Campaign
) -> None:
    _claims(store, campaign).turn((), 1, _NOW)

    assert doubt_the_dead(store, campaign, _NOW + timedelta(hours=5)) == 0


def test_a_paused_campaign_claims_nothing(store: Engine, campaign: Campaign) -> None:
    Ledger(store).pause(campaign, "由人暂停", _ME)

    assert _claims(store, campaign).turn((), 6, _NOW).claims == ()


def test_an_audience_is_frozen_once(store: Engine, campaign: Campaign) -> None:
    again = Ledger(store).begin("2025-04", "1" * 64, Audience(), _ME)

    assert again == campaign
    assert again.frozen == 6
