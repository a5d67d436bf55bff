"""Numbers of candidates as editors type them: 3 5-7, or 3,5-7."""

from __future__ import annotations

import re

from jianbao.errors import UsageProblem

_PART = re.compile(r"([0-9]{1,9})(?:[-–—~～]([0-9]{1,9}))?")
#: A range that is longer was mistyped.
_MOST = 1000


def candidate_numbers(words: tuple[str, ...]) -> tuple[int, ...]:
    """The numbers that ``words`` mean, each once, in their order.

    Raises:
        UsageProblem: One is neither a number nor a range.
    """
    parts = [part for word in words for part in re.split("[,，、]", word) if part]
    numbers: dict[int, None] = {}
    for part in parts:
        found = _PART.fullmatch(part)
        if found is None:
            raise UsageProblem(f"{part[:20]} 不是编号", "写成 12，或 3-7")
        first, last = int(found[1]), int(found[2] or found[1])
        if not first <= last < first + _MOST:
            raise UsageProblem(f"{part} 不是一段编号", f"从小到大，最多 {_MOST} 条，例如 3-7")
        numbers.update(dict.fromkeys(range(first, last + 1)))
    return tuple(numbers)
