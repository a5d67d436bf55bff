"""A fetch that is killed loses nothing, doubles nothing and leaves nothing half."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from fakes.site import CONFIGURATION_TEXT, OFFICES, registry_files
from fetch_kills import moments_of, run_with_kills
from web_server import Page, serve
from workspaces import make_workspace

if TYPE_CHECKING:
    from pathlib import Path

#: Twelve kills; ``make gather-faults`` has a hundred.
SEEDS = range(7)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_fetch_is_taken_up(seed: int, tmp_path: Path) -> None:
    assert run_with_kills(tmp_path, seed)


@pytest.mark.parametrize(
    ("options", "stop", "code"),
    [
        (("--every", "1m"), signal.SIGTERM, 0),
        (("--every", "1m"), signal.SIGINT, 0),
        (("--all",), signal.SIGTERM, 130),
    ],
)
def test_a_fetch_that_is_told_to_stop_says_so(
    options: tuple[str, ...], stop: signal.Signals, code: int, tmp_path: Path
) -> None:
    slow = {OFFICES[0].list_path: Page("", delay=3 if code else 0)}
    with serve(slow) as site:
        files = registry_files(site.address, OFFICES[:1])
        make_workspace(tmp_path, {"jianbao.toml": CONFIGURATION_TEXT, **files})
        command = [sys.executable, "-m", "jianbao", "fetch", "--quiet", *options]
        process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE)
        while len(site.visits) < 2 and process.poll() is None:  # robots.txt, and the list
            time.sleep(0.01)
        time.sleep(0.3)
        process.send_signal(stop)
        _, said = process.communicate(timeout=30)

    assert process.returncode == code
    assert said.decode() == "已停下，问到的都存好了；再运行一次接着做。\n"


def test_the_seeds_are_worth_it() -> None:
    assert sum(len(moments_of(seed)) for seed in SEEDS) >= 10
