"""What the doctor found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it is, in the word that is shown."""

    GOOD = "好"
    NOTE = "注意"  # mail arrives, but something could be better, or nobody can tell
    BAD = "要改"  # mail does not arrive, or ends among the spam


@dataclass(frozen=True, slots=True)
class Observation:
    """``said`` of ``subject`` in a sentence; ``remedy`` is what to enter in DNS or to type."""

    subject: str
    state: State
    said: str
    remedy: str = ""
