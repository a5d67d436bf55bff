"""What workers are asked to do, one function a task."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jianbao.deliver.campaigns.campaign import STATE_NAMES, Phase
from jianbao.deliver.campaigns.sending import End, Run
from jianbao.deliver.readers.acts import Actor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jianbao.deliver.campaigns.campaign import State
    from jianbao.deliver.campaigns.sending import Books, Ended
    from jianbao.jobs.works import Works


@dataclass
class Tasks:
    """The tasks of one worker; ``say`` hears a line for each that did something."""

    works: Works
    say: Callable[[str], None]
    _runs: list[Run] = field(default_factory=list)

    def stop(self) -> None:
        """Claim nothing more; what is on its way arrives."""
        for run in self._runs:
            run.stop()

    async def send_batch(self, issue: str, share: int) -> None:
        """Send to up to ``share`` readers: claim, send and settle as ``jianbao send`` does."""
        campaign = await asyncio.to_thread(self.works.ledger.find, issue)
        if campaign is None or campaign.phase is not Phase.RUNNING:
            return
        books = self.works.books(campaign)
        bench = await asyncio.to_thread(self.works.bench, books)
        counts: dict[State, int] = {}
        ended = await self._run(Run(replace(bench, say=counts.update), share))
        self._tell(issue, counts, ended)
        if ended.final:  # until then every batch would knock with the same wrong password
            await asyncio.to_thread(_pause, books, ended.why)

    async def fetch_sources(self, names: list[str]) -> None:
        """Ask sources for what is new."""
        self.say(await self.works.fetch(names))

    async def build_issue(self, issue: str, editions: list[str]) -> None:
        """Build an issue."""
        self.say(await self.works.build(issue, editions))

    async def _run(self, run: Run) -> Ended:
        self._runs.append(run)
        try:
            return await run.send()
        finally:
            self._runs.remove(run)
            await run.bench.post.close()

    def _tell(self, issue: str, counts: Mapping[State, int], ended: Ended) -> None:
        words = [f"{STATE_NAMES[state]} {many}" for state, many in counts.items()]
        match ended.end:
            case End.DONE:
                words.append("全部送完")
            case End.PAUSED:
                words.append(f"已暂停：{ended.why}")
            case End.UNREACHED:
                words.append(f"连不上邮件服务器：{ended.why}")
            case _:
                pass
        if words:
            self.say(f"{issue}：{'，'.join(words)}")


def _pause(books: Books, why: str) -> None:
    books.ledger.pause(books.campaign, why, Actor(books.actor, books.clock()))
