"""Who is registered for an address, and how that source wants to be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jianbao.check.official import is_shared, national_names

if TYPE_CHECKING:
    from jianbao.gather.visits import Visits
    from jianbao.model import Issue
    from jianbao.records import Source, SourceManners
    from jianbao.settings import GatherSettings


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


def visits_for(issue: Issue, gather: GatherSettings) -> Visits:
    """How pages are fetched for ``issue``: those of a source as its file says."""
    from jianbao.gather.http import Manners  # noqa: PLC0415  (checks must not pay for the network)
    from jianbao.gather.visits import Visits  # noqa: PLC0415  (likewise)

    def manners_of(url: str) -> SourceManners | None:
        source = registered_at(issue, url)
        return source.manners if source else None

    bounds = Manners(private_hosts=frozenset(gather.private_hosts))
    return Visits(bounds=bounds, manners_of=manners_of)
