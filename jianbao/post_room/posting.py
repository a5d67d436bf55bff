"""What an issue is sent with: its letter, the mail server, and the books of its campaign."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from jianbao.deliver.campaigns.buckets import Limits
from jianbao.deliver.campaigns.claims import Claims
from jianbao.deliver.campaigns.ledger import Ledger
from jianbao.deliver.campaigns.sending import Bench, Books
from jianbao.deliver.smtp.post import SmtpPost
from jianbao.deliver.smtp.wire import Connection

if TYPE_CHECKING:
    from jianbao.deliver.campaigns.claims import Claim
    from jianbao.deliver.campaigns.ledger import Campaign
    from jianbao.deliver.smtp.wire import Endpoint
    from jianbao.delivery import DeliverySettings
    from jianbao.post_room.delivering import PostRoom
    from jianbao.post_room.mailing import Mailing


def books_of(room: PostRoom, campaign: Campaign, actor: str) -> Books:
    """Where it is read what came of ``campaign``."""
    settings = room.settings
    return Books(
        ledger=Ledger(room.engine),
        campaign=campaign,
        clock=now,
        actor=actor,
        journal=room.workspace.root / settings.journal if settings.journal else None,
        journal_delay=timedelta(seconds=settings.journal_delay),
    )


def bench_of(mailing: Mailing, endpoint: Endpoint, books: Books) -> Bench:
    """What a run works with; it enters this process as a sender."""
    settings = mailing.room.settings
    limits = rates_of(settings)
    engine, campaign = mailing.room.engine, books.campaign
    return Bench(
        books=books,
        claims=Claims.open(engine, campaign, limits, mailing.message_id, now()),
        post=post_of(mailing, endpoint),
    )


def rates_of(settings: DeliverySettings) -> Limits:
    """How fast it may go."""
    return Limits(settings.rate, {one.name: one.rate for one in settings.domains})


def post_of(mailing: Mailing, endpoint: Endpoint) -> SmtpPost[Claim]:
    """Carries the messages of ``mailing``."""
    settings = mailing.room.settings
    return SmtpPost(
        lambda: Connection.open(endpoint),
        settings.bounces or mailing.sender.address,
        lambda claim: mailing.pieces(claim, datetime.now().astimezone()),
        connections=settings.connections,
        per_connection=settings.per_connection,
    )


def now() -> datetime:
    """In UTC."""
    return datetime.now(UTC)
