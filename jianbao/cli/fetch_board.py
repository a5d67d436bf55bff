"""A round of fetching as it is seen: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

import shutil
import sys
from collections import Counter, deque
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from jianbao.gather.poll import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from jianbao.gather.fetch import Errand, Fetched

_LOST = {Outcome.FAILED, Outcome.FORBIDDEN}
#: Lines of the terminal that the table leaves alone.
_MARGIN = 6
#: How often the table is drawn anew, in a second.
_RATE = 8


class Board:
    """Hears of each list; keeps what the summary tells, which is little of many lists."""

    def __init__(self, errands: Sequence[Errand]) -> None:
        self.total = len(errands)
        self.done_count = 0
        self.found: dict[str, int] = {}
        self.troubled: list[Fetched] = []
        counted = Counter(errand.source.name for errand in errands)
        self._several = {name for name, count in counted.items() if count > 1}

    @property
    def nothing_came(self) -> bool:
        """Whether not one website answered as it should, if only to say no."""
        failed = sum(one.outcome is Outcome.FAILED for one in self.troubled)
        return 0 < failed == self.done_count

    def begun(self, errand: Errand) -> None:
        """A list is being asked."""

    def done(self, fetched: Fetched) -> None:
        """It was asked, and what came is kept."""
        self.done_count += 1
        if fetched.new:
            self.found[fetched.source] = self.found.get(fetched.source, 0) + fetched.new
        if is_troubled(fetched):
            self.troubled.append(fetched)

    def named(self, source: str, address: str) -> str:
        """What a list is called: its source, with where on the site it is if that has several."""
        parts = urlsplit(address)
        where = f"{parts.path}?{parts.query}".rstrip("?")
        return f"{source} {where}" if source in self._several else source

    def summary(self) -> Iterator[str]:
        """What the round came to, a line each."""
        new = sum(self.found.values())
        yield f"问过 {self.done_count} 个列表，新候选稿 {new} 条{'：' if new else '。'}"
        for source, count in sorted(self.found.items(), key=lambda pair: -pair[1]):
            yield f"  {source} {count}"
        yield from self._part("没有取到", [one for one in self.troubled if one.outcome in _LOST])
        guarded = [one for one in self.troubled if one.outcome is Outcome.CHALLENGED]
        yield from self._part("要用浏览器才能看", guarded)
        if guarded:
            yield "  在浏览器里打开，把要用的那一页另存，再运行 jianbao import 文件 --issue 期"
        yield from self._part("请看一看", [one for one in self.troubled if one.alarm])
        if new:
            yield "看候选稿：jianbao inbox"

    def _part(self, heading: str, those: list[Fetched]) -> Iterator[str]:
        if those:
            yield f"{heading} {len(those)} 个："
        for one in those:
            yield f"  {one.source}：{one.alarm or one.detail}（{one.address}）"


class Lines(Board):
    """A line for each list, where there is no terminal to draw on."""

    def done(self, fetched: Fetched) -> None:
        """Say what came."""
        super().done(fetched)
        name = self.named(fetched.source, fetched.address)
        click.echo(f"[{self.done_count}/{self.total}] {name}：{told(fetched)}", err=True)


class Table(Board):
    """The lists being asked and those that were asked last, and how far the round is."""

    def __init__(self, errands: Sequence[Errand]) -> None:
        super().__init__(errands)
        self._asking: dict[tuple[str, str], None] = {}
        self._last: deque[Fetched] = deque(maxlen=200)

    def begun(self, errand: Errand) -> None:
        """Show it as being asked."""
        self._asking[errand.source.name, errand.address] = None

    def done(self, fetched: Fetched) -> None:
        """Show what came."""
        super().done(fetched)
        self._asking.pop((fetched.source, fetched.address), None)
        self._last.append(fetched)

    def __rich__(self) -> RenderableType:
        """The table as it is now, no higher than the terminal."""
        from rich.console import Group  # noqa: PLC0415  (only a terminal pays for rich)
        from rich.progress_bar import ProgressBar  # noqa: PLC0415
        from rich.table import Table as Grid  # noqa: PLC0415

        room = max(4, shutil.get_terminal_size().lines - _MARGIN)
        asking = list(self._asking)[: room // 2]
        last = list(self._last)[-(room - len(asking)) :]
        grid = Grid(box=None, padding=(0, 2, 0, 0), show_header=False, expand=True)
        grid.add_column(no_wrap=True, overflow="ellipsis", ratio=2)
        grid.add_column(no_wrap=True, overflow="ellipsis", ratio=3)
        for fetched in last:
            colour = "red" if is_troubled(fetched) else "green" if fetched.new else "dim"
            name = self.named(fetched.source, fetched.address)
            grid.add_row(_plain(name), _plain(told(fetched), colour))
        for source, address in asking:
            grid.add_row(_plain(self.named(source, address)), _plain("正在问…", "cyan"))
        more = len(self._asking) - len(asking)
        new = sum(self.found.values())
        bar = ProgressBar(total=self.total, completed=self.done_count, width=30)
        head = Grid.grid(padding=(0, 2, 0, 0))
        head.add_row(bar, f"采集 {self.done_count}/{self.total}，新候选稿 {new} 条")
        foot = [f"另有 {more} 个正在问…"] if more > 0 else []
        return Group(head, grid, *foot)


def is_troubled(fetched: Fetched) -> bool:
    """Whether a person should look at what came."""
    return bool(fetched.alarm) or fetched.outcome in {*_LOST, Outcome.CHALLENGED}


def told(fetched: Fetched) -> str:
    """What came of a list, in a few words."""
    if fetched.alarm:
        return fetched.alarm
    match fetched.outcome:
        case Outcome.READ:
            return f"新 {fetched.new} 条" if fetched.new else "没有新的"
        case Outcome.UNCHANGED:
            return "没有变"
        case Outcome.CHALLENGED:
            return f"要用浏览器才能看（{fetched.detail}）"
        case _:
            return fetched.detail


@contextmanager
def open_board(errands: Sequence[Errand], *, quiet: bool) -> Iterator[Board]:
    """The board that fits where standard error goes."""
    if quiet or not sys.stderr.isatty():
        yield Board(errands) if quiet else Lines(errands)
        return
    from rich.console import Console  # noqa: PLC0415  (only a terminal pays for rich)
    from rich.live import Live  # noqa: PLC0415

    table = Table(errands)
    console = Console(stderr=True)
    with Live(table, console=console, refresh_per_second=_RATE, transient=True):
        yield table


def _plain(text: str, style: str = "") -> RenderableType:
    """Text that says nothing to rich, whatever brackets it has."""
    from rich.text import Text  # noqa: PLC0415  (likewise)

    return Text(text, style=style)
