"""Campaigns whose senders are killed again and again, and what readers got in the end."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fakes.post_office import Kill, Point, PostOffice
from mail_sender import ISSUE, message_id
from mail_worker import BATCH
from sqlalchemy import insert

from jianbao.deliver.acts import Actor
from jianbao.deliver.audience import Audience
from jianbao.deliver.campaign import State
from jianbao.deliver.ledger import Ledger
from jianbao.jobs.queue import open_queue
from jianbao.store.delivery import lists, readers, subscriptions
from jianbao.store.engine import open_store, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Engine
    from sqlalchemy.engine import URL

_TESTS = Path(__file__).parent
_NOW = datetime(2025, 2, 11, 9, 30, tzinfo=UTC)
#: Seconds that a sender which nobody kills may take.
_PATIENCE = 120
_UNDONE = (State.PENDING, State.DEFERRED, State.CLAIMED, State.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Scene:
    """A campaign to ``many`` readers, ``kills`` times interrupted."""

    many: int
    kills: int
    connections: int = 1
    senders: int = 1
    journal: bool = True
    seed: int = 0
    workers: bool = False  # the senders are workers, each started again when it is killed


@dataclass(frozen=True, slots=True)
class Came:
    """What it came to at the receiving end."""

    kills: dict[Point, int]
    lost: tuple[str, ...]  # got nothing, and no list says so
    doubled: tuple[str, ...]
    parked: int
    parked_and_taken: int

    def is_right(self, scene: Scene) -> bool:
        """Whether nobody was lost or written to twice, and no more is doubtful than must be."""
        doubtful = 0 if scene.journal else scene.connections * sum(self.kills.values())
        return not self.lost and not self.doubled and self.parked <= doubtful


def enter_readers(engine: Engine, many: int) -> None:
    """Readers on a list."""
    with writing(engine) as connection:
        connection.execute(insert(lists).values(id=1, name="周报", opt_in=False))
        people = [
            {
                "id": number,
                "key": f"r{number}@example.org",
                "address": f"r{number}@example.org",
                "domain": "example.org",
                "name": "",
                "attributes": {},
                "digest": f"{number:064x}",
                "added": _NOW,
            }
            for number in range(1, many + 1)
        ]
        connection.execute(insert(readers), people)
        entered = [
            {"reader": one["id"], "list": 1, "state": "confirmed", "changed": _NOW}
            for one in people
        ]
        connection.execute(insert(subscriptions), entered)


def run_scene(address: URL, folder: Path, scene: Scene) -> Came:
    """Send it to the end, however often it is interrupted."""
    engine = open_store(address)
    try:
        return _run_scene(engine, address, folder, scene)
    finally:
        engine.dispose()


def _run_scene(engine: Engine, address: URL, folder: Path, scene: Scene) -> Came:
    enter_readers(engine, scene.many)
    ledger = Ledger(engine)
    enqueue = open_queue(engine, BATCH).enqueue_batches if scene.workers else None
    me = Actor("test", _NOW)
    campaign = ledger.begin(ISSUE, "0" * 64, Audience(), me, enqueue=enqueue)
    chance = random.Random(scene.seed)  # noqa: S311  (a test that can be repeated)
    log = folder / "mail.log"
    log.touch()
    apart = max(1, scene.many // (scene.kills + 2))
    plan = [_kill(chance, apart) for _ in range(scene.kills)]
    with PostOffice(log, plan=plan) as office:
        if scene.workers:
            _run_workers(address, office, scene, lambda: ledger.counts(campaign))
        else:
            while not all(_run_senders(address, office, scene)):
                pass
    rows = tuple(ledger.deliveries(campaign, State.PARKED))
    parked = {row.message_id for row in rows}
    everyone = [message_id(number) for number in range(1, scene.many + 1)]
    return Came(
        kills=dict(office.kills),
        lost=tuple(one for one in everyone if not office.taken[one] and one not in parked),
        doubled=tuple(one for one in everyone if office.taken[one] > 1),
        parked=len(parked),
        parked_and_taken=sum(office.taken[one] > 0 for one in parked),
    )


def _kill(chance: random.Random, apart: int) -> Kill:
    """One at a random point, up to ``apart`` messages after the one before."""
    point = chance.choice(list(Point))
    after = chance.uniform(0, 0.008) if point is Point.IN_COMMIT else 0.0
    return Kill(point, chance.randint(1, apart), after)


def _start(script: str, address: URL, office: PostOffice, scene: Scene) -> subprocess.Popen[bytes]:
    words = [
        sys.executable,
        str(_TESTS / script),
        address.render_as_string(hide_password=False),
        str(office.port),
        str(scene.connections),
        str(office.log) if scene.journal else "",
    ]
    path = os.pathsep.join((str(_TESTS), str(_TESTS.parent)))
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)


def _run_workers(
    address: URL, office: PostOffice, scene: Scene, counts: Callable[[], Mapping[State, int]]
) -> None:
    """Until nothing is left to be done, then tell them to stop."""
    until = time.monotonic() + _PATIENCE
    workers: list[subprocess.Popen[bytes]] = []
    try:
        while any(counts()[state] for state in _UNDONE):
            if time.monotonic() > until:
                raise TimeoutError(counts())
            workers = [one for one in workers if one.poll() is None]
            while len(workers) < scene.senders:
                workers.append(_start("mail_worker.py", address, office, scene))
            office.pids = frozenset(one.pid for one in workers)
            time.sleep(0.05)
    finally:
        for one in workers:
            one.terminate()
        codes = [one.wait(_PATIENCE) for one in workers]
    # One that had just been started did not listen for SIGTERM yet.
    if unexpected := [code for code in codes if code not in {0, -9, -15}]:
        raise RuntimeError(f"a worker ended with {unexpected}")


def _run_senders(address: URL, office: PostOffice, scene: Scene) -> list[bool]:
    """Whether each came to its end."""
    senders = [_start("mail_sender.py", address, office, scene) for _ in range(scene.senders)]
    office.pids = frozenset(one.pid for one in senders)
    codes = [one.wait(_PATIENCE) for one in senders]
    if unexpected := [code for code in codes if code not in {0, -9}]:
        raise RuntimeError(f"a sender ended with {unexpected}")
    return [code == 0 for code in codes]
