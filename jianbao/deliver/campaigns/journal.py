"""The mail server's own record of what it took: its log, or a mailbox that gets every copy."""

from __future__ import annotations

import re
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING

from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ID = re.compile(rb"<[^<>\s]+>")
#: Postfix: cleanup names the Message-ID while the message still comes in …
_CLEANUP = re.compile(rb"(?P<queue>[0-9A-Za-z]+): (?:resent-)?message-id=(?P<id><[^<>\s]+>)")
#: … and qmgr names the queue file once all of it is on disk, which is when 250 is said.
_QUEUED = re.compile(rb"(?P<queue>[0-9A-Za-z]+): from=<[^>]*>, size=\d+")
#: Exim writes ``<=`` when it has taken a message.
_EXIM = re.compile(rb" <= .* id=(?P<id>[^<>\s]+)")
#: What only these logs have: what Postfix calls itself, and Exim's flags and its own name.
_OURS = re.compile(rb"postfix|cleanup|qmgr| (?:<=|=>|->|\*\*|==) |exim|Completed", re.IGNORECASE)
#: A message of an mbox begins so.
_FROM = b"From "
#: Bytes that are read for the header of a message.
_HEADER = 64 * 1024


def taken(journal: Path, wanted: frozenset[str]) -> frozenset[str]:
    """Those of the Message-IDs ``wanted``, with their brackets, that the server took.

    Args:
        journal: A maildir, an mbox, or a log of Postfix or Exim; of a log, also the one
            before, ``.1``, since it may have been turned over meanwhile.
        wanted: Message-IDs.

    Raises:
        UsageProblem: It cannot be read, or it is a log of something else: then nobody can
            say that something is not there.
    """
    try:
        found = frozenset(one.decode("ascii", "replace") for one in _all_taken(journal))
    except OSError as error:
        hint = "检查 [delivery] journal 和它的权限；改好以前不确定的不会再送"
        raise UsageProblem(f"读不了邮件服务器的记录 {journal}：{error.strerror}", hint) from error
    return wanted & found


def _all_taken(journal: Path) -> Iterator[bytes]:
    if journal.is_dir():
        for folder in ("new", "cur"):
            for file in (journal / folder).iterdir():
                with file.open("rb") as stream:
                    yield from _ids_in_header(stream.read(_HEADER))
        return
    with journal.open("rb") as stream:
        is_mailbox = stream.read(len(_FROM)) == _FROM
    if is_mailbox:
        yield from _in_mailbox(journal)
        return
    before = journal.with_name(f"{journal.name}.1")
    yield from _in_logs([file for file in (before, journal) if file.exists()])


def _ids_in_header(message: bytes) -> Iterator[bytes]:
    value = BytesHeaderParser().parsebytes(message).get("Message-ID", "")
    yield from _ID.findall(str(value).encode("ascii", "replace"))


def _in_mailbox(file: Path) -> Iterator[bytes]:
    header: list[bytes] | None = None
    with file.open("rb") as stream:
        for line in stream:
            if line.startswith(_FROM):
                header = []
            elif header is not None and line.strip():
                header.append(line)
            elif header is not None:
                yield from _ids_in_header(b"".join(header))
                header = None


def _in_logs(files: list[Path]) -> Iterator[bytes]:
    coming: dict[bytes, bytes] = {}
    is_known = all(file.stat().st_size == 0 for file in files)
    for file in files:
        with file.open("rb") as stream:
            for line in stream:
                is_known = is_known or _OURS.search(line) is not None
                if cleanup := _CLEANUP.search(line):
                    coming[cleanup["queue"]] = cleanup["id"]
                elif queued := _QUEUED.search(line):
                    if (taken_id := coming.pop(queued["queue"], None)) is not None:
                        yield taken_id
                elif exim := _EXIM.search(line):
                    yield b"<" + exim["id"] + b">"
    if not is_known:
        hint = "[delivery] journal 要指明 Postfix 或 Exim 的日志，或每封一份副本的 maildir、mbox"
        raise UsageProblem(f"{files[-1]} 不像邮件服务器的记录，不确定的没有再送", hint)
