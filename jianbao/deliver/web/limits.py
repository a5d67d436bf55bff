"""How often one address may ask."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: Addresses that are remembered; the one that asked longest ago is forgotten first.
_REMEMBERED = 10_000


@dataclass(slots=True)
class Limiter:
    """A bucket of ``burst`` for each address, filled at ``rate`` a second."""

    clock: Callable[[], float]
    burst: float = 30.0
    rate: float = 0.5
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def allows(self, address: str) -> bool:
        """Whether ``address`` may ask now; if so, it has."""
        now = self.clock()
        left, at = self._buckets.pop(address, (self.burst, now))
        left = min(self.burst, left + (now - at) * self.rate)
        is_allowed = left >= 1
        self._buckets[address] = (left - 1 if is_allowed else left, now)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        return is_allowed
