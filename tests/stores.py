"""New, empty databases: ``store_address`` of each kind that may be the store, and each alone."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest
from postgres import new_database, running_server, server_programs
from sqlalchemy.engine import URL

from jianbao.store.engine import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The address of a PostgreSQL that runs for the whole session."""
    programs = server_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server here: apt-get install postgresql")
    with running_server(programs) as server:
        yield server


@pytest.fixture
def postgres_address(postgres_server: URL) -> Iterator[URL]:
    """Of an empty database of PostgreSQL."""
    with new_database(postgres_server, f"test{next(_NUMBERS)}") as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def store_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """Of an empty database."""
    if request.param == "sqlite":
        yield URL.create("sqlite+pysqlite", database=str(tmp_path / "store.db"))
        return
    yield request.getfixturevalue("postgres_address")


@pytest.fixture
def store(store_address: URL) -> Iterator[Engine]:
    """The same with the tables in it."""
    engine = open_store(store_address)
    yield engine
    engine.dispose()
