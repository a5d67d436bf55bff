"""Which characters take a Chinese square."""

from __future__ import annotations

import unicodedata

from jianbao.patterns import pattern

#: Han characters, kana and the marks that are read as Han, as a class of a regular expression.
HAN = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
#: One of them for the patterns of the desk: a letter that is neither Latin, Greek nor
#: Cyrillic. CPython builds a set from its ranges character by character, 28,000 for `HAN`,
#: which made up an eighth of a check; this set is built from those that it leaves out.
ONE_HAN = r"[^\W\x00-\u052f]"
EACH_HAN = pattern(ONE_HAN)
_EACH_LETTER = pattern(r"[A-Za-z]")


def is_cjk(char: str) -> bool:
    """Whether ``char`` is Han, kana, hangul or wide punctuation, or a Chinese quote or dash.

    The last are of ambiguous width in Unicode (UAX 11), and full-width in Chinese print.
    """
    return unicodedata.east_asian_width(char) in "WF" or char in "“”‘’—…·"


def is_chinese(text: str) -> bool:
    """Whether ``text`` is Chinese with some Latin in it, not the other way round.

    A Latin word of five letters counts as much as a Han character.
    """
    han = len(EACH_HAN.findall(text))
    return han > 0 and han * 5 >= len(_EACH_LETTER.findall(text))
