"""SMTP, and the only place that speaks it.

Written for messages that are ready to go: smtplib and aiosmtplib look for dots and line ends
in the whole message on every send, which takes them 10 ms and 17 ms of a 1 MB message.
"""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self, TypeVar

from jianbao.deliver.headers import checked_address
from jianbao.deliver.link import Broken, Link

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Iterator
    from pathlib import Path

    from jianbao.delivery import MailServer

_T = TypeVar("_T")

_READY, _OK, _AUTHENTICATED, _CONTINUE, _START = 220, 250, 235, 334, 354
#: Bytes that are written at a time; memory in use is this much for each connection.
_BLOCK = 262_144
_REPLY_LINE = re.compile(rb"[2-5][0-9]{2}(?:[ -]|$)")
#: Lines of one reply: more is no mail server.
_LINES = 100


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server says: its code, and the text of all lines, with line ends between."""

    code: int
    text: str

    def __str__(self) -> str:
        return " ".join(f"{self.code} {self.text}".split())


class Lost(Exception):
    """The connection is no more.

    ``sent``: the whole message went out, so it may have been taken. ``final``: trying again
    comes to the same, since something must be set right first.
    """

    def __init__(self, why: str, *, sent: bool = False, final: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.sent = sent
        self.final = final


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds to wait; the standard's own (RFC 5321, 4.5.3.2), but for the connection."""

    connect: float = 30.0
    greeting: float = 300.0
    command: float = 300.0
    data: float = 120.0
    block: float = 180.0
    dot: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where to hand messages in, and as whom. ``ca_file``: of the institute's own authority."""

    server: MailServer
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    encrypted: bool = True
    timeouts: Timeouts = Timeouts()

    def context(self) -> ssl.SSLContext:
        """TLS with the server's certificate and name verified.

        Raises:
            Lost: ``ca_file`` cannot be read.
        """
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:
            raise Lost("ca_file 指明的证书读不了", final=True) from error


