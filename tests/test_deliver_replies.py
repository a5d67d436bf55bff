"""Replies of mail servers and what they mean: lines ``reply | what to do | meaning``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.deliver.smtp.replies import Fate, Verdict, judge
from jianbao.deliver.smtp.wire import Reply

if TYPE_CHECKING:
    from datetime import timedelta

CASES = [
    (*line.split(" | "), "")[:3]
    for file in sorted((Path(__file__).parent / "cases" / "smtp-replies").glob("*.txt"))
    for line in file.read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def shown(verdict: Verdict) -> str:
    """As the cases have it."""
    words = [f"{verdict.fate} {_time(verdict.after)}{verdict.queue_id}".strip()]
    if verdict.rest:
        words.append(f"domain rests {_time(verdict.rest)}")
    return ", ".join([*words, "close"] if verdict.close else words)


def _time(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    if not minutes:
        return ""
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0][:60])
def test_a_reply_is_judged_by_its_code_and_text(case: tuple[str, str, str]) -> None:
    reply, expected, meaning = case

    verdict = judge(Reply(int(reply[:3]), reply[4:]))

    assert (expected, meaning) == (shown(verdict), verdict.meaning)


@given(st.integers(400, 499), st.text())
def test_a_temporary_reply_is_never_for_good(code: int, text: str) -> None:
    assert judge(Reply(code, text)).fate is Fate.RETRY


@given(st.sampled_from([550, 551, 553, 554]), st.text(alphabet="0123456789 .", max_size=4))
def test_a_refusal_without_words_never_means_that_nobody_is_there(code: int, text: str) -> None:
    assert judge(Reply(code, text)).fate is Fate.REFUSED
