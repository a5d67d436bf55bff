"""Bytes to and from a mail server, over TCP and TLS.

Not asyncio's streams: what arrived before a connection broke must still be read (a server
says why it hangs up), and what arrived in the clear after STARTTLS must not (CVE-2011-0411).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import ssl

#: Bytes of replies that wait to be read; RFC 5321, 4.5.3.1.5 allows 512 a line.
_MOST = 65_536


class Broken(Exception):
    """The connection broke."""


class Link(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._ended = False
        self._changed = asyncio.Event()  # something arrived, or it ended
        self._writable = asyncio.Event()
        self._writable.set()
        self._transport: asyncio.Transport

    @classmethod
    async def open(cls, host: str, port: int, context: ssl.SSLContext | None) -> Link:
        """Connect; with ``context`` over TLS from the first byte.

        Raises:
            OSError: There is no connection; ``ssl.SSLError`` is one.
        """
        loop = asyncio.get_running_loop()
        _, link = await loop.create_connection(cls, host, port, ssl=context)
        return link

    async def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Go on over TLS.

        Raises:
            Broken: The server already said something that TLS did not protect.
            OSError: The server's certificate or encryption is not good.
        """
        if self._received:
            raise Broken("加密开始以前就有人插话")
        loop = asyncio.get_running_loop()
        transport = await loop.start_tls(self._transport, self, context, server_hostname=host)
        if transport is None:  # closed meanwhile
            raise Broken("连接中断")
        self._transport = transport

    @property
    def own_literal(self) -> str:
        """The own address as a server is greeted with it (RFC 5321, 4.1.3)."""
        address = self._transport.get_extra_info("sockname")[0]
        return f"[IPv6:{address.partition('%')[0]}]" if ":" in address else f"[{address}]"

    @property
    def has_line(self) -> bool:
        """Whether there is a line to read."""
        return b"\n" in self._received

    async def line(self) -> bytes:
        """The next line, without its end.

        Raises:
            Broken: The connection ended before it.
        """
        while not self.has_line:
            if self._ended:
                raise Broken("连接中断")
            self._changed.clear()
            await self._changed.wait()
        line, _, rest = self._received.partition(b"\n")
        self._received = rest
        return bytes(line).rstrip(b"\r")

    async def write(self, content: bytes | memoryview) -> None:
        """Send ``content``, waiting while too much is on its way.

        Raises:
            Broken: The connection ended.
        """
        if self._ended:
            raise Broken("连接中断")
        self._transport.write(content)
        await asyncio.sleep(0)  # let the loop notice a reply, or that nobody listens
        await self._writable.wait()

    def close(self) -> None:
        """End it at once."""
        self._transport.abort()

    # -- what asyncio calls --

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Keep what arrived; a server that only talks is cut off."""
        self._received += data
        if len(self._received) > _MOST:
            self._end()
            self._transport.abort()
        self._changed.set()
        self._writable.set()  # whoever still writes should look at what was said

    def eof_received(self) -> None:
        """Nothing more will come."""
        self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more will come or go."""
        del exc
        self._end()

    def pause_writing(self) -> None:
        """Too much is on its way."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """It is not, any more."""
        self._writable.set()

    def _end(self) -> None:
        self._ended = True
        self._changed.set()
        self._writable.set()
