"""Which cells of a table may be broken, and where, so that its columns fit their line.

Markdown says no widths, and WeasyPrint gives each column at least what cannot be broken. If
anything can, numbers lose to the texts beside them; if no word can, the table grows out of
the type area.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from jianbao.cjk import HAN
from jianbao.press.spacing import CLOSING, OPENING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: print.css: the size of a table's text against that of the page, and the white at both
#: sides of a cell in em of the table.
_SCALE, _PADDING = 0.875, 1.0
#: A cell is short that fills no more than this part of an equal column.
_SHORT = 1 / 2
#: Widths in em that no face goes over in a whole word, and the gaps beside one.
_HAN, _CAPITAL, _SMALL, _GAPS = 1.0, 0.75, 0.6, 0.25
_BROAD = frozenset("%&@MWmw")

_OPEN, _CLOSE = "".join(sorted(OPENING)), "".join(sorted(CLOSING - {"％"}))
_WORD = re.compile(rf"[^\s{HAN}{_OPEN}{_CLOSE}]+")
#: A word or a Han character, with the marks that stay with it.
_WHOLE = re.compile(rf"[{_OPEN}]*(?:[{HAN}]|{_WORD.pattern})[{_CLOSE}]*")


class Wrap(StrEnum):
    """Where a cell may be broken; its value is the class in print.css."""

    NOWHERE = "hold"
    BETWEEN_WORDS = ""
    ANYWHERE = "cut"


def wrap_cells(rows: Sequence[Sequence[str]], line: float) -> tuple[tuple[Wrap, ...], ...]:
    """Where each cell of ``rows`` may be broken in a line of ``line`` em of the page's text.

    Short cells stay whole, and words do that are no longer than their column can be.
    """
    short = line / _SCALE / len(rows[0]) * _SHORT
    needs = [max(_need(cell, short) for cell in column) for column in zip(*rows, strict=True)]
    widest = _shared(needs, line / _SCALE - _PADDING * len(needs))
    return tuple(tuple(_wrap(cell, short, widest) for cell in row) for row in rows)


def _shared(needs: list[float], width: float) -> float:
    """What a column can need of ``width`` em: an equal share of what the narrower ones leave."""
    left = width
    for after, need in enumerate(sorted(needs)):
        share = left / (len(needs) - after)
        if need > share:
            return share
        left -= need
    return max(needs)


def _wrap(cell: str, short: float, widest: float) -> Wrap:
    if _need(cell, short) > widest:
        return Wrap.ANYWHERE
    return Wrap.NOWHERE if _length(cell) <= short else Wrap.BETWEEN_WORDS


def _need(cell: str, short: float) -> float:
    """Em of the widest part of ``cell`` that is kept whole."""
    whole = _length(cell)
    return whole if whole <= short else max(map(_length, _WHOLE.findall(cell)), default=_HAN)


def _length(text: str) -> float:
    """Em of ``text``, rather too many than too few."""
    words = _WORD.findall(text)
    return _GAPS * len(words) + sum(map(_width, text))


def _width(char: str) -> float:
    if not char.isascii() or char in _BROAD:
        return _HAN
    return _CAPITAL if char.isupper() else _SMALL
