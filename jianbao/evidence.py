"""How evidence lies in the workspace: three files an item, named after it.

``evidence/2025-04/01-a.warc.gz`` is the page as it came, ``.txt`` its text, ``.toml`` the
record of both. Hashes are of the files' bytes.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jianbao.records import Snapshot

PAGE, TEXT, RECORD = ".warc.gz", ".txt", ".toml"

#: The record's keys in their order.
KEYS = (
    *("url", "final", "kept", "by", "how", "tool", "sha256", "text_sha256"),
    *("title", "published", "source", "origins"),
)


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return sha256(data).hexdigest()


def evidence_files(snapshot: Snapshot, page: bytes) -> Mapping[str, bytes]:
    """The files of ``snapshot`` by their endings."""
    lines = (f"{key} = {_quoted(getattr(snapshot, key))}\n" for key in KEYS)
    return {
        PAGE: page,
        TEXT: snapshot.text.encode(),
        RECORD: "".join(lines).encode(),
    }


def _quoted(text: str) -> str:
    """``text`` as a basic string of TOML, which JSON's are when DEL is escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
