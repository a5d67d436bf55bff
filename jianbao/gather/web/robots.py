"""robots.txt (RFC 9309): what a site does not want programs to read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from protego import Protego

from jianbao.gather.web.charset import decode_page
from jianbao.gather.web.replies import Failure

if TYPE_CHECKING:
    from datetime import datetime

    from jianbao.gather.web.http import Web
    from jianbao.gather.web.replies import Reply, Request

#: What we are called in robots.txt.
AGENT = "jianbao"
#: What is kept of one, at most: RFC 9309, 2.5, asks for no less.
MOST = 500 * 1024
#: RFC 9309, 2.4: one is not to be trusted for longer.
GOOD_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsText:
    """The robots.txt of an origin (``https://host:port``); empty where it has none."""

    origin: str
    text: str
    asked: datetime


class Shelf(Protocol):
    """Where they are kept between runs."""

    async def robots(self, origin: str) -> RobotsText | None:
        """What is kept of ``origin``."""

    async def keep_robots(self, text: RobotsText) -> None:
        """Keep ``text`` instead of what there was."""


def allows(text: str, url: str) -> bool:
    """Whether ``text`` lets us read ``url``."""
    return bool(Protego.parse(text).can_fetch(url, AGENT))


def origin_of(url: str) -> str:
    """The scheme, host and port of ``url``, whose robots.txt speaks for it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


async def ask_robots(
    web: Web, shelf: Shelf, request: Request, now: datetime
) -> RobotsText | Reply | Failure:
    """The robots.txt that speaks for what ``request`` asks; the trouble where that is unknown.

    RFC 9309, 2.3.1: a site that answers 4xx has none; of one that fails nobody knows what it
    wants, so nothing of it is read until it answers.
    """
    origin = origin_of(request.url)
    kept = await shelf.robots(origin)
    if kept is not None and now - kept.asked < GOOD_FOR:
        return kept
    reply = await web.send_patiently(_request(origin, request))
    if isinstance(reply, Failure) or not 200 <= reply.status < 500:  # noqa: PLR2004  (RFC 9110)
        return reply
    has_one = reply.status < 300  # noqa: PLR2004
    text = decode_page(reply.body, reply.header("content-type")) if has_one else ""
    fresh = RobotsText(origin=origin, text=text.replace("\0", ""), asked=now)
    await shelf.keep_robots(fresh)
    return fresh


def _request(origin: str, request: Request) -> Request:
    return replace(request, url=f"{origin}/robots.txt", headers=(), most=MOST)
