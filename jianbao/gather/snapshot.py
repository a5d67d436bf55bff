"""存证: keep the page of an original, and what it says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jianbao.errors import UsageProblem
from jianbao.evidence import digest, evidence_files
from jianbao.gather.archive import resource_archive, response_archive
from jianbao.gather.charset import decode_page
from jianbao.gather.extract import Extract, extract
from jianbao.gather.http import Manners, Web, need_network
from jianbao.gather.links import judge
from jianbao.gather.replies import Failure, Reply
from jianbao.gather.turns import by_host
from jianbao.records import Answer, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jianbao.records import Witness

_WHY = {
    Answer.GONE: "网页不存在",
    Answer.UNVERIFIED: "网站不答复程序",
    Answer.MISSING: "不是原文",
    Answer.HOME: "转到了首页",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A page that can be written as evidence."""

    snapshot: Snapshot
    page: bytes


@dataclass(frozen=True, slots=True)
class NotKept:
    """A page that is no evidence, and why."""

    url: str
    why: str


def keep_online(
    urls: tuple[str, ...],
    witness: Witness,
    progress: Callable[[str], None],
    manners: Manners | None = None,
) -> tuple[Kept | NotKept, ...]:
    """Fetch and keep each of ``urls``, in their order.

    Raises:
        MachineProblem: This machine has no network.
    """
    return asyncio.run(_keep_all(urls, witness, progress, manners or Manners()))


async def _keep_all(
    urls: tuple[str, ...], witness: Witness, progress: Callable[[str], None], manners: Manners
) -> tuple[Kept | NotKept, ...]:
    async def one(url: str) -> Reply | Failure:
        progress(url)
        return await web.ask(url)

    async with Web(manners) as web:
        replies = await by_host(urls, one, manners.hosts)
    need_network(replies)
    return tuple(_kept(url, reply, witness) for url, reply in zip(urls, replies, strict=True))


def _kept(url: str, reply: Reply | Failure, witness: Witness) -> Kept | NotKept:
    state = judge(url, reply, witness.when.date())
    if isinstance(reply, Failure):
        return NotKept(url, reply.trouble.value)
    if state.answer is not Answer.ALIVE:
        return NotKept(url, f"{_WHY[state.answer]}（{state.detail or state.final}）")
    if reply.is_cut:
        return NotKept(url, f"文件太大，超过 {len(reply.body) // 1024 // 1024} MB")
    page = response_archive(reply, witness.when)
    is_html = "html" in reply.header("content-type") or not reply.header("content-type")
    text = decode_page(reply.body, reply.header("content-type")) if is_html else ""
    return Kept(
        _snapshot(page, extract(text), witness, url=url, final=reply.url, how="online"), page
    )


def keep_saved(url: str, body: bytes, witness: Witness) -> Kept:
    """Keep what somebody saved of ``url`` in a browser."""
    page = resource_archive(url, body, witness.when)
    return Kept(
        _snapshot(page, extract(decode_page(body)), witness, url=url, final=url, how="saved"), page
    )


def _snapshot(  # noqa: PLR0913  (each is a key of the record)
    page: bytes, said: Extract, witness: Witness, *, url: str, final: str, how: str
) -> Snapshot:
    return Snapshot(
        url=url,
        final=final,
        kept=witness.when.isoformat(timespec="seconds"),
        by=witness.by,
        how=how,
        sha256=digest(page),
        text_sha256=digest(said.text.encode()),
        title=said.title,
        published=said.published.isoformat() if said.published else "",
        source=said.source,
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
        for ending, content in evidence_files(kept.snapshot, kept.page).items():
            scratch = folder / f".{stem}{ending}.new"
            scratch.write_bytes(content)
            scratch.replace(folder / f"{stem}{ending}")
    except OSError as error:
        raise UsageProblem(f"不能写入 {folder}：{error.strerror}", "检查文件夹的权限") from error
