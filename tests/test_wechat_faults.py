"""A push that breaks anywhere, run again, leaves each draft once and right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from wechat_pushes import run_with_faults, run_with_kills

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize("seed", range(48))
def test_whatever_breaks_there_is_one_right_draft(tmp_path: Path, seed: int) -> None:
    assert run_with_faults(tmp_path, seed)


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize("seed", range(6))
def test_whenever_it_is_killed_there_is_one_right_draft(tmp_path: Path, seed: int) -> None:
    assert run_with_kills(tmp_path, seed)
