"""The folder of an issue to an `Issue`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.diagnostics import Code, Diagnostic
from jianbao.link_memory import read_links
from jianbao.load.evidence import read_evidence
from jianbao.load.item import load_item
from jianbao.load.ledger import read_ledger
from jianbao.load.markdown import find_image
from jianbao.load.names import read_names
from jianbao.load.past import read_past
from jianbao.load.review import Content, read_record
from jianbao.load.sources import read_sources
from jianbao.load.table import Table, read_toml
from jianbao.load.text import read_text
from jianbao.model import Cover, Issue, IssueHead, Text
from jianbao.spans import START

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.load.publication import Configuration
    from jianbao.model import Item, Publication
    from jianbao.workspace import Workspace

ISSUE_FILE = "issue.toml"


def load_issue(
    workspace: Workspace, folder: Path, configuration: Configuration, publication: Publication
) -> tuple[Issue, tuple[Diagnostic, ...]]:
    """Read the issue in ``folder``.

    Returns:
        The issue with whatever could be read, its items in reading order, and
        everything wrong with its form.
    """
    head, problems = _head(folder / ISSUE_FILE, workspace)
    path = workspace.relative(folder / ISSUE_FILE)
    files, missing = _files(folder, head, path)
    loaded = [load_item(workspace, file) for file in files]
    items = tuple(item for item, _ in loaded)
    if head is None or head.items is None:
        items = _by_section(items, publication.sections)
    ledger, ledger_problems = read_ledger(workspace)
    cover = (head.cover.image,) if head and head.cover else ()
    printed = configuration.back_matter, publication, configuration.masthead
    content = Content(path, cover, items, *printed)
    record, record_problems = read_record(workspace, folder, content)
    names = read_names(workspace)
    snapshots, evidence_problems = read_evidence(workspace, folder.name, items)
    sources, source_problems = read_sources(workspace, publication.sections)
    issue = Issue(
        id=folder.name,
        path=path,
        root=workspace.root,
        head=head,
        items=items,
        publication=publication,
        masthead=configuration.masthead,
        press=configuration.press,
        wechat=configuration.wechat,
        settings=configuration.check,
        back_matter=configuration.back_matter,
        ledger=ledger,
        record=record,
        names=names.names,
        source_list=names.source_list,
        sources=sources,
        links=read_links(workspace),
        snapshots=snapshots,
        past=read_past(workspace, ledger, head.total) if head else (),
    )
    found = [
        *(*problems, *missing, *ledger_problems, *record_problems, *names.problems),
        *(*source_problems, *evidence_problems),
    ]
    return issue, tuple(found) + tuple(p for _, more in loaded for p in more)


def _head(file: Path, workspace: Workspace) -> tuple[IssueHead | None, tuple[Diagnostic, ...]]:
    path = workspace.relative(file)
    text, problems = read_text(file, path, workspace.read)
    values, syntax = read_toml(text, path) if not problems else ({}, ())
    if problems or syntax:
        return None, problems + syntax
    table = Table(values, text, path)
    return read_head(table, path, file.parent), tuple(table.problems)


def read_head(table: Table, path: str, folder: Path) -> IssueHead | None:
    """What the keys of issue.toml in ``folder`` come to; None without its numbers or date."""
    number, total, day = table.integer("number"), table.integer("total"), table.date("date")
    headline, items = table.text("headline"), table.texts("items")
    cover_table = table.optional_table("cover")
    cover = _cover(cover_table, folder) if cover_table else None
    table.finish()
    if number is None or total is None or day is None:
        return None
    return IssueHead(
        path=path,
        number=number,
        total=total,
        date=day,
        headline=Text(headline, table.value_span("headline")) if headline else None,
        items=items,
        cover=cover,
        number_span=table.value_span("number"),
        total_span=table.value_span("total"),
    )


def _cover(table: Table, folder: Path) -> Cover | None:
    """The picture of the cover; None where it cannot be printed."""
    name, alt = table.text("image", required=True), table.text("alt", required=True)
    credit = table.text("credit")
    table.finish()
    if not name or not alt:
        return None
    image = find_image(Text(name, table.value_span("image")), folder)
    return Cover(image=image, alt=alt, credit=credit)


def _files(
    folder: Path, head: IssueHead | None, path: str
) -> tuple[list[Path], tuple[Diagnostic, ...]]:
    """The items' files in the order of ``items``, or by name."""
    there = sorted(f for f in folder.glob("*.md") if not f.name.startswith("."))
    if head is None or head.items is None:
        return there, ()
    files: list[Path] = []
    problems = []
    for entry in head.items:
        file = folder / entry.value
        if file in files:
            message = f"{entry.value} 列了两次"
            problems.append(Diagnostic(Code.ITEM_REPEATED, path, entry.span, message, "删去一处"))
        elif file in there:
            files.append(file)
        else:
            message = f"没有 {entry.value} 这个稿件"
            hint = f"文件夹里有：{'、'.join(f.name for f in there) or '（空）'}"
            problems.append(Diagnostic(Code.ITEM_MISSING, path, entry.span, message, hint))
    for file in there:
        if file not in files:
            name = f"{path.rpartition('/')[0]}/{file.name}"
            message = f"{file.name} 没有列入 issue.toml 的 items，不会排印"
            problems.append(Diagnostic(Code.ITEM_UNLISTED, name, START, message, "列入，或移走"))
    return files, tuple(problems)


def _by_section(items: tuple[Item, ...], sections: tuple[str, ...]) -> tuple[Item, ...]:
    """The publication's order of sections, then file names; unknown sections last."""
    order = {name: index for index, name in enumerate(sections)}

    def place(item: Item) -> tuple[int, str]:
        name = item.section.value if item.section else ""
        return order.get(name, len(order)), item.path

    return tuple(sorted(items, key=place))
