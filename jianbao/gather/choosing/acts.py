"""Writes what editors decide, so that each of it can be taken back exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, insert, select, update

from jianbao.gather.choosing.decisions import Decision, Refused, decided
from jianbao.store.gathering import acts, candidates, decisions

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from jianbao.candidates import Candidate
    from jianbao.records import Witness

#: What a decision changes.
_FIELDS = ("state", "issue", "reason", "note")
_UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of deciding of several candidates: those changed, and why others were not."""

    changed: tuple[Candidate, ...]
    refused: tuple[tuple[Candidate, Refused], ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back.

    ``numbers`` are as they were before; ``kept`` are those on which somebody decided since.
    """

    verb: str
    numbers: tuple[int, ...]
    kept: tuple[int, ...]


def perform(
    connection: Connection, there: tuple[Candidate, ...], decision: Decision, witness: Witness
) -> Done:
    """Apply ``decision`` to each candidate that it can be applied to, as one act."""
    results = [(before, decided(before, decision)) for before in there]
    changes = [
        (before, after)
        for before, after in results
        if not isinstance(after, Refused) and after != before
    ]
    if changes:
        act = _begin(connection, witness, decision.verb.value)
        for before, after in changes:
            old = _stored(connection, before.number)
            new = {name: str(getattr(after, name)) for name in _FIELDS}
            _change(connection, act, before.number, old, new)
    refused = tuple((before, after) for before, after in results if isinstance(after, Refused))
    return Done(tuple(after for _, after in changes), refused)


def undo_last(connection: Connection, witness: Witness) -> Undone | None:
    """Take back the last act of whoever asks that is not taken back yet; None where none is."""
    taken_back = select(acts.c.undoes).where(acts.c.undoes.is_not(None))
    own = and_(acts.c.by == witness.by, acts.c.verb != _UNDO, acts.c.id.not_in(taken_back))
    last = connection.execute(select(acts).where(own).order_by(acts.c.id.desc()).limit(1)).first()
    if last is None:
        return None
    act = _begin(connection, witness, _UNDO, last.id)
    numbers, kept = [], []
    of_act = select(decisions).where(decisions.c.act == last.id).order_by(decisions.c.number)
    for row in connection.execute(of_act).all():
        now, before, after = (
            _stored(connection, row.number),
            _side(row, "before"),
            _side(row, "after"),
        )
        if now != after:
            kept.append(row.number)
            continue
        _change(connection, act, row.number, now, before)
        numbers.append(row.number)
    return Undone(last.verb, tuple(numbers), tuple(kept))


def _begin(connection: Connection, witness: Witness, verb: str, undoes: int | None = None) -> int:
    values = {"at": witness.when, "by": witness.by, "verb": verb, "undoes": undoes}
    made = connection.execute(insert(acts).values(values).returning(acts.c.id))
    return int(made.scalar_one())


def _stored(connection: Connection, number: int) -> dict[str, str]:
    columns = [candidates.c[name] for name in _FIELDS]
    row = connection.execute(select(*columns).where(candidates.c.number == number)).one()
    return row._asdict()


def _side(row: Row[tuple[object, ...]], side: str) -> dict[str, str]:
    return {name: getattr(row, f"{name}_{side}") for name in _FIELDS}


def _change(
    connection: Connection, act: int, number: int, before: dict[str, str], after: dict[str, str]
) -> None:
    values: dict[str, object] = {"act": act, "number": number}
    values |= {f"{name}_before": value for name, value in before.items()}
    values |= {f"{name}_after": value for name, value in after.items()}
    connection.execute(insert(decisions).values(values))
    connection.execute(update(candidates).where(candidates.c.number == number).values(after))
