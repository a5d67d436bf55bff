"""Records of ``tag=value`` pairs between semicolons (RFC 6376, 3.2), as DKIM and DMARC use."""

from __future__ import annotations

import re


def read_tags(record: str) -> dict[str, str] | None:
    """The values by their tags, without white space in them; None where there are no pairs."""
    tags: dict[str, str] = {}
    for part in record.split(";"):
        if not part.strip():
            continue
        name, equals, value = part.partition("=")
        if not equals or name.strip() in tags:
            return None
        tags[name.strip()] = re.sub(r"\s+", "", value)
    return tags
