"""选稿: the inbox of a workspace, beside what its issues have printed already.

jianbao.toml and sources/ say what is looked for; the issues that lie here say what of it is
an item by now, or was one. The second is asked anew each time, so it is never out of date.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jianbao.addresses import canonical
from jianbao.candidates import CandidateState
from jianbao.diagnostics import has_errors
from jianbao.errors import UsageProblem
from jianbao.gather.choosing.inbox import Inbox
from jianbao.gather.choosing.likeness import Titles
from jianbao.gather.choosing.selection import Lying
from jianbao.load import load_publication
from jianbao.load.ledger import read_ledger
from jianbao.load.past import ISSUES_BACK, read_every_issue
from jianbao.newsroom.interests import interests_of
from jianbao.storing import open_workspace_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.candidates import Candidate
    from jianbao.records import PastItem
    from jianbao.workspace import Workspace

_UNDECIDED = {CandidateState.NEW, CandidateState.SHORTLISTED}


@dataclass(frozen=True, slots=True)
class Choosing:
    """An open inbox; ``window`` is for how many days something is news."""

    inbox: Inbox
    sections: tuple[str, ...]
    window: int
    _past: tuple[PastItem, ...]

    def printed_marked(self, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """``candidates`` with 已登 where one of the last issues has a title like theirs.

        Those at an address that was printed are used, and say so by their state.
        """
        titles = Titles()
        for place, item in enumerate(self._past):
            titles.add(place, item.title)
        return tuple(self._marked(one, titles) for one in candidates)

    def _marked(self, candidate: Candidate, titles: Titles) -> Candidate:
        if candidate.state not in _UNDECIDED:
            return candidate
        found = titles.find(candidate.entry.title)
        return (
            candidate if found is None else replace(candidate, printed_in=self._past[found].issue)
        )


@contextmanager
def open_inbox(workspace: Workspace) -> Iterator[Choosing]:
    """The inbox of ``workspace``.

    Raises:
        UsageProblem: jianbao.toml has errors.
        MachineProblem: The store cannot be used.
    """
    configuration = load_publication(workspace)
    publication = configuration.publication
    if publication is None or has_errors(configuration.problems):
        raise UsageProblem("jianbao.toml 有错误", "运行 jianbao check 期，看错在哪里")
    ledger, _ = read_ledger(workspace)
    past = read_every_issue(workspace, ledger)
    engine = open_workspace_store(workspace, configuration.store)
    try:
        inbox = Inbox(engine, interests_of(workspace, configuration), _lying(workspace, past))
        yield Choosing(inbox, publication.sections, configuration.check.window_days, _recent(past))
    finally:
        engine.dispose()


def _lying(workspace: Workspace, past: tuple[PastItem, ...]) -> dict[str, Lying]:
    """By canonical address. An issue has gone out when it was built, or a later one lies here."""
    newest = max((item.total for item in past), default=0)
    issues = {item.issue: item.total for item in past}
    out = {
        issue: 0 < total < newest or (workspace.output / issue / "build.json").is_file()
        for issue, total in issues.items()
    }
    # The newest first: what was printed again counts where it was printed last.
    return {
        canonical(item.url): Lying(item.issue, out[item.issue])
        for item in reversed(past)
        if item.url
    }


def _recent(past: tuple[PastItem, ...]) -> tuple[PastItem, ...]:
    """The items of the last issues, as far back as the check looks for what was printed."""
    issues = list(dict.fromkeys(item.issue for item in past))[:ISSUES_BACK]
    return tuple(item for item in past if item.issue in issues)
