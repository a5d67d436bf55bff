"""The DNS as text, lines of ``name TYPE value``, asked directly or over UDP.

A line ``name TYPE`` with nothing behind it is a name server that does not answer.
"""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from jianbao.deliver.doctor.names import Unanswered


@dataclass
class Zone:
    """Records by their name and type; ``asked`` is what was looked up, in order."""

    records: dict[tuple[str, str], list[str]]
    asked: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, text: str) -> Self:
        """Of lines as above."""
        records: dict[tuple[str, str], list[str]] = {}
        for line in text.splitlines():
            name, kind, *value = line.split(maxsplit=2)
            records.setdefault((name, kind), []).extend(value)
        return cls(records)

    def __call__(self, name: str, kind: str) -> tuple[str, ...]:
        """As `jianbao.deliver.doctor.names.Dns`."""
        self.asked.append(f"{name} {kind}")
        found = self.records.get((name, kind))
        if found == []:
            raise Unanswered(f"查不到 {name} 的 {kind} 记录：域名服务器没有答复")
        return tuple(found or ())


class NameServer:
    """Answers from a zone over UDP, on a free port of loopback."""

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while packet := self._socket.recvfrom(4096):
            if not packet[0]:
                return
            self._socket.sendto(self._answer(packet[0]), packet[1])

    def _answer(self, packet: bytes) -> bytes:
        query = dns.message.from_wire(packet)
        (question,) = query.question
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = question.rdtype.name
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        try:
            texts = self._zone(name, kind)
        except Unanswered:
            reply.set_rcode(dns.rcode.SERVFAIL)
            return reply.to_wire()
        if texts:
            values = [_value(kind, text) for text in texts]
            reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
        elif not any(owner == name for owner, _ in self._zone.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()


def _value(kind: str, text: str) -> str:
    if kind == "TXT":  # in strings of at most 255 bytes, as long keys come
        parts = [text[start : start + 200] for start in range(0, len(text), 200)]
        return " ".join(f'"{part}"' for part in parts)
    return f"{text}." if kind in {"MX", "PTR"} else text
