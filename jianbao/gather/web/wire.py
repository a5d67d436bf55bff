"""Single exchanges with web servers. The one module that knows the HTTP library.

Every address is resolved here and the connection made to the very address that was looked
at: no name, and no change of mind of a name server, leads inside. There is no client of the
library, which would keep cookies, follow redirects and read the environment.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx2 as httpx

from jianbao.gather.web.replies import Refused, Reply, Trouble
from jianbao.gather.web.unpacking import read_body

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from jianbao.gather.web.replies import Route

#: Of a name with several addresses; a dead IPv6 route must not cost a visit.
_MOST_ADDRESSES = 3
#: Names looked up at a time. A dead name server holds each for half a minute, and asyncio's
#: own threads, of which a small machine has five, would be all taken by a few of them.
_NAMES = 64
#: What ssl.OP_LEGACY_SERVER_CONNECT is called from Python 3.12 on.
_LEGACY_SERVER_CONNECT = 0x4

#: The addresses of a name, for connections to a port.
Resolver = "Callable[[str, int], Awaitable[list[str]]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request. ``may_be_private`` says that the host was named as one of our own."""

    method: str
    url: str
    headers: Mapping[str, str]
    most: int  # bytes of the body
    route: Route
    may_be_private: bool = False


class Wire:
    """Exchanges requests for replies. To be closed."""

    def __init__(
        self,
        is_allowed: Callable[[str], bool],
        *,
        connect: float,
        read: float,
        resolve: Callable[[str, int], Awaitable[list[str]]] | None = None,
    ) -> None:
        self._is_allowed = is_allowed
        self._names = ThreadPoolExecutor(_NAMES, "names")
        self._resolve = resolve or self._look_up
        self._timeout = httpx.Timeout(read, connect=connect).as_dict()
        self._transports: dict[Route, httpx.AsyncHTTPTransport] = {}

    async def close(self) -> None:
        """End all connections."""
        self._names.shutdown(wait=False, cancel_futures=True)
        for transport in self._transports.values():
            await transport.aclose()

    async def exchange(self, asked: Exchange) -> Reply:
        """The reply to one request, which may be a redirect.

        Raises:
            Refused: There is none.
        """
        try:
            return await self._exchange(asked)
        except (httpx.TransportError, httpx.InvalidURL, ValueError) as error:
            raise Refused(_trouble(error)) from error

    async def _exchange(self, asked: Exchange) -> Reply:
        response = await self._connect(asked)
        try:
            body, is_cut = b"", False
            if asked.method != "HEAD":
                encoding = response.headers.get("content-encoding", "")
                body, is_cut = await read_body(response.aiter_raw(), encoding, asked.most)
        finally:
            await response.aclose()
        return Reply(
            url=asked.url,
            status=response.status_code,
            reason=response.reason_phrase,
            headers=tuple(response.headers.multi_items()),
            body=body,
            is_cut=is_cut,
        )

    async def _connect(self, asked: Exchange) -> httpx.Response:
        url = httpx.URL(asked.url)
        host = url.raw_host.decode("ascii").rstrip(".")  # IDNA, as certificates name it
        if not host or url.scheme not in {"http", "https"}:
            raise Refused(Trouble.BROKEN)
        addresses = await self._addresses(host, url, asked)
        for address in addresses[:-1]:
            try:
                return await self._send(asked, url, host, address)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._send(asked, url, host, addresses[-1])

    async def _send(
        self, asked: Exchange, url: httpx.URL, host: str, address: str
    ) -> httpx.Response:
        request = httpx.Request(
            asked.method,
            url,
            headers=dict(asked.headers),
            extensions={"timeout": self._timeout, "sni_hostname": host},
        )
        request.url = url.copy_with(host=address)  # the Host header stays
        response = await self._transport(asked.route).handle_async_request(request)
        response.request = request
        return response

    def _transport(self, route: Route) -> httpx.AsyncHTTPTransport:
        if route not in self._transports:
            # Connections are not kept: one that was made for a name must not serve another
            # name at the same address, whose certificate nobody would look at.
            self._transports[route] = httpx.AsyncHTTPTransport(
                verify=_security(legacy=route.legacy_tls),
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
                proxy=route.proxy or None,
                trust_env=False,
            )
        return self._transports[route]

    async def _addresses(self, host: str, url: httpx.URL, asked: Exchange) -> list[str]:
        if asked.route.proxy and not _is_address(host):
            return [host]  # the proxy resolves it; our name server may not know the world
        port = url.port or {"http": 80, "https": 443}[url.scheme]
        found = [host] if _is_address(host) else await self._resolve(host, port)
        if not asked.may_be_private and not all(map(self._is_allowed, found)):
            raise Refused(Trouble.PRIVATE)
        return found[:_MOST_ADDRESSES]

    async def _look_up(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(
                self._names, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            )
        except socket.gaierror as error:
            unknown = error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None)}
            trouble = Trouble.NO_NAME if unknown else Trouble.NO_ANSWER_OF_NAMES
            raise Refused(trouble) from error
        except UnicodeError as error:  # a label that IDNA does not take
            raise Refused(Trouble.NO_NAME) from error
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _security(*, legacy: bool) -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    if legacy:
        # That flag only, and for that host only: it admits a server that does not know RFC 5746,
        # while OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION would let it renegotiate as well.
        context.options |= _LEGACY_SERVER_CONNECT
    return context


def _trouble(error: Exception) -> Trouble:
    causes = [error]
    while cause := causes[-1].__cause__ or causes[-1].__context__:
        causes.append(cause)  # type: ignore[arg-type]  # nothing here is raised from an exit
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Trouble.TLS
    if isinstance(error, httpx.TimeoutException):
        return Trouble.TIMEOUT
    if isinstance(error, httpx.ProxyError):
        return Trouble.PROXY
    return Trouble.REFUSED if isinstance(error, httpx.ConnectError) else Trouble.BROKEN
