"""A mail server that keeps the log of a Postfix, and that kills its clients when told to.

It runs in a thread of the test, so it outlives the senders, which are processes: what it
took is what readers have.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from fakes.loop_thread import LoopThread

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)
_BLOCK = 65536


class Point(Enum):
    """Where a sender is killed."""

    AFTER_CLAIM = "after the claim"
    MID_DATA = "mid-DATA"
    DOT_TAKEN = "after the dot, before 250; the message was taken"
    DOT_LOST = "after the dot, before 250; the message was not taken"
    AFTER_250 = "after 250, before the commit"
    IN_COMMIT = "in the commit"


@dataclass
class Kill:
    """Kill whoever sends message ``number`` after the last kill, or a later one, at ``point``."""

    point: Point
    number: int
    after: float = 0.0  # seconds, with IN_COMMIT


@dataclass
class PostOffice(LoopThread):
    """Takes mail on ``port`` of this machine and writes ``log``.

    ``plan`` are the kills to come. ``reply_to`` gives the answer to a recipient: "" is 250.
    """

    log: Path
    reply_to: Callable[[str], str] = lambda _address: ""
    taken: Counter[str] = field(default_factory=Counter)  # by Message-ID
    by_address: Counter[str] = field(default_factory=Counter)
    messages: list[bytes] = field(default_factory=list)
    keep: bool = False
    plan: list[Kill] = field(default_factory=list)
    kills: Counter[Point] = field(default_factory=Counter)
    pids: frozenset[int] = frozenset()
    port: int = 0
    _seen: int = 0
    _queued: int = 0
    _armed: int = 0

    def _serve(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._talk, "127.0.0.1", 0, limit=1 << 24)
        )
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._session(reader, writer)
        except (OSError, EOFError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        say = _Voice(writer)
        await say("220 office.example ESMTP")
        address = refusal = ""
        while line := (await reader.readline()).decode("ascii", "replace").strip():
            match line.split()[0].upper():
                case "EHLO":
                    await say("250-office.example\r\n250-PIPELINING\r\n250 SIZE 50000000")
                case "MAIL":
                    self._seen += 1
                    await self._kill_at(writer, Point.AFTER_CLAIM)
                    await say("250 2.1.0 Ok")
                case "RCPT":
                    address = line.partition("<")[2].partition(">")[0]
                    refusal = self.reply_to(address)
                    await say(refusal or "250 2.1.5 Ok")
                case "DATA" if refusal:
                    await say("554 5.5.1 No valid recipients")
                case "DATA":
                    await say("354 End data with <CR><LF>.<CR><LF>")
                    if not await self._data(reader, writer, say, address):
                        return
                case "QUIT":
                    await say("221 2.0.0 Bye")
                    return
                case _:
                    await say("250 2.0.0 Ok")

    async def _data(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        say: _Voice,
        address: str,
    ) -> bool:
        """Whether the session goes on."""
        self._queued += 1
        queue_id = f"{self._queued:X}A"
        content = await self._content(reader, writer)
        found = _ID.search(content)
        message_id = found[1].decode() if found else "<none>"
        self._note(f"postfix/cleanup[1]: {queue_id}: message-id={message_id}")
        if await self._kill_at(writer, Point.DOT_LOST):
            return False
        await self._kill_at(writer, Point.DOT_TAKEN)
        self.taken[message_id] += 1
        self.by_address[address] += 1
        if self.keep:
            self.messages.append(content)
        self._note(f"postfix/qmgr[2]: {queue_id}: from=<a@b.cn>, size=9, nrcpt=1 (queue active)")
        await say(f"250 2.0.0 Ok: queued as {queue_id}")
        await self._kill_at(writer, Point.AFTER_250)
        await self._kill_at(writer, Point.IN_COMMIT)
        return True

    async def _content(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        content = await reader.readuntil(b"\r\n")
        await self._kill_at(writer, Point.MID_DATA)
        return content + await reader.readuntil(b"\r\n.\r\n")

    async def _kill_at(self, writer: asyncio.StreamWriter, point: Point) -> bool:
        kill = self.plan[0] if self.plan else None
        if kill is None or kill.point is not point or self._seen < self._armed + kill.number:
            return False
        pid = _process_of(writer, self.pids)
        if pid is None:
            return False
        self.plan.pop(0)
        self._armed = self._seen
        if kill.after:
            await asyncio.sleep(kill.after)
        os.kill(pid, signal.SIGKILL)
        self.kills[point] += 1
        return True

    def _note(self, line: str) -> None:
        with self.log.open("a") as log:
            log.write(f"Nov 24 12:00:00 office {line}\n")


@dataclass
class _Voice:
    writer: asyncio.StreamWriter

    async def __call__(self, line: str) -> None:
        self.writer.write(line.encode() + b"\r\n")
        await self.writer.drain()


def _process_of(writer: asyncio.StreamWriter, pids: frozenset[int]) -> int | None:
    """Which of ``pids`` holds the other end of the connection."""
    port = writer.get_extra_info("peername")[1]
    inode = _inode(port)
    for pid in pids:
        try:
            files = list(Path(f"/proc/{pid}/fd").iterdir())
        except OSError:
            continue
        for file in files:
            try:
                if str(file.readlink()) == f"socket:[{inode}]":
                    return pid
            except OSError:
                continue
    return None


def _inode(port: int) -> str:
    """Of the socket that is bound to ``port`` of this machine."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        if words[1].endswith(f":{port:04X}"):
            return words[9]
    return ""
