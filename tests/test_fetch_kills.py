"""A fetch that is killed loses nothing, doubles nothing and leaves nothing half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fetch_kills import moments_of, run_with_kills

if TYPE_CHECKING:
    from pathlib import Path

#: Twelve kills; ``make gather-faults`` has a hundred.
SEEDS = range(6)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_fetch_is_taken_up(seed: int, tmp_path: Path) -> None:
    assert run_with_kills(tmp_path, seed)


def test_the_seeds_are_worth_it() -> None:
    assert sum(len(moments_of(seed)) for seed in SEEDS) >= 10
