"""Questions to the domain name system, and the only place that knows dnspython."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING

import dns.exception
import dns.resolver
import dns.reversename

from jianbao.errors import MachineProblem, UsageProblem

if TYPE_CHECKING:
    from dns.rdata import Rdata

#: Records of a name and a type as text, in the form of a zone file but with a TXT's strings
#: joined and no dot at the end of names; none where there are none.
Dns = Callable[[str, str], tuple[str, ...]]

_PORT = 53
#: Seconds for an answer.
_PATIENCE = 10.0


class Unanswered(Exception):
    """No name server answered, or it could not."""


def system_dns(server: str | None = None) -> Dns:
    """Ask the name servers of this machine, or ``server`` (``address`` or ``address:port``).

    Raises:
        UsageProblem: ``server`` is no address.
        MachineProblem: This machine names none.
    """
    resolver = _named(server) if server else _configured()
    resolver.lifetime = _PATIENCE

    def ask(name: str, kind: str) -> tuple[str, ...]:
        try:
            return tuple(_text(one) for one in resolver.resolve(name, kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except dns.exception.DNSException as error:
            raise Unanswered(f"查不到 {name} 的 {kind} 记录：域名服务器没有答复") from error

    return ask


def _configured() -> dns.resolver.Resolver:
    try:
        return dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration as error:
        hint = "用 --dns 写一个，例如 --dns 223.5.5.5"
        raise MachineProblem("这台机器没有设置域名服务器", hint) from error


def _named(server: str) -> dns.resolver.Resolver:
    address, _, port = server.partition(":") if server.count(":") == 1 else (server, "", "")
    resolver = dns.resolver.Resolver(configure=False)
    try:
        resolver.port = int(port or _PORT)
        resolver.nameservers = [str(ip_address(address))]
    except ValueError as error:
        hint = "例如 --dns 223.5.5.5"
        raise UsageProblem(f"{server} 不是域名服务器的地址", hint) from error
    return resolver


def reverse_name(address: str) -> str:
    """Under which name the PTR record of ``address`` is."""
    return dns.reversename.from_address(address).to_text(omit_final_dot=True)


def _text(record: Rdata) -> str:
    strings = getattr(record, "strings", None)
    if strings is not None:  # TXT: one text, in pieces of 255 bytes
        return b"".join(strings).decode("utf-8", "replace")
    return record.to_text().rstrip(".").lower()
