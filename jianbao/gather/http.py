"""Ask web servers, politely and within bounds: turns, redirects, time, second attempts."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

import stamina

from jianbao import __version__
from jianbao.errors import MachineProblem
from jianbao.gather.public_addresses import is_public
from jianbao.gather.replies import NAMELESS, Failure, Refused, Reply, Request, Trouble
from jianbao.gather.turns import Turns
from jianbao.gather.wire import Exchange, Wire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 5
#: Bytes of cookies that a host may set within a visit.
_MOST_COOKIES = 4096
#: Troubles, and answers of gateways, that may be over in a few seconds.
_PASSING = {Trouble.REFUSED, Trouble.BROKEN, Trouble.NO_ANSWER_OF_NAMES, Trouble.PROXY}
_PASSING_STATUS = {500, 502, 503, 504}
#: Its own hooks would write a line of English for each second attempt.
stamina.instrumentation.set_on_retry_hooks(())

_HEADERS = {
    "User-Agent": f"jianbao/{__version__}",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "identity",  # what is kept as evidence is what was sent
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """Bounds in seconds and bytes.

    ``private_hosts`` are names that may lead inside, as long as a visit began at one of them.
    """

    connect: float = 10.0
    read: float = 20.0
    whole: float = 60.0  # a visit with its redirects, without waiting for turns
    gap: float = 1.0  # between two visits to one host
    pause: float = 1.0  # before the second attempt
    attempts: int = 3  # for those who ask patiently
    body: int = 15 * 1024 * 1024
    hosts: int = 8  # visited at a time
    is_allowed: Callable[[str], bool] = is_public
    private_hosts: frozenset[str] = frozenset()


class Web:
    """Asks servers, in turn at each host. An asynchronous context manager."""

    def __init__(
        self,
        manners: Manners | None = None,
        resolve: Callable[[str, int], Awaitable[list[str]]] | None = None,
    ) -> None:
        self._manners = manners or Manners()
        self._turns = Turns()
        self._wire = Wire(
            self._manners.is_allowed,
            connect=self._manners.connect,
            read=self._manners.read,
            resolve=resolve,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self._wire.close()

    async def ask(
        self, url: str, *, method: str = "GET", most: int | None = None
    ) -> Reply | Failure:
        """Visit ``url`` and wherever it leads.

        Args:
            url: An http or https address.
            method: GET or HEAD.
            most: Bytes of the body to read, the manners' limit by default.
        """
        return await self.send(Request(url=url, method=method, most=most))

    async def send(self, request: Request) -> Reply | Failure:
        """Visit what ``request`` names and wherever it leads."""
        visit = _Visit(request, self._manners)
        for _ in range(_MOST_REDIRECTS + 1):
            try:
                reply = await self._exchange(visit)
            except Refused as error:
                return Failure(url=visit.here, trouble=error.trouble)
            target = reply.header("location")
            if reply.status not in _REDIRECTS or not target:
                return reply
            if not visit.go_on(reply, target):
                return Failure(url=visit.here, trouble=Trouble.BROKEN)
        return Failure(url=visit.here, trouble=Trouble.REDIRECTS)

    async def _exchange(self, visit: _Visit) -> Reply:
        request = visit.request
        gap = self._manners.gap if request.gap is None else request.gap
        async with self._turns.at(visit.here, gap, request.concurrency):
            try:
                with visit.on_the_clock() as left:
                    async with asyncio.timeout(left):
                        return await self._wire.exchange(visit.exchange())
            except TimeoutError as error:
                raise Refused(Trouble.TIMEOUT) from error

    async def send_patiently(self, request: Request) -> Reply | Failure:
        """As `send`, and again after a pause where the trouble may pass; for GET and HEAD.

        A server that names a time (Retry-After) is not asked again before its caller does.
        """
        reply = await self.send(request)
        if not _passes(reply):
            return reply
        attempts = stamina.retry_context(
            on=_Passing,
            attempts=self._manners.attempts,
            timeout=self._manners.whole,
            wait_initial=self._manners.pause,
            wait_jitter=self._manners.pause,
            wait_max=10 * self._manners.pause,
        )
        with suppress(_Passing):
            async for attempt in attempts:
                with attempt:
                    # The first was made: most hosts answer, and need none of this machinery.
                    reply = reply if attempt.num == 1 else await self.send(request)
                    if _passes(reply):
                        raise _Passing
        return reply


class _Passing(Exception):
    """What stamina wants: trouble as an exception."""


def _passes(reply: Reply | Failure) -> bool:
    """Whether what is amiss may be over in a few seconds."""
    if isinstance(reply, Failure):
        return reply.trouble in _PASSING
    return reply.status in _PASSING_STATUS and not reply.header("retry-after")


@dataclass
class _Visit:
    """How far a visit has come: where it is, what it has spent, what hosts told it to bring.

    Cookies live as long as the visit and go to the very host that set them: some servers
    set one and lead back to the same address.
    """

    request: Request
    manners: Manners
    spent: float = 0.0
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.here = self.request.url

    @contextmanager
    def on_the_clock(self) -> Iterator[float]:
        """The seconds that are left; what passes meanwhile is spent."""
        started = time.monotonic()
        try:
            yield max(0.0, self.manners.whole - self.spent)
        finally:
            self.spent += time.monotonic() - started

    def exchange(self) -> Exchange:
        """The next request of the visit."""
        headers = {**_HEADERS, **dict(self.request.headers)}
        cookies = self.cookies.get(_host(self.here))
        if cookies:
            pairs = (f"{name}={morsel.coded_value}" for name, morsel in cookies.items())
            headers["Cookie"] = "; ".join(pairs)
        own = {_host(self.request.url), _host(self.here)} <= self.manners.private_hosts
        return Exchange(
            method=self.request.method,
            url=self.here,
            headers=headers,
            most=self.manners.body if self.request.most is None else self.request.most,
            route=self.request.route,
            may_be_private=own,
        )

    def go_on(self, reply: Reply, target: str) -> bool:
        """Turn to ``target``; False where that is no address of the web."""
        self._keep_cookies(reply)
        try:
            self.here = urljoin(self.here, target)
            parts = urlsplit(self.here)
        except ValueError:  # http://[
            return False
        return parts.scheme in {"http", "https"} and bool(parts.hostname)

    def _keep_cookies(self, reply: Reply) -> None:
        jar = self.cookies.setdefault(_host(self.here), SimpleCookie())
        told = (value for name, value in reply.headers if name.lower() == "set-cookie")
        for line in told:
            if len(line) + len(jar.output()) < _MOST_COOKIES:
                with suppress(CookieError):
                    jar.load(line)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def need_network(replies: Iterable[Reply | Failure]) -> None:
    """Tell a machine without network from websites that are gone.

    Raises:
        MachineProblem: There are several hosts, and not one name could be resolved.
    """
    found = list(replies)
    silent = all(isinstance(one, Failure) and one.trouble in NAMELESS for one in found)
    if silent and len({urlsplit(one.url).netloc for one in found}) > 1:
        raise no_network()


def no_network() -> MachineProblem:
    """What to raise where not one name of several could be resolved."""
    return MachineProblem("所有域名都解析不到，这台机器像是没有联网", "联网后再运行")
