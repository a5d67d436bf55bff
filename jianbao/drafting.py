"""From a page to an item: read, kept as evidence, and written into the folder of an issue.

page ─extract→ fields and text ─markdown→ item + pictures + evidence
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from jianbao.addresses import canonical
from jianbao.check.official import same_body
from jianbao.draft_memory import remember_draft, take_back
from jianbao.errors import UsageProblem
from jianbao.evidence import PAGE, RECORD, TEXT
from jianbao.load import load_issue, load_publication
from jianbao.registered import owner_of, registered_at, visits_for
from jianbao.workspace import CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from jianbao.candidates import Candidate
    from jianbao.gather.extract import Extract
    from jianbao.gather.handed import Handed
    from jianbao.gather.inbox import Inbox
    from jianbao.gather.item_text import Known
    from jianbao.gather.snapshot import Kept
    from jianbao.gather.visits import Visits
    from jianbao.model import Issue, Item
    from jianbao.records import Witness
    from jianbao.workspace import Workspace

_NUMBER = re.compile(r"([0-9]+)-")
#: Names of units that say no more than that the page is the site's own.
_OWN = re.compile(r"^本(?:站|网|局|委|部|单位)|^原创$|^网站$|[司处科]$|[^府会]办公[室厅]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an editor asks for: where the item goes, and what is known beforehand."""

    workspace: Workspace
    folder: Path  # of the issue
    witness: Witness
    section: str = ""
    name: str = ""  # of the file, without its number and ending
    title: str = ""  # where the page has none
    source: str = ""  # likewise
    published: date | None = None  # likewise; a moment where the list gives one
    progress: Callable[[str], None] = lambda _step: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """An item that was written, and what its editor has to look at."""

    path: str
    issue: str
    source: str  # as written: the page may name a department, or nobody
    said: Extract
    open_keys: tuple[str, ...]
    remarks: tuple[str, ...]
    evidence: str  # the record of the page that was kept; empty where none was


def draft_online(wanted: Wanted, url: str) -> Drafted:
    """Fetch ``url`` and write an item of it.

    Raises:
        UsageProblem: The page does not come, or the issue has it already.
    """
    from jianbao.gather.snapshot import NotKept, Original, keep_online  # noqa: PLC0415  (heavy)

    issue, visits = _open(wanted)
    _refuse_twice(issue, url)
    original = Original(url, registered_at(issue, url))
    (kept,) = keep_online((original,), wanted.witness, wanted.progress, visits)
    if isinstance(kept, NotKept):
        hint = (
            f"在浏览器里打开它，另存网页，再运行 jianbao import 文件 --issue {issue.id} --url {url}"
        )
        raise UsageProblem(f"没有取到 {url}：{kept.why}", hint)
    return _write(wanted, issue, _Read(said=kept.said, url=url, visits=visits, kept=kept))


def draft_candidate(wanted: Wanted, inbox: Inbox, numbers: tuple[int, ...]) -> Drafted:
    """Fetch a candidate, write an item of it, and have the inbox know.

    Where the page is silent, what the list said counts. The item goes first: one that lies in
    an issue makes its candidate a drafted one even if the store is lost in between.

    Raises:
        UsageProblem: ``numbers`` are not one candidate that may be drafted; or as `draft_online`.
    """
    from jianbao.gather.decisions import Decision, Refused, Verb, decided  # noqa: PLC0415  (heavy)

    candidate = _only(inbox, numbers)
    decision = Decision(verb=Verb.DRAFT, issue=wanted.folder.name)
    after = decided(candidate, decision)
    if isinstance(after, Refused):
        raise UsageProblem(f"{candidate.number} 号候选稿{after.why}", None)
    known = replace(
        wanted,
        section=wanted.section or candidate.section,
        title=candidate.entry.title,
        source=candidate.source,
        published=candidate.entry.published,
    )
    drafted = draft_online(known, candidate.entry.url)
    inbox.decide((candidate.number,), decision, wanted.witness)
    return drafted


