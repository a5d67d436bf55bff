"""收件箱: the candidates in the store, what sources answered, and what editors decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from jianbao.gather.acts import perform, undo_last
from jianbao.gather.arrivals import Arrivals
from jianbao.gather.poll import Outcome, SourceState
from jianbao.gather.proposal import NOTHING_SOUGHT
from jianbao.gather.selection import select_by_number, select_by_query, select_twins
from jianbao.store.engine import reading, writing
from jianbao.store.gathering import source_states
from jianbao.store.tables import INBOX

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Engine, Row

    from jianbao.candidates import Candidate
    from jianbao.gather.acts import Done, Undone
    from jianbao.gather.decisions import Decision
    from jianbao.gather.poll import Poll
    from jianbao.gather.proposal import Interests
    from jianbao.gather.selection import Lying, Query, Selected
    from jianbao.records import Witness

_KEY = source_states.primary_key.columns


class Inbox:
    """What gathering found, in the store behind ``engine``.

    ``interests`` are what candidates are judged by as they come in; ``lying`` are the items
    that lie in issues, by canonical address, of which the candidates are drafted or used.
    Each method is one transaction; processes may work on one store at the same time.
    """

    def __init__(
        self,
        engine: Engine,
        interests: Interests = NOTHING_SOUGHT,
        lying: Mapping[str, Lying] | None = None,
    ) -> None:
        self._engine = engine
        self._arrivals = Arrivals(interests)
        self._lying = lying or {}

    def record(self, poll: Poll) -> int:
        """Keep the entries of ``poll`` that are not known yet, and its source's state.

        Returns:
            How many were new. Recording a poll again changes nothing but the state.
        """
        return self.record_all((poll,))[0]

    def record_all(self, polls: Sequence[Poll]) -> tuple[int, ...]:
        """As `record`, of several polls in one transaction: the disk is waited for once."""
        with reading(self._engine) as connection:  # which keeps nobody waiting, however long
            self._arrivals.remember_at_first(connection, polls)
        try:
            with writing(self._engine, INBOX) as connection:
                new = self._arrivals.add(connection, polls)
                _keep_states(connection, polls, new)
        except BaseException:
            self._arrivals.forget()  # titles of candidates that there are not
            raise
        return new

    def source_states(self) -> tuple[SourceState, ...]:
        """What is remembered of each list of each source, by name and address."""
        asked = select(source_states).order_by(source_states.c.source, source_states.c.address)
        with reading(self._engine) as connection:
            return tuple(_state(row) for row in connection.execute(asked))

    def select(self, query: Query) -> Selected:
        """The candidates that ``query`` asks for."""
        with reading(self._engine) as connection:
            return select_by_query(connection, query, self._lying)

    def find(self, numbers: Iterable[int]) -> tuple[Candidate, ...]:
        """Those of ``numbers`` that there are, in their order."""
        with reading(self._engine) as connection:
            return select_by_number(connection, numbers, self._lying)

    def twins(self, candidate: Candidate) -> tuple[Candidate, ...]:
        """The other candidates that report the same thing."""
        with reading(self._engine) as connection:
            return select_twins(connection, candidate, self._lying)

    def decide(self, numbers: Iterable[int], decision: Decision, witness: Witness) -> Done:
        """Apply ``decision`` to those of ``numbers`` that it can be applied to, as one act."""
        with writing(self._engine, INBOX) as connection:
            there = select_by_number(connection, numbers, self._lying)
            return perform(connection, there, decision, witness)

    def undo(self, witness: Witness) -> Undone | None:
        """Take back the last act of whoever asks; None where there is nothing left."""
        with writing(self._engine, INBOX) as connection:
            return undo_last(connection, witness)


def _keep_states(connection: Connection, polls: Sequence[Poll], new: Sequence[int]) -> None:
    """The states after ``polls``; what only the store knows is added to what it had before."""
    if not polls:
        return
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    fresh = insert(source_states)
    had, comes = source_states.c, fresh.excluded
    kept: dict[str, ColumnElement[object]] = {
        **{column.name: comes[column.name] for column in had if not column.primary_key},
        "last_new": func.coalesce(comes.last_new, had.last_new),
        "brought": had.brought + comes.brought,
    }
    statement = fresh.on_conflict_do_update(index_elements=list(_KEY), set_=kept)
    connection.execute(statement, [_row(*pair) for pair in zip(polls, new, strict=True)])


def _row(poll: Poll, new: int) -> dict[str, object]:
    """What ``poll`` says, and of what the store alone knows what it adds."""
    values = {column.name: getattr(poll.state, column.name) for column in source_states.columns}
    return {**values, "last_new": poll.when if new else None, "brought": new}


def _state(row: Row[tuple[object, ...]]) -> SourceState:
    values = row._asdict()
    return SourceState(**{**values, "outcome": Outcome(values["outcome"])})
