"""Our frozen dataclasses are those of the standard library, made with less work."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, field, replace
from dataclasses import dataclass as of_the_library

import pytest

from jianbao.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Ours:
    """Two fields, one of which is not for every eye."""

    name: str
    secret: tuple[int, ...] = field(default=(), repr=False)


@of_the_library(frozen=True, slots=True)
class Theirs:
    """The same."""

    name: str
    secret: tuple[int, ...] = field(default=(), repr=False)


OURS, THEIRS = Ours("甲", (1,)), Theirs("甲", (1,))


def test_equal_values_are_equal_and_hash_alike() -> None:
    assert Ours("甲", (1,)) == OURS
    assert hash(OURS) == hash(THEIRS)
    assert Ours("甲", (2,)) != OURS
    assert OURS != THEIRS


def test_it_shows_itself_without_what_is_hidden() -> None:
    assert repr(OURS) == repr(THEIRS).replace("Theirs", "Ours")
    assert "1" not in repr(OURS)


def test_no_field_is_set_twice_or_deleted_or_made_up() -> None:
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name'"):
        OURS.name = "乙"  # type: ignore[misc]  # what mypy says too
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'name'"):
        del OURS.name  # type: ignore[misc]  # likewise
    with pytest.raises(AttributeError):
        OURS.other = 1  # type: ignore[attr-defined]  # likewise


def test_the_librarys_own_functions_know_it() -> None:
    assert asdict(OURS) == asdict(THEIRS)
    assert replace(OURS, name="乙") == Ours("乙", (1,))
    assert Ours.__match_args__ == Theirs.__match_args__


def test_copies_are_equal() -> None:
    assert copy.deepcopy(OURS) == OURS
    assert pickle.loads(pickle.dumps(OURS)) == OURS  # noqa: S301  (our own)
