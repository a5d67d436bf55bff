"""The sender's domain and the addresses that mail comes from."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING

from jianbao.deliver.doctor.names import reverse_name
from jianbao.deliver.doctor.observations import Observation, State
from jianbao.deliver.doctor.spf import Origin, Result, check_spf

if TYPE_CHECKING:
    from jianbao.deliver.doctor.names import Dns

#: An address that nobody sends from (RFC 5737); whoever lets it pass lets all pass.
_STRANGER = "192.0.2.1"
_SPF, _PTR, _MX = "SPF", "反向解析", "MX"


def assess_spf(dns: Dns, sender: str, origin: Origin) -> Observation:
    """Whether mail with the envelope ``sender`` may come from ``origin``.

    Raises:
        Unanswered: The DNS did not answer.
    """
    domain = sender.rpartition("@")[2]
    check = check_spf(dns, sender, origin)
    enter = f'在 DNS 写 TXT 记录 {domain}，值为 "{_allowing(check.record, origin)}"'
    match check.result:
        case Result.PASS if check.why.lower() in {"all", "+all"}:
            said = f"{domain} 许所有人冒名发信（{check.why}），收信方不会当真"
            return Observation(_SPF, State.BAD, said, enter)
        case Result.PASS:
            cost = f"，要查 {check.lookups} 个域名，最多 10 个" if check.lookups else ""
            return Observation(
                _SPF, State.GOOD, f"{domain} 许可 {origin} 发信（{check.why}{cost}）"
            )
        case Result.NONE:
            return Observation(_SPF, State.BAD, f"{domain} 没有 SPF 记录", enter)
        case Result.PERMERROR:
            remedy = check.remedy or f"改正 {domain} 的 TXT 记录"
            return Observation(_SPF, State.BAD, f"{check.why}，等于没有", remedy)
        case _:
            said = f"{domain} 没有许可 {origin} 发信（{check.result}：{check.why}）"
            return _unless_guessed(origin, Observation(_SPF, State.BAD, said, enter))


def assess_record(dns: Dns, sender: str) -> Observation:
    """Whether the domain of ``sender`` has an SPF record at all, where the origin is not known.

    Raises:
        Unanswered: The DNS did not answer.
    """
    stranger = Origin(ip_address(_STRANGER))
    check = check_spf(dns, sender, stranger)
    domain = sender.rpartition("@")[2]
    if check.result in {Result.NONE, Result.PERMERROR, Result.PASS}:  # whoever sends
        return assess_spf(dns, sender, stranger)
    said = f"{domain} 有 SPF 记录，但不知道邮件从哪个地址发出，看不出许不许"
    return Observation(_SPF, State.NOTE, said, "用 --from-ip 写出邮件服务器对外的 IP")


def assess_reverse(dns: Dns, origin: Origin) -> Observation:
    """Whether the address of ``origin`` has a name, and the name that address (RFC 1912, 2.1).

    Raises:
        Unanswered: The DNS did not answer.
    """
    address = origin.address
    assert address is not None  # noqa: S101  (of a provider nobody asks)
    names = dns(reverse_name(str(address)), "PTR")
    enter = f"请网络运营商把 {address} 的反向解析设为邮件服务器的名称，再让这个名称指向 {address}"
    if not names:
        said = f"{address} 没有反向解析，许多邮箱因此拒收"
        return _unless_guessed(origin, Observation(_PTR, State.BAD, said, enter))
    kind = "A" if address.version == 4 else "AAAA"  # noqa: PLR2004  (IPv4)
    for name in names:
        if any(ip_address(one) == address for one in dns(name, kind)):
            return Observation(_PTR, State.GOOD, f"{address} 是 {name}，{name} 也指向它")
    said = f"{address} 的反向解析是 {names[0]}，这个名称却不指向它"
    enter = f"在 DNS 写 {kind} 记录 {names[0]}，值为 {address}"
    return _unless_guessed(origin, Observation(_PTR, State.BAD, said, enter))


def assess_exchange(dns: Dns, domain: str) -> Observation:
    """Whether replies and bounces come back to ``domain``.

    Raises:
        Unanswered: The DNS did not answer.
    """
    found = sorted(dns(domain, "MX"), key=lambda record: int(record.split()[0]))
    hosts = [record.partition(" ")[2].rstrip(".") for record in found]
    enter = f"在 DNS 写 MX 记录 {domain}，值为收信的邮件服务器"
    if hosts and not any(hosts):  # RFC 7505
        return Observation(_MX, State.BAD, f"{domain} 声明不收邮件，回信和退信到不了", enter)
    if hosts:
        if any(dns(host, kind) for host in hosts for kind in ("A", "AAAA")):
            return Observation(_MX, State.GOOD, f"{domain} 由 {hosts[0]} 收信")
        said = f"{domain} 的 MX 指向 {hosts[0]}，这个名称没有地址"
        return Observation(_MX, State.BAD, said, enter)
    if dns(domain, "A") or dns(domain, "AAAA"):
        return Observation(
            _MX, State.NOTE, f"{domain} 没有 MX，由它自己收信；有些邮箱因此拒收", enter
        )
    return Observation(
        _MX, State.BAD, f"{domain} 没有 MX，回信和退信到不了，许多邮箱因此拒收", enter
    )


def _unless_guessed(origin: Origin, observation: Observation) -> Observation:
    """``observation``, softened where the mail may come from elsewhere."""
    if not origin.guessed:
        return observation
    remedy = f"{observation.remedy}。邮件若从别的 IP 发出，用 --from-ip 写出，再查一遍"
    return replace(observation, state=State.NOTE, remedy=remedy)


def _allowing(record: str, origin: Origin) -> str:
    """``record`` with one more term that lets ``origin`` pass."""
    if origin.address is None:
        own = f"include:{origin.include}"
    elif str(origin.address) == _STRANGER:
        own = "ip4:邮件服务器对外的IP"
    else:
        own = f"ip{origin.address.version}:{origin.address}"
    terms = record.split()[1:] or ["~all"]
    if terms[-1].lower() in {"all", "+all", "?all"}:
        terms[-1] = "~all"
    ends = terms[-1].lower().endswith("all") or terms[-1].lower().startswith("redirect=")
    place = len(terms) - ends
    return " ".join(["v=spf1", *terms[:place], own, *terms[place:]])
