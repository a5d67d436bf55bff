"""What an editor may decide of a candidate, and what becomes of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from jianbao.candidates import CandidateState

if TYPE_CHECKING:
    from jianbao.candidates import Candidate


class Verb(StrEnum):
    """What is done to a candidate."""

    TAKE = "take"
    DROP = "drop"
    NOTE = "note"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """``text`` is why it is dropped, or the note; ``issue`` is the one it is drafted for."""

    verb: Verb
    text: str = ""
    issue: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why it cannot be, in Chinese."""

    why: str


def decided(candidate: Candidate, decision: Decision) -> Candidate | Refused:
    """``candidate`` as it is after ``decision``; the same where nothing changes."""
    if decision.verb is Verb.NOTE:
        return replace(candidate, note=decision.text)
    if candidate.state is CandidateState.USED:
        return Refused(f"已经登在 {candidate.issue}")
    match decision.verb:
        case Verb.TAKE:
            return _moved(candidate, CandidateState.SHORTLISTED)
        case Verb.DROP:
            return _moved(candidate, CandidateState.DROPPED, reason=decision.text)
        case Verb.DRAFT if candidate.state is CandidateState.DROPPED:
            return Refused(f"已经丢弃；要用它，先运行 jianbao inbox take {candidate.number}")
        case Verb.DRAFT:
            return replace(candidate, state=CandidateState.DRAFTED, issue=decision.issue)


def _moved(candidate: Candidate, state: CandidateState, reason: str = "") -> Candidate | Refused:
    """As ``state``, unless an item of it lies in an issue, which says more than we do."""
    if candidate.state is CandidateState.DRAFTED and candidate.printed_in:
        return Refused(f"已经写成 {candidate.printed_in} 的稿件；不用它，先移走稿件")
    if candidate.state is state and candidate.reason == reason:
        return candidate
    return replace(candidate, state=state, issue="", reason=reason)
