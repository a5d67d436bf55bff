"""A workspace's mail, looked over before the first message goes out: DNS, server, sample."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jianbao.deliver.claims import Claim
from jianbao.deliver.doctor.names import system_dns
from jianbao.deliver.doctor.rounds import Domains, examine_domains
from jianbao.deliver.doctor.sample import assess_sample
from jianbao.deliver.doctor.server import (
    Welcome,
    assess_clock,
    assess_server,
    assess_size,
)
from jianbao.deliver.endpoint import endpoint_of
from jianbao.deliver.wire import Connection, Lost
from jianbao.errors import UsageProblem
from jianbao.mailing import signer_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jianbao.deliver.doctor.observations import Observation
    from jianbao.deliver.doctor.spf import Ip
    from jianbao.deliver.wire import Endpoint
    from jianbao.delivering import PostRoom
    from jianbao.mailing import Mailing


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a person knows that cannot be found out; ``dns`` is a name server to ask."""

    from_ip: Ip | None = None
    selector: str = ""
    dns: str | None = None


def check_up(
    room: PostRoom, mailing: Mailing | None, told: Told, environment: Mapping[str, str]
) -> Iterator[Observation]:
    """What was found, one after the other; ``mailing`` is the issue to take a sample of.

    Raises:
        UsageProblem: Sender or server are missing, or what they need.
    """
    settings = room.settings
    if settings.sender is None:
        hint = '在 jianbao.toml 的 [delivery] 里写 sender = "简报 <brief@example.org>"'
        raise UsageProblem("没有写发件人", hint)
    endpoint, _ = endpoint_of(settings, room.workspace.root, environment)
    domains = Domains(
        sender=settings.sender,
        bounces=settings.bounces or settings.sender.address,
        server=endpoint.server,
        signer=signer_of(room),
        from_ip=told.from_ip,
        selector=told.selector,
    )
    yield from examine_domains(system_dns(told.dns), domains)
    welcome = asyncio.run(_received(endpoint))
    yield assess_server(endpoint.server, welcome)
    now = datetime.now(UTC).astimezone()
    if mailing is not None:
        sample = _sample(mailing, now)
        if isinstance(welcome, Welcome):
            yield assess_size(welcome, len(sample))
        yield from assess_sample(sample, now)
    yield assess_clock(now, welcome, _built(mailing) if mailing else None)


async def _received(endpoint: Endpoint) -> Welcome | str:
    """How the server receives us, or why it does not; no message is handed in."""
    try:
        connection = await Connection.open(endpoint)
    except Lost as lost:
        return lost.why
    welcome = Welcome(
        greeting=connection.greeting,
        encrypted=endpoint.encrypted,
        size_limit=connection.size_limit,
    )
    await connection.close()
    return welcome


def _sample(mailing: Mailing, now: datetime) -> bytes:
    """A message to the sender's own address, made as all are."""
    claim = Claim(
        id=0,
        reader=0,
        address=mailing.sender.address,
        name=mailing.sender.name,
        domain=mailing.sender.domain,
        attempt=1,
        message_id=mailing.message_id(0),
    )
    return b"".join(mailing.pieces(claim, now))


def _built(mailing: Mailing) -> datetime:
    file = mailing.room.workspace.output / mailing.issue / mailing.file_name
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).astimezone()