class Connection:
    """One connection to a server; a message at a time."""

    def __init__(self, link: Link, timeouts: Timeouts) -> None:
        self._link = link
        self._timeouts = timeouts
        self._offers: dict[str, str] = {}
        self._dirty = False  # a transaction was left unfinished
        self.greeting = ""
        self.sent = 0
        self.usable = True

    @classmethod
    async def open(cls, endpoint: Endpoint) -> Self:
        """Connect, encrypt, log in.

        Raises:
            Lost: It did not come to that; ``final`` where a password or certificate is wrong.
        """
        server, times = endpoint.server, endpoint.timeouts
        context = endpoint.context() if server.implicit_tls else None
        try:
            async with asyncio.timeout(times.connect):
                link = await Link.open(server.host, server.port, context)
        except TimeoutError as error:
            raise Lost("连接超时") from error
        except OSError as error:
            raise _not_connected(error) from error
        one = cls(link, times)
        try:
            await one._begin(endpoint)
        except BaseException:
            one.abandon()
            raise
        return one

    @property
    def size_limit(self) -> int:
        """Bytes that the server takes of a message; 0 where it does not say."""
        said = self._offers.get("SIZE", "")
        return int(said) if said.isdecimal() else 0

    @property
    def offers(self) -> frozenset[str]:
        """Extensions that the server named."""
        return frozenset(self._offers)

    async def send(
        self, envelope_from: str, to: str, pieces: Iterable[bytes | memoryview]
    ) -> Reply:
        """Send a message, prepared as `Letter.copy_for` gives it; the reply that settles it.

        Raises:
            Lost: The connection broke; ``sent`` tells whether the message may have arrived.
            UsageProblem: An address is none that SMTP carries.
        """
        message = tuple(pieces)
        for address in (envelope_from, to):
            checked_address(address)
        size = f" SIZE={sum(map(len, message))}" if "SIZE" in self._offers else ""
        commands = (f"MAIL FROM:<{envelope_from}>{size}", f"RCPT TO:<{to}>", "DATA")
        if self._dirty:
            await self._ask("RSET")
        self._dirty = True
        pipelined = "PIPELINING" in self._offers
        refused = await (self._pipeline(commands) if pipelined else self._each(commands))
        if refused is not None:
            return self._settled(refused)
        early = await self._transmit(message)
        if early is not None:
            self.usable = False  # it stopped listening in the middle of the message
            return early
        reply = await self._finish()
        self._dirty = False
        self.sent += 1
        return self._settled(reply)

    async def close(self) -> None:
        """Say QUIT and hang up."""
        if self.usable:
            with suppress(Lost):
                async with asyncio.timeout(2):
                    await self._ask("QUIT")
        self.abandon()

    def abandon(self) -> None:
        """Hang up."""
        self.usable = False
        self._link.close()

    async def _begin(self, endpoint: Endpoint) -> None:
        greeting = await self._reply(self._timeouts.greeting)
        if greeting.code != _READY:
            raise Lost(f"邮件服务器现在不接待（{greeting}）")
        self.greeting = greeting.text
        await self._greet()
        if endpoint.encrypted and not endpoint.server.implicit_tls:
            await self._encrypt(endpoint)
            await self._greet()
        if endpoint.server.user:
            await self._log_in(endpoint.server.user, endpoint.password)

    async def _greet(self) -> None:
        reply = await self._ask(f"EHLO {self._link.own_literal}")
        if reply.code != _OK:
            raise Lost(f"邮件服务器不懂 EHLO（{reply}）", final=True)
        words = (line.partition(" ") for line in reply.text.split("\n")[1:])
        self._offers = {name.upper(): value for name, _, value in words}

    async def _encrypt(self, endpoint: Endpoint) -> None:
        if "STARTTLS" not in self._offers:
            raise Lost("邮件服务器不提供加密（STARTTLS），没有送出任何东西", final=True)
        reply = await self._ask("STARTTLS")
        if reply.code != _READY:
            raise Lost(f"邮件服务器不肯加密（{reply}）")
        await self._guarded(
            self._link.start_tls(endpoint.context(), endpoint.server.host),
            self._timeouts.greeting,
        )

    async def _log_in(self, user: str, password: str) -> None:
        methods = self._offers.get("AUTH", "").upper().split()
        if "PLAIN" in methods:
            word = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
            reply = await self._ask(f"AUTH PLAIN {word}")
        elif "LOGIN" in methods:
            reply = await self._ask("AUTH LOGIN")
            for secret in (user, password):
                if reply.code == _CONTINUE:
                    reply = await self._ask(base64.b64encode(secret.encode()).decode())
        else:
            raise Lost("邮件服务器不提供 PLAIN 或 LOGIN 登录", final=True)
        if reply.code != _AUTHENTICATED:
            # 4xx (RFC 4954, 6) is the server's own trouble; all else a wrong password.
            is_temporary = reply.code // 100 == 4  # noqa: PLR2004  (the class of a code)
            raise Lost(f"登录不了邮件服务器（{reply}）", final=not is_temporary)

    async def _each(self, commands: tuple[str, ...]) -> Reply | None:
        """The reply that refuses the message before its first byte."""
        for command in commands:
            reply = await self._ask(command)
            if not _agrees(command, reply):
                return reply
        return None

    async def _pipeline(self, commands: tuple[str, ...]) -> Reply | None:
        """Likewise, with all commands at once (RFC 2920)."""
        together = "".join(f"{command}\r\n" for command in commands).encode("ascii")
        await self._guarded(self._link.write(together), self._timeouts.command)
        replies = [await self._reply(self._timeouts.command) for _ in commands]
        pairs = zip(commands, replies, strict=True)
        refused = next((reply for command, reply in pairs if not _agrees(command, reply)), None)
        if refused is not None and replies[-1].code == _START:
            # It waits for a message that has no reader (RFC 2920, 3.1): give it an empty one.
            await self._guarded(self._link.write(b".\r\n"), self._timeouts.block)
            await self._reply(self._timeouts.dot)
        return refused

    async def _transmit(self, message: tuple[bytes | memoryview, ...]) -> Reply | None:
        """Send all but the dot; what the server says in between means that it takes nothing."""
        try:
            for block in _blocks(message):
                if self._link.has_line:
                    return await self._reply(self._timeouts.data)
                await self._guarded(self._link.write(block), self._timeouts.block)
        except Lost:
            if self._link.has_line:  # it said why it hung up
                return await self._reply(self._timeouts.data)
            raise
        return None

    async def _finish(self) -> Reply:
        """The reply to the dot. From here on nobody knows without it."""
        try:
            await self._guarded(self._link.write(b".\r\n"), self._timeouts.block)
            return await self._reply(self._timeouts.dot)
        except Lost as lost:
            raise Lost(lost.why, sent=True) from lost

    def _settled(self, reply: Reply) -> Reply:
        # RFC 5321, 3.8: whoever says 421 hangs up, whatever it was said to.
        if reply.code == 421:  # noqa: PLR2004  (that very code)
            self.abandon()
        return reply

    async def _ask(self, command: str) -> Reply:
        await self._guarded(
            self._link.write(f"{command}\r\n".encode("ascii")), self._timeouts.command
        )
        return await self._reply(self._timeouts.command)

    async def _reply(self, seconds: float) -> Reply:
        lines: list[str] = []
        code = b""
        while len(lines) < _LINES:
            line = await self._guarded(self._link.line(), seconds)
            if not _REPLY_LINE.match(line) or code not in {b"", line[:3]}:
                break
            code = line[:3]
            lines.append(line[4:].decode("utf-8", "replace").strip())
            if line[3:4] != b"-":
                return Reply(int(code), "\n".join(lines))
        self.abandon()
        raise Lost("邮件服务器的答复读不懂")

    async def _guarded(self, step: Awaitable[_T], seconds: float) -> _T:
        """``step`` within ``seconds``; whatever goes wrong is the end of the connection."""
        try:
            async with asyncio.timeout(seconds):
                return await step
        except Broken as error:
            why, final = str(error), False
        except TimeoutError:
            why, final = "等了太久没有答复", False
        except OSError as error:
            lost = _not_connected(error)
            why, final = lost.why, lost.final
        self.usable = False
        self._link.close()
        raise Lost(why, final=final)


def _blocks(message: tuple[bytes | memoryview, ...]) -> Iterator[bytes | memoryview]:
    """``message`` in blocks; small pieces are put together, large ones are not copied."""
    small: list[bytes | memoryview] = []
    waiting = 0
    for piece in message:
        if waiting + len(piece) > _BLOCK:
            yield b"".join(small)
            small, waiting = [], 0
        if len(piece) > _BLOCK:
            view = memoryview(piece)
            yield from (view[start : start + _BLOCK] for start in range(0, len(view), _BLOCK))
        else:
            small.append(piece)
            waiting += len(piece)
    yield b"".join(small)


def _agrees(command: str, reply: Reply) -> bool:
    return reply.code == _START if command == "DATA" else reply.code // 100 == 2  # noqa: PLR2004  (the class of a code)


def _not_connected(error: OSError) -> Lost:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Lost(f"邮件服务器的证书不可信（{error.verify_message}）", final=True)
    if isinstance(error, ssl.SSLError):
        return Lost("与邮件服务器谈不成加密", final=True)
    return Lost(f"连接不上（{error.strerror or type(error).__name__}）")
