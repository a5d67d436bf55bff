"""A mail server that misbehaves as told, for each recipient, and keeps what it took.

It speaks as real ones do where that matters: replies to pipelined commands in order, 421 and
out, TLS with a certificate of its own authority. It runs in a thread of the test.
"""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from fakes.loop_thread import LoopThread

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping
    from pathlib import Path

USER, PASSWORD = "brief", "geheim"
_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)


class Fault(Enum):
    """What goes wrong with the message to a recipient."""

    DROP_AT_MAIL = "hangs up at MAIL"
    DROP_MID_DATA = "hangs up in the middle of the message"
    DROP_AFTER_DOT = "takes the message and hangs up without a reply"
    WITHHOLD = "takes the message and never replies"
    GARBAGE = "replies with what is no reply"
    ENDLESS = "replies without an end"
    EARLY = "says 552 in the middle of the message and hangs up"
    SLOW = "replies a byte at a time"


@dataclass(frozen=True, slots=True)
class At:
    """``reply`` to the command ``verb``: MAIL, RCPT, DATA or DOT."""

    verb: str
    reply: str


Script = Fault | At


@dataclass
class MailServer(LoopThread):
    """Listens on a free port of loopback. ``scripts`` are by address, each used once.

    ``tls``: a certificate with its key, offered by STARTTLS; ``greeting`` is its first line.
    """

    scripts: Mapping[str, list[Script]] = field(default_factory=dict)
    offers: tuple[str, ...] = ("PIPELINING", "SIZE 50000000")
    greeting: str = "220 mail.example ESMTP"
    tls: Path | None = None
    implicit_tls: bool = False
    tls_reply: str = "220 Ready"
    journal: Path | None = None
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _transports: list[asyncio.WriteTransport] = field(default_factory=list)

    def ids(self) -> list[str]:
        """Message-IDs of what was taken, in order."""
        return [_ID.search(content)[1].decode() for _, content in self.taken]  # type: ignore[index]  (every message of a test has one)

    def context(self) -> ssl.SSLContext:
        """TLS with the certificate in ``tls``."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(self.tls))
        return context

    def note(self, address: str, content: bytes) -> None:
        """Keep a message that was taken."""
        self.taken.append((address, content))
        if self.journal:
            with self.journal.open("ab") as journal:
                journal.write(f"1tZ-0 <= a@b H=c id={self.ids()[-1][1:-1]}\n".encode())  # Exim's

    def _serve(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(lambda _loop, _context: None)  # clients that break off
        context = self.context() if self.implicit_tls else None
        server = self._loop.run_until_complete(
            asyncio.start_server(self._talk, "127.0.0.1", 0, limit=1 << 24, ssl=context)
        )
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        for transport in self._transports:
            transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0.01))  # until their sockets are closed

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._transports.append(writer.transport)
        session = _Session(self, reader, writer)
        try:
            await session.run()
        except (OSError, EOFError, _HangUp):
            pass
        finally:
            session.writer.close()


class _HangUp(Exception):
    """Without a word."""


class _Session:
    """One connection."""

    def __init__(
        self, server: MailServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.script: Script | None = None
        self.address = ""
        self.is_refused = False

    async def run(self) -> None:
        await self.say(self.server.greeting)
        while line := (await self.reader.readline()).decode("ascii").strip():
            self.server.commands.append(line)
            await self.obey(line)

    async def obey(self, line: str) -> None:
        match line.split(maxsplit=1)[0].upper():
            case "EHLO":
                offers = self.server.offers + (("STARTTLS",) if self.server.tls else ())
                await self.say("\r\n".join(f"250-{offer}" for offer in ("mail.example", *offers)))
                await self.say("250 8BITMIME")
            case "STARTTLS":
                await self.start_tls()
            case "AUTH":
                await self.log_in(line.split())
            case "MAIL":
                # With PIPELINING the recipient is there already; without it, all wait a line.
                self.is_refused = False
                await self.mail()
            case "RCPT":
                await self.answer("RCPT", "250 2.1.5 Ok")
            case "DATA":
                await self.data()
            case "QUIT":
                await self.say("221 2.0.0 Bye")
                raise _HangUp
            case _:
                await self.say("250 2.0.0 Ok")

    async def mail(self) -> None:
        """Look ahead to the recipient, whose script says what happens to MAIL already."""
        if "PIPELINING" in self.server.offers:
            following = await self.reader.readline()
            self.enter(following)
            await self.answer("MAIL", "250 2.1.0 Ok")
            self.server.commands.append(following.decode("ascii").strip())
            await self.answer("RCPT", "250 2.1.5 Ok")
        else:
            await self.say("250 2.1.0 Ok")
            following = await self.reader.readline()
            self.server.commands.append(following.decode("ascii").strip())
            self.enter(following)
            await self.answer("RCPT", "250 2.1.5 Ok")

    def enter(self, line: bytes) -> None:
        self.address = line.decode("ascii").partition("<")[2].partition(">")[0]
        left = self.server.scripts.get(self.address)
        self.script = left.pop(0) if left else None

    async def answer(self, verb: str, usual: str) -> None:
        if verb == "MAIL" and self.script is Fault.DROP_AT_MAIL:
            raise _HangUp
        reply = usual
        if isinstance(self.script, At) and self.script.verb == verb:
            reply = self.script.reply
        self.is_refused = self.is_refused or not reply.startswith(("2", "3"))
        await self.say(reply)

    async def data(self) -> None:
        if self.is_refused:
            await self.say("554 5.5.1 Error: no valid recipients")
            return
        await self.answer("DATA", "354 Go on")
        if self.is_refused:
            return
        if self.script in {Fault.DROP_MID_DATA, Fault.EARLY}:
            await self.reader.readexactly(1000)
            if self.script is Fault.EARLY:
                await self.say("552 5.3.4 Message too big")
                await asyncio.sleep(0.1)  # a reset at once would take the words back
            raise _HangUp
        await self.dot(await self.reader.readuntil(b"\r\n.\r\n"))

    async def dot(self, content: bytes) -> None:
        content = content.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
        usual = f"250 2.0.0 Ok: queued as {len(self.server.taken) + 1:X}A"
        match self.script:
            case At(verb="DOT", reply=reply):
                await self.say(reply)
            case Fault.GARBAGE:
                await self.say("<html>busy</html>")
            case Fault.ENDLESS:
                while True:
                    await self.say("250-" + "x" * 1000)
            case Fault.SLOW:
                self.server.note(self.address, content)
                for char in usual + "\r\n":
                    self.writer.write(char.encode())
                    await asyncio.sleep(0.001)
            case Fault.WITHHOLD | Fault.DROP_AFTER_DOT:
                self.server.note(self.address, content)
                if self.script is Fault.WITHHOLD:
                    await asyncio.sleep(3600)
                raise _HangUp
            case _:
                self.server.note(self.address, content)
                await self.say(usual)

    async def start_tls(self) -> None:
        await self.say(self.server.tls_reply)
        if self.server.tls_reply.startswith("220") and "\n" not in self.server.tls_reply:
            await self.writer.start_tls(self.server.context())

    async def log_in(self, words: list[str]) -> None:
        if words[1] == "PLAIN":
            given = base64.b64decode(words[2]).decode().split("\0")[1:]
        else:
            await self.say("334 VXNlcm5hbWU6")
            user = await self.reader.readline()
            await self.say("334 UGFzc3dvcmQ6")
            given = [base64.b64decode(v).decode() for v in (user, await self.reader.readline())]
        right = given == [USER, PASSWORD]
        await self.say("235 2.7.0 Ok" if right else "535 5.7.8 Authentication failed")

    async def say(self, line: str) -> None:
        self.writer.write(line.encode() + b"\r\n")
        await self.writer.drain()
        if line.startswith("421"):
            raise _HangUp
