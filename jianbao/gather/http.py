"""Ask web servers, politely and within bounds. The one module that knows the HTTP library.

Every address is resolved here and the connection made to the very address that was looked
at, at each redirect anew: no name, and no change of mind of a name server, leads inside.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import time
import zlib
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Self, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx2 as httpx

from jianbao import __version__
from jianbao.errors import MachineProblem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

_T = TypeVar("_T")

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 5
#: Of a name with several addresses; a dead IPv6 route must not cost a visit.
_MOST_ADDRESSES = 3
_HEADERS = {
    "User-Agent": f"jianbao/{__version__}",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "identity",  # what is kept as evidence is what was sent
}


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found.sixtofour or found
    return found.is_global and not found.is_multicast


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """Bounds in seconds and bytes."""

    connect: float = 10.0
    read: float = 20.0
    whole: float = 60.0  # a visit with its redirects
    gap: float = 1.0  # between two visits to one host
    body: int = 15 * 1024 * 1024
    hosts: int = 8  # visited at a time
    is_allowed: Callable[[str], bool] = is_public


class Trouble(Enum):
    """Why there is no reply, in an editor's words."""

    NO_NAME = "没有这个网站，域名解析不到"
    NO_ANSWER_OF_NAMES = "域名服务器没有答复"
    PRIVATE = "域名指向内网地址"
    TIMEOUT = "超时，没有答复"
    REFUSED = "连接不上"
    TLS = "证书或加密方式有问题"
    REDIRECTS = "转来转去，没有尽头"
    BROKEN = "答复中断或不合规范"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A visit that came to nothing."""

    url: str
    trouble: Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the last server said. ``url`` is where redirects led; ``body`` may be cut."""

    url: str
    status: int
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    is_cut: bool = False

    def header(self, name: str) -> str:
        """The first header of this name, in any case; empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


class _Refused(Exception):
    """Raised inside the transport, where the library wants exceptions."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class _GuardedTransport(httpx.AsyncBaseTransport):
    """Connects to addresses that ``is_allowed`` lets through, and to no others."""

    def __init__(self, is_allowed: Callable[[str], bool]) -> None:
        self._is_allowed = is_allowed
        # Connections are not kept: one that was made for a name must not serve another
        # name at the same address, whose certificate nobody would look at.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(limits=limits)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.raw_host.decode("ascii").rstrip(".")  # IDNA, as certificates name it
        port = request.url.port or {"http": 80, "https": 443}[request.url.scheme]
        addresses = await self._resolve(host, port)
        request.extensions["sni_hostname"] = host
        url = request.url
        for address in addresses[:-1]:
            request.url = url.copy_with(host=address)
            try:
                return await self._inner.handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        request.url = url.copy_with(host=addresses[-1])
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _resolve(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            unknown = error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None)}
            trouble = Trouble.NO_NAME if unknown else Trouble.NO_ANSWER_OF_NAMES
            raise _Refused(trouble) from error
        except UnicodeError as error:  # a label that IDNA does not take
            raise _Refused(Trouble.NO_NAME) from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not all(self._is_allowed(address) for address in addresses):
            raise _Refused(Trouble.PRIVATE)
        return addresses[:_MOST_ADDRESSES]


@dataclass
class _Turn:
    """Whose turn it is at a host, and when the last visit ended."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    ended: float = float("-inf")


class Web:
    """Asks servers, one visit at a time to each host. An asynchronous context manager."""

    def __init__(self, manners: Manners | None = None) -> None:
        self._manners = manners or Manners()
        self._turns: dict[str, _Turn] = {}
        self._client = httpx.AsyncClient(
            transport=_GuardedTransport(self._manners.is_allowed),
            headers=_HEADERS,
            timeout=httpx.Timeout(self._manners.read, connect=self._manners.connect),
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self._client.aclose()

    async def ask(
        self, url: str, *, method: str = "GET", most: int | None = None
    ) -> Reply | Failure:
        """Visit ``url`` and wherever it leads.

        Args:
            url: An http or https address.
            method: GET or HEAD.
            most: Bytes of the body to read, the manners' limit by default.
        """
        limit = self._manners.body if most is None else most
        try:
            async with asyncio.timeout(self._manners.whole):
                return await self._follow(url, method, limit)
        except TimeoutError:
            return Failure(url=url, trouble=Trouble.TIMEOUT)

    async def _follow(self, url: str, method: str, limit: int) -> Reply | Failure:
        here = url
        for _ in range(_MOST_REDIRECTS + 1):
            reply = await self._visit(here, method, limit)
            if isinstance(reply, Failure) or reply.status not in _REDIRECTS:
                return reply
            target = reply.header("location")
            if not target:
                return reply
            here = urljoin(here, target)
            if urlsplit(here).scheme not in {"http", "https"}:
                return Failure(url=here, trouble=Trouble.BROKEN)
        return Failure(url=here, trouble=Trouble.REDIRECTS)

    async def _visit(self, url: str, method: str, limit: int) -> Reply | Failure:
        turn = self._turns.setdefault(urlsplit(url).netloc, _Turn())
        async with turn.lock:
            await asyncio.sleep(max(0.0, turn.ended + self._manners.gap - time.monotonic()))
            try:
                return await self._exchange(url, method, limit)
            except _Refused as error:
                return Failure(url=url, trouble=error.trouble)
            except (httpx.TransportError, httpx.InvalidURL, ValueError) as error:
                return Failure(url=url, trouble=_trouble(error))
            finally:
                turn.ended = time.monotonic()

    async def _exchange(self, url: str, method: str, limit: int) -> Reply:
        async with self._client.stream(method, url) as response:
            body, is_cut = b"", False
            if method != "HEAD":
                body, is_cut = await _read(response.aiter_raw(), limit)
                body = _unpacked(body, response.headers.get("content-encoding", ""), limit)
            headers = tuple(response.headers.multi_items())
            return Reply(
                url=url,
                status=response.status_code,
                reason=response.reason_phrase,
                headers=headers,
                body=body,
                is_cut=is_cut,
            )


def need_network(replies: Iterable[Reply | Failure]) -> None:
    """Tell a machine without network from websites that are gone.

    Raises:
        MachineProblem: There are several hosts, and not one name could be resolved.
    """
    nameless = {Trouble.NO_NAME, Trouble.NO_ANSWER_OF_NAMES}
    found = list(replies)
    silent = all(isinstance(one, Failure) and one.trouble in nameless for one in found)
    if silent and len({urlsplit(one.url).netloc for one in found}) > 1:
        raise MachineProblem("所有域名都解析不到，这台机器像是没有联网", "联网后再运行")


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


async def _read(chunks: AsyncIterator[bytes], limit: int) -> tuple[bytes, bool]:
    """Up to ``limit`` bytes, and whether there were more."""
    read = bytearray()
    async for chunk in chunks:
        read += chunk
        if len(read) > limit:
            return bytes(read[:limit]), True
    return bytes(read), False


def _unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """``body`` of a server that packs though nobody asked; no more than ``limit`` bytes of it."""
    if encoding.lower() not in {"gzip", "x-gzip", "deflate"}:
        return body
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(body, limit)
    except zlib.error:
        return body


def _trouble(error: Exception) -> Trouble:
    causes = [error]
    while cause := causes[-1].__cause__ or causes[-1].__context__:
        causes.append(cause)  # type: ignore[arg-type]  # nothing here is raised from an exit
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Trouble.TLS
    if isinstance(error, httpx.TimeoutException):
        return Trouble.TIMEOUT
    return Trouble.REFUSED if isinstance(error, httpx.ConnectError) else Trouble.BROKEN
