"""采集: the lists of a workspace's sources → polls, kept in its store.

registry ─due→ errands ─fetch→ polls ─keep→ candidates.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from jianbao.diagnostics import has_errors
from jianbao.errors import UsageProblem
from jianbao.gather.fetch import Errand, Round, fetch
from jianbao.gather.http import Manners, Web
from jianbao.gather.inbox import Inbox
from jianbao.gather.keeping import StoreKeeper
from jianbao.gather.schedule import is_due
from jianbao.interests import interests_of
from jianbao.load import load_publication
from jianbao.load.sources import read_sources
from jianbao.records import Kind
from jianbao.storing import open_workspace_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from jianbao.diagnostics import Diagnostic
    from jianbao.gather.fetch import Watcher
    from jianbao.gather.poll import SourceState
    from jianbao.load import Configuration
    from jianbao.records import Source
    from jianbao.workspace import Workspace

#: Hosts asked at a time. A silent one holds a place for a minute; there must be others.
_PLACES = 128
#: Bytes of a list, unpacked.
_MOST = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a round will do.

    ``problems`` are those of files in the registry, whose sources are left out. ``next_due`` is
    when the first of the others is due, which ``waiting`` counts; None where there are none.
    """

    errands: tuple[Errand, ...]
    problems: tuple[Diagnostic, ...] = ()
    waiting: int = 0
    next_due: datetime | None = None


class Polling:
    """A workspace's sources and store, for one round of fetching or many."""

    def __init__(self, workspace: Workspace, configuration: Configuration, engine: Engine) -> None:
        self._workspace = workspace
        self._configuration = configuration
        self._engine = engine

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """That of ``workspace``, as its jianbao.toml says.

        Raises:
            UsageProblem: jianbao.toml has errors.
            MachineProblem: The store cannot be opened.
        """
        configuration = load_publication(workspace)
        if has_errors(configuration.problems):
            raise UsageProblem("jianbao.toml 有错误", "运行 jianbao check 期，看错在哪里")
        engine = open_workspace_store(workspace, configuration.store)
        return cls(workspace, configuration, engine)

    def plan(self, names: Sequence[str], *, everything: bool) -> Plan:
        """The errands of a round: what is due, or everything; of all sources, or those named.

        A source that is named is asked whether it is due or not.

        Raises:
            UsageProblem: No source has one of ``names``, or it has no list.
        """
        publication = self._configuration.publication
        sections = publication.sections if publication else ()
        sources, problems = read_sources(self._workspace, sections)
        chosen = _chosen(sources, names) if names else sources
        states = {
            (state.source, state.address): state for state in Inbox(self._engine).source_states()
        }
        now = _now()
        due: list[Errand] = []
        waiting: list[Errand] = []
        for errand in _errands(chosen, states):
            is_wanted = everything or bool(names) or is_due(errand.source, errand.before, now)
            (due if is_wanted else waiting).append(errand)
        times = [errand.before.next_due for errand in waiting if errand.before]
        return Plan(
            errands=tuple(due),
            problems=problems,
            waiting=len(waiting),
            next_due=min(times, default=None),
        )

    async def run(self, plan: Plan, watcher: Watcher) -> None:
        """Ask the lists of ``plan``; ``watcher`` hears of each as it is kept.

        Raises:
            MachineProblem: The machine has no network, or the store cannot be written.
        """
        private = frozenset(self._configuration.gather.private_hosts)
        manners = Manners(body=_MOST, hosts=_PLACES, private_hosts=private)
        inbox = Inbox(self._engine, interests_of(self._workspace, self._configuration))
        with StoreKeeper(self._engine, inbox) as keeper:
            async with Web(manners) as web:
                around = Round(
                    web=web,
                    keeper=keeper,
                    watcher=watcher,
                    now=_now,
                    luck=random.random,
                    places=manners.hosts,
                )
                await fetch(plan.errands, around)

    def close(self) -> None:
        """Let go of the store."""
        self._engine.dispose()


def _now() -> datetime:
    return datetime.now().astimezone()


def _errands(
    sources: Sequence[Source], states: dict[tuple[str, str], SourceState]
) -> tuple[Errand, ...]:
    return tuple(
        Errand(source=source, address=address, before=states.get((source.name, address)))
        for source in sources
        if source.kind is not Kind.MANUAL
        for address in source.lists
    )


def _chosen(sources: tuple[Source, ...], names: Sequence[str]) -> tuple[Source, ...]:
    """The sources that ``names`` mean, by the name of their file or their own."""
    by_name = {source.stem: source for source in sources}
    by_name |= {source.name: source for source in sources}
    for name in names:
        if name not in by_name:
            raise UsageProblem(f"没有 {name} 这个来源", "用 jianbao sources 看有哪些")
        if by_name[name].kind is Kind.MANUAL:
            message = f"{by_name[name].name}由人工查阅，不能采集"
            raise UsageProblem(message, "在浏览器里另存网页，再用 jianbao import 文件 --issue 期")
    return tuple(dict.fromkeys(by_name[name] for name in names))
