"""What is asked of a web server, and what it says or why it says nothing. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Trouble(Enum):
    """Why there is no reply, in an editor's words."""

    NO_NAME = "没有这个网站，域名解析不到"
    NO_ANSWER_OF_NAMES = "域名服务器没有答复"
    PRIVATE = "域名指向内网地址"
    TIMEOUT = "超时，没有答复"
    REFUSED = "连接不上"
    PROXY = "代理服务器不通"
    TLS = "证书或加密方式有问题"
    REDIRECTS = "转来转去，没有尽头"
    BROKEN = "答复中断或不合规范"
    ROBOTS = "网站的 robots.txt 不许程序读这一页"
    NO_ROBOTS = "网站的 robots.txt 取不到，不知道许不许程序读"


#: What every visit comes to where the machine has no network.
NAMELESS = frozenset({Trouble.NO_NAME, Trouble.NO_ANSWER_OF_NAMES})


class Refused(Exception):
    """There will be no reply; for those who ask below `Web`, which makes a `Failure` of it."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How a host is reached, where that is not as all others are."""

    proxy: str = ""  # http://host:port; empty for none
    legacy_tls: bool = False  # the server knows no secure renegotiation (RFC 5746)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One visit, with the redirects that it leads to.

    ``most`` is bytes of the body, unpacked, to read; the `Manners` say where it is None.
    ``gap`` likewise, in seconds. ``headers`` are sent along to every host of the visit.
    """

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    most: int | None = None
    gap: float | None = None
    concurrency: int = 1  # visits to the host at a time
    route: Route = Route()
