"""Campaigns in the store: begun once, watched, paused and resumed. Claims are in `claims`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, literal, select, update

from jianbao.deliver.campaigns.campaign import Phase, State, Tally
from jianbao.deliver.readers.acts import note
from jianbao.deliver.readers.audience import Audience, gets, survey
from jianbao.store.delivery import campaigns, deliveries, readers
from jianbao.store.engine import reading, writing
from jianbao.store.tables import CAMPAIGNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Row

    from jianbao.deliver.readers.acts import Actor
    from jianbao.deliver.readers.audience import Survey

    #: Sees to it that workers will send this issue to so many, in this transaction.
    Enqueue = Callable[[Connection, str, int], None]

#: Rows that are fetched at a time.
_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """The sending of an issue; ``content`` is the SHA-256 of its PDF, ``why`` it is paused.

    ``queued``: workers send it.
    """

    id: int
    issue: str
    content: str
    phase: Phase
    why: str
    audience: Audience
    frozen: int
    not_before: datetime | None
    watched_from: datetime
    queued: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a campaign came to for one reader; the address is "" where it was erased."""

    id: int
    reader: int
    address: str
    domain: str
    state: State
    attempt: int
    message_id: str
    reply: str
    queue_id: str
    changed: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """The campaigns of the store behind ``engine``."""

    engine: Engine

    def survey(self, audience: Audience) -> Survey:
        """Count ``audience``, freezing nothing."""
        with reading(self.engine) as connection:
            return survey(connection, audience)

    def find(self, issue: str) -> Campaign | None:
        """The campaign of ``issue``."""
        with reading(self.engine) as connection:
            row = connection.execute(select(campaigns).where(campaigns.c.issue == issue)).first()
        return _campaign(row) if row else None

    def begin(  # noqa: PLR0913  (all of it is decided before the first row is there)
        self,
        issue: str,
        content: str,
        audience: Audience,
        actor: Actor,
        *,
        not_before: datetime | None = None,
        enqueue: Enqueue | None = None,
    ) -> Campaign:
        """The campaign of ``issue``, its audience frozen now unless it was before.

        With ``enqueue`` workers send it: their jobs are committed with the rows, or neither.
        """
        with writing(self.engine, CAMPAIGNS) as connection:
            row = connection.execute(select(campaigns).where(campaigns.c.issue == issue)).first()
            if row is not None:
                return _campaign(row)  # another process was faster
            row = connection.execute(
                insert(campaigns)
                .values(
                    issue=issue,
                    content=content,
                    state=Phase.RUNNING,
                    why="",
                    audience=audience.as_json(),
                    frozen=0,
                    started=actor.at,
                    not_before=not_before,
                    watched_from=actor.at,
                    queued=enqueue is not None,
                )
                .returning(campaigns)
            ).one()
            counted = survey(connection, audience)
            connection.execute(_freezing(row.id, audience, actor.at))
            # Counted, since psycopg does not say how many rows a SELECT inserted.
            mine = select(func.count()).where(deliveries.c.campaign == row.id)
            frozen = connection.scalar(mine) or 0
            if frozen != counted.wanted:
                message = f"{frozen} of {counted.wanted} readers frozen"
                raise AssertionError(message)  # it is rolled back: nobody is lost silently
            connection.execute(
                update(campaigns).where(campaigns.c.id == row.id).values(frozen=frozen)
            )
            note(connection, actor, "freeze", f"{issue} {frozen}")
            if enqueue is not None:
                enqueue(connection, issue, frozen)
        found = self.find(issue)
        assert found is not None  # noqa: S101  (it was inserted)
        return found

    def queued(self) -> tuple[Campaign, ...]:
        """The campaigns that workers are to send."""
        query = select(campaigns).where(campaigns.c.queued, campaigns.c.state == Phase.RUNNING)
        with reading(self.engine) as connection:
            return tuple(_campaign(row) for row in connection.execute(query))

    def hand_over(self, campaign: Campaign, now: datetime, enqueue: Enqueue) -> None:
        """Have workers send what is due of ``campaign``; again and again does no harm."""
        with writing(self.engine, CAMPAIGNS) as connection:
            connection.execute(
                update(campaigns).where(campaigns.c.id == campaign.id).values(queued=True)
            )
            enqueue(connection, campaign.issue, _count_due(connection, campaign, now))

    def count_due(self, campaign: Campaign, now: datetime) -> int:
        """Deliveries that may be claimed now, as far as rates allow."""
        with reading(self.engine) as connection:
            return _count_due(connection, campaign, now)

    def counts(self, campaign: Campaign) -> Mapping[State, int]:
        """Deliveries by state; every state is there."""
        query = (
            select(deliveries.c.state, func.count())
            .where(deliveries.c.campaign == campaign.id)
            .group_by(deliveries.c.state)
        )
        with reading(self.engine) as connection:
            found = {State(state): many for state, many in connection.execute(query)}
        return {state: found.get(state, 0) for state in State}

    def domains(self, campaign: Campaign) -> Mapping[str, Mapping[State, int]]:
        """Deliveries by domain and state, the largest domain first."""
        query = (
            select(deliveries.c.domain, deliveries.c.state, func.count())
            .where(deliveries.c.campaign == campaign.id)
            .group_by(deliveries.c.domain, deliveries.c.state)
        )
        found: dict[str, dict[State, int]] = {}
        with reading(self.engine) as connection:
            for domain, state, many in connection.execute(query):
                found.setdefault(domain, {})[State(state)] = many
        return dict(sorted(found.items(), key=lambda one: (-sum(one[1].values()), one[0])))

    def tally(self, campaign: Campaign) -> Tally:
        """What came of deliveries since a person last looked."""
        query = (
            select(deliveries.c.state, func.count())
            .where(
                deliveries.c.campaign == campaign.id,
                deliveries.c.state.in_((State.ACCEPTED, State.FAILED)),
                deliveries.c.changed >= campaign.watched_from,
            )
            .group_by(deliveries.c.state)
        )
        with reading(self.engine) as connection:
            found = {State(state): many for state, many in connection.execute(query)}
        return Tally(found.get(State.ACCEPTED, 0), found.get(State.FAILED, 0))

    def next_due(self, campaign: Campaign) -> datetime | None:
        """When the first of the deferred may be tried again."""
        query = select(func.min(deliveries.c.due)).where(
            deliveries.c.campaign == campaign.id, deliveries.c.state == State.DEFERRED
        )
        with reading(self.engine) as connection:
            due: datetime | None = connection.scalar(query)
        return due

    def deliveries(self, campaign: Campaign, *states: State) -> Iterator[Delivery]:
        """Those in ``states`` (none: in any), a page at a time."""
        last = 0
        while True:
            query = (
                select(deliveries, readers.c.address)
                .join(readers, readers.c.id == deliveries.c.reader)
                .where(deliveries.c.campaign == campaign.id, deliveries.c.id > last)
                .order_by(deliveries.c.id)
                .limit(_PAGE)
            )
            if states:
                query = query.where(deliveries.c.state.in_(states))
            with reading(self.engine) as connection:
                page = connection.execute(query).all()
            if not page:
                return
            yield from map(_delivery, page)
            last = page[-1].id

    def pause(self, campaign: Campaign, why: str, actor: Actor) -> None:
        """Claim nothing more until somebody resumes it."""
        self._set(campaign, actor, "pause", state=Phase.PAUSED, why=why)

    def resume(self, campaign: Campaign, actor: Actor) -> None:
        """Go on; failures until now have been looked at."""
        self._set(campaign, actor, "resume", state=Phase.RUNNING, why="", watched_from=actor.at)

    def postpone(self, campaign: Campaign, until: datetime | None, actor: Actor) -> None:
        """Claim nothing before ``until``."""
        self._set(campaign, actor, "postpone", not_before=until)

    def finish(self, campaign: Campaign, actor: Actor) -> None:
        """Every delivery is settled."""
        self._set(campaign, actor, "finish", state=Phase.DONE, why="")

    def replace_content(self, campaign: Campaign, content: str, actor: Actor) -> None:
        """Send another PDF to those who have not got one."""
        self._set(campaign, actor, "replace", content=content)

    def move(self, campaign: Campaign, old: State, new: State, why: str, actor: Actor) -> int:
        """What a person decided of all deliveries in a state; how many there were."""
        with writing(self.engine, CAMPAIGNS) as connection:
            many = connection.execute(
                update(deliveries)
                .where(deliveries.c.campaign == campaign.id, deliveries.c.state == old)
                .values(state=new, reply=why, due=None, changed=actor.at)
            ).rowcount
            if many:
                connection.execute(
                    update(campaigns)
                    .where(campaigns.c.id == campaign.id, campaigns.c.state == Phase.DONE)
                    .values(state=Phase.RUNNING)
                )
            note(connection, actor, "move", f"{campaign.issue} {old} {new} {many}")
        return many

    def _set(self, campaign: Campaign, actor: Actor, verb: str, **values: Any) -> None:  # noqa: ANN401  (columns' values)
        with writing(self.engine, CAMPAIGNS) as connection:
            connection.execute(
                update(campaigns).where(campaigns.c.id == campaign.id).values(**values)
            )
            note(connection, actor, verb, campaign.issue)


