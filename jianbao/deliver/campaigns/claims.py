"""Claims: who sends which delivery now. Each step is one transaction, so a crash leaves none half.

Two senders at once are safe: on SQLite there is one writer at a time, on PostgreSQL a claim
passes over the rows that another one holds.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, insert, select, update

from jianbao.deliver.bounces.counting import Failure, count
from jianbao.deliver.bounces.returned import Kind
from jianbao.deliver.bounces.tally import Limits
from jianbao.deliver.campaigns.buckets import ACCOUNT, Buckets
from jianbao.deliver.campaigns.buckets import Limits as Rates
from jianbao.deliver.campaigns.campaign import SETTLED, Change, Phase, State
from jianbao.deliver.campaigns.senders import Sender, is_dead, this_process
from jianbao.deliver.readers.acts import Actor
from jianbao.deliver.readers.audience import is_suppressed, takes
from jianbao.deliver.smtp.replies import Reason
from jianbao.store.delivery import campaigns, deliveries, readers, senders
from jianbao.store.engine import hold, writing
from jianbao.store.tables import SUBSCRIBERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Engine

    from jianbao.deliver.campaigns.ledger import Campaign

#: For how long claims hold without a sign of life; longer than any step of SMTP may take.
LEASE = timedelta(minutes=15)
#: Looks for readers in place of those who left since the audience was frozen.
_LOOKS = 20
_LEFT = "冻结名单以后退订或停发"
#: Who ends it with a reader who is not there, in the record of acts.
_SERVER = "邮件服务器"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery that this sender, and nobody else, is to make now."""

    id: int
    reader: int
    address: str
    name: str
    domain: str
    attempt: int
    message_id: str


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a claim; ``rest`` is for how long its whole domain is to be left alone."""

    claim: Claim
    change: Change
    rest: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Turn:
    """What a sender got."""

    claims: tuple[Claim, ...]
    phase: Phase


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of one sender on the deliveries of ``campaign``.

    ``message_id`` gives the Message-ID of the message to a reader: the same at each attempt.
    """

    engine: Engine
    campaign: Campaign
    limits: Rates
    message_id: Callable[[int], str]
    sender: int

    @classmethod
    def open(
        cls,
        engine: Engine,
        campaign: Campaign,
        limits: Rates,
        message_id: Callable[[int], str],
        now: datetime,
    ) -> Claims:
        """Enter this process as a sender."""
        me = this_process(now + LEASE)
        with writing(engine) as connection:
            number = connection.scalar(
                insert(senders)
                .values(
                    campaign=campaign.id, host=me.host, pid=me.pid, born=me.born, until=me.until
                )
                .returning(senders.c.id)
            )
        assert number is not None  # noqa: S101  (it was inserted)
        return cls(engine, campaign, limits, message_id, number)

    def turn(self, reports: Sequence[Report], wanted: int, now: datetime) -> Turn:
        """Put ``reports`` on record and claim up to ``wanted`` deliveries, in one go."""
        rests = {report.claim.domain: now + report.rest for report in reports if report.rest}
        with writing(self.engine) as connection:
            self._keep(connection, reports, now)
            connection.execute(
                update(senders).where(senders.c.id == self.sender).values(until=now + LEASE)
            )
            row = connection.execute(
                select(campaigns.c.state, campaigns.c.not_before).where(
                    campaigns.c.id == self.campaign.id
                )
            ).one()
            books = Buckets(connection, self.limits, rests, now)
            phase = Phase(row.state)
            waits = row.not_before is not None and now < row.not_before
            claims: list[Claim] = []
            if wanted > 0 and phase is Phase.RUNNING and not waits:
                claims = self._claim(connection, books, wanted, now)
            books.close([claim.domain for claim in claims])
        return Turn(tuple(claims), phase)

    def _keep(self, connection: Connection, reports: Sequence[Report], now: datetime) -> None:
        kept = [report for report in reports if self._enter_reply(connection, report, now)]
        hard = [report for report in kept if report.change.hard]
        if hard:
            hold(connection, SUBSCRIBERS)
        for report in hard:
            count(connection, _failure(report), Limits(), Actor(_SERVER, now))

    def _enter_reply(self, connection: Connection, report: Report, now: datetime) -> bool:
        """Whether it still counted."""
        change = report.change
        # The claim may have been given up as dead meanwhile, while this machine slept; a
        # reply counts all the same as long as nobody else has begun anew.
        done = connection.execute(
            update(deliveries)
            .where(
                deliveries.c.id == report.claim.id,
                deliveries.c.sender == self.sender,
                deliveries.c.attempt == report.claim.attempt,
                deliveries.c.state.not_in(SETTLED),
            )
            .values(
                state=change.state,
                reply=change.reply,
                queue_id=change.queue_id,
                due=change.due,
                changed=now,
            )
        )
        return done.rowcount > 0

    def _claim(
        self, connection: Connection, books: Buckets, wanted: int, now: datetime
    ) -> list[Claim]:
        wanted = min(wanted, books.allowed(ACCOUNT))
        claims: list[Claim] = []
        for _ in range(_LOOKS):
            rows = self._due(connection, books, wanted - len(claims), now)
            claims.extend(self._enter(connection, rows, now))
            if not rows or len(claims) >= wanted:
                break
        return claims

    def _due(self, connection: Connection, books: Buckets, wanted: int, now: datetime) -> list[Any]:
        """Rows that may be claimed, as far as domains have room: limited ones first."""
        found: list[Any] = []
        limited = books.limited()
        for domain, room in limited.items():
            if limit := min(room, wanted - len(found)):
                found += self._rows(connection, deliveries.c.domain == domain, limit, now)
        if wanted > len(found):
            others = deliveries.c.domain.not_in(tuple(limited))
            found += self._rows(connection, others, wanted - len(found), now)
        return found

    def _rows(
        self, connection: Connection, domains: ColumnElement[bool], limit: int, now: datetime
    ) -> list[Any]:
        found: list[Any] = []
        deferred = (deliveries.c.state == State.DEFERRED) & (deliveries.c.due <= now)
        for is_open in (deferred, deliveries.c.state == State.PENDING):
            if len(found) < limit:
                query = (
                    select(deliveries.c.id, deliveries.c.domain)
                    .where(deliveries.c.campaign == self.campaign.id, is_open, domains)
                    .order_by(deliveries.c.id)
                    .limit(limit - len(found))
                    .with_for_update(skip_locked=True)
                )
                found += connection.execute(query).all()
        return found

    def _enter(self, connection: Connection, rows: Sequence[Any], now: datetime) -> list[Claim]:
        """Claim ``rows``, except those whose reader has left since they were frozen."""
        if not rows:
            return []
        left = is_suppressed(readers.c.digest) | ~takes(self.campaign.audience, readers.c.id)
        query = (
            select(
                deliveries.c.id,
                deliveries.c.reader,
                deliveries.c.domain,
                deliveries.c.attempt,
                readers.c.address,
                readers.c.name,
                left.label("left"),
            )
            .join(readers, readers.c.id == deliveries.c.reader)
            .where(deliveries.c.id.in_([row.id for row in rows]))
            .order_by(deliveries.c.id)
        )
        claims, gone = [], []
        for row in connection.execute(query):
            if row.left or row.address is None:
                gone.append(row.id)
                continue
            claims.append(
                Claim(
                    id=row.id,
                    reader=row.reader,
                    address=row.address,
                    name=row.name,
                    domain=row.domain,
                    attempt=row.attempt + 1,
                    message_id=self.message_id(row.reader),
                )
            )
        if gone:
            connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_(gone))
                .values(state=State.WITHDRAWN, reply=_LEFT, due=None, changed=now)
            )
        self._mark(connection, claims, now)
        return claims

    def _mark(self, connection: Connection, claims: Sequence[Claim], now: datetime) -> None:
        if not claims:
            return
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id == bindparam("number"))
            .values(
                state=State.CLAIMED,
                sender=self.sender,
                attempt=bindparam("attempt_number"),
                message_id=bindparam("own_id"),
                due=None,
                changed=now,
            ),
            [
                {
                    "number": claim.id,
                    "attempt_number": claim.attempt,
                    "own_id": claim.message_id,
                }
                for claim in claims
            ],
        )


