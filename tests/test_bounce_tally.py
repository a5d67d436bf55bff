"""When a reader is not written to any more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jianbao.deliver.bounces.returned import Kind
from jianbao.deliver.bounces.tally import Limits, Mark, tally
from jianbao.deliver.smtp.replies import Reason

TODAY = date(2025, 2, 11)


def marks(*told: tuple[int, Reason]) -> list[Mark]:
    """Failures, so many days ago each."""
    return [Mark(TODAY - timedelta(days=ago), Kind.FAILED, reason) for ago, reason in told]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ([], ""),
        ([(0, Reason.NO_SUCH)], "地址不存在或已停用"),
        ([(400, Reason.NO_SUCH)], "地址不存在或已停用"),
        ([(ago, Reason.FULL) for ago in (0, 7, 14, 21)], ""),
        ([(ago, Reason.FULL) for ago in (0, 7, 14, 21, 28)], "90 天里有 5 天退信"),
        ([(0, Reason.PASSING)] * 9, ""),  # one day counts once
        ([(ago, Reason.UNKNOWN) for ago in (0, 7, 14, 21, 90)], ""),  # too long ago
        ([(ago, Reason.REFUSED) for ago in range(30)], ""),  # says nothing of the reader
    ],
)
def test_failures_come_to_an_end(told: list[tuple[int, Reason]], why: str) -> None:
    assert tally(marks(*told), TODAY).exceeded(Limits()) == why


def test_a_complaint_is_an_end() -> None:
    complaint = Mark(TODAY, Kind.COMPLAINT, Reason.COMPLAINT)

    assert tally([complaint], TODAY).exceeded(Limits()) == "读者把邮件举报为垃圾邮件"


@pytest.mark.parametrize("kind", [Kind.DELAYED, Kind.AUTOMATIC, Kind.OTHER])
def test_what_is_no_failure_does_not_count(kind: Kind) -> None:
    assert not tally([Mark(TODAY, kind, Reason.NO_SUCH)], TODAY).exceeded(Limits())
