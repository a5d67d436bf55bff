"""Processes that send, and whether they are still alive."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_REUSED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sender:
    """A process by its host and number; its claims hold ``until``."""

    host: str
    pid: int
    until: datetime


def this_process(until: datetime) -> Sender:
    """The sender that this process is."""
    return Sender(socket.gethostname(), os.getpid(), until)


def is_dead(sender: Sender, now: datetime) -> bool:
    """Whether nothing more is to come from ``sender``.

    A process of this machine that is gone is dead at once, and one that is there is not,
    though the clock was set forward; after a day its number may be another's. Of another
    machine nobody knows until its time is over.
    """
    if sender.host == socket.gethostname():
        return not _runs(sender.pid) or sender.until + _REUSED <= now
    return sender.until <= now


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