def _count_due(connection: Connection, campaign: Campaign, now: datetime) -> int:
    deferred = (deliveries.c.state == State.DEFERRED) & (deliveries.c.due <= now)
    many = 0
    for is_open in (deferred, deliveries.c.state == State.PENDING):
        query = select(func.count()).where(deliveries.c.campaign == campaign.id, is_open)
        many += connection.scalar(query) or 0
    return many


def _freezing(campaign: int, audience: Audience, at: datetime) -> Any:  # noqa: ANN401  (SQLAlchemy's Insert of unknown rows)
    """Rows for all who get it now. By the digest: no domain comes all at once."""
    blank = literal("")
    chosen = (
        select(
            literal(campaign),
            readers.c.id,
            readers.c.domain,
            literal(State.PENDING.value),
            literal(0),
            blank,
            blank,
            blank,
            literal(at, deliveries.c.changed.type),
        )
        .where(gets(audience))
        .order_by(readers.c.digest)
    )
    columns = ("campaign", "reader", "domain", "state", "attempt")
    return insert(deliveries).from_select(
        [*columns, "message_id", "reply", "queue_id", "changed"], chosen
    )


def _campaign(row: Row[Any]) -> Campaign:
    return Campaign(
        id=row.id,
        issue=row.issue,
        content=row.content,
        phase=Phase(row.state),
        why=row.why,
        audience=Audience.of_json(row.audience),
        frozen=row.frozen,
        not_before=row.not_before,
        watched_from=row.watched_from,
        queued=row.queued,
    )


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        reader=row.reader,
        address=row.address or "",
        domain=row.domain,
        state=State(row.state),
        attempt=row.attempt,
        message_id=row.message_id,
        reply=row.reply,
        queue_id=row.queue_id,
        changed=row.changed,
        due=row.due,
    )
