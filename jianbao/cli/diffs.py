"""A change as a unified diff, for ``git apply`` and for people.

A paragraph is one line of hundreds of characters, so on a terminal the characters that
differ are marked in it.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from difflib import unified_diff as lines_that_differ
from itertools import groupby
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.fixing import Change

_COLOURS = {"-": "red", "+": "green", "@": "cyan"}


def unified_diff(change: Change) -> Iterator[str]:
    """Lines with the file's own ends."""
    before, after = (data.decode("utf-8") for data in (change.before, change.after))
    names = f"a/{change.path}", f"b/{change.path}"
    for line in lines_that_differ(_lines(before), _lines(after), *names):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def in_colour(lines: list[str]) -> Iterator[str]:
    """``lines`` of a unified diff for a terminal."""
    old: list[str] = []
    for kind, run in groupby(lines, key=lambda line: line[0]):
        some = list(run)
        marked = kind in "-+" and not some[0].startswith(("---", "+++"))
        if marked and kind == "-":
            old = some
            continue
        new = some if marked else []
        yield from _pair(old, new)
        old = []
        if not new:
            yield from (click.style(line, fg=_COLOURS.get(kind)) for line in some)
    yield from _pair(old, [])


def _pair(old: list[str], new: list[str]) -> Iterator[str]:
    """Lines that stand for each other, first all of the one kind, then of the other."""
    if len(old) != len(new):
        yield from (click.style(line, fg=_COLOURS[line[0]]) for line in (*old, *new))
        return
    pairs = [_marked(one, other) for one, other in zip(old, new, strict=True)]
    yield from (one for one, _ in pairs)
    yield from (other for _, other in pairs)


def _marked(old: str, new: str) -> tuple[str, str]:
    shown = click.style("-", fg="red"), click.style("+", fg="green")
    old, new = old[1:], new[1:]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        same = kind == "equal"
        shown = (
            shown[0] + click.style(old[start:end], fg="red", reverse=not same),
            shown[1] + click.style(new[new_start:new_end], fg="green", reverse=not same),
        )
    return shown


def _lines(text: str) -> list[str]:
    """Not ``splitlines``, which also parts at U+2028 and others."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + [part for part in parts[-1:] if part]
