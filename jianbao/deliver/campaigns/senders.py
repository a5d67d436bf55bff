"""Processes that send, and whether they are still alive."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_REUSED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sender:
    """A process by its host and number; its claims hold ``until``.

    ``born`` tells it from a later one with its number: the process of a container has the
    same one each time. It is "" where the system does not say.
    """

    host: str
    pid: int
    born: str
    until: datetime


def this_process(until: datetime) -> Sender:
    """The sender that this process is."""
    pid = os.getpid()
    return Sender(socket.gethostname(), pid, _birth(pid), until)


def is_dead(sender: Sender, now: datetime) -> bool:
    """Whether nothing more is to come from ``sender``.

    A process of this machine that is gone is dead at once, and one that is there is not,
    though the clock was set forward; after a day its number may be another's. Of another
    machine nobody knows until its time is over.
    """
    if sender.host == socket.gethostname():
        is_there = _runs(sender.pid) and (not sender.born or _birth(sender.pid) == sender.born)
        return not is_there or sender.until + _REUSED <= now
    return sender.until <= now


def _birth(pid: int) -> str:
    """Clock ticks from the system's start to that of the process, as proc_pid_stat(5) has it."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]  # the name before it may hold anything


def _runs(pid: int) -> bool:
    if os.name != "posix":
        return True  # os.kill would end it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True
