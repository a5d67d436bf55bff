"""Senders that are killed anywhere: nobody is lost, nobody is written to twice.

``make delivery-faults`` does the same hundreds of times.
"""

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
    pytest.mark.skipif(sys.platform != "linux", reason="finds senders in /proc"),
]


@pytest.mark.parametrize("senders", [1, 3])
def test_with_the_servers_journal_each_reader_gets_it_once(
    store_address: URL, tmp_path: Path, senders: int
) -> None:
    scene = Scene(many=60, kills=3, connections=4, senders=senders, seed=senders)

    came = run_scene(store_address, tmp_path, scene)

    assert sum(came.kills.values()) == scene.kills
    assert (came.lost, came.doubled, came.parked) == ((), (), 0)


def test_without_a_journal_the_doubtful_are_listed_and_never_sent_again(
    store_address: URL, tmp_path: Path
) -> None:
    scene = Scene(many=60, kills=2, connections=4, journal=False, seed=7)

    came = run_scene(store_address, tmp_path, scene)

    assert came.is_right(scene)
    assert came.parked > 0
