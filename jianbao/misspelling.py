"""What somebody who misspelt a word may have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def meant(word: str, known: Iterable[str], *, most: int = 1, alike: float = 0.6) -> list[str]:
    """Up to ``most`` of the ``known`` words, the likest first, ``alike`` from 0 to 1."""
    from difflib import get_close_matches  # noqa: PLC0415  (most commands meet no slip)

    return get_close_matches(word, list(known), n=most, cutoff=alike)
