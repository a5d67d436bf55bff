"""Days as they are written: ``cases/dates`` has a text and what it gives on each line."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from jianbao.gather.texts.written_dates import BEIJING, read_date

FILES = sorted((Path(__file__).parent / "cases" / "dates").glob("*.txt"))
CASES = [
    tuple(line.split(" → ")) for file in FILES for line in file.read_text("utf-8").splitlines()[1:]
]
NOW = datetime(2025, 2, 10, 15, tzinfo=BEIJING)
EASTERN = timezone(timedelta(hours=-5), "EST")


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_text_gives(text: str, expected: str) -> None:
    found = read_date(text, NOW)

    assert (found.isoformat() if found else "") == expected


def test_hours_ago_need_a_moment() -> None:
    assert read_date("3小时前", date(2025, 2, 10)) is None
    assert read_date("昨天", date(2025, 2, 10)) == date(2025, 2, 9)


def test_the_moment_of_reading_counts_in_the_zone_of_the_page() -> None:
    just_past_midnight = datetime(2025, 2, 9, 16, 30, tzinfo=UTC)

    assert read_date("今天", just_past_midnight) == date(2025, 2, 10)
    assert read_date("今天", just_past_midnight, EASTERN) == date(2025, 2, 9)


def test_a_time_without_a_zone_is_of_the_zone_of_the_page() -> None:
    assert read_date("2025-01-20 09:30", NOW, EASTERN) == datetime(
        2025, 1, 20, 9, 30, tzinfo=EASTERN
    )