def _failure(report: Report) -> Failure:
    """That the server knows no such reader, as mail that came back would tell it."""
    claim = report.claim
    told = f"{claim.message_id} {claim.attempt} {report.change.reply}"
    return Failure(
        digest=hashlib.sha256(told.encode()).hexdigest(),
        kind=Kind.FAILED,
        reason=Reason.NO_SUCH,
        said=report.change.reply,
        reader=claim.reader,
        delivery=claim.id,
    )


def doubt_the_dead(engine: Engine, campaign: Campaign, now: datetime) -> int:
    """Make the claims of senders that are gone uncertain; how many there were."""
    with writing(engine) as connection:
        holding = exists().where(
            deliveries.c.sender == senders.c.id,
            deliveries.c.state == State.CLAIMED,
            deliveries.c.campaign == campaign.id,
        )
        rows = connection.execute(
            select(senders).where(senders.c.campaign == campaign.id, holding)
        ).all()
        dead = [
            row.id for row in rows if is_dead(Sender(row.host, row.pid, row.born, row.until), now)
        ]
        return connection.execute(
            update(deliveries)
            .where(
                deliveries.c.campaign == campaign.id,
                deliveries.c.state == State.CLAIMED,
                deliveries.c.sender.in_(dead),
            )
            .values(state=State.UNCERTAIN, reply="发送中断，没有等到答复", changed=now)
        ).rowcount


def settle(engine: Engine, changes: Mapping[int, Change], now: datetime) -> None:
    """Bring uncertain deliveries, by their ids, into the state that was found out."""
    with writing(engine) as connection:
        for number, change in changes.items():
            connection.execute(
                update(deliveries)
                .where(deliveries.c.id == number, deliveries.c.state == State.UNCERTAIN)
                .values(state=change.state, reply=change.reply, due=change.due, changed=now)
            )
