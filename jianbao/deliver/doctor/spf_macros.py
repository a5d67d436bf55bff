"""Macros in the names that an SPF record asks for (RFC 7208, 7)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

_MACRO = re.compile(
    r"%(?:(?P<plain>[%_-])"
    r"|\{(?P<letter>[slodivhSLODIVH])(?P<digits>\d*)(?P<reverse>[rR]?)(?P<marks>[-.+,/_=]*)\}"
    r"|(?P<wrong>))"
)
_PLAIN = {"%": "%", "_": " ", "-": "%20"}


class BadMacro(Exception):
    """What stands behind % is none."""


def expand(
    written: str, sender: str, domain: str, address: IPv4Address | IPv6Address | None
) -> str:
    """``written`` of the record of ``domain``, for mail of ``sender`` from ``address``.

    Raises:
        BadMacro: It has one that does not exist.
    """

    def value(found: re.Match[str]) -> str:
        if found["plain"]:
            return _PLAIN[found["plain"]]
        if not found["letter"]:
            raise BadMacro(written)
        local, _, sent_by = sender.rpartition("@")
        values = {
            "s": sender,
            "l": local,
            "o": sent_by,
            "d": domain,
            "i": _dotted(address),
            "v": "ip6" if address is not None and ":" in str(address) else "in-addr",
            "h": sent_by,  # what the server says of itself, which nobody knows here
        }
        text = _cut(values[found["letter"].lower()], found)
        return quote(text, safe="") if found["letter"].isupper() else text

    return _MACRO.sub(value, written)


def _cut(text: str, found: re.Match[str]) -> str:
    parts = re.split(f"[{re.escape(found['marks'] or '.')}]", text)
    if found["reverse"]:
        parts.reverse()
    return ".".join(parts[-int(found["digits"]) :] if found["digits"] else parts)


def _dotted(address: IPv4Address | IPv6Address | None) -> str:
    if address is None:
        return "0.0.0.0"  # noqa: S104  (stands for no address; nothing listens there)
    text = address.exploded
    return ".".join(text.replace(":", "")) if ":" in text else text
