"""What tasks need of the machine that a worker runs on, and how often they look after things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from jianbao.jobs.queue import STALLED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jianbao.deliver.campaigns.ledger import Campaign, Ledger
    from jianbao.deliver.campaigns.sending import Bench, Books


class Works(Protocol):
    """What is not awaited may block."""

    @property
    def ledger(self) -> Ledger:
        """The campaigns."""

    def books(self, campaign: Campaign) -> Books:
        """Where it is read what came of ``campaign``."""

    def bench(self, books: Books) -> Bench:
        """What the messages of a campaign are sent with.

        Raises:
            JianbaoError: They cannot be sent from here.
        """

    def due_sources(self) -> Sequence[tuple[str, ...]]:
        """Names of the sources that are due, in groups for a job each."""

    async def fetch(self, names: Sequence[str]) -> str:
        """Ask sources; what it came to."""

    async def build(self, issue: str, editions: Sequence[str]) -> str:
        """Build editions of an issue; what it came to.

        Raises:
            JianbaoError: It cannot be built.
        """


@dataclass(frozen=True, slots=True)
class Pace:
    """How often workers look after things: cron's five fields, or six with seconds the last.

    ``heartbeat`` and ``stalled`` are seconds: between signs of life, and until a worker that
    gives none is gone. ``rest`` seconds does one pause that could not do a job, so that it
    does not take all jobs from those that can.
    """

    tending: str = "* * * * *"
    heartbeat: float = 10
    stalled: float = STALLED
    rest: float = 20
