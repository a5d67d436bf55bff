"""The originals of an issue's items: keep their pages, and see later what became of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from jianbao.check.addresses import is_web_address
from jianbao.evidence import PAGE, digest
from jianbao.link_memory import write_links
from jianbao.load import load_issue, load_publication
from jianbao.records import Answer
from jianbao.registered import registered_at, visits_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from jianbao.gather.snapshot import Kept, Look, NotKept, Original
    from jianbao.model import Issue, Item
    from jianbao.records import Witness
    from jianbao.settings import GatherSettings
    from jianbao.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How to keep pages: by whom and when, and the page itself where it was ``saved``."""

    witness: Witness
    saved: bytes | None = None
    progress: Callable[[str], None] = lambda _step: None


class Fate(Enum):
    """What became of a page since it was kept."""

    SAME = "没有变"
    CHANGED = "已变更"
    DEAD = "已失效"
    UNKNOWN = "无法核实"
    NOT_KEPT = "没有存证"


@dataclass(frozen=True, slots=True)
class Verified:
    """An item and the fate of its page; ``before`` and ``after`` are its text, where it changed."""

    item: Item
    fate: Fate
    detail: str = ""
    before: str = ""
    after: str = ""


def items_with_originals(workspace: Workspace, folder: Path) -> tuple[Item, ...]:
    """The items of the issue in ``folder`` whose page can be kept."""
    issue, _ = _load(workspace, folder)
    return _with_originals(issue) if issue else ()


def keep_pages(
    workspace: Workspace, folder: Path, items: tuple[Item, ...], keeping: Keeping
) -> tuple[Kept | NotKept, ...]:
    """Keep the pages of ``items`` as evidence, fetched or as somebody saved one.

    Raises:
        UsageProblem: What was saved is no page.
    """
    # Help and checks must not pay for the network, nor need its libraries.
    from jianbao.gather.libraries import need_gather_libraries  # noqa: PLC0415

    need_gather_libraries()
    from jianbao.gather.snapshot import keep_online, write_evidence  # noqa: PLC0415

    issue, gather = _load(workspace, folder)
    if issue is None:
        return ()
    originals = _originals(issue, items)
    if keeping.saved is None:
        kept = keep_online(originals, keeping.witness, keeping.progress, visits_for(issue, gather))
    else:
        kept = tuple(_keep_saved(one, keeping.saved, keeping.witness) for one in originals)
    for item, one in zip(items, kept, strict=True):
        write_evidence(one, workspace.evidence / folder.name, item.stem)
    return kept


def verify(
    workspace: Workspace,
    folder: Path,
    now: datetime,
    progress: Callable[[str], None],
) -> tuple[Verified, ...]:
    """What became of the originals of the issue in ``folder`` since they were kept.

    Nothing is written but the link memory.
    """
    from jianbao.gather.libraries import need_gather_libraries  # noqa: PLC0415  (as above)

    need_gather_libraries()
    from jianbao.gather.snapshot import look_again  # noqa: PLC0415

    issue, gather = _load(workspace, folder)
    if issue is None:
        return ()
    items = _with_originals(issue)
    known = tuple(item for item in items if item.path in issue.snapshots)
    originals = _originals(issue, known)
    looks = look_again(originals, now, progress, visits_for(issue, gather))
    _remember(workspace, issue, looks)
    archives = [_archive(workspace, folder, item) for item in known]
    fates = {
        item.path: _fate(item, look, archive)
        for item, look, archive in zip(known, looks, archives, strict=True)
    }
    return tuple(fates.get(item.path, Verified(item, Fate.NOT_KEPT)) for item in items)


def _load(workspace: Workspace, folder: Path) -> tuple[Issue | None, GatherSettings]:
    configuration = load_publication(workspace)
    if configuration.publication is None:
        return None, configuration.gather
    issue, _ = load_issue(workspace, folder, configuration, configuration.publication)
    return issue, configuration.gather


def _with_originals(issue: Issue) -> tuple[Item, ...]:
    return tuple(item for item in issue.items if item.url and is_web_address(item.url.value))


def _originals(issue: Issue, items: tuple[Item, ...]) -> tuple[Original, ...]:
    from jianbao.gather.snapshot import Original  # noqa: PLC0415  (as above)

    urls = (item.url.value for item in items if item.url)
    return tuple(Original(url, registered_at(issue, url)) for url in urls)


def _keep_saved(original: Original, data: bytes, witness: Witness) -> Kept:
    from jianbao.gather.handed import read_handed  # noqa: PLC0415  (as above)
    from jianbao.gather.snapshot import keep_handed  # noqa: PLC0415

    handed = read_handed(data, witness.when, original.url)
    return keep_handed(handed, data, original.source, witness)


def _remember(workspace: Workspace, issue: Issue, looks: tuple[Look, ...]) -> None:
    """What the addresses answered. That https would answer too was found out by another visit."""
    links = dict(issue.links)
    for look in looks:
        known = links.get(look.state.url)
        links[look.state.url] = replace(look.state, secure=known.secure if known else False)
    write_links(workspace, links)


def _archive(workspace: Workspace, folder: Path, item: Item) -> bytes:
    return (workspace.evidence / folder.name / f"{item.stem}{PAGE}").read_bytes()


def _fate(item: Item, look: Look, archive: bytes) -> Verified:
    """What ``look`` saw, against the page in ``archive``.

    That is read again, by the tool that reads the new one: a better tool is no changed page.
    """
    from jianbao.gather.snapshot import read_archive, read_original  # noqa: PLC0415  (as above)

    state = look.state
    if state.answer is Answer.UNVERIFIED:
        return Verified(item, Fate.UNKNOWN, state.detail)
    if look.page is None or state.answer is not Answer.ALIVE:
        return Verified(item, Fate.DEAD, state.detail or state.final)
    before = read_archive(archive, look.original)
    after = look.page
    old, new = (read_original(one, look.original.source) for one in (before, after))
    if old.text or new.text:
        title_before, title_after = (one.title.value if one.title else "" for one in (old, new))
        before_text, after_text = f"{title_before}\n{old.text}", f"{title_after}\n{new.text}"
    else:  # a file of another kind: all that can be compared is its bytes
        before_text, after_text = (f"SHA-256 {digest(one.body)}" for one in (before, after))
    if before_text == after_text:
        return Verified(item, Fate.SAME)
    return Verified(item, Fate.CHANGED, "", before_text, after_text)