def _only(inbox: Inbox, numbers: tuple[int, ...]) -> Candidate:
    there = inbox.find(numbers)
    if len(there) != 1:
        named = "、".join(map(str, numbers))
        raise UsageProblem(f"没有 {named} 号候选稿，或者不止一条", "运行 jianbao inbox 看有哪些")
    return there[0]


def take_back_draft(wanted: Wanted, inbox: Inbox, numbers: tuple[int, ...]) -> tuple[str, ...]:
    """Delete what was drafted of a candidate, unless an editor worked on it; return what went.

    Raises:
        UsageProblem: The issue has no item of it; or as `take_back`.
    """
    candidate = _only(inbox, numbers)
    issue, _ = _open(wanted)
    item = _item_at(issue, candidate.entry.url)
    if item is None:
        message = f"{issue.id} 里没有 {candidate.number} 号候选稿的稿件"
        raise UsageProblem(message, "运行 jianbao inbox show 看它在哪一期")
    return take_back(wanted.workspace, item.path)


def draft_handed(wanted: Wanted, handed: Handed, data: bytes) -> Drafted:
    """Write an item of what an editor saved or pasted; ``data`` is kept as it is.

    Raises:
        UsageProblem: The issue has it already.
    """
    from jianbao.gather.snapshot import keep_handed, read_original  # noqa: PLC0415  (heavy)

    (issue, visits), page = _open(wanted), handed.page
    if not page.url:
        said = read_original(page, None)
        return _write(wanted, issue, _Read(said=said, url="", visits=visits, along=handed.pictures))
    _refuse_twice(issue, page.url)
    kept = keep_handed(handed, data, registered_at(issue, page.url), wanted.witness)
    read = _Read(said=kept.said, url=page.url, visits=visits, kept=kept, along=handed.pictures)
    return _write(wanted, issue, read)


def _open(wanted: Wanted) -> tuple[Issue, Visits]:
    """The issue, and how pages are fetched for it."""
    configuration = load_publication(wanted.workspace)
    if configuration.publication is None:
        raise UsageProblem(f"{CONFIGURATION} 有误，读不出栏目", "运行 jianbao check 查看哪里有误")
    if wanted.section and wanted.section not in configuration.publication.sections:
        known = "、".join(configuration.publication.sections)
        raise UsageProblem(f"没有“{wanted.section}”这个栏目", f"栏目有：{known}")
    issue, _ = load_issue(wanted.workspace, wanted.folder, configuration, configuration.publication)
    return issue, visits_for(issue, configuration.gather)


def _refuse_twice(issue: Issue, url: str) -> None:
    item = _item_at(issue, url)
    if item:
        raise UsageProblem(f"这一期已有这一篇：{item.path}", "要重写的，先移走那个文件")


