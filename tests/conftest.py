"""What holds for every test: no network, and the same day."""

from __future__ import annotations

import socket
from datetime import date, datetime, timedelta, timezone, tzinfo
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn, Self

import pytest
from hypothesis import settings
from workspaces import TODAY, Ran

from jianbao.cli import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


pytest_plugins = ("push_desk", "stores")

# The same examples on every run; `--hypothesis-profile=default` looks for new ones.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that would reach another machine, or another process, fails at once."""

    def refuse(_self: socket.socket, address: Any) -> NoReturn:  # noqa: ANN401  (socket's own)
        pytest.fail(f"a test tried to connect to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


_CONNECT = socket.socket.connect


@pytest.fixture
def loopback(_no_network: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test reach the servers that it starts itself, and nothing else."""

    def connect(self: socket.socket, address: Any) -> None:  # noqa: ANN401  (socket's own)
        if address[0] != "127.0.0.1":
            pytest.fail(f"a test tried to connect to {address}")
        _CONNECT(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


class Day(date):
    """A calendar on which it is always `TODAY`."""

    @classmethod
    def today(cls) -> Self:
        """The day of the tests."""
        return cls(TODAY.year, TODAY.month, TODAY.day)


class Moment(datetime):
    """A clock that stands at half past nine of `TODAY`, in Guiyang."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """That moment."""
        del tz
        zone = timezone(timedelta(hours=8))
        return cls(TODAY.year, TODAY.month, TODAY.day, 9, 30, tzinfo=zone)

    def astimezone(self, tz: tzinfo | None = None) -> Self:
        """As it is: the machine's own zone is no matter of a test."""
        del tz
        return self


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """Let the commands think that it is `TODAY`: only they look at the calendar."""
    for command in ("check", "build", "ignore", "new", "proof", "sign"):
        monkeypatch.setattr(import_module(f"jianbao.cli.{command}"), "date", Day)
    for command in ("ignore", "sign"):
        monkeypatch.setattr(import_module(f"jianbao.cli.{command}"), "datetime", Moment)
    return TODAY


@pytest.fixture
def jianbao(
    today: date, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Run ``jianbao ARGUMENTS`` in a folder, in this process."""
    del today
    monkeypatch.setenv("COLUMNS", "100")

    def run_in(folder: Path, *arguments: str) -> Ran:
        monkeypatch.chdir(folder)
        capsys.readouterr()
        code = run(list(arguments))
        shown = capsys.readouterr()
        return Ran(code, shown.out, shown.err)

    return run_in
