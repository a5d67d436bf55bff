"""A web server on this machine that misbehaves as told, for the tests of gathering."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Page:
    """What is answered to GET; ``head`` is the status for HEAD where that is another.

    A page with an ``etag`` is not sent again to who has it: 304.
    """

    body: bytes | str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    head: int | None = None
    delay: float = 0.0
    drop: bool = False  # close without a word
    endless: bool = False
    etag: str = ""


@dataclass
class Site:
    """A running server: its address, and the visits that it saw."""

    address: str
    visits: list[tuple[str, str]] = field(default_factory=list)

    def at(self, path: str) -> str:
        """The address of a page."""
        return f"{self.address}{path}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, pages: Mapping[str, Page]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = pages
        self.site = Site(f"http://127.0.0.1:{self.server_address[1]}")


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_HEAD(self) -> None:
        self._answer("HEAD")

    def do_GET(self) -> None:
        self._answer("GET")

    def _answer(self, method: str) -> None:
        self.server.site.visits.append((method, self.path))
        page = self.server.pages.get(self.path, Page("没有", 404))
        time.sleep(page.delay)
        if page.drop:
            self.close_connection = True
            return
        if page.etag and self.headers["If-None-Match"] == page.etag:
            page = Page(status=304)
        body = page.body.encode() if isinstance(page.body, str) else page.body
        self.send_response(page.head if method == "HEAD" and page.head else page.status)
        told = {"ETag": page.etag} if page.etag else {}
        for name, value in {"Content-Type": HTML, **told, **page.headers}.items():
            self.send_header(name, value)
        if not page.endless:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if method == "GET":
            self._send(body, endless=page.endless)

    def _send(self, body: bytes, *, endless: bool) -> None:
        try:
            self.wfile.write(body)
            while endless:
                self.wfile.write(b"x" * 65536)
        except OSError:  # the visitor has seen enough
            return

    def log_message(self, *_arguments: Any) -> None:  # noqa: ANN401  (the base class's own)
        """Say nothing."""


@contextmanager
def serve(pages: Mapping[str, Page]) -> Iterator[Site]:
    """Serve ``pages`` by path; what is not among them is 404."""
    server = _Server(pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
