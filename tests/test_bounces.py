"""What mail that came back says: tests/cases/bounces/, synthetic, each with its reading."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.deliver.bounces.reading import read_returned
from jianbao.deliver.bounces.returned import Kind

_CASES = Path(__file__).parent / "cases/bounces"


def _cases() -> list[Path]:
    return sorted(_CASES.glob("*.eml"))


@pytest.mark.parametrize("file", _cases(), ids=lambda file: file.stem)
def test_a_message_is_read(file: Path) -> None:
    expected, _, raw = file.read_bytes().partition(b"\n")

    found = read_returned(raw)

    told = (found.kind, ",".join(found.addresses), found.message_id, found.reason)
    assert "|".join(told) == expected.decode().removeprefix("X-Expected: ")


@given(st.sampled_from(_cases()), st.data())
def test_no_damage_is_a_traceback(file: Path, data: st.DataObject) -> None:
    raw = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))

    assert read_returned(bytes(raw)).kind in Kind
