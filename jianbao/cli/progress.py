"""Progress of long work: a bar on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from rich.progress import Progress as Bar


class Progress:
    """Call it with the name of each step; ``steps`` is how many there usually are."""

    def __init__(self, title: str, steps: int, *, quiet: bool) -> None:
        self._title = title
        self._steps = steps
        self._quiet = quiet
        self._bar: Bar | None = None

    def __enter__(self) -> Self:
        if not self._quiet and sys.stderr.isatty():
            self._bar = _make_bar()
            self._task = self._bar.add_task(self._title, total=self._steps)
            self._bar.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, step: str) -> None:
        """The next step begins."""
        if self._bar is not None:
            self._bar.update(self._task, advance=1, description=f"{self._title} {step}")
        elif not self._quiet:
            click.echo(f"{self._title} {step}…", err=True)


def _make_bar() -> Bar:
    from rich.console import Console  # noqa: PLC0415  (only a terminal pays for rich)
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    return Progress(
        BarColumn(bar_width=30),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


class Count:
    """Call it with how much is done; nobody knows of how much. Lines may be said between."""

    def __init__(self, title: str, *, quiet: bool) -> None:
        self._title = title
        self._quiet = quiet
        self._bar: Bar | None = None

    def __enter__(self) -> Self:
        if not self._quiet and sys.stderr.isatty():
            self._bar = _make_counter()
            self._task = self._bar.add_task(self._title, total=None)
            self._bar.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int) -> None:
        """So much is done."""
        if self._bar is not None:
            self._bar.update(self._task, completed=done)

    def say(self, line: str) -> None:
        """A line for the reader, above the bar where there is one."""
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False)
        else:
            click.echo(line, err=True)


def _make_counter() -> Bar:
    from rich.console import Console  # noqa: PLC0415  (likewise)
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description} {task.completed:,.0f}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


class Rate:
    """Call it with how many of ``total`` are done: a bar with the rate and the time left."""

    def __init__(self, title: str, total: int, *, quiet: bool) -> None:
        self._title = title
        self._total = total
        self._quiet = quiet
        self._bar: Bar | None = None

    def __enter__(self) -> Self:
        if not self._quiet and sys.stderr.isatty():
            self._bar = _make_rate()
            self._task = self._bar.add_task(self._title, total=self._total, rate="")
            self._bar.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, words: str) -> None:
        """So many are done; ``words`` say what became of them."""
        if self._bar is None:
            return
        speed = self._bar.tasks[self._task].speed or 0
        self._bar.update(
            self._task,
            completed=done,
            description=f"{self._title} {words}",
            rate=f"{speed * 60:,.0f} 封/分，还要",
        )

    def wait(self, words: str) -> None:
        """Nothing happens until what ``words`` say."""
        if self._bar is not None:
            self._bar.update(self._task, rate=words)


def _make_rate() -> Bar:
    from rich.console import Console  # noqa: PLC0415  (likewise)
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    return Progress(
        BarColumn(bar_width=24),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f} {task.description}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
