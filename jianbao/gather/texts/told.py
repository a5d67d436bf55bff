"""What a page tells, with where it stands there and how far it can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)


class Sureness(StrEnum):
    """How far a value can be believed."""

    SURE = "sure"  # the page says so where it is bound to
    LIKELY = "likely"  # it is shown where such things are shown
    GUESS = "guess"  # by looks alone


@dataclass(frozen=True, slots=True)
class Told(Generic[_T_co]):
    """``value`` as found in ``origin``: meta PubDate, container .TRS_Editor, address."""

    value: _T_co
    origin: str
    sureness: Sureness


def first_told(*found: Told[_T] | None) -> Told[_T] | None:
    """The first that is there."""
    return next((one for one in found if one is not None), None)
