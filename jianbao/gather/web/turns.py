"""Whose turn it is at a host: so many visits at a time, and a gap between two."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

_T = TypeVar("_T")


@dataclass
class _Host:
    """Who is at a host; ``free`` is when the next visit may begin, on the monotonic clock."""

    waiting: asyncio.Condition = field(default_factory=asyncio.Condition)
    visitors: int = 0
    free: float = float("-inf")


class Turns:
    """Gives out turns, a host being a name with its port."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def at(self, url: str, gap: float, concurrency: int) -> AsyncIterator[None]:
        """Wait for a turn at the host of ``url``, and have it.

        Args:
            url: Any address there.
            gap: Seconds from the end of one visit to the beginning of the next.
            concurrency: Visits that there may be at a time.
        """
        host = self._hosts.setdefault(urlsplit(url).netloc.lower(), _Host())
        async with host.waiting:
            await host.waiting.wait_for(lambda: host.visitors < concurrency)
            host.visitors += 1
        try:
            await asyncio.sleep(max(0.0, host.free - time.monotonic()))
            yield
        finally:
            host.free = time.monotonic() + gap
            host.visitors -= 1
            async with host.waiting:
                host.waiting.notify()


async def by_host(
    urls: tuple[str, ...], visit: Callable[[str], Awaitable[_T]], most: int
) -> tuple[_T, ...]:
    """What ``visit`` gives for each of ``urls``, in their order.

    Up to ``most`` hosts side by side, and at each one address after another.
    """
    hosts: dict[str, list[str]] = {}
    for url in urls:
        hosts.setdefault(urlsplit(url).netloc.lower(), []).append(url)
    places = asyncio.Semaphore(most)
    found: dict[str, _T] = {}

    async def at_host(there: list[str]) -> None:
        async with places:
            for url in there:
                found[url] = await visit(url)

    await asyncio.gather(*map(at_host, hosts.values()))
    return tuple(found[url] for url in urls)
