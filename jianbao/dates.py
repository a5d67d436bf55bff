"""Days as they are written."""

from __future__ import annotations

from datetime import date

from jianbao.patterns import pattern

#: The form, for every dialect of regular expressions.
DATE_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

_ISO = pattern(DATE_PATTERN)


def iso_date(text: str) -> date:
    """The day written as 2025-02-10, and in no other form.

    Raises:
        ValueError: There is no such day, or it is written otherwise;
            ``date.fromisoformat`` alone would take 20250210 and 2025-W07-1 too.
    """
    if not _ISO.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)
