"""Days as they are written."""

from __future__ import annotations

import re
from datetime import date

#: The form, for every dialect of regular expressions.
DATE_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

_ISO = re.compile(DATE_PATTERN)

#: Content systems put the day into a page's address. Other runs of digits there are numbers of
#: documents, and a year with its month is no day.
_IN_ADDRESS = tuple(
    re.compile(pattern)
    for pattern in (
        r"/t(20[0-9]{2})([01][0-9])([0-3][0-9])[0-9_]",  # TRS: /202501/t20250120_139.html
        r"/[01][0-9][0-3][0-9]/(20[0-9]{2})([01][0-9])([0-3][0-9])[0-9_]",  # /0127/202501271357_pc
        r"/art/(20[0-9]{2})/([01]?[0-9])/([0-3]?[0-9])/",  # jcms: /art/2025/1/20/art_1_2.html
        r"/(20[0-9]{2})-([01][0-9])[-/]([0-3][0-9])/",  # /2025-01/20/content_1.htm
        r"/(20[0-9]{2})/([01][0-9])/?([0-3][0-9])/",  # /n1/2025/0120/c1.html
        r"/(20[0-9]{2})([01][0-9])/?([0-3][0-9])/",  # /20250120/0a/c.html
    )
)


def iso_date(text: str) -> date:
    """The day written as 2025-02-10, and in no other form.

    Raises:
        ValueError: There is no such day, or it is written otherwise;
            ``date.fromisoformat`` alone would take 20250210 and 2025-W07-1 too.
    """
    if not _ISO.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def day_in_address(url: str) -> date | None:
    """The day that the path of ``url`` gives, on which the page was entered; None without one."""
    path = url.partition("?")[0]
    found = next((found for one in _IN_ADDRESS if (found := one.search(path))), None)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:  # t20251399: a number, no day
        return None
