"""三审三校 as it is recorded. Frozen, no I/O."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from jianbao.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from jianbao.spans import Span


class Stage(StrEnum):
    """三审三校, in their order: three reviews, three proofreadings."""

    FIRST_REVIEW = "初审"
    SECOND_REVIEW = "复审"
    FINAL_REVIEW = "终审"
    FIRST_PROOF = "一校"
    SECOND_PROOF = "二校"
    THIRD_PROOF = "三校"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """签字: who read what, exactly, and when.

    ``digests`` are SHA-256 of each file's text by its path in the workspace; ``found``
    are the errors that this reading found, None where nobody counted.
    """

    stage: Stage
    by: str
    at: datetime
    digests: Mapping[str, str]
    note: str = ""
    found: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedIgnore:
    """A code not to be reported for one file, with who decided so and why."""

    file: str  # path in the workspace
    code: str
    span: Span  # in the record
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecord:
    """审签记录: what was signed and ignored, in the order of the file, which only grows.

    ``digests`` are those of the content as it is now.
    """

    path: str
    digests: Mapping[str, str] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    ignores: tuple[RecordedIgnore, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReview:
    """How far one stage has come over the content as it is now.

    ``signatures`` are those that count, the last over each file; ``changed`` are files
    edited since, ``unread`` those that nobody signed.
    """

    stage: Stage
    signatures: tuple[Signature, ...] = ()
    changed: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every file is signed as it is."""
        return bool(self.signatures) and not self.changed and not self.unread
