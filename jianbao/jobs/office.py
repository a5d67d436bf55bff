"""What a worker has at its machine: the workspace with its letters, its sources and its press."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from jianbao.deliver.campaigns.ledger import Ledger
from jianbao.deliver.smtp.endpoint import endpoint_of
from jianbao.errors import DeliveryProblem, UsageProblem
from jianbao.post_room.mailing import Mailing, prepare
from jianbao.post_room.posting import bench_of, books_of
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jianbao.deliver.campaigns.ledger import Campaign
    from jianbao.deliver.campaigns.sending import Bench, Books
    from jianbao.gather.rounds.fetch import Errand, Fetched
    from jianbao.post_room.delivering import PostRoom

_WELL = frozenset({"read", "unchanged", "empty"})
#: Sources that a job asks, unless more of them are on one host.
_GROUP = 50


@dataclass
class Office:
    """Works of the workspace of ``room``; ``actor`` is who they are done by."""

    room: PostRoom
    actor: str
    _letters: dict[tuple[str, str], Mailing] = field(default_factory=dict)

    @cached_property
    def ledger(self) -> Ledger:
        """The campaigns."""
        return Ledger(self.room.engine)

    def books(self, campaign: Campaign) -> Books:
        """Where it is read what came of ``campaign``."""
        return books_of(self.room, campaign, self.actor)

    def bench(self, books: Books) -> Bench:
        """What its messages are sent with; the letter is composed once.

        Raises:
            UsageProblem: The issue is not built here, or the mail server is not named.
            DeliveryProblem: What is built here is not what the campaign sends.
        """
        mailing = self._letter(books.campaign)
        endpoint, _ = endpoint_of(self.room.settings, self.room.workspace.root, os.environ)
        return bench_of(mailing, endpoint, books)

    def due_sources(self) -> Sequence[tuple[str, ...]]:
        """Names of the sources that are due; those of one host in one group, for its turns."""
        from jianbao.newsroom.polling import Polling  # noqa: PLC0415  (who only sends may lack its libraries)

        polling = Polling.of(self.room.workspace)
        try:
            return _grouped(polling.plan((), everything=False).errands)
        finally:
            polling.close()

    async def fetch(self, names: Sequence[str]) -> str:
        """Ask sources; what it came to."""
        from jianbao.newsroom.polling import Polling  # noqa: PLC0415  (likewise)

        polling = await asyncio.to_thread(Polling.of, self.room.workspace)
        counting = _Counting()
        try:
            await polling.run(polling.plan(names, everything=False), counting)
        finally:
            polling.close()
        return counting.words()

    async def build(self, issue: str, editions: Sequence[str]) -> str:
        """Build ``issue`` in a process of its own: what it takes goes back when it ends.

        Raises:
            UsageProblem: There is no such issue, or it has errors.
        """
        workspace, folder = find_issue(issue, self.room.workspace.root)
        words = ["-m", "jianbao", "build", folder.name, "--quiet", "--edition", ",".join(editions)]
        process = await asyncio.create_subprocess_exec(sys.executable, *words, cwd=workspace.root)
        if await process.wait():
            raise UsageProblem(f"{issue} 没有生成", f"jianbao check {issue}")
        return f"{issue}：已生成"

    def _letter(self, campaign: Campaign) -> Mailing:
        wanted = (campaign.issue, campaign.content)
        if wanted not in self._letters:
            _, folder = find_issue(campaign.issue, self.room.workspace.root)
            found = prepare(self.room, folder, date.today())  # noqa: DTZ011  (the editors' own day)
            if not isinstance(found, Mailing):
                raise UsageProblem(f"{campaign.issue} 不能付印", f"jianbao check {campaign.issue}")
            if found.content != campaign.content:
                hint = "让各台机器的 output/ 一样；共用一个文件夹，或再复制一次"
                message = f"{campaign.issue} 在这台机器上的 PDF 与开始发送时的不同"
                raise DeliveryProblem(message, hint)
            self._letters = {wanted: found}  # of one issue at a time: it holds a PDF
        return self._letters[wanted]


@dataclass
class _Counting:
    """Hears what came of lists."""

    asked: int = 0
    new: int = 0
    troubled: list[str] = field(default_factory=list)

    def begun(self, errand: Errand) -> None:
        """Nothing came yet."""

    def done(self, fetched: Fetched) -> None:
        """One more."""
        self.asked += 1
        self.new += fetched.new
        if fetched.alarm or fetched.outcome not in _WELL:
            self.troubled.append(f"{fetched.source}（{fetched.alarm or fetched.detail}）")

    def words(self) -> str:
        """What it came to."""
        troubles = f"，要看看：{'；'.join(self.troubled)}" if self.troubled else ""
        return f"采集：问了 {self.asked} 个列表，新的 {self.new} 条{troubles}"


def _grouped(errands: Sequence[Errand]) -> tuple[tuple[str, ...], ...]:
    """The names of sources in groups of some, those that share a host together."""
    by_host: dict[str, list[str]] = {}
    for errand in errands:
        by_host.setdefault(errand.host, []).append(errand.source.stem)
    groups: list[list[str]] = [[]]
    seen: set[str] = set()
    for names in by_host.values():
        if len(groups[-1]) >= _GROUP:
            groups.append([])
        groups[-1] += [name for name in dict.fromkeys(names) if name not in seen]
        seen.update(names)
    return tuple(tuple(group) for group in groups if group)
