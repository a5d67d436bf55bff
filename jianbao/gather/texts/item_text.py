"""An item as a file: what is known in its front matter, the rest left open for a check to name."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from datetime import date

#: Values that YAML takes as they are.
_PLAIN = re.compile(r"[一-鿿](?:[一-鿿A-Za-z0-9（）、·]|(?<=[一-鿿])[ ](?=[一-鿿]))*")
_WORDS = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*", re.IGNORECASE)
_LONGEST = 30
#: Labels of a host that name nobody.
_NOBODY = {"www", "com", "cn", "net", "org", "gov", "edu", "mp", "news", "m", "ac"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of an item; empty or None where it is not."""

    title: str
    section: str
    source: str
    url: str
    published: date | None
    accessed: date
    author: str
    body: str


def item_text(known: Known) -> str:
    """The file. Of a required key without a value the check says what to type."""
    lines = [
        f"title: {_quoted(known.title)}",
        f"section: {_value(known.section)}",
        f"source: {_value(known.source)}",
        f"url: {_quoted(known.url)}",
        f"published: {known.published.isoformat() if known.published else _quoted('')}",
        f"accessed: {known.accessed.isoformat()}",
        *([f"author: {_value(known.author)}"] if known.author else []),
    ]
    return "---\n" + "\n".join(lines) + f"\n---\n\n{known.body}"


def slug_words(key: str, url: str, title: str, day: date | None) -> str:
    """ASCII words by which an editor knows the file again: ndrc-20250120, nda-deepseek.

    Args:
        key: The name of the source's file; empty where it has none.
        url: Whose host then gives the name.
        title: Whose Latin words are taken, if it has any.
        day: Stands in for them.
    """
    labels = [
        one for one in (urlsplit(url).hostname or "").split(".") if one and one not in _NOBODY
    ]
    named = (one for one in labels if one.isascii() and not one.isdigit())
    who = key or next(named, "item")
    words = [word.lower() for word in _WORDS.findall(title) if not word[0].isdigit()]
    what = "-".join(words)[:_LONGEST].strip(".-") if words else f"{day:%Y%m%d}" if day else ""
    name = re.sub(r"[^a-z0-9]+", "-", f"{who}-{what}".lower())
    return name.strip("-")


def _value(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    """``text`` in double quotes, which JSON and YAML write alike when DEL is escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