def _item_at(issue: Issue, url: str) -> Item | None:
    key = canonical(url)
    return next((one for one in issue.items if one.url and canonical(one.url.value) == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A page that was read: what it said, and what is to lie beside the item."""

    said: Extract
    url: str  # empty where nobody knows it
    visits: Visits
    kept: Kept | None = None
    along: Mapping[str, bytes] = field(default_factory=dict)  # pictures by their addresses


def _write(wanted: Wanted, issue: Issue, read: _Read) -> Drafted:
    """The pictures, the evidence and last the item, which refers to them."""
    from jianbao.gather.item_text import item_text  # noqa: PLC0415  (heavy)
    from jianbao.gather.markdown import to_markdown  # noqa: PLC0415
    from jianbao.gather.pictures import find_pictures  # noqa: PLC0415

    html = read.said.content.value if read.said.content else ""
    found = find_pictures(to_markdown(html).pictures, read.along, wanted.progress, read.visits)
    known = _known(wanted, issue, read)
    stem = _stem(wanted, issue, known)
    names = {
        address: f"{stem}-{number}.{kind}"
        for number, (address, (_, kind)) in enumerate(found.files.items(), 1)
    }
    written = to_markdown(html, names)
    files = [write_new(wanted.folder / names[one], data) for one, (data, _) in found.files.items()]
    files += _keep(wanted, read.kept, stem)
    text = item_text(replace(known, body=written.markdown))
    files.append(write_new(wanted.folder / f"{stem}.md", text.encode()))
    path = wanted.workspace.relative(files[-1])
    remember_draft(wanted.workspace, path, files)
    return Drafted(
        path=path,
        issue=issue.id,
        source=known.source,
        said=read.said,
        open_keys=_open_keys(known, written.markdown),
        remarks=(*read.said.remarks, *(f"图片没有取到：{one[:100]}" for one in found.missing)),
        evidence=_record(wanted, files),
    )


def _known(wanted: Wanted, issue: Issue, read: _Read) -> Known:
    """What the page says, and what its host and the editor say where it is silent."""
    from jianbao.gather.item_text import Known  # noqa: PLC0415  (heavy)

    said, source = read.said, registered_at(issue, read.url)
    return Known(
        title=said.title.value if said.title else wanted.title,
        section=wanted.section or (source.section if source else ""),
        source=_source_name(said, owner_of(issue, read.url)) or wanted.source,
        url=read.url,
        published=said.published.value if said.published else _day(wanted.published),
        accessed=wanted.witness.when.date(),
        author=said.author.value if said.author else "",
        body="",
    )


def _keep(wanted: Wanted, kept: Kept | None, stem: str) -> list[Path]:
    from jianbao.gather.snapshot import write_evidence  # noqa: PLC0415  (heavy)

    if kept is None:
        return []
    folder = wanted.workspace.evidence / wanted.folder.name
    write_evidence(kept, folder, stem)
    return [folder / f"{stem}{ending}" for ending in (PAGE, TEXT, RECORD)]


def _record(wanted: Wanted, files: list[Path]) -> str:
    found = (one for one in files if one.name.endswith(RECORD))
    return next((wanted.workspace.relative(one) for one in found), "")


def _day(moment: date | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


def _source_name(said: Extract, owner: str) -> str:
    """What the page says, unless that only means the site's owner."""
    told = said.source.value if said.source else ""
    return owner if owner and (not told or _OWN.search(told) or same_body(told, owner)) else told


def _open_keys(known: Known, body: str) -> tuple[str, ...]:
    values = {
        "title": known.title,
        "section": known.section,
        "source": known.source,
        "url": known.url,
        "published": known.published,
        "正文": body,
    }
    return tuple(name for name, value in values.items() if not value)


def _stem(wanted: Wanted, issue: Issue, known: Known) -> str:
    """The next number of the folder with words by which its editor knows the file again."""
    from jianbao.gather.item_text import slug_words  # noqa: PLC0415  (heavy)

    source = registered_at(issue, known.url)
    key = source.stem if source else ""
    words = slug_words(key, known.url, known.title, known.published or known.accessed)
    found = (_NUMBER.match(one.name) for one in wanted.folder.glob("*.md"))
    last = max((int(number[1]) for number in found if number), default=0)
    return f"{last + 1:02}-{wanted.name or words}"


def write_new(file: Path, content: bytes) -> Path:
    """Write ``file`` whole, or not at all where there is one of this name.

    Raises:
        UsageProblem: There is one, or nothing can be written.
    """
    scratch = file.with_name(f".{file.name}.new")
    try:
        scratch.write_bytes(content)
        _link(scratch, file)
    except FileExistsError as error:
        hint = "移走它，或用 --name 换一个名称"
        raise UsageProblem(f"{file.name} 已经有了，没有改动", hint) from error
    except OSError as error:
        message = f"不能写入 {file.parent}：{error.strerror}"
        raise UsageProblem(message, "检查文件夹的权限") from error
    finally:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
    return file


def _link(scratch: Path, file: Path) -> None:
    """Give ``scratch`` its name, if nothing has it: linking fails where renaming overwrites."""
    try:
        os.link(scratch, file)
    except FileExistsError:
        raise
    except OSError:  # FAT and some network drives have no links
        if file.exists():
            raise FileExistsError(file) from None
        scratch.replace(file)
