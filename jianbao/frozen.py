"""``@dataclass(frozen=True, slots=True)`` at a quarter of what it costs to define.

Until Python 3.13 the standard library compiles six functions for each class, 0.6 ms; the
types that a check imports made up a tenth of it. Here it makes the ``__init__`` alone, and
all classes share the rest. What such a class is and does is the same, for ``fields``,
``replace``, ``asdict`` and ``match`` too.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool, kw_only: bool = False) -> object:
        """Make a class a dataclass; the two that are always true say to a reader what it is."""
        if not (frozen and slots):
            raise TypeError("only for what is frozen and has slots")

        def make(cls: type) -> type:
            made = dataclasses.dataclass(slots=True, kw_only=kw_only, eq=False, repr=False)(cls)
            made.__setattr__, made.__delattr__ = _set_once, _refuse
            made.__eq__, made.__hash__, made.__repr__ = _equals, _hash, _repr
            return made

        return make


def _set_once(self: object, name: str, value: object) -> None:
    """Let ``__init__`` set each field."""
    if hasattr(self, name):
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
    object.__setattr__(self, name, value)


def _refuse(_self: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _values(self: object) -> tuple[object, ...]:
    return tuple([getattr(self, name) for name in type(self).__slots__])  # type: ignore[attr-defined]  # a dataclass with slots


def _equals(self: object, other: object) -> bool:
    if type(other) is not type(self):
        return NotImplemented  # type: ignore[no-any-return]  # as a comparison may
    return _values(self) == _values(other)


def _hash(self: object) -> int:
    return hash(_values(self))


def _repr(self: object) -> str:
    shown = (f for f in dataclasses.fields(self) if f.repr)  # type: ignore[arg-type]  # likewise
    values = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in shown)
    return f"{type(self).__qualname__}({values})"
