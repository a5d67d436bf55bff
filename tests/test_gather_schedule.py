"""When lists are asked again, and what needs a person: pure, so time and luck are given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jianbao.gather.rounds.poll import Outcome, SourceState
from jianbao.gather.rounds.schedule import Answered, alarm, is_due, state_after
from jianbao.gather.web.challenge import is_challenge
from jianbao.gather.web.freshness import fresh_for, retry_after
from jianbao.gather.web.replies import Reply
from jianbao.gather.web.robots import allows, origin_of
from jianbao.records import Kind, Level, Source

NOW = datetime(2025, 2, 11, 1, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def source(every: int = 60, rhythm_days: int = 0) -> Source:
    """A source that is asked every so many minutes."""
    return Source(
        path="sources/a.toml",
        name="a",
        level=Level.NATIONAL,
        hosts=(),
        section="",
        kind=Kind.FEED,
        every=every,
        rhythm_days=rhythm_days,
    )


def after(*answers: Answered, every: int = 60, luck: float = 0.0) -> SourceState:
    """The state after ``answers``, one at `NOW` after another."""
    state: SourceState | None = None
    for answer in answers:
        state = state_after(source(every), "u", state, answer, now=NOW, luck=luck)
    assert state is not None
    return state


READ, EMPTY = Answered(outcome=Outcome.READ), Answered(outcome=Outcome.EMPTY, detail="空")
FAILED, CHALLENGED = Answered(outcome=Outcome.FAILED), Answered(outcome=Outcome.CHALLENGED)
FORBIDDEN = Answered(outcome=Outcome.FORBIDDEN)


@pytest.mark.parametrize(
    ("answers", "wait"),
    [
        ([READ], HOUR),
        ([EMPTY, EMPTY], HOUR),
        ([Answered(outcome=Outcome.READ, fresh=10 * MINUTE)], HOUR),
        ([Answered(outcome=Outcome.READ, fresh=3 * HOUR)], 3 * HOUR),
        ([Answered(outcome=Outcome.READ, fresh=300 * DAY)], 6 * HOUR),
        ([FAILED], HOUR),
        ([FAILED] * 2, 2 * HOUR),
        ([CHALLENGED] * 3, 4 * HOUR),
        ([FAILED] * 6, DAY),
        ([FAILED] * 500, DAY),
        ([FORBIDDEN], DAY),
        ([FAILED, FAILED, READ], HOUR),
        ([FAILED, READ, FAILED], HOUR),
        ([Answered(outcome=Outcome.FAILED, retry=5 * HOUR)], 5 * HOUR),
        ([Answered(outcome=Outcome.FAILED, retry=MINUTE)], HOUR),
        ([Answered(outcome=Outcome.FAILED, retry=300 * DAY)], DAY),
    ],
)
def test_a_list_waits(answers: list[Answered], wait: timedelta) -> None:
    assert after(*answers).next_due == NOW + wait


def test_luck_parts_those_that_failed_together() -> None:
    assert after(FAILED, luck=1.0).next_due == NOW + 0.7 * HOUR
    assert after(READ, luck=1.0).next_due == NOW + 0.9 * HOUR


def test_a_source_that_is_asked_once_a_week_keeps_its_pace() -> None:
    assert after(*[FAILED] * 9, every=7 * 1440).next_due == NOW + 7 * DAY


@pytest.mark.parametrize(
    ("later", "due"),
    [(timedelta(), False), (HOUR, True), (59 * MINUTE, False), (-3 * DAY, True)],
)
def test_a_list_is_due(later: timedelta, *, due: bool) -> None:
    assert is_due(source(), after(READ), NOW + later) == due
    assert is_due(source(), None, NOW)


def test_a_list_without_lines_rings() -> None:
    told = "网站答复正常，列表里却一条也没有读到"
    assert alarm(source(), after(EMPTY), NOW) == f"{told}：空"
    assert alarm(source(), after(EMPTY, EMPTY), NOW) == f"{told}，连续 2 次：空"


def test_silence_beyond_the_rhythm_rings() -> None:
    weekly = source(rhythm_days=7)

    assert alarm(weekly, after(READ), NOW + 7 * DAY) == ""
    assert alarm(weekly, after(READ), NOW + 8 * DAY) == "8 天没有新的了，往常 7 天之内总有"
    assert alarm(source(), after(READ), NOW + 800 * DAY) == ""
    assert alarm(weekly, after(FAILED), NOW + 8 * DAY) == ""


def reply(**headers: str) -> Reply:
    """An answer with ``headers``."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Reply(url="u", status=200, headers=named)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, timedelta()),
        ({"Cache_Control": "max-age=600"}, 10 * MINUTE),
        ({"Cache_Control": 'public, max-age="600"'}, 10 * MINUTE),
        ({"Cache_Control": "no-cache, max-age=600"}, timedelta()),
        ({"Cache_Control": "max-age=-1"}, timedelta()),
        ({"Cache_Control": "max-age=99999999999999999999"}, 366 * DAY),
        ({"Expires": "Tue, 11 Feb 2025 02:30:00 GMT"}, HOUR),
        (
            {"Expires": "Tue, 11 Feb 2025 02:30:00 GMT", "Date": "Tue, 11 Feb 2025 02:00:00 GMT"},
            HOUR / 2,
        ),
        ({"Expires": "0"}, timedelta()),
        ({"Expires": "Tue, 11 Feb 9999 02:30:00 GMT"}, 366 * DAY),
    ],
)
def test_a_list_stays_fresh(headers: dict[str, str], wait: timedelta) -> None:
    assert fresh_for(reply(**headers), NOW) == wait


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", 2 * MINUTE),
        ("Tue, 11 Feb 2025 02:30:00 GMT", HOUR),
        ("Tue, 11 Feb 2025 00:00:00 GMT", timedelta()),
        ("soon", None),
        ("", None),
        ("１２", None),
    ],
)
def test_a_server_asks_to_wait(said: str, wait: timedelta | None) -> None:
    assert retry_after(reply(Retry_After=said), NOW) == wait


@pytest.mark.parametrize(
    ("page", "challenge"),
    [
        ("<script>go()</script>", True),
        ("document.cookie='a=1';location.reload();" * 30, True),
        ("<html><script>x</script><p>请稍候</p>", False),
        ("<html><p>nothing</p>", False),
        ("", False),
    ],
)
def test_a_guard_sends(page: str, *, challenge: bool) -> None:
    assert is_challenge(page) == challenge


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /private/", True),
        ("User-agent: jianbao\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        ("<html>没有这个页面</html>", True),
        ("\x00\xff\n:::\nDisallow", True),
    ],
)
def test_robots_allow(text: str, *, allowed: bool) -> None:
    assert allows(text, "https://www.a.cn/list/") == allowed


def test_robots_speak_for_an_origin() -> None:
    assert origin_of("https://WWW.a.cn:8443/x?y") == "https://www.a.cn:8443"
