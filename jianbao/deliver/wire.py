"""SMTP, and the only place that speaks it."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Seconds that a server may think.
_PATIENCE = 300.0
_REFUSED = 400


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server says: its code, and the text of all lines."""

    code: int
    text: str


class Lost(Exception):
    """The connection broke; ``sent``: after the whole message went out."""

    def __init__(self, why: str, *, sent: bool) -> None:
        super().__init__(why)
        self.why = why
        self.sent = sent


class Connection:
    """One connection to a server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, host: str, port: int) -> Connection:
        """Greet the server."""
        try:
            reader, writer = await asyncio.open_connection(host, port)
        except OSError as error:
            raise Lost(str(error), sent=False) from error
        one = cls(reader, writer)
        await one._reply(sent=False)
        await one._ask(b"EHLO localhost")
        return one

    async def send(
        self, envelope_from: str, to: str, pieces: Iterable[bytes | memoryview]
    ) -> Reply:
        """Send a message whose lines end with CRLF and do not begin with a dot.

        Raises:
            Lost: The connection broke.
        """
        for line in (f"MAIL FROM:<{envelope_from}>", f"RCPT TO:<{to}>", "DATA"):
            reply = await self._ask(line.encode())
            if reply.code >= _REFUSED:
                await self._ask(b"RSET")
                return reply
        try:
            for piece in pieces:
                self._writer.write(piece)
                await self._writer.drain()
        except OSError as error:
            raise Lost(str(error), sent=False) from error
        self._writer.write(b".\r\n")
        return await self._reply(sent=True)

    async def close(self) -> None:
        """Take leave, if the server still listens."""
        with contextlib.suppress(Lost):
            await self._ask(b"QUIT")
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def _ask(self, line: bytes) -> Reply:
        try:
            self._writer.write(line + b"\r\n")
            await self._writer.drain()
        except OSError as error:
            raise Lost(str(error), sent=False) from error
        return await self._reply(sent=False)

    async def _reply(self, *, sent: bool) -> Reply:
        lines = []
        try:
            async with asyncio.timeout(_PATIENCE):
                while True:
                    line = (await self._reader.readuntil(b"\n")).decode("utf-8", "replace")
                    lines.append(line[4:].strip())
                    if line[3:4] != "-":
                        return Reply(int(line[:3]), " ".join(lines))
        except (OSError, EOFError, asyncio.IncompleteReadError, ValueError, TimeoutError) as error:
            raise Lost(str(error), sent=sent) from error
