"""Tokens in a reader's links."""

from __future__ import annotations

import pytest

from jianbao.deliver.keys import Key, Keyring
from jianbao.deliver.readers.tokens import Purpose, make_token, read_token

OLD, NEW = Key("A", b"a" * 32), Key("B", b"b" * 32)
KEYS = Keyring((OLD, NEW))


@pytest.mark.parametrize("key", KEYS.keys)
@pytest.mark.parametrize("reader", [1, 42, 10**9])
def test_a_token_is_its_readers_under_old_and_new_keys(key: Key, reader: int) -> None:
    assert read_token(KEYS, Purpose.READER, make_token(key, Purpose.READER, reader)) == reader


def test_a_token_is_for_one_purpose() -> None:
    assert read_token(KEYS, Purpose.CONFIRM, make_token(NEW, Purpose.READER, 42)) is None


def test_a_key_that_was_thrown_away_opens_nothing() -> None:
    assert read_token(Keyring((NEW,)), Purpose.READER, make_token(OLD, Purpose.READER, 42)) is None


def test_no_other_reader_comes_of_a_change() -> None:
    token = make_token(NEW, Purpose.READER, 42)
    changed = {
        token.replace("42", other, 1) for other in ("43", "042", "4", "421", "-42", "٤٢")
    } | {token[:-1], token + "A", token.lower(), token.swapcase(), "", "." * 40, f" {token}"}
    # The last sign of 22 carries four bits of nothing: the same digest may be written otherwise,
    # and is refused all the same, since texts are compared.
    changed |= {token[:-1] + sign for sign in "AQgw0-" if sign != token[-1]}

    assert {read_token(KEYS, Purpose.READER, one) for one in changed} == {None}
