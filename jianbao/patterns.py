"""Regular expressions that are compiled when they are first used.

The copy desk has some two hundred, and a clean issue needs half of them: compiling all at
import took longer than asking every rule.
"""

from __future__ import annotations

import re
from typing import cast


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """What ``re.compile`` gives, except that ``source`` is not looked at before the first use."""
    return cast("re.Pattern[str]", _Uncompiled(source, flags))


class _Uncompiled:
    """Stands for a pattern, and takes over its methods one by one."""

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> object:
        """Asked only for what is not there yet: the first use of a method."""
        found: object = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, found)  # from now on a call is as quick as the pattern's own
        return found
