"""How long a server asks us to wait: for what it sent to change, or for itself to recover."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jianbao.gather.web.replies import Reply

NO_TIME = timedelta()
#: Nobody means more; figures beyond it are mistakes, and overflow.
_MOST = timedelta(days=366)
_DIRECTIVE = re.compile(r"""([a-z-]+)(?:\s*=\s*"?([^",]*)"?)?""", re.IGNORECASE)


def fresh_for(reply: Reply, now: datetime) -> timedelta:
    """How long what was sent stays as it is (RFC 9111, 4.2.1); none where nothing is said."""
    told = {
        name.lower(): value for name, value in _DIRECTIVE.findall(reply.header("cache-control"))
    }
    if "no-store" in told or "no-cache" in told:
        return NO_TIME
    if told.get("max-age"):
        return _seconds(told["max-age"]) or NO_TIME
    until = _moment(reply.header("expires"))
    sent = _moment(reply.header("date")) or now
    return _bounded(until - sent) if until else NO_TIME


def retry_after(reply: Reply, now: datetime) -> timedelta | None:
    """When to ask again (RFC 9110, 10.2.3), from now; None where the server does not say."""
    said = reply.header("retry-after").strip()
    moment = _moment(said)
    return _bounded(moment - now) if moment else _seconds(said)


def _seconds(text: str) -> timedelta | None:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    return min(timedelta(seconds=int(digits[:9])), _MOST)


def _moment(text: str) -> datetime | None:
    """A date of HTTP (RFC 9110, 5.6.7), which is in Greenwich's time whatever it says."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _bounded(wait: timedelta) -> timedelta:
    return min(max(wait, NO_TIME), _MOST)
