"""Sources and pages made for a test of gathering, and how what was read is written down."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from jianbao.candidates import Page
from jianbao.records import Kind, Level, Listing, Source

if TYPE_CHECKING:
    from jianbao.gather.lists.lines import Line, Reading

#: When every page of the tests was fetched, in Guiyang.
FETCHED = datetime(2025, 2, 10, 9, 0, tzinfo=timezone(timedelta(hours=8)))


def make_source(kind: Kind = Kind.LISTING, **listing: str) -> Source:
    """A source that has one list, which is read as ``listing`` says."""
    return Source(
        path="sources/jia.toml",
        name="甲网",
        level=Level.NATIONAL,
        hosts=("a.example.cn",),
        section="国策要论",
        kind=kind,
        lists=("https://a.example.cn/list/",),
        listing=Listing(**listing),
    )


def make_page(
    body: str | bytes, content_type: str = "", url: str = "https://a.example.cn/list/"
) -> Page:
    """A page that came from ``url``."""
    data = body.encode() if isinstance(body, str) else body
    return Page(url=url, content_type=content_type, body=data, fetched=FETCHED)


def shown(reading: Reading) -> str:
    """A line for each of the list's: the day, the title, the address; then the problems."""
    lines = [_shown(line) for line in reading.lines]
    follow = [f"> {reading.follow}"] * bool(reading.follow)
    problems = [f"! {problem}" for problem in reading.problems]
    return "".join(f"{line}\n" for line in (*lines, *follow, *problems))


def _shown(line: Line) -> str:
    if line.entry is None:
        return f"- {line.problem}"
    entry = line.entry
    day = (
        entry.published.isoformat(timespec="minutes")
        if isinstance(entry.published, datetime)
        else str(entry.published or "?")
    )
    parts = (day, entry.title, entry.url, *filter(None, [entry.summary]))
    return ("" if line.is_wanted else "~ ") + " | ".join(parts)
