"""Where each value of a JSON text stands: the json module does not tell."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+')

#: Keys and positions from the root to a value.
Path = tuple[str | int, ...]


@dataclass(slots=True)
class _Walk:
    """Where in the text a walk over it is."""

    found: dict[Path, tuple[int, int]] = field(default_factory=dict)
    path: list[str | int] = field(default_factory=list)
    open_objects: list[bool] = field(default_factory=list)  # False: an array
    awaits_key: bool = False

    def value(self, start: int, end: int) -> None:
        self.found[tuple(self.path)] = (start, end)

    def open(self, mark: str) -> None:
        self.open_objects.append(mark == "{")
        self.awaits_key = mark == "{"
        if mark == "[":
            self.path.append(0)

    def close(self) -> None:
        empty = self.open_objects.pop() and self.awaits_key
        self.awaits_key = False
        if not empty:
            self.path.pop()

    def next(self) -> None:
        last = self.path.pop()
        if self.open_objects[-1]:
            self.awaits_key = True
        elif isinstance(last, int):
            self.path.append(last + 1)


def places(text: str) -> dict[Path, tuple[int, int]]:
    """Offsets of every value of ``text``, which must be valid JSON."""
    walk = _Walk()
    for found in _TOKEN.finditer(text):
        token = found.group()
        match token:
            case "{" | "[":
                walk.value(*found.span())
                walk.open(token)
            case "}" | "]":
                walk.close()
            case ",":
                walk.next()
            case ":":
                pass
            case _ if walk.awaits_key:
                walk.path.append(json.loads(token))
                walk.awaits_key = False
            case _:
                walk.value(*found.span())
    return walk.found
