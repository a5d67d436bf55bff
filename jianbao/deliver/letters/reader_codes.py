"""The code of a reader's copy: opaque, short enough to read out, and hard to mistype."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jianbao.deliver.keys import Key, Keyring

#: 31 signs, a prime number (see `_check_sign`), without I, L, O, 0 and 1, which look alike.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
#: Signs of a code: the key's id, 14 of the HMAC (69 bits), and one that checks them.
_SIGNS, _HMAC_SIGNS = 16, 14
_GROUP = 4
#: Characters of a code as it is printed, with its hyphens.
LENGTH = _SIGNS + _SIGNS // _GROUP - 1

#: As it is found in text: page extraction may give other hyphens, or spaces for them.
_WRITTEN = re.compile(
    rf"(?<![{ALPHABET}])[{ALPHABET}]{{4}}(?:[-\s\u2010-\u2015\uff0d]{{0,3}}[{ALPHABET}]{{4}}){{3}}(?![{ALPHABET}])"
)


def reader_code(key: Key, campaign: str, reader: str) -> str:
    """The code of the copy of ``campaign`` that goes to ``reader``, both ids of the store."""
    number = int.from_bytes(key.digest("reader-code", campaign, reader))
    signs = [ALPHABET.index(key.id)]
    for _ in range(_HMAC_SIGNS):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(sign)
    signs.append(_check_sign(signs))
    text = "".join(ALPHABET[sign] for sign in signs)
    return "-".join(text[start : start + _GROUP] for start in range(0, _SIGNS, _GROUP))


def find_codes(text: str) -> tuple[str, ...]:
    """The codes in ``text`` whose check is right, as they are printed, each once."""
    found = (_normal(match[0]) for match in _WRITTEN.finditer(text.upper()))
    return tuple(dict.fromkeys(code for code in found if _is_right(code)))


def whose(code: str, keys: Keyring, copies: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Those of ``copies``, pairs of campaign and reader, that have ``code``."""
    key = keys.find(code[:1])
    if key is None:
        return
    for campaign, reader in copies:
        if reader_code(key, campaign, reader) == code:
            yield campaign, reader


def _normal(written: str) -> str:
    text = "".join(sign for sign in written if sign in ALPHABET)
    return "-".join(text[start : start + _GROUP] for start in range(0, _SIGNS, _GROUP))


def _is_right(code: str) -> bool:
    signs = [ALPHABET.index(sign) for sign in code.replace("-", "")]
    return signs[-1] == _check_sign(signs[:-1])


def _check_sign(signs: list[int]) -> int:
    """Modulo a prime with weights that differ: finds any one sign changed, any two swapped."""
    return sum(weight * sign for weight, sign in enumerate(signs, start=1)) % len(ALPHABET)
