"""Workers that are killed anywhere, on PostgreSQL: nobody is lost, nobody is written to twice."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from mail_kills import Scene, run_scene

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import URL

pytestmark = [
    pytest.mark.usefixtures("loopback"),
    pytest.mark.skipif(sys.platform != "linux", reason="finds workers in /proc"),
]


def test_three_workers_write_to_each_reader_once(postgres_address: URL, tmp_path: Path) -> None:
    scene = Scene(many=120, kills=4, connections=4, senders=3, seed=11, workers=True)

    came = run_scene(postgres_address, tmp_path, scene)

    assert sum(came.kills.values()) == scene.kills
    assert (came.lost, came.doubled, came.parked) == ((), (), 0)
