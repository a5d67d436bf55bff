"""Single pages, asked for as the source wants whose they are: route, pace and robots.txt.

Rounds of fetching ask for many lists and keep every robots.txt; here an editor waits for one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from jianbao.gather.http import Manners
from jianbao.gather.replies import Failure, Request, Route, Trouble
from jianbao.gather.robots import RobotsText, allows, ask_robots

if TYPE_CHECKING:
    from collections.abc import Callable

    from jianbao.gather.http import Web
    from jianbao.gather.replies import Reply
    from jianbao.records import SourceManners


def _nobody(_url: str) -> None:
    """The manners of addresses that belong to no source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """The bounds of all visits, and the manners of the source that an address belongs to.

    What belongs to none is asked as a browser does: an editor named it, no program found it.
    """

    bounds: Manners = field(default_factory=Manners)
    manners_of: Callable[[str], SourceManners | None] = _nobody


class Visitor:
    """Asks ``web`` as ``visits`` says, and remembers each robots.txt meanwhile."""

    def __init__(self, web: Web, visits: Visits) -> None:
        self._web = web
        self._visits = visits
        self._robots: dict[str, RobotsText] = {}

    async def ask(self, url: str, *, most: int | None = None) -> Reply | Failure:
        """The page at ``url``, of which ``most`` bytes are wanted."""
        manners = self._visits.manners_of(url)
        if manners is None:
            return await self._web.ask(url, most=most)
        request = Request(
            url=url,
            most=most,
            gap=manners.gap,
            concurrency=manners.concurrency,
            route=Route(proxy=manners.proxy, legacy_tls=manners.legacy_tls),
        )
        refusal = await self._refusal(request) if manners.obeys_robots else None
        return refusal or await self._web.send(request)

    async def robots(self, origin: str) -> RobotsText | None:
        """What was asked of ``origin`` before; with `keep_robots` a shelf for `ask_robots`."""
        return self._robots.get(origin)

    async def keep_robots(self, text: RobotsText) -> None:
        """Remember ``text``."""
        self._robots[text.origin] = text

    async def _refusal(self, request: Request) -> Failure | None:
        found = await ask_robots(self._web, self, request, datetime.now().astimezone())
        if isinstance(found, Failure):
            return found
        if not isinstance(found, RobotsText):
            return Failure(url=request.url, trouble=Trouble.NO_ROBOTS)
        is_allowed = allows(found.text, request.url)
        return None if is_allowed else Failure(url=request.url, trouble=Trouble.ROBOTS)
