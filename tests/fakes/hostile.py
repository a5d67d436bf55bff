"""A server on this machine that means no good, for the tests of fetching.

It speaks bytes, not HTTP: what it sends is as wrong as a path asks for. Everything it does ends
when it is closed.
"""

from __future__ import annotations

import gzip
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Seconds between two drips of those that are slow; the tests' bounds are a few of these.
DRIP = 0.05
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_MOST_REQUEST = 65536
#: Unpacked, far beyond what a test lets a list have.
_BOMB = gzip.compress(bytes(30_000_000))
_LIST = (
    "<html><ul class=list><li><a href=/1.html>合成样例</a><span>2025-02-06</span></li></ul></html>"
).encode()


class Hostile:
    """The running server; ``asked`` are the requests that it got, each with its Cookie."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.port = listener.getsockname()[1]
        self.asked: list[tuple[str, str]] = []
        self._stopped = threading.Event()
        self._talks: list[threading.Thread] = []

    def serve(self) -> None:
        """Answer whoever comes until it is stopped."""
        while not self._stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            talk = threading.Thread(target=self._talk, args=(connection,))
            self._talks.append(talk)
            talk.start()

    def stop(self) -> None:
        """End every talk."""
        self._stopped.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for talk in self._talks:
            talk.join()

    def _talk(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(5)
            head = b""
            while b"\r\n\r\n" not in head and len(head) < _MOST_REQUEST:
                some = connection.recv(4096)
                if not some:
                    return
                head += some
            lines = head.decode("latin-1").split("\r\n")
            path = lines[0].split(" ")[1]
            cookie = next((line for line in lines if line.lower().startswith("cookie:")), "")
            self.asked.append((path, cookie))
            answer = ANSWERS.get(urlsplit(path).path, _not_found)
            answer(Talk(connection, self._stopped, path, self.port))


class Talk:
    """One connection, as an answer has it."""

    def __init__(
        self, connection: socket.socket, stopped: threading.Event, path: str, port: int
    ) -> None:
        self.connection = connection
        self.path = path
        self.port = port
        self._stopped = stopped

    def send(self, data: bytes) -> None:
        """All of ``data``."""
        self.connection.sendall(data)

    def goes_on(self, pause: float = 0.0) -> bool:
        """Whether to go on, after a pause."""
        return not self._stopped.wait(pause)


def _not_found(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


def _list(talk: Talk) -> None:
    talk.send(_OK + b"Content-Length: %d\r\n\r\n" % len(_LIST) + _LIST)


def _endless(talk: Talk) -> None:
    talk.send(_OK + b"\r\n")
    while talk.goes_on():
        talk.send(b"x" * 65536)


def _drip(talk: Talk) -> None:
    talk.send(_OK + b"\r\n")
    while talk.goes_on(DRIP):
        talk.send(b"x")


def _dripping_head(talk: Talk) -> None:
    talk.send(_OK + b"X-Drip: ")
    while talk.goes_on(DRIP):
        talk.send(b"x")


def _bomb(talk: Talk) -> None:
    length = b"Content-Length: %d\r\n\r\n" % len(_BOMB)
    talk.send(_OK + b"Content-Encoding: gzip\r\n" + length + _BOMB)


def _cut_pack(talk: Talk) -> None:
    talk.send(_OK + b"Content-Encoding: gzip\r\nContent-Length: 40\r\n\r\n" + _BOMB[:40])


def _unknown_pack(talk: Talk) -> None:
    talk.send(_OK + b"Content-Encoding: br\r\nContent-Length: 4\r\n\r\nabcd")


def _too_short(talk: Talk) -> None:
    talk.send(_OK + b"Content-Length: 100000\r\n\r\n" + _LIST)


def _wrong_length(talk: Talk) -> None:
    talk.send(_OK + b"Content-Length: -5\r\n\r\n" + _LIST)


def _two_lengths(talk: Talk) -> None:
    talk.send(_OK + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\n" + _LIST)


def _long_head(talk: Talk) -> None:
    talk.send(_OK + b"X-Long: ")
    for _ in range(160):  # 10 MB
        talk.send(b"x" * 65536)
    talk.send(b"\r\n\r\n")


def _many_heads(talk: Talk) -> None:
    talk.send(_OK)
    for _ in range(160):
        talk.send(b"X-Many: x\r\n" * 6000)
    talk.send(b"\r\n")


def _garbage(talk: Talk) -> None:
    talk.send(b"\x16\x03\x01 I am no web server\r\n\r\n" * 10)


def _half_closed(talk: Talk) -> None:
    talk.connection.shutdown(socket.SHUT_WR)
    while talk.goes_on(DRIP):
        continue


def _silent(talk: Talk) -> None:
    while talk.goes_on(DRIP):
        continue


def _redirect(to: Callable[[Talk], str]) -> Callable[[Talk], None]:
    def answer(talk: Talk) -> None:
        head = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nSet-Cookie: session=1; Path=/\r\n"
        talk.send(f"{head}Location: {to(talk)}\r\n\r\n".encode())

    return answer


def _many_cookies(talk: Talk) -> None:
    first = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /list\r\n"
    cookies = (b"Set-Cookie: c%d=%s\r\n" % (number, b"x" * 900) for number in range(99))
    talk.send(first + b"".join(cookies) + b"\r\n")


ANSWERS: dict[str, Callable[[Talk], None]] = {
    "/list": _list,
    "/endless": _endless,
    "/drip": _drip,
    "/dripping-head": _dripping_head,
    "/bomb": _bomb,
    "/cut-pack": _cut_pack,
    "/unknown-pack": _unknown_pack,
    "/too-short": _too_short,
    "/wrong-length": _wrong_length,
    "/two-lengths": _two_lengths,
    "/long-head": _long_head,
    "/many-heads": _many_heads,
    "/garbage": _garbage,
    "/half-closed": _half_closed,
    "/silent": _silent,
    "/loop": _redirect(lambda talk: f"{talk.path}?x"),
    "/ping-pong": _redirect(lambda _talk: "/ping-pong"),
    "/to": _redirect(lambda talk: talk.path.partition("?")[2].replace("PORT", str(talk.port))),
    "/many-cookies": _many_cookies,
}


@contextmanager
def hostile() -> Iterator[Hostile]:
    """A running one, on a port of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Hostile(listener)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
