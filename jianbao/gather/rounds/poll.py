"""轮询: what came of asking one list of a source, and what is remembered until the next time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from jianbao.candidates import Entry


class Outcome(StrEnum):
    """How a poll ended."""

    READ = "read"  # a list with entries, new or known
    UNCHANGED = "unchanged"  # 304: the list is as it was
    EMPTY = "empty"  # the server is well, but not one entry could be read
    CHALLENGED = "challenged"  # a guard wants a browser; it is not worked around
    FORBIDDEN = "forbidden"  # robots.txt says no
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of one list of a source, the pair being the key. Times have zones.

    ``recipe`` tells one definition of the source from another: the list that the validators
    (``etag``, ``last_modified``) and ``digest``, of its bytes, know was read by that one.
    ``failures`` and ``empties`` count polls in a row. ``last_new`` is when a poll last brought a
    candidate that was not known, ``brought`` how many there were in all: both are the store's
    to write, which alone knows what is new.
    """

    source: str  # its name
    address: str  # of the list
    since: datetime  # the first poll
    polled: datetime
    outcome: Outcome
    detail: str = ""
    etag: str = ""
    last_modified: str = ""
    recipe: str = ""
    digest: str = ""
    failures: int = 0
    empties: int = 0
    next_due: datetime
    last_new: datetime | None = None
    brought: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll: the entries of the list, and the state as it is after it."""

    state: SourceState
    entries: tuple[Entry, ...] = ()

    @property
    def source(self) -> str:
        """The name of the source."""
        return self.state.source

    @property
    def when(self) -> datetime:
        """When it was asked."""
        return self.state.polled

    @property
    def outcome(self) -> Outcome:
        """How it ended."""
        return self.state.outcome
