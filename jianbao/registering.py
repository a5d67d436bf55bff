"""The registry as people work on it: read it, try a source, write the file of another."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from jianbao.candidates import Page
from jianbao.check.official import national_names
from jianbao.errors import UsageProblem
from jianbao.gather.answers import GONE
from jianbao.gather.challenge import STATUSES
from jianbao.gather.charset import decode_page
from jianbao.gather.http import Manners, Web
from jianbao.gather.inbox import Inbox
from jianbao.gather.replies import Failure
from jianbao.gather.visits import Visitor, Visits
from jianbao.load import load_publication
from jianbao.load.sources import read_source, read_sources
from jianbao.load.table import Table, read_toml
from jianbao.records import Kind, ListFormat, Listing, SourceManners
from jianbao.storing import open_existing_store

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.diagnostics import Diagnostic
    from jianbao.gather.poll import SourceState
    from jianbao.gather.replies import Reply
    from jianbao.records import Level, Source
    from jianbao.workspace import Workspace

#: Labels of host names that name nobody.
_NOBODY = {"www", "gov", "com", "org", "net", "edu", "cn", "m", "rss", "feed", "feeds"}
_SAVED_FROM = re.compile(r"<!-- saved from url=\([0-9]+\)(https?://\S+) -->")
_KEYS = ("item", "title", "link", "date", "summary")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """What a new file of sources/ is to say."""

    stem: str
    name: str
    level: Level
    hosts: tuple[str, ...]
    section: str
    kind: Kind
    lists: tuple[str, ...]
    listing: Listing = field(default_factory=Listing)


def registry(workspace: Workspace) -> tuple[tuple[Source, ...], tuple[Diagnostic, ...]]:
    """The sources of ``workspace``, and what is wrong with their files."""
    return read_sources(workspace, sections_of(workspace))


def states_of(workspace: Workspace) -> tuple[SourceState, ...]:
    """What is remembered of each list since it was last fetched; nothing is made for it.

    Raises:
        MachineProblem: The store cannot be read.
    """
    engine = open_existing_store(workspace, load_publication(workspace).store)
    if engine is None:
        return ()
    try:
        return Inbox(engine).source_states()
    finally:
        engine.dispose()


def sections_of(workspace: Workspace) -> tuple[str, ...]:
    """The sections of the publication.

    Raises:
        UsageProblem: jianbao.toml cannot be read.
    """
    publication = load_publication(workspace).publication
    if publication is None:
        raise UsageProblem("jianbao.toml 有错误", "运行 jianbao check 期，看错在哪里")
    return publication.sections


def chosen(sources: tuple[Source, ...], name: str) -> Source:
    """The source that ``name``, its own or that of its file, means.

    Raises:
        UsageProblem: There is none.
    """
    found = next((one for one in sources if name in {one.stem, one.name}), None)
    if found is None:
        raise UsageProblem(f"没有 {name} 这个来源", "用 jianbao sources 看有哪些")
    return found


def ask_page(workspace: Workspace, address: str, source: Source | None = None) -> Page:
    """The page at ``address``, asked for as fetching would ask ``source``, or a new one.

    Raises:
        UsageProblem: It did not come, or robots.txt keeps it from programs.
    """
    gather = load_publication(workspace).gather
    manners = source.manners if source else SourceManners()
    bounds = Manners(private_hosts=frozenset(gather.private_hosts))
    reply = asyncio.run(_ask(Visits(bounds=bounds, manners_of=lambda _url: manners), address))
    hint = f"在浏览器里打开，另存网页，再运行 {_with_file(address, source)}"
    if isinstance(reply, Failure):
        raise UsageProblem(f"{address}：{reply.trouble.value}", hint)
    if reply.status in STATUSES or not 200 <= reply.status < 300:  # noqa: PLR2004  (RFC 9110, 15.3)
        said = f"{address}：HTTP {reply.status} {reply.reason}".rstrip()
        raise UsageProblem(said, "网址可能改了，在浏览器里找新的" if reply.status in GONE else hint)
    kind = reply.header("content-type")
    return Page(url=reply.url, content_type=kind, body=reply.body, fetched=_now())


def _with_file(address: str, source: Source | None) -> str:
    if source is None:
        return f"jianbao sources add 文件 --url {address}"
    return f"jianbao sources test {source.stem} --page 文件"


async def _ask(visits: Visits, address: str) -> Reply | Failure:
    async with Web(visits.bounds) as web:
        return await Visitor(web, visits).ask(address)


def saved_page(file: Path, address: str) -> Page:
    """The page that somebody saved from ``address``, or from where the browser noted.

    Raises:
        UsageProblem: Nobody says from where.
    """
    body = file.read_bytes()
    noted = _SAVED_FROM.search(decode_page(body[:4096]))
    if not address and noted is None:
        raise UsageProblem(f"不知道 {file.name} 是从哪个网址存下来的", "加上 --url https://…")
    url = address or (noted[1] if noted else "")
    return Page(url=url, content_type="", body=body, fetched=_now())


def _now() -> datetime:
    return datetime.now().astimezone()


def stem_of(host: str) -> str:
    """A name for a file: nda for www.nda.gov.cn."""
    labels = [label for label in host.lower().split(".") if label not in _NOBODY]
    return re.sub(r"[^a-z0-9-]+", "-", "-".join(reversed(labels))).strip("-") or "source"


def name_at(host: str) -> str:
    """The name of the national body that ``host`` belongs to; else ``host``, for want of one."""
    return next(iter(national_names(host)), host)


def text_of(new: NewSource) -> str:
    """The file: TOML as people write it."""
    lines = [
        f"name = {_quoted(new.name)}",
        f"level = {_quoted(new.level)}",
        f"hosts = {_quoted(list(new.hosts))}",
        f"section = {_quoted(new.section)}",
        f"kind = {_quoted(new.kind)}",
        f"lists = {_quoted(list(new.lists))}",
    ]
    if new.kind is Kind.LISTING:
        lines += ["", "[listing]"]
        if new.listing.format is not ListFormat.HTML:
            lines.append(f"format = {_quoted(new.listing.format)}")
        told = {key: getattr(new.listing, key) for key in _KEYS}
        lines += [f"{key} = {_quoted(value)}" for key, value in told.items() if value]
    return "\n".join(lines) + "\n"


def _quoted(value: str | list[str]) -> str:
    """As JSON writes it, which TOML reads alike."""
    return json.dumps(value, ensure_ascii=False)


def as_source(new: NewSource) -> Source:
    """What the file would be read as.

    Raises:
        UsageProblem: It would be none.
    """
    text, path = text_of(new), f"sources/{new.stem}.toml"
    table = Table(read_toml(text, path)[0], text, path)
    source = read_source(table, path)
    if table.problems:
        raise UsageProblem(f"{new.name}：{table.problems[0].message}", table.problems[0].hint)
    return source


def write_source(workspace: Workspace, new: NewSource) -> Path:
    """Write the file; one that is there already is left alone.

    Raises:
        UsageProblem: There is one, or nothing can be written.
    """
    as_source(new)
    file = workspace.sources / f"{new.stem}.toml"
    try:
        file.parent.mkdir(exist_ok=True)
        with file.open("x", encoding="utf-8") as written:
            written.write(text_of(new))
    except FileExistsError as error:
        hint = "改那个文件，或用 --as 换一个文件名"
        raise UsageProblem(f"{workspace.relative(file)} 已经有了", hint) from error
    except OSError as error:
        raise UsageProblem(
            f"不能写入 {workspace.relative(file)}：{error.strerror}", None
        ) from error
    return file
