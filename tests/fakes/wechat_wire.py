"""The wire of the fake WeChat: HTTP on loopback, and the ways in which it breaks."""

from __future__ import annotations

import json
import re
import socket
import struct
import time
from contextlib import suppress
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from fakes.wechat import FakeWeChat

Values = dict[str, Any]


class Fault(Enum):
    """What goes wrong with one request."""

    DROP_BEFORE = "the connection breaks before anything is done"
    DROP_AFTER = "it is done, and the answer is lost"
    SLOW = "it is done, long after the client stopped waiting"
    ERROR_500 = "HTTP 500, nothing is done"
    BUSY = "errcode -1, nothing is done"
    BUSY_AFTER = "it is done, and answered with errcode -1"
    GARBLED = "it is done, and the answer is not JSON"
    EXPIRED = "the token is thrown away first"


class Refusal(Exception):
    """An errcode instead of an answer."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def parsed(body: bytes) -> Values:
    try:
        values = json.loads(body)
    except ValueError:
        raise Refusal(47001, "data format error") from None
    if not isinstance(values, dict):
        raise Refusal(47001, "data format error")
    return values


def form_file(body: bytes, content_type: str) -> tuple[str, bytes]:
    """Name and content of the one file of a multipart form."""
    boundary = re.search(r"boundary=(\S+)", content_type)
    if boundary is None:
        raise Refusal(41005, "media data missing")
    part = body.split(b"--" + boundary[1].encode())[1]
    head, _, content = part.partition(b"\r\n\r\n")
    name = re.search(rb'name="media"; filename="([^"]+)"', head)
    if name is None:
        raise Refusal(41005, "media data missing")
    return name[1].decode(), content.removesuffix(b"\r\n")


_BUSY = b'{"errcode":-1,"errmsg":"system error"}'
#: Nothing is done, and this is the answer; None is no answer.
_INSTEAD: dict[Fault, tuple[int, bytes] | None] = {
    Fault.DROP_BEFORE: None,
    Fault.ERROR_500: (500, b"<html>busy</html>"),
    Fault.BUSY: (200, _BUSY),
}


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:
            return  # the client was killed while it was sending
        parts = urlsplit(self.path)
        fault = self.server.fake.next_fault(parts.path)
        if fault in _INSTEAD:
            answer = _INSTEAD[fault]
        else:
            self._prepare(fault)
            answer = self._after(fault, self._answer(parts.path, parse_qs(parts.query), body))
        if answer is None:
            self._hang_up()
        else:
            self._send(*answer)

    def _prepare(self, fault: Fault | None) -> None:
        if fault is Fault.SLOW:
            time.sleep(self.server.fake.slow)
        if fault is Fault.EXPIRED:
            self.server.fake.expire_token()

    def _after(self, fault: Fault | None, answer: bytes) -> tuple[int, bytes] | None:
        match fault:
            case Fault.DROP_AFTER | Fault.SLOW:
                return None
            case Fault.BUSY_AFTER:
                return 200, _BUSY
            case Fault.GARBLED:
                return 200, answer[: len(answer) // 2]
            case _:
                return 200, answer

    def _answer(self, path: str, query: Values, body: bytes) -> bytes:
        kind = self.headers.get("Content-Type", "")
        try:
            values = self.server.fake.handle(path, query, body, kind)
        except Refusal as refusal:
            values = {"errcode": refusal.code, "errmsg": refusal.message}
        return json.dumps(values, ensure_ascii=False).encode()

    def _send(self, status: int, content: bytes) -> None:
        with suppress(OSError):  # the client has gone
            self.send_response(status)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def _hang_up(self) -> None:
        """Close with a reset, as a broken connection is."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


class Server(ThreadingHTTPServer):
    """Listens on a free port of loopback and asks ``fake`` for every answer."""

    daemon_threads = True

    def __init__(self, fake: FakeWeChat) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fake = fake
