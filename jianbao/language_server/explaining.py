"""What a hover shows: a key's meaning, a code's explanation."""

from __future__ import annotations

import re

from jianbao.diagnostics import CODES
from jianbao.explanations import explain_in_markdown
from jianbao.language_server.completion import front_matter
from jianbao.load.keys import ITEM_KEYS

_WORD = re.compile(r"[\w-]+")
_MEANINGS = {key.name: key.meaning for key in ITEM_KEYS}


def explain_word(lines: list[str], line: int, column: int) -> str | None:
    """Markdown about the key or code in the front matter of an item; None elsewhere."""
    if line not in front_matter(lines):
        return None
    for word in _WORD.finditer(lines[line]):
        if word.start() <= column <= word.end():
            return _about(word.group(), is_key=word.start() == 0)
    return None


def _about(word: str, *, is_key: bool) -> str | None:
    if is_key and word in _MEANINGS:
        return f"**{word}** {_MEANINGS[word]}"
    return explain_in_markdown(CODES[word]) if word in CODES else None
