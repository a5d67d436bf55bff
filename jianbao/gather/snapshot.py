"""存证: keep the page of an original, and what it says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jianbao import __version__
from jianbao.candidates import Page
from jianbao.errors import UsageProblem
from jianbao.evidence import digest, evidence_files
from jianbao.gather.archive import page_in, resource_archive, response_archive
from jianbao.gather.extract import Extract, extract
from jianbao.gather.handed import read_handed
from jianbao.gather.http import Web, need_network
from jianbao.gather.links import judge
from jianbao.gather.replies import Failure, Reply
from jianbao.gather.turns import by_host
from jianbao.gather.visits import Visitor, Visits
from jianbao.records import Answer, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from jianbao.gather.handed import Handed
    from jianbao.records import LinkState, Source, Witness

_WHY = {
    Answer.GONE: "网页不存在",
    Answer.UNVERIFIED: "网站不答复程序",
    Answer.MISSING: "不是原文",
    Answer.HOME: "转到了首页",
}


@dataclass(frozen=True, slots=True)
class Original:
    """A page that is wanted, and who is registered for its host."""

    url: str
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A page that can be written as evidence, its archive, and what was read in it."""

    snapshot: Snapshot
    archive: bytes
    page: Page
    said: Extract


@dataclass(frozen=True, slots=True)
class NotKept:
    """A page that is no evidence, and why."""

    url: str
    why: str
    answer: Answer = Answer.UNVERIFIED


@dataclass(frozen=True, slots=True)
class Look:
    """How the address of ``original`` answers now, and with which page."""

    original: Original
    state: LinkState
    page: Page | None


def keep_online(
    originals: tuple[Original, ...],
    witness: Witness,
    progress: Callable[[str], None],
    visits: Visits | None = None,
) -> tuple[Kept | NotKept, ...]:
    """Fetch and keep each of ``originals``, in their order.

    Raises:
        MachineProblem: This machine has no network.
    """
    urls = tuple(original.url for original in originals)
    replies = asyncio.run(_fetch(urls, progress, visits or Visits()))
    return tuple(_kept(*pair, witness) for pair in zip(originals, replies, strict=True))


async def _fetch(
    urls: tuple[str, ...], progress: Callable[[str], None], visits: Visits
) -> tuple[Reply | Failure, ...]:
    async def one(url: str) -> Reply | Failure:
        progress(url)
        return await visitor.ask(url)

    async with Web(visits.bounds) as web:
        visitor = Visitor(web, visits)
        replies = await by_host(urls, one, visits.bounds.hosts)
    need_network(replies)
    return replies


def _kept(original: Original, reply: Reply | Failure, witness: Witness) -> Kept | NotKept:
    url = original.url
    state = judge(url, reply, witness.when.date())
    if isinstance(reply, Failure):
        return NotKept(url, reply.trouble.value, state.answer)
    if state.answer is not Answer.ALIVE:
        why = f"{_WHY[state.answer]}（{state.detail or state.final}）"
        return NotKept(url, why, state.answer)
    if reply.is_cut:
        return NotKept(url, f"文件太大，超过 {len(reply.body) // 1024 // 1024} MB")
    page = _page(reply, witness.when)
    said = read_original(page, original.source)
    archive = response_archive(reply, witness.when)
    return Kept(_snapshot(archive, said, witness, url=url, page=page), archive, page, said)


def _page(reply: Reply, when: datetime) -> Page:
    kind = reply.header("content-type")
    return Page(url=reply.url, content_type=kind, body=reply.body, fetched=when)


def read_original(page: Page, source: Source | None) -> Extract:
    """What ``page`` says; nothing where it is a file of another kind than HTML."""
    kind = page.content_type.partition(";")[0].strip().lower()
    is_html = not kind or "html" in kind
    return extract(page, source, page.fetched) if is_html else Extract()


def keep_handed(handed: Handed, data: bytes, source: Source | None, witness: Witness) -> Kept:
    """Keep ``data``, what an editor saved of a page in a browser."""
    page = handed.page
    archive = resource_archive(page.url, data, witness.when, handed.media_type)
    said = read_original(page, source)
    snapshot = _snapshot(archive, said, witness, url=page.url, page=page, how="saved")
    return Kept(snapshot, archive, page, said)


def read_archive(archive: bytes, original: Original) -> Page:
    """The page that was kept of ``original``, fetched or saved.

    Raises:
        ValueError: It is no archive of a page.
    """
    content_type, body, when = page_in(archive)
    if content_type.startswith("multipart/"):
        return read_handed(body, when, original.url).page
    return Page(url=original.url, content_type=content_type, body=body, fetched=when)


def look_again(
    originals: tuple[Original, ...],
    now: datetime,
    progress: Callable[[str], None],
    visits: Visits | None = None,
) -> tuple[Look, ...]:
    """Visit each of ``originals`` as it is now.

    Raises:
        MachineProblem: This machine has no network.
    """
    urls = tuple(original.url for original in originals)
    replies = asyncio.run(_fetch(urls, progress, visits or Visits()))
    return tuple(_look(*pair, now) for pair in zip(originals, replies, strict=True))


def _look(original: Original, reply: Reply | Failure, now: datetime) -> Look:
    state = judge(original.url, reply, now.date())
    return Look(original, state, _page(reply, now) if isinstance(reply, Reply) else None)


def _snapshot(  # noqa: PLR0913  (each is a key of the record)
    archive: bytes, said: Extract, witness: Witness, *, url: str, page: Page, how: str = "online"
) -> Snapshot:
    return Snapshot(
        url=url,
        final=page.url,
        kept=witness.when.isoformat(timespec="seconds"),
        by=witness.by,
        how=how,
        tool=f"jianbao {__version__}",
        sha256=digest(archive),
        text_sha256=digest(said.text.encode()),
        title=said.title.value if said.title else "",
        published=said.published.value.isoformat() if said.published else "",
        source=said.source.value if said.source else "",
        origins=said.origins,
        text=said.text,
    )


def write_evidence(kept: Kept | NotKept, folder: Path, stem: str) -> None:
    """Write what was kept into ``folder``; the record last, as it vouches for the others.

    Raises:
        UsageProblem: The folder cannot be written.
    """
    if isinstance(kept, NotKept):
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ending, content in evidence_files(kept.snapshot, kept.archive).items():
            scratch = folder / f".{stem}{ending}.new"
            scratch.write_bytes(content)
            scratch.replace(folder / f"{stem}{ending}")
    except OSError as error:
        raise UsageProblem(f"不能写入 {folder}：{error.strerror}", "检查文件夹的权限") from error
