"""An IMAP server on loopback, as far as reading a folder goes (RFC 3501).

One folder of messages, of which some were seen. It asks for the password, cuts what it is asked to
cut, and can break off at a fetch.
"""

from __future__ import annotations

import re
import socketserver
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

USER, PASSWORD = "brief@example.org", "synthetic"


class FakeImap:
    """Messages by their UID, and which of them were seen."""

    def __init__(self, *messages: bytes) -> None:
        self.messages = {number + 7: one for number, one in enumerate(messages)}
        self.seen: set[int] = set()
        self.fetched: list[int] = []
        self.breaks_off_at = 0  # the UID whose fetch is not answered


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self._say(b"* OK synthetic IMAP4rev1 ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            verb = rest.split(" ", 1)[0].upper()
            if not self._answer(tag, verb, rest):
                return

    def _answer(self, tag: str, verb: str, rest: str) -> bool:
        """Whether the connection goes on."""
        said = "OK done"
        if verb == "CAPABILITY":
            self._say(b"* CAPABILITY IMAP4rev1")
        elif verb == "LOGIN":
            right = rest == f'LOGIN {USER} "{PASSWORD}"'
            said = "OK done" if right else "NO [AUTHENTICATIONFAILED] wrong"
        elif verb == "SELECT":
            right = rest == 'SELECT "INBOX"'
            said = "OK [READ-WRITE] done" if right else "NO no such mailbox"
        elif verb == "UID" and not self._uid(rest.split(" ", 2)):
            return False
        elif verb == "LOGOUT":
            self._say(b"* BYE")
        self._say(f"{tag} {said}".encode())
        return verb != "LOGOUT"

    def _uid(self, words: list[str]) -> bool:
        fake = self.server.fake
        if words[1] == "SEARCH":
            unseen = [str(uid) for uid in fake.messages if uid not in fake.seen]
            self._say(" ".join(["* SEARCH", *unseen]).encode())
            return True
        uid = int(words[2].split(" ", 1)[0])
        if words[1] == "STORE":
            fake.seen.add(uid)
            return True
        if uid == fake.breaks_off_at:
            return False
        most = re.search(r"BODY\.PEEK\[\]<0\.(\d+)>", words[2])
        content = fake.messages[uid][: int(most[1])] if most else b""
        fake.fetched.append(uid)
        head = f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(content)}}}\r\n".encode()
        self.wfile.write(head + content + b")\r\n")
        return True

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    fake: FakeImap


@contextmanager
def serving(fake: FakeImap) -> Iterator[int]:
    """The port at which ``fake`` listens."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.fake = fake
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join(10)
