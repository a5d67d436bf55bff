"""Bytes of a page or a feed to text: what the server says, what the page says, and what is true."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(
    rb"""(?:charset|<\?xml[^>]{0,200}\bencoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE
)
#: What UTF-16 begins with: its mark, or an angle bracket and half a character.
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
#: What stands for bytes that are no character. UTF-8 has some where editors cut a text by
#: bytes; another charset taken for it has hardly anything else. One in so many is damage.
_LOST, _SOUND = "\ufffd", 20
#: Declarations stand in the first kilobyte (HTML, 13.2.3.2).
_HEAD = 1024


def decode_page(body: bytes, content_type: str = "") -> str:
    """``body`` as text.

    UTF-8 where it is that, whatever is declared: no text in GBK is valid UTF-8 by chance.
    Then the declared charset; GB2312 and GBK mean their superset, as browsers take them.
    """
    wide = _WIDE.get(body[:2])
    if wide:
        return body.decode(wide, errors="replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":  # cut inside a character
            return body[: error.start].decode("utf-8-sig")
    damaged = body.decode("utf-8-sig", errors="replace")
    if damaged.count(_LOST) * _SOUND < sum(char > "\x7f" for char in damaged):
        return damaged
    found = _DECLARED.search(content_type.encode()) or _DECLARED.search(body[:_HEAD])
    name = found[1].decode().lower() if found else "gb18030"
    return body.decode(_codec(name), errors="replace")


def _codec(name: str) -> str:
    if name.startswith("gb") or name in {"utf-8", "utf8"}:  # UTF-8 it is not
        return "gb18030"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "gb18030"
