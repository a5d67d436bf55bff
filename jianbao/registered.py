"""Who is registered for an address."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jianbao.check.official import is_shared, national_names

if TYPE_CHECKING:
    from jianbao.model import Issue
    from jianbao.records import Source


def registered_at(issue: Issue, url: str) -> Source | None:
    """The source whose host ``url`` has, where that host is one body's."""
    host = (urlsplit(url).hostname or "").lower()
    if is_shared(host):
        return None
    return next((source for source in issue.sources if source.publishes_at(host)), None)


def owner_of(issue: Issue, url: str) -> str:
    """The name of the body whose host ``url`` has; empty where nobody knows."""
    source = registered_at(issue, url)
    names = national_names((urlsplit(url).hostname or "").lower())
    return source.name if source else next(iter(names), "")
