"""Which IP addresses are those of the open internet. Pure."""

from __future__ import annotations

import ipaddress

#: IPv6 networks whose last 32 bits are an IPv4 address that gateways and kernels may go to:
#: IPv4-compatible (RFC 4291, 2.5.5.1), IPv4-translated (RFC 2765), NAT64 (RFC 6052).
_EMBEDDING = tuple(map(ipaddress.IPv6Network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
_IPV4 = 0xFFFF_FFFF


def is_public(address: str) -> bool:
    """Whether an IP address, and the IPv4 one within it, is one of the open internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        found = _within(found)
    return found.is_global and not found.is_multicast


def _within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    if any(address in network for network in _EMBEDDING):
        return ipaddress.IPv4Address(int(address) & _IPV4)
    return address.ipv4_mapped or address.sixtofour or address
