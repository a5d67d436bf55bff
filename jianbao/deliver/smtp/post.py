"""The post: takes a claim, makes its message and carries it to the mail server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from jianbao.deliver.campaigns.campaign import Accepted, Deferred, Outcome, Refused, Unknown, Unsent
from jianbao.deliver.campaigns.sending import Posted
from jianbao.deliver.smtp.replies import Fate, Verdict, judge
from jianbao.deliver.smtp.wire import Connection, Lost

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from jianbao.deliver.smtp.wire import Reply


class _Addressed(Protocol):
    @property
    def address(self) -> str: ...


_T = TypeVar("_T", bound=_Addressed)


class SmtpPost(Generic[_T]):
    """Carries on up to ``connections`` connections, which it opens as they are needed.

    A connection is given up after ``per_connection`` messages.
    """

    def __init__(
        self,
        open_connection: Callable[[], Awaitable[Connection]],
        envelope_from: str,
        write: Callable[[_T], Iterable[bytes | memoryview]],
        *,
        connections: int,
        per_connection: int,
    ) -> None:
        self.connections = connections
        self._open = open_connection
        self._from = envelope_from
        self._write = write
        self._most = per_connection
        self._idle: list[Connection] = []

    async def close(self) -> None:
        """End all connections."""
        while self._idle:
            await self._idle.pop().close()

    async def send(self, letter: _T) -> Posted:
        """Carry the message of ``letter`` on a connection that is free, or a new one."""
        message = tuple(self._write(letter))
        while self._idle:
            try:
                return await self._carry_on(self._idle.pop(), letter, message)
            except Lost as lost:
                if lost.sent:  # else the server had hung up meanwhile
                    return Posted(Unknown(lost.why))
        try:
            connection = await self._open()
        except Lost as lost:
            return Posted(Unsent(lost.why, final=lost.final))
        try:
            return await self._carry_on(connection, letter, message)
        except Lost as lost:
            return Posted(Unknown(lost.why) if lost.sent else Unsent(lost.why, begun=True))

    async def _carry_on(
        self, connection: Connection, letter: _T, message: tuple[bytes | memoryview, ...]
    ) -> Posted:
        try:
            reply = await connection.send(self._from, letter.address, message)
        except BaseException:
            connection.abandon()
            raise
        verdict = judge(reply)
        if verdict.close or connection.sent >= self._most or not connection.usable:
            await connection.close()
        else:
            self._idle.append(connection)
        return Posted(_outcome(reply, verdict), verdict.rest)


def _outcome(reply: Reply, verdict: Verdict) -> Outcome:
    said = f"{verdict.meaning}：{reply}" if verdict.meaning else str(reply)
    match verdict.fate:
        case Fate.ACCEPTED:
            return Accepted(said, verdict.queue_id)
        case Fate.RETRY:
            return Deferred(said, verdict.after)
        case Fate.HARD:
            return Refused(said, hard=True)
        case Fate.REFUSED | Fate.TOO_BIG:
            return Refused(said)
