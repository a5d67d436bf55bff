"""Bodies as they travel, to bytes as they were meant; never more than asked for."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from jianbao.gather.web.replies import Refused, Trouble

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

#: What we say that we take. Servers that have Brotli have gzip too, which the system brings.
ACCEPTED = "gzip, deflate"
_PACKED = {"gzip", "x-gzip", "deflate"}
#: zlib tells gzip (RFC 1952) from its own format (RFC 1950) itself.
_EITHER = zlib.MAX_WBITS | 32
#: Deflate without a header, which some servers send under that name (RFC 9110, 8.4.1.2).
_BARE = -zlib.MAX_WBITS


async def read_body(chunks: AsyncIterator[bytes], encoding: str, most: int) -> tuple[bytes, bool]:
    """Up to ``most`` bytes, unpacked, and whether there were more.

    What is packed is unpacked as it comes, so that a bomb costs no more than ``most``.

    Raises:
        Refused: It is packed in an unknown way, or ends too early.
    """
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return await _read_plain(chunks, most)
    if name not in _PACKED:
        raise Refused(Trouble.BROKEN)
    try:
        return await _read_packed(chunks, most)
    except zlib.error as error:
        raise Refused(Trouble.BROKEN) from error


async def _read_plain(chunks: AsyncIterator[bytes], most: int) -> tuple[bytes, bool]:
    read = bytearray()
    async for chunk in chunks:
        read += chunk
        if len(read) > most:
            return bytes(read[:most]), True
    return bytes(read), False


async def _read_packed(chunks: AsyncIterator[bytes], most: int) -> tuple[bytes, bool]:
    read, unpacker = bytearray(), zlib.decompressobj(wbits=_EITHER)
    came = 0
    async for chunk in chunks:
        came += len(chunk)
        is_first = came == len(chunk)
        if is_first and not _has_header(chunk):
            unpacker = zlib.decompressobj(wbits=_BARE)
        read += unpacker.decompress(chunk, most + 1 - len(read))
        if len(read) > most or came > most:
            return bytes(read[:most]), True
    if came and not unpacker.eof:
        raise Refused(Trouble.BROKEN)
    return bytes(read), False


def _has_header(start: bytes) -> bool:
    """Whether packed bytes begin as gzip or zlib ones do (RFC 1952, 2.3.1; RFC 1950, 2.2)."""
    if start[:1] == b"\x1f":
        return True
    return start[:1] == b"\x78" and (len(start) == 1 or int.from_bytes(start[:2]) % 31 == 0)
