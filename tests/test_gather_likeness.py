"""Titles of one thing, and titles that are only alike: pairs in ``cases/likeness``."""

from __future__ import annotations

from pathlib import Path

import pytest

from jianbao.gather.choosing.likeness import Titles, alike

CASES = Path(__file__).parent / "cases" / "likeness"


def pairs(name: str) -> list[tuple[str, str]]:
    lines = (CASES / name).read_text("utf-8").splitlines()
    found = [line.split(" | ") for line in lines if line and not line.startswith("#")]
    return [(one, other) for one, other in found]


@pytest.mark.parametrize(("one", "other"), pairs("one.txt"))
def test_titles_of_one_thing_are_found(one: str, other: str) -> None:
    titles = Titles()
    titles.add(7, one)

    assert (titles.find(other), alike(other, one)) == (7, True)


@pytest.mark.parametrize(("one", "other"), pairs("two.txt"))
def test_titles_of_two_things_are_told_apart(one: str, other: str) -> None:
    titles = Titles()
    titles.add(7, one)

    assert titles.find(other) is None


def test_the_most_alike_is_found() -> None:
    titles = Titles()
    titles.add(1, "国家数据局部署开展数据要素试点工作")
    titles.add(2, "国家数据局部署开展数据要素综合试点工作")

    assert titles.find("国家数据局：部署开展数据要素综合试点工作") == 2
