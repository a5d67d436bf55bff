"""Whether a process that sent is still alive."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jianbao.deliver.senders import is_dead, this_process

_NOW = datetime(2025, 2, 11, 9, 30, tzinfo=UTC)
_ME = this_process(_NOW + timedelta(minutes=15))


def test_a_process_that_is_there_lives() -> None:
    assert not is_dead(_ME, _NOW)
    assert not is_dead(_ME, _NOW + timedelta(hours=1))


@pytest.mark.skipif(sys.platform != "linux", reason="nobody else tells when a process began")
def test_another_process_with_its_number_is_not_it() -> None:
    assert is_dead(replace(_ME, born="1"), _NOW)


def test_of_another_machine_nobody_knows_until_its_time_is_over() -> None:
    elsewhere = replace(_ME, host="elsewhere.example")

    assert not is_dead(elsewhere, _NOW)
    assert is_dead(elsewhere, _NOW + timedelta(minutes=15))
