"""The whole examination: what is asked, in the order in which it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from jianbao.deliver.doctor.dkim_record import COMMON, assess_own_key, assess_selectors
from jianbao.deliver.doctor.dmarc import assess_alignment, assess_policy, find_policy
from jianbao.deliver.doctor.domain import (
    assess_exchange,
    assess_record,
    assess_reverse,
    assess_spf,
)
from jianbao.deliver.doctor.names import Unanswered
from jianbao.deliver.doctor.observations import Observation, State
from jianbao.deliver.doctor.origin import origins
from jianbao.deliver.doctor.spf import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jianbao.deliver.dkim import Signer
    from jianbao.deliver.doctor.names import Dns
    from jianbao.deliver.doctor.spf import Ip
    from jianbao.delivery import Mailbox, MailServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Domains:
    """Whose names the DNS is asked about.

    ``bounces`` is the envelope's sender; ``from_ip`` where mail comes from, if somebody said
    it; ``selector`` of the mail server's own DKIM key, likewise.
    """

    sender: Mailbox
    bounces: str
    server: MailServer | None
    signer: Signer | None = None
    from_ip: Ip | None = None
    selector: str = ""


def examine_domains(dns: Dns, domains: Domains) -> tuple[Observation, ...]:
    """What the DNS says of the sender; a question without an answer is an observation too."""
    try:
        where = _origins(dns, domains)
    except Unanswered as error:
        return (_unanswered("DNS", error),)
    found = (_answered(subject, ask) for subject, ask in _questions(dns, domains, where))
    return tuple(dict.fromkeys(found))  # two questions may be left open by the same server


def _origins(dns: Dns, domains: Domains) -> tuple[Origin, ...]:
    if domains.from_ip is not None:
        return (Origin(domains.from_ip),)
    return origins(dns, domains.server)


def _questions(
    dns: Dns, domains: Domains, where: tuple[Origin, ...]
) -> Iterator[tuple[str, Callable[[], Observation]]]:
    sender, bounces, signer = domains.sender.domain.lower(), domains.bounces, domains.signer
    envelope = bounces.rpartition("@")[2].lower()
    if not where:
        yield "SPF", partial(assess_record, dns, bounces)
    for origin in where:
        yield "SPF", partial(assess_spf, dns, bounces, origin)
    if signer:
        yield "DKIM", partial(assess_own_key, dns, signer)
    else:
        selectors = (domains.selector,) if domains.selector else COMMON
        yield "DKIM", partial(assess_selectors, dns, sender, selectors)
    yield "DMARC", lambda: assess_policy(find_policy(dns, sender))
    signed_by = signer.domain.lower() if signer else ""
    yield "DMARC", lambda: assess_alignment(find_policy(dns, sender), envelope, signed_by)
    yield "MX", partial(assess_exchange, dns, envelope)
    for origin in where:
        if origin.address is not None:
            yield "反向解析", partial(assess_reverse, dns, origin)


def _answered(subject: str, ask: Callable[[], Observation]) -> Observation:
    try:
        return ask()
    except Unanswered as error:
        return _unanswered(subject, error)


def _unanswered(subject: str, error: Unanswered) -> Observation:
    remedy = "过一会儿再查；总是这样，用 --dns 换一个域名服务器，例如 --dns 223.5.5.5"
    return Observation(subject, State.NOTE, str(error), remedy)
