"""The text of a message, whatever its encoding and whether it is HTML."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message

_GB = {"gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936"}
_HIDDEN = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<!--.*?-->")
_BREAKS = re.compile(r"(?i)<(?:br|/?p|/?div|/?tr|/?li|/?td|/?h\d)\b[^>]*>")
_TAGS = re.compile(r"<[^<>]*>")
#: Characters that are looked at: reasons stand at the beginning.
_MOST = 100_000


def plain_text(message: Message) -> str:
    """Its parts of text, one after another, HTML without its tags."""
    texts = []
    for part in message.walk():
        if part.get_content_type() in {"text/plain", "text/rfc822-headers"}:
            texts.append(_decoded(part))
        elif part.get_content_type() == "text/html":
            texts.append(_without_tags(_decoded(part)))
    return "\n".join(texts)[:_MOST]


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    content = content[: 4 * _MOST]
    named = str(part.get_content_charset("")).lower()
    wanted = "gb18030" if named in _GB else named
    for charset in (wanted or "utf-8", "utf-8", "gb18030"):
        try:
            return content.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("utf-8", "replace")


def _without_tags(text: str) -> str:
    return unescape(_TAGS.sub("", _BREAKS.sub("\n", _HIDDEN.sub("", text))))
