"""The fields of a form that was posted, whichever way a mail program encodes it."""

from __future__ import annotations

import email
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from starlette.requests import Request

#: Bytes: our forms have two short fields.
_MOST = 8192


class TooLong(Exception):
    """The body is longer than any of our forms."""


async def read_form(request: Request) -> dict[str, str]:
    """Fields by name, the last of a name.

    RFC 8058, 3.2 wants ``multipart/form-data`` and allows the other; Starlette's own reader
    asks for another library for either.

    Raises:
        TooLong: There are more than 8192 bytes.
    """
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST:
            raise TooLong
    content_type = request.headers.get("content-type", "")
    if content_type.lower().startswith("multipart/form-data"):
        return _multipart(content_type, body)
    return dict(parse_qsl(body.decode("utf-8", "replace")))


def _multipart(content_type: str, body: bytes) -> dict[str, str]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("ascii", "replace")
    fields = {}
    for part in email.message_from_bytes(head + body).walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            fields[name] = content.decode("utf-8", "replace").strip()
    return fields
