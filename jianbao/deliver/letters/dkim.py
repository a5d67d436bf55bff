"""DKIM signatures (RFC 6376), with dkimpy's cryptography and a body that is hashed as it lies.

dkimpy goes through 1.4 MB line by line, and takes 47 ms where this takes 11. Ours is canonical
already: it ends in one CRLF and no line in a space, so its hash is SHA-256 over the pieces,
1 ms; the rest is the RSA signature over the header. A mail server that signs is better still:
then leave ``[delivery.dkim]`` out.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dkim.canonicalization import Relaxed
from dkim.crypto import (
    HASH_ALGORITHMS,
    RSASSA_PKCS1_v1_5_sign,
    UnparsableKeyError,
    parse_pem_private_key,
)

from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jianbao.delivery import DkimSettings

#: Signed if they are there. RFC 8058, 4: both fields of one-click unsubscription must be.
_FIELDS = (
    b"from",
    b"reply-to",
    b"subject",
    b"date",
    b"to",
    b"message-id",
    b"list-id",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
    b"mime-version",
    b"content-type",
)
_SIGNATURE = b"DKIM-Signature"


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with a key for ``domain``; its public half is at ``selector._domainkey.domain``."""

    domain: str
    selector: str
    key: dict[str, Any] = field(repr=False)

    def sign(self, head: bytes, body: Sequence[bytes | memoryview]) -> bytes:
        """The DKIM-Signature field, ready to stand above ``head``."""
        digest = hashlib.sha256()
        for piece in body:
            digest.update(piece)
        fields = _parse(head)
        signed = [(name, value) for name, value in fields if name.lower() in _FIELDS]
        # A field named once more than it is there cannot be added on the way (RFC 6376, 5.4.2).
        names = b":".join([name for name, _ in signed] + [b"From"])
        unsigned = self._unsigned(names, base64.b64encode(digest.digest()))
        canonical = Relaxed.canonicalize_headers([*signed, (_SIGNATURE, b" " + unsigned)])
        hashed = HASH_ALGORITHMS[b"rsa-sha256"]()
        for name, value in canonical[:-1]:
            hashed.update(name + b":" + value)
        name, value = canonical[-1]
        hashed.update(name + b":" + value.rstrip(b"\r\n"))
        signature = base64.b64encode(RSASSA_PKCS1_v1_5_sign(hashed, self.key))
        return _SIGNATURE + b": " + unsigned + _folded(signature) + b"\r\n"

    def _unsigned(self, names: bytes, body_hash: bytes) -> bytes:
        return b";\r\n ".join(
            (
                b"v=1; a=rsa-sha256; c=relaxed/simple",
                b"d=" + self.domain.encode("ascii") + b"; s=" + self.selector.encode("ascii"),
                b"h=" + names,
                b"bh=" + body_hash,
                b"b=",
            )
        )


def read_signer(settings: DkimSettings, file: Path, sender_domain: str) -> Signer:
    """The signer with the key in ``file``.

    Raises:
        UsageProblem: There is no RSA key in it.
    """
    try:
        key = parse_pem_private_key(file.expanduser().read_bytes())
    except (OSError, UnparsableKeyError) as error:
        hint = "openssl genrsa -traditional -out dkim.pem 2048 可以做一个"
        raise UsageProblem(f"读不到 DKIM 私钥 {settings.key_file}", hint) from error
    return Signer(settings.domain or sender_domain, settings.selector, key)


def _parse(head: bytes) -> list[tuple[bytes, bytes]]:
    """Fields with their folding, as dkimpy takes them."""
    unfolded = head.replace(b"\r\n ", b"\0")
    pairs = (line.partition(b":") for line in unfolded.split(b"\r\n") if line)
    return [(name, value.replace(b"\0", b"\r\n ") + b"\r\n") for name, _, value in pairs]


def _folded(signature: bytes) -> bytes:
    lines = (signature[start : start + 72] for start in range(0, len(signature), 72))
    return b"\r\n ".join(lines)
