"""What a server's answer to the question for a list means. Pure."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from jianbao import __version__
from jianbao.gather.challenge import STATUSES, is_challenge
from jianbao.gather.charset import decode_page
from jianbao.gather.freshness import NO_TIME, fresh_for, retry_after
from jianbao.gather.poll import Outcome
from jianbao.gather.replies import NAMELESS, Failure, Trouble
from jianbao.gather.schedule import Answered

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from jianbao.gather.lines import Reading
    from jianbao.gather.poll import SourceState
    from jianbao.gather.replies import Reply
    from jianbao.records import Source

_NOT_MODIFIED = 304
GONE = {404, 410}
#: How much of a page tells that it is a guard's.
_LOOK = 64 * 1024
#: Characters of a validator that are kept and sent; longer ones are a mistake or an attack.
_VALIDATOR = 1_000

FORBIDDEN = Answered(outcome=Outcome.FORBIDDEN, detail=Trouble.ROBOTS.value)


def recipe_of(source: Source) -> str:
    """A mark that changes when ``source`` is read in another way, or by another version."""
    ways = (source.kind, source.include, source.exclude, source.encoding, source.timezone)
    return sha256(repr((__version__, *ways, source.listing)).encode()).hexdigest()[:16]


def conditions(before: SourceState | None, recipe: str) -> tuple[tuple[str, str], ...]:
    """Headers that ask for a list only if it changed (RFC 9110, 13.1), where it was read before.

    Not where the source is read in another way now: the list is then wanted as it is.
    """
    if before is None or before.recipe != recipe:
        return ()
    told = (("If-None-Match", before.etag), ("If-Modified-Since", before.last_modified))
    return tuple((name, value) for name, value in told if value)


def without_robots(reply: Reply | Failure, now: datetime) -> Answered:
    """What comes of a list whose robots.txt did not come: RFC 9309, 2.3.1.4."""
    if isinstance(reply, Failure):
        return _failed(reply)
    detail = f"robots.txt：{_said(reply)}"
    return Answered(outcome=Outcome.FAILED, detail=detail, retry=_retry(reply, now))


def list_in(reply: Reply | Failure, before: SourceState | None, now: datetime) -> Answered | Reply:
    """The answer where it brings a list, else what it comes to."""
    if isinstance(reply, Failure):
        return _failed(reply)
    if reply.status == _NOT_MODIFIED and before and (before.etag or before.last_modified):
        return replace(
            unchanged(reply, before.recipe, now),
            etag=before.etag,
            last_modified=before.last_modified,
            digest=before.digest,
        )
    if reply.status in STATUSES:
        return Answered(outcome=Outcome.CHALLENGED, detail=_said(reply))
    if not 200 <= reply.status < 300:  # noqa: PLR2004  (RFC 9110, 15.3)
        return Answered(outcome=Outcome.FAILED, detail=_said(reply), retry=_retry(reply, now))
    if reply.is_cut:
        megabytes = len(reply.body) / 1024 / 1024
        return Answered(outcome=Outcome.FAILED, detail=f"列表太大，超过 {megabytes:.0f} MB")
    return reply


def readable(reply: Reply, reading: Reading, recipe: str, now: datetime) -> Answered:
    """What comes of a list that was read. Validators are kept of one that had entries only.

    A guard's page is looked for in those without: lists of some systems are in scripts too.
    """
    problems = "；".join(dict.fromkeys((*reading.problems, *_amiss(reading))))
    if not any(line.entry for line in reading.lines):
        text = decode_page(reply.body[:_LOOK], reply.header("content-type"))
        if is_challenge(text):
            return Answered(outcome=Outcome.CHALLENGED, detail="网页要先运行脚本")
        return Answered(outcome=Outcome.EMPTY, detail=problems)
    return Answered(
        outcome=Outcome.READ,
        detail=problems,
        etag=_validator(reply, "etag"),
        last_modified=_validator(reply, "last-modified"),
        recipe=recipe,
        digest=_digest(reply),
        fresh=fresh_for(reply, now),
    )


def is_known(reply: Reply, before: SourceState | None, recipe: str) -> bool:
    """Whether a list is byte for byte the one that was read before, by the same recipe.

    Few systems of the authorities know validators; this spares reading what says nothing new.
    """
    return before is not None and (before.recipe, before.digest) == (recipe, _digest(reply))


def unchanged(reply: Reply, recipe: str, now: datetime) -> Answered:
    """What comes of a list that is as it was."""
    return Answered(
        outcome=Outcome.UNCHANGED,
        etag=_validator(reply, "etag"),
        last_modified=_validator(reply, "last-modified"),
        recipe=recipe,
        digest=_digest(reply),
        fresh=fresh_for(reply, now),
    )


def _digest(reply: Reply) -> str:
    return sha256(reply.body).hexdigest()


def _amiss(reading: Reading) -> tuple[str, ...]:
    """How many lines gave no entry, in a list that gave some."""
    lost = sum(line.entry is None for line in reading.lines)
    return (f"{lost} 条没有标题或链接",) if 0 < lost < len(reading.lines) else ()


def _validator(reply: Reply, name: str) -> str:
    value = reply.header(name)
    return value if len(value) <= _VALIDATOR else ""


def _failed(failure: Failure) -> Answered:
    return Answered(
        outcome=Outcome.FAILED,
        detail=failure.trouble.value,
        is_nameless=failure.trouble in NAMELESS,
    )


def _retry(reply: Reply, now: datetime) -> timedelta:
    return retry_after(reply, now) or NO_TIME


def _said(reply: Reply) -> str:
    said = f"HTTP {reply.status} {reply.reason[:40]}".strip()
    return f"{said}，列表的网址可能改了" if reply.status in GONE else said
