"""Tables of gathering: candidates, what was decided of them, and what sources answered."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from jianbao.store.tables import METADATA, Moment

#: ``address`` is the canonical form of ``url``, by which a candidate is known. ``published`` is
#: ISO 8601 as the list gives it, a day or a moment; ``day`` is that day, or the day it was
#: found. ``why`` has a reason a line.
candidates = Table(
    "candidates",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("address", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("published", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("found", Moment, nullable=False),
    Column("day", Date, nullable=False),
    Column("section", Text, nullable=False),
    Column("score", Integer, nullable=False),
    Column("why", Text, nullable=False),
    Column("twin_of", Integer, ForeignKey("candidates.number")),
    Column("state", Text, nullable=False),
    Column("issue", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    UniqueConstraint("address"),
    Index(None, "state", "section", "score"),
    Index(None, "day"),
    Index(None, "twin_of"),
    sqlite_autoincrement=True,  # numbers that editors wrote down are never given again
)

#: What somebody did at one time: one command, however many candidates it names. ``undoes`` is
#: the act that this one takes back.
acts = Table(
    "acts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("undoes", Integer, ForeignKey("acts.id")),
    UniqueConstraint("undoes"),
    sqlite_autoincrement=True,
)

#: Each candidate that an act changed: how it was before, and how after.
decisions = Table(
    "decisions",
    METADATA,
    Column("act", Integer, ForeignKey("acts.id"), primary_key=True),
    Column("number", Integer, ForeignKey("candidates.number"), primary_key=True),
    *(
        Column(f"{field}_{side}", Text, nullable=False)
        for side in ("before", "after")
        for field in ("state", "issue", "reason", "note")
    ),
    Index(None, "number"),
)

#: ``gather.poll.SourceState``, a list of a source each.
source_states = Table(
    "source_states",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("polled", Moment, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("recipe", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("empties", Integer, nullable=False),
    Column("next_due", Moment, nullable=False),
    Column("last_new", Moment),
    Column("brought", Integer, nullable=False),
    Index(None, "next_due"),
)

#: ``gather.robots.RobotsText``, one for each scheme, host and port.
robots = Table(
    "robots",
    METADATA,
    Column("origin", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("asked", Moment, nullable=False),
)
