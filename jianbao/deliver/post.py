"""The post: takes a claim, makes its message and carries it to the mail server."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from jianbao.deliver.campaign import Accepted, Deferred, Outcome, Refused, Unknown, Unsent
from jianbao.deliver.sending import Posted
from jianbao.deliver.wire import Connection, Lost

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from jianbao.deliver.claims import Claim
    from jianbao.deliver.wire import Reply

#: Reply codes from here on (RFC 5321, 4.2.1).
_TEMPORARY, _PERMANENT = 400, 500
_QUEUED = re.compile(r"queued as (\S+)")


class SmtpPost:
    """Carries on up to ``connections`` connections, which it opens as they are needed."""

    def __init__(
        self,
        open_connection: Callable[[], Awaitable[Connection]],
        envelope_from: str,
        write: Callable[[Claim], Iterable[bytes | memoryview]],
        connections: int,
    ) -> None:
        self.connections = connections
        self._open = open_connection
        self._from = envelope_from
        self._write = write
        self._idle: list[Connection] = []

    async def close(self) -> None:
        """End all connections."""
        while self._idle:
            await self._idle.pop().close()

    async def send(self, claim: Claim) -> Posted:
        """Carry the message of ``claim`` on a connection that is free, or a new one."""
        try:
            connection = self._idle.pop() if self._idle else await self._open()
            reply = await connection.send(self._from, claim.address, self._write(claim))
        except Lost as lost:
            return Posted(Unknown(lost.why) if lost.sent else Unsent(lost.why))
        self._idle.append(connection)
        return Posted(_outcome(reply))


def _outcome(reply: Reply) -> Outcome:
    if reply.code < _TEMPORARY:
        queued = _QUEUED.search(reply.text)
        return Accepted(f"{reply.code} {reply.text}", queued[1] if queued else "")
    if reply.code < _PERMANENT:
        return Deferred(f"{reply.code} {reply.text}", timedelta())
    return Refused(f"{reply.code} {reply.text}")
