"""Where readers' servers see the mail come from."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from jianbao.deliver.doctor.spf import Origin

if TYPE_CHECKING:
    from jianbao.deliver.doctor.names import Dns
    from jianbao.deliver.doctor.spf import Ip
    from jianbao.delivery import MailServer

#: Providers send from other addresses than they take mail at, and vouch with an ``include``,
#: as their help pages say.
_PROVIDERS = {
    "qq.com": "spf.mail.qq.com",
    "163.com": "spf.163.com",
    "qiye.aliyun.com": "spf.qiye.aliyun.com",
    "mxhichina.com": "spf.qiye.aliyun.com",
    "gmail.com": "_spf.google.com",
    "google.com": "_spf.google.com",
    "office365.com": "spf.protection.outlook.com",
    "outlook.com": "spf.protection.outlook.com",
}
#: Not seen from outside; `ipaddress` counts the addresses of documentation among them.
_INSIDE = tuple(
    ip_network(one)
    for one in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)


def origins(dns: Dns, server: MailServer | None) -> tuple[Origin, ...]:
    """Where mail handed in at ``server`` comes from, as far as can be told; none if it cannot.

    Raises:
        Unanswered: The DNS did not answer.
    """
    if server is None:
        return ()
    host = server.host.lower().rstrip(".")
    for suffix, include in _PROVIDERS.items():
        if host == suffix or host.endswith(f".{suffix}"):
            return (Origin(include=include),)
    return tuple(Origin(one, guessed=True) for one in _addresses(dns, host) if _is_seen(one))


def _addresses(dns: Dns, host: str) -> tuple[Ip, ...]:
    try:
        return (ip_address(host),)
    except ValueError:
        if "." not in host:
            return ()
        return tuple(ip_address(one) for kind in ("A", "AAAA") for one in dns(host, kind)[:1])


def _is_seen(address: Ip) -> bool:
    return not any(address in network for network in _INSIDE)
