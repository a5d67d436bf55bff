"""What stands in a reader's links: who it is and what for, signed, and nothing else.

A link that is passed on tells no address. It holds as long as its key does: a reader may want
to leave with the letter of last year.
"""

from __future__ import annotations

import base64
import hmac
import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jianbao.deliver.keys import Key, Keyring

#: Bytes of the HMAC: nobody tries 2^128 links.
_DIGEST = 16
_TOKEN = re.compile(
    r"(?P<key>[2-9A-HJKMNP-Z])(?P<reader>[0-9]{1,15})\.(?P<digest>[A-Za-z0-9_-]{22})"
)


class Purpose(StrEnum):
    """What a link is for; one does not do for another."""

    READER = "reader-page"  # the reader's own page, and leaving
    CONFIRM = "reader-confirm"  # yes, it was me who subscribed


def make_token(key: Key, purpose: Purpose, reader: int) -> str:
    """The token of ``reader``, by the number in the store; all of it may stand in a path."""
    return f"{key.id}{reader}.{_digest(key, purpose, reader)}"


def read_token(keys: Keyring, purpose: Purpose, token: str) -> int | None:
    """The reader's number; None where ``token`` was not made for ``purpose`` with our keys."""
    found = _TOKEN.fullmatch(token)
    key = keys.find(found["key"]) if found else None
    if found is None or key is None:
        return None
    reader = int(found["reader"])
    right = hmac.compare_digest(_digest(key, purpose, reader), found["digest"])
    return reader if right and str(reader) == found["reader"] else None


def _digest(key: Key, purpose: Purpose, reader: int) -> str:
    digest = key.digest(purpose, str(reader))[:_DIGEST]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
