"""The pictures of a text: from the page itself, from what was saved with it, or fetched."""

from __future__ import annotations

import asyncio
import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jianbao.gather.http import Web
from jianbao.gather.replies import Reply
from jianbao.gather.turns import by_host
from jianbao.gather.visits import Visitor, Visits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jianbao.gather.markdown import Picture

#: Bytes of one picture, and how many of one page.
_LARGEST = 10 * 1024 * 1024
_MOST = 30
_OK = 200
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
}


@dataclass(frozen=True, slots=True)
class Found:
    """Pictures by their address: the bytes of each and the ending of its file's name."""

    files: Mapping[str, tuple[bytes, str]]
    missing: tuple[str, ...] = ()


def find_pictures(
    pictures: tuple[Picture, ...],
    along: Mapping[str, bytes],
    progress: Callable[[str], None],
    visits: Visits | None = None,
) -> Found:
    """The content of ``pictures``; ``along`` has that of those that came with the page."""
    addresses = tuple(dict.fromkeys(picture.address for picture in pictures))[:_MOST]
    at_hand = {one: data for one in addresses if (data := along.get(one) or _embedded(one))}
    wanted = tuple(one for one in addresses if one not in at_hand and one.startswith("http"))
    if wanted:
        at_hand |= asyncio.run(_fetch(wanted, progress, visits or Visits()))
    files = {one: (data, kind) for one, data in at_hand.items() if (kind := _kind(data))}
    every = dict.fromkeys(picture.address for picture in pictures)
    return Found(files, tuple(one for one in every if one not in files))


async def _fetch(
    addresses: tuple[str, ...], progress: Callable[[str], None], visits: Visits
) -> dict[str, bytes]:
    async def one(url: str) -> bytes:
        progress(url)
        reply = await visitor.ask(url, most=_LARGEST)
        fits = isinstance(reply, Reply) and reply.status == _OK and not reply.is_cut
        return reply.body if fits and isinstance(reply, Reply) else b""

    async with Web(visits.bounds) as web:
        visitor = Visitor(web, visits)
        bodies = await by_host(addresses, one, visits.bounds.hosts)
    return dict(zip(addresses, bodies, strict=True))


def _embedded(address: str) -> bytes:
    """What a data: address (RFC 2397) holds; nothing where it is another."""
    head, _, data = address.partition(";base64,")
    if not head.startswith("data:image/"):
        return b""
    try:
        return base64.b64decode(data, validate=False)
    except (binascii.Error, ValueError):
        return b""


def _kind(data: bytes) -> str:
    """The ending for ``data``; empty where it is no picture that can be printed."""
    if len(data) > _LARGEST:
        return ""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for mark, kind in _SIGNATURES.items() if data.startswith(mark)), "")
