"""When mail that came back means that a reader is not written to any more. Pure.

One lasting failure is enough, as at listmonk; failures that may pass count once a day, as at
Mailman, and only while no letter has got through for as long as `DAYS`. What speaks of the
sender (content, size, reputation) never counts against a reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jianbao.deliver.bounces.returned import Kind
from jianbao.deliver.smtp.replies import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

#: How long a failure that may pass is remembered: about thirteen issues of a weekly.
DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many make an end: lasting failures, failures that may pass, complaints."""

    hard: int = 1
    soft: int = 5
    complaints: int = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """One message that came back, on a day of the institute's calendar."""

    day: date
    kind: Kind
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What counts against a reader."""

    hard: int = 0
    soft: int = 0
    complaints: int = 0

    def exceeded(self, limits: Limits) -> str:
        """Why the reader is not written to any more, in words; "" while there is no reason."""
        if self.complaints >= limits.complaints:
            return "读者把邮件举报为垃圾邮件"
        if self.hard >= limits.hard:
            return "地址不存在或已停用"
        if self.soft >= limits.soft:
            return f"{DAYS} 天里有 {self.soft} 天退信"
        return ""


def tally(marks: Iterable[Mark], today: date) -> Tally:
    """What ``marks`` of one reader come to."""
    hard = complaints = 0
    soft_days = set()
    for mark in marks:
        if mark.kind is Kind.COMPLAINT:
            complaints += 1
        elif mark.kind is not Kind.FAILED or mark.reason is Reason.REFUSED:
            continue
        elif mark.reason is Reason.NO_SUCH:
            hard += 1
        elif (today - mark.day).days < DAYS:
            soft_days.add(mark.day)
    return Tally(hard=hard, soft=len(soft_days), complaints=complaints)
