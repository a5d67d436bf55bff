"""Where mail comes back to: a maildir, an mbox file, or a folder on an IMAP server.

Nothing is deleted. What was read is marked as seen once the caller says that it is kept, and
a message that is read twice all the same is known by its digest.
"""

from __future__ import annotations

import imaplib
import mailbox
import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from jianbao.addresses import is_loopback
from jianbao.errors import DeliveryProblem, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Bytes of a message that are read; reports may carry the letter with its PDF.
_MOST = 256 * 1024
_PATIENCE = 30.0
_SHAPE = "写成 maildir:文件夹、mbox:文件 或 imaps://用户@主机/文件夹"


class Box(Protocol):
    """A mailbox, opened."""

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Keys and messages that are not marked, each cut at 256 kB."""
        ...

    def mark(self, key: str) -> None:
        """Mark the message ``key`` as read."""
        ...


@dataclass(frozen=True, slots=True)
class Maildir:
    """A folder in Maildir form."""

    box: mailbox.Maildir

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """See `Box`."""
        for key in sorted(self.box.keys()):
            if "S" not in self.box.get_message(key).get_flags():
                with self.box.get_file(key) as opened:
                    yield key, opened.read(_MOST)

    def mark(self, key: str) -> None:
        """See `Box`: moved from new/ to cur/, with the flag S."""
        message = self.box.get_message(key)
        message.set_subdir("cur")
        message.add_flag("S")
        self.box[key] = message


@dataclass(frozen=True, slots=True)
class Mbox:
    """A file that a mail server appends to: it is read and never written."""

    box: mailbox.mbox

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """See `Box`: all of them."""
        for key in self.box.keys():  # noqa: SIM118  (not a dict: the box itself yields messages)
            with self.box.get_file(key) as opened:
                yield str(key), opened.read(_MOST)

    def mark(self, key: str) -> None:
        """Nothing: the digest knows it."""


@dataclass(frozen=True, slots=True)
class Imap:
    """A folder on a server."""

    server: imaplib.IMAP4

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """See `Box`."""
        _, (found, *_rest) = self.server.uid("SEARCH", "UNSEEN")
        for key in (found or b"").split():
            # PEEK: what cannot be kept stays unseen.
            _, answer = self.server.uid("FETCH", key.decode(), f"(BODY.PEEK[]<0.{_MOST}>)")
            parts = [part[1] for part in answer if isinstance(part, tuple)]
            if parts:
                yield key.decode(), parts[0]

    def mark(self, key: str) -> None:
        """See `Box`."""
        self.server.uid("STORE", key, "+FLAGS.SILENT", r"(\Seen)")


@contextmanager
def open_box(address: str, root: Path, password: str) -> Iterator[Box]:
    """The mailbox at ``address``, whose files are relative to ``root``.

    Raises:
        UsageProblem: The address is none, or there is no such file.
        DeliveryProblem: The server cannot be reached, or refuses.
    """
    scheme, _, rest = address.partition(":")
    if scheme == "maildir" and rest:
        yield Maildir(mailbox.Maildir(_existing(root / rest, rest), create=False))
    elif scheme == "mbox" and rest:
        box = mailbox.mbox(_existing(root / rest, rest), create=False)
        try:
            yield Mbox(box)
        finally:
            box.close()
    elif scheme in {"imaps", "imap"}:
        with _imap(address, password) as server:
            yield Imap(server)
    else:
        raise UsageProblem("退信的邮箱读不懂", _SHAPE)


def _existing(place: Path, shown: str) -> Path:
    place = place.expanduser()
    if not place.exists():
        raise UsageProblem(f"没有 {shown}", "检查 [delivery] 的 bounce_box")
    return place


@contextmanager
def _imap(address: str, password: str) -> Iterator[imaplib.IMAP4]:
    parts = urlsplit(address)
    host, user = parts.hostname or "", unquote(parts.username or "")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not host or not user or (parts.scheme == "imap" and not is_loopback(host)):
        raise UsageProblem("退信的邮箱读不懂，或密码会明文传送", _SHAPE)
    try:
        server = _connect(host, parts.port, is_secure=parts.scheme == "imaps")
    except (OSError, imaplib.IMAP4.error) as error:
        raise DeliveryProblem(f"连不上收退信的服务器 {host}", "检查地址、端口和网络") from error
    try:
        server.login(user, password)
        status, _ = server.select(f'"{folder}"')
        if status != "OK":
            raise DeliveryProblem(f"服务器上没有文件夹 {folder}", "检查 bounce_box 最后的一段")
        yield server
    except imaplib.IMAP4.error as error:
        hint = "检查用户名，以及环境变量 JIANBAO_IMAP_PASSWORD；QQ 和网易要用授权码"
        raise DeliveryProblem(f"{host} 没有让我们登录，或中途断开", hint) from error
    except OSError as error:
        raise DeliveryProblem(f"{host} 中途断开", "再运行一次，读过的不会重复") from error
    finally:
        _leave(server)


def _connect(host: str, port: int | None, *, is_secure: bool) -> imaplib.IMAP4:
    if is_secure:
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(host, port or 993, ssl_context=context, timeout=_PATIENCE)
    return imaplib.IMAP4(host, port or 143, timeout=_PATIENCE)


def _leave(server: imaplib.IMAP4) -> None:
    try:
        server.logout()
    except (OSError, imaplib.IMAP4.error):
        server.shutdown()  # logout closes only what has answered
