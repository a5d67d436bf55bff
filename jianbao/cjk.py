"""Which characters take a Chinese square."""

from __future__ import annotations

import unicodedata


def is_cjk(char: str) -> bool:
    """Whether ``char`` is Han, kana, hangul or wide punctuation, or a Chinese quote or dash.

    The last are of ambiguous width in Unicode (UAX 11), and full-width in Chinese print.
    """
    return unicodedata.east_asian_width(char) in "WF" or char in "“”‘’—…·"
