"""Addresses: each as it is kept, or why it is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from jianbao.deliver.readers.addresses import Address, read_address

_CASES = Path(__file__).parent / "cases" / "addresses" / "addresses.txt"


@pytest.mark.parametrize("line", _CASES.read_text("utf-8").splitlines())
def test_an_address_is_kept_in_one_form(line: str) -> None:
    written, _, expected = line.partition("\t")

    found = read_address(written)

    shown = str(found) if isinstance(found, Address) else f"! {found.reason}"
    assert shown == expected


def test_nobody_is_two_readers_by_capital_letters() -> None:
    one, other = read_address("Wang@QQ.com"), read_address("wang@qq.com")

    assert isinstance(one, Address)
    assert isinstance(other, Address)
    assert one.key == other.key


def test_a_long_address_is_refused() -> None:
    found = read_address("a" * 65 + "@example.org")

    assert not isinstance(found, Address)
    assert found.reason.endswith("太长")
