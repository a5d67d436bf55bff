"""One POST, to WeChat's API or a robot's webhook, and how far it came.

The standard library's ``http.client`` and not the HTTP module of gathering: that one only
reads. Here it matters whether a request that failed can have been received, since sending it
again could make a second draft; connecting and sending are two calls of ``http.client``.
"""

from __future__ import annotations

import http.client
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

#: Bytes of an answer: draft/get gives up to eight articles of 1 MB, as JSON.
_MOST = 32 * 1_048_576


@dataclass(frozen=True, slots=True)
class Answer:
    """All that came back."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Unsent:
    """There was no connection: nothing was received."""

    why: str


@dataclass(frozen=True, slots=True)
class Lost:
    """It was sent, and no whole answer came: it may have been done."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """Where the API is, without a slash at its end. ``connect`` and ``read`` are in seconds.

    Every request has a connection of its own: on one that was kept, a server that had
    closed it could not be told from an answer that was lost.
    """

    api: str
    connect: float = 10.0
    read: float = 60.0

    def post(self, path: str, body: bytes, content_type: str) -> Answer | Unsent | Lost:
        """Send ``body`` to ``path``, which begins with a slash and may have a query."""
        connection = self._connection()
        try:
            connection.connect()
        except ssl.SSLError:
            return Unsent("证书或加密方式有问题")
        except OSError as error:
            return Unsent("连接超时" if isinstance(error, TimeoutError) else "连接不上")
        try:
            connection.sock.settimeout(self.read)
            whole = urlsplit(self.api).path + path
            connection.request("POST", whole, body, {"Content-Type": content_type})
            reply = connection.getresponse()
            content = reply.read(_MOST + 1)
        except (OSError, http.client.HTTPException) as error:
            return Lost("等了太久没有答复" if isinstance(error, TimeoutError) else "答复中断")
        finally:
            connection.close()
        return Lost("答复太长") if len(content) > _MOST else Answer(reply.status, content)

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.api)
        host, port = parts.hostname or "", parts.port
        if parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self.connect)
        return http.client.HTTPSConnection(host, port, timeout=self.connect)
