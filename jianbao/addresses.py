"""Which web addresses lead to one page, and which of their parameters tell of the reader."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, urlsplit

from jianbao.patterns import pattern

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

#: An own list: the general ones (courlan, ClearURLs) take ``code=`` and ``id=`` for tracking,
#: which name the page on nda.gov.cn and beijing.gov.cn. ``from`` only with WeChat's words.
_TRACKING = pattern(
    r"utm_[a-z]+|spm(?:_id_from)?|scm|isappinstalled|nsukey|share_(?:token|source|medium|from)"
    r"|vd_source|fbclid|gclid|msclkid|bd_vid|hmsr|hmpl|hmcu|hmkw|hmci"
)
_FROM = pattern("timeline|groupmessage|singlemessage|message")
#: WeChat's own: they say through which door a reader came. The page is named by the others.
_WECHAT = {
    "chksm",
    "scene",
    "subscene",
    "clicktime",
    "enterid",
    "sessionid",
    "ascene",
    "devicetype",
}
_WECHAT_PAGE = {"__biz", "mid", "idx", "sn"}
#: Java servers put the reader's session into the path.
_SESSION = pattern(r";jsessionid=[^/?#]*", re.IGNORECASE)


def split_address(value: str) -> SplitResult | None:
    """The parts of ``value``; None where it is no address, or its port is none."""
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises where the port is none
    except ValueError:
        return None
    return parts


def tracking_parameters(value: str) -> tuple[str, ...]:
    """Names of the parameters that tell where a reader came from, and not which page it is."""
    try:
        parts = urlsplit(value)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:  # no address, or more parameters than urllib takes
        return ()
    names = {name for name, _ in pairs}
    on_wechat = parts.hostname == "mp.weixin.qq.com"
    named = names >= _WECHAT_PAGE or parts.path.startswith("/s/")
    extra = _WECHAT if on_wechat and named else set()
    return tuple(
        name
        for name, value in pairs
        if _TRACKING.fullmatch(name) or name in extra or (name == "from" and _FROM.fullmatch(value))
    )


def canonical(value: str) -> str:
    """A form in which addresses of one page are equal.

    No scheme, www., session, tracking, fragment or last slash; all else that may name the
    page stays. So does a fragment that a page's script reads as a path (``#/``, ``#!``).
    """
    parts = split_address(value)
    if parts is None:
        return value
    dropped = set(tracking_parameters(value))
    pairs = [
        pair for pair in parts.query.split("&") if pair and pair.partition("=")[0] not in dropped
    ]
    query = f"?{'&'.join(pairs)}" if pairs else ""
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) else ""
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = f":{parts.port}" if parts.port and parts.port != default else ""
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    path = _SESSION.sub("", parts.path).rstrip("/")
    return f"{host}{port}{path}{query}{fragment}"


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine, to which nothing travels in the clear."""
    return host in _LOOPBACK
