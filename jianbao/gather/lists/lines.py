"""A list as it was read: every line of it, wanted or not, and what each selector took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from jianbao.candidates import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A line in the list's own words, before anything is made of them."""

    title: str
    link: str
    date: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was found in a page: its lines, how many there were at all, and what is wrong."""

    lines: tuple[Written, ...] = ()
    problems: tuple[str, ...] = ()
    items: int = 0
    base: str = ""  # what links are relative to, where that is not the page's address


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line with what came of it: an entry, or the reason why there is none."""

    written: Written
    entry: Entry | None = None
    problem: str = ""
    is_wanted: bool = True  # by the source's words


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a page of a source's list gave.

    A list with ``lines`` of which the source wants none is well; one without any is not.
    ``took`` is how many items there were, and of how many lines a title, an address and a day
    came. ``follow`` is the address that has the list where this page only names it.
    """

    lines: tuple[Line, ...] = ()
    problems: tuple[str, ...] = ()
    took: tuple[tuple[str, int], ...] = ()
    follow: str = ""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Those that the source wants, in the order of the list."""
        return tuple(line.entry for line in self.lines if line.entry and line.is_wanted)


def absolute(link: str, base: str) -> str:
    """``link`` as an address of the web; empty where it is none."""
    bare = "".join(link.split())
    if not bare or bare.startswith("#"):
        return ""
    try:
        address = urljoin(base, bare)
        parts = urlsplit(address)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # http://[1
        return ""
    return address if is_one else ""
