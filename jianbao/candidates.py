"""What gathering finds, before any of it is an item. Frozen, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a server sent, or an editor saved. ``url`` is the last of any redirects."""

    url: str
    content_type: str  # the header, with its charset; empty where it is not known
    body: bytes  # as meant: without any content encoding
    fetched: datetime  # with its zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a source's list or feed, as far as the list tells.

    ``published`` is a day where the list gives a day, a moment with its zone where it gives one.
    """

    url: str
    title: str
    published: datetime | date | None = None
    summary: str = ""


class CandidateState(StrEnum):
    """How far a candidate has come."""

    NEW = "new"
    SHORTLISTED = "shortlisted"
    DRAFTED = "drafted"
    USED = "used"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """候选稿: an entry with what is proposed and decided about it.

    ``number`` is what editors type. ``twin_of`` is the number of the candidate that was found
    first, where this one reports the same thing. ``score`` goes from 0 to 100, ``why`` says what
    it and ``section`` rest on. ``printed_in`` is the issue that has it already (已登).
    """

    number: int
    source: str
    entry: Entry
    found: datetime
    state: CandidateState
    section: str
    score: int
    why: tuple[str, ...] = ()
    twin_of: int | None = None
    printed_in: str = ""
    issue: str = ""  # for which it is drafted, or in which it is used
    reason: str = ""  # why it was dropped
    note: str = ""  # what editors wrote beside it
