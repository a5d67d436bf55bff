"""Reads candidates out of the store: which, in what order, and as they stand today."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, or_, select, true

from jianbao.candidates import Candidate, CandidateState, Entry
from jianbao.gather.choosing.arrivals import CHUNK
from jianbao.store.gathering import candidates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import ColumnElement, Connection, Row, Select

#: What is still to be decided or written.
OPEN = (CandidateState.NEW, CandidateState.SHORTLISTED, CandidateState.DRAFTED)


@dataclass(frozen=True, slots=True)
class Lying:
    """An item that lies in an issue, which has gone out or not."""

    issue: str
    gone_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked for; empty is all.

    ``search`` are words that the title, the summary or the source has, all of them.
    ``sections`` is their order; ``since`` the first day of publication, or of finding
    where that is not known. ``limit`` 0 is none.
    """

    states: tuple[CandidateState, ...] = OPEN
    section: str = ""
    source: str = ""
    since: date | None = None
    search: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Selected:
    """The first ``limit`` that answer a query, and how many there are in all."""

    candidates: tuple[Candidate, ...]
    total: int


def select_by_query(connection: Connection, query: Query, lying: Mapping[str, Lying]) -> Selected:
    """By section, then the highest score, then the newest."""
    over = overlaid(connection, lying)
    wanted = and_(true(), *_conditions(query, over))
    total = connection.scalar(select(func.count()).select_from(candidates).where(wanted)) or 0
    asked = select(candidates).where(wanted).order_by(*_order(query.sections))
    return Selected(_read(connection, asked.limit(query.limit or None), over), total)


def select_by_number(
    connection: Connection, numbers: Iterable[int], lying: Mapping[str, Lying]
) -> tuple[Candidate, ...]:
    """Those of ``numbers`` that there are, in their order."""
    over = overlaid(connection, lying)
    wanted = list(dict.fromkeys(numbers))
    found: dict[int, Candidate] = {}
    for start in range(0, len(wanted), CHUNK):
        some = select(candidates).where(candidates.c.number.in_(wanted[start : start + CHUNK]))
        found |= {one.number: one for one in _read(connection, some, over)}
    return tuple(found[number] for number in wanted if number in found)


def select_twins(
    connection: Connection, candidate: Candidate, lying: Mapping[str, Lying]
) -> tuple[Candidate, ...]:
    """The others that report the same thing."""
    first = candidate.twin_of or candidate.number
    group = or_(candidates.c.number == first, candidates.c.twin_of == first)
    others = select(candidates).where(group, candidates.c.number != candidate.number)
    asked = others.order_by(candidates.c.number)
    return _read(connection, asked, overlaid(connection, lying))


def overlaid(connection: Connection, lying: Mapping[str, Lying]) -> dict[int, Lying]:
    """The candidates of which an item lies in an issue, whatever was decided of them."""
    addresses = list(lying)
    found: dict[int, Lying] = {}
    for start in range(0, len(addresses), CHUNK):
        some = addresses[start : start + CHUNK]
        asked = select(candidates.c.number, candidates.c.address)
        rows = connection.execute(asked.where(candidates.c.address.in_(some)))
        found |= {number: lying[address] for number, address in rows}
    return found


def _conditions(query: Query, over: Mapping[int, Lying]) -> list[ColumnElement[bool]]:
    columns = candidates.c
    conditions: list[ColumnElement[bool]] = []
    if query.states:
        conditions.append(_in_states(query.states, over))
    if query.section:
        conditions.append(columns.section == query.section)
    if query.source:
        conditions.append(columns.source.icontains(query.source, autoescape=True))
    if query.since:
        conditions.append(columns.day >= query.since)
    for word in query.search:
        fields = (columns.title, columns.summary, columns.source, columns.note)
        conditions.append(or_(*(one.icontains(word, autoescape=True) for one in fields)))
    return conditions


def _order(sections: tuple[str, ...]) -> Iterator[ColumnElement[object]]:
    if sections:
        places = {name: place for place, name in enumerate(sections)}
        yield case(places, value=candidates.c.section, else_=len(places))
    yield candidates.c.score.desc()
    yield candidates.c.day.desc()
    yield candidates.c.number


def _in_states(
    states: tuple[CandidateState, ...], over: Mapping[int, Lying]
) -> ColumnElement[bool]:
    """By what was decided, except where an item lies in an issue."""
    by_decision = candidates.c.state.in_([state.value for state in states])
    if not over:
        return by_decision
    laid = [number for number, one in over.items() if _state_of(one) in states]
    decided = and_(by_decision, candidates.c.number.not_in(list(over)))
    return or_(decided, candidates.c.number.in_(laid))


def _state_of(lying: Lying) -> CandidateState:
    return CandidateState.USED if lying.gone_out else CandidateState.DRAFTED


def _read(
    connection: Connection, asked: Select[tuple[object, ...]], over: Mapping[int, Lying]
) -> tuple[Candidate, ...]:
    return tuple(_laid_over(_candidate(row), over) for row in connection.execute(asked))


def _laid_over(candidate: Candidate, over: Mapping[int, Lying]) -> Candidate:
    lying = over.get(candidate.number)
    if lying is None:
        return candidate
    state, issue = _state_of(lying), lying.issue
    return replace(candidate, state=state, issue=issue, printed_in=issue, reason="")


def _candidate(row: Row[tuple[object, ...]]) -> Candidate:
    values = row._asdict()
    entry = Entry(
        url=values["url"],
        title=values["title"],
        published=_published(values["published"]),
        summary=values["summary"],
    )
    return Candidate(
        number=values["number"],
        source=values["source"],
        entry=entry,
        found=values["found"],
        state=CandidateState(values["state"]),
        section=values["section"],
        score=values["score"],
        why=tuple(values["why"].split("\n")) if values["why"] else (),
        twin_of=values["twin_of"],
        issue=values["issue"],
        reason=values["reason"],
        note=values["note"],
    )


def _published(text: str) -> datetime | date | None:
    if not text:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
