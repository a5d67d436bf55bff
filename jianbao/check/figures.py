"""Numbers in Chinese text, and what each is worth: 9400余家, 1.2万亿元, １４个, 二十四."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.frozen import dataclass
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

_UNITS = {"万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "亿": 10**8}
_UNITS |= {"千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "千": 10**3, "百": 100}
#: One character for one, so that places stay what they are.
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")
_FIGURE = pattern(
    r"(?P<about>[约近超逾])?(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    rf"[ ]?(?P<unit>{'|'.join(_UNITS)})?(?P<more>[余多]|左右)?"
)
_LATIN = pattern("[A-Za-z]")

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_CHINESE = pattern("[零〇一二三四五六七八九两十百千万亿]{1,20}")  # longer ones are no number


@dataclass(frozen=True, slots=True)
class Figure:
    """A number written in digits, from ``start`` to before ``end``; ``rough`` with 约 or 余."""

    start: int
    end: int
    value: Decimal
    rough: bool


def figures(text: str) -> Iterator[Figure]:
    """The numbers in digits; not those in names like 5G and R1."""
    from decimal import Decimal  # noqa: PLC0415  (only for issues with evidence)

    plain = text.translate(_HALF_WIDTH)
    for found in _FIGURE.finditer(plain):
        around = plain[max(found.start("digits") - 1, 0) : found.start("digits")]
        behind = plain[found.end("digits") : found.end("digits") + 1]
        if _LATIN.match(around) or _LATIN.match(behind):
            continue
        value = Decimal(found["digits"].replace(",", "")) * _UNITS.get(found["unit"] or "", 1)
        rough = bool(found["about"] or found["more"])
        yield Figure(
            found.start("digits"),
            found.end("unit") if found["unit"] else found.end("digits"),
            value,
            rough,
        )


def values(text: str) -> frozenset[Decimal]:
    """Every value that ``text`` may be read to have, in digits or in Chinese."""
    from decimal import Decimal  # noqa: PLC0415  (as above)

    plain = text.translate(_HALF_WIDTH)
    in_digits = (figure.value for figure in figures(plain))
    bare = (
        Decimal(run.replace(",", "")) for run in re.findall(r"[0-9][0-9,]*(?:\.[0-9]+)?", plain)
    )
    in_chinese = (Decimal(value) for run in _CHINESE.findall(plain) for value in _readings(run))
    return frozenset((*in_digits, *bare, *in_chinese))


def _readings(run: str) -> tuple[int, ...]:
    """What a run of Chinese numerals may mean: 二〇二五 by place, 二十五 by steps."""
    if all(char in _DIGITS for char in run):
        return (int("".join(str(_DIGITS[char]) for char in run)),)
    whole = part = digit = 0
    for char in run:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _STEPS:
            part, digit = part + (digit or 1) * _STEPS[char], 0
        else:
            whole, part, digit = (whole + part + digit) * _LARGE[char], 0, 0
    return (whole + part + digit,)
