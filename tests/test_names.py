"""The names that come with the product, and those of the publication itself."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from workspaces import ROOT, diagnose, item_text, lies_inside, lines_of

from jianbao.load.names import read_names
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from jianbao.records import Name

NAMES = read_names(Workspace(ROOT))


def named(preferred: str, names: tuple[Name, ...]) -> Name:
    return next(name for name in names if name.preferred == preferred)


def test_the_ledgers_of_the_repository_are_in_order() -> None:
    assert NAMES.problems == ()


def test_every_line_says_where_it_is_from_and_of_what_day() -> None:
    assert [name.preferred for name in NAMES.names if not (name.source and name.edition)] == []


def test_no_form_is_both_right_and_wrong() -> None:
    right = {form for name in NAMES.names for form in name.right}

    assert {form for name in NAMES.names for form in name.wrong} & right == set()


def test_a_wrong_form_has_one_right_name() -> None:
    wrong = Counter(form for name in NAMES.names for form in name.wrong)

    assert {form for form, count in wrong.items() if count > 1} == set()


def test_what_is_over_has_a_day_behind_its_start() -> None:
    both = [name for name in NAMES.names if name.since and name.until]

    assert all(name.since <= name.until for name in both if name.since and name.until)


def test_a_successor_of_a_body_is_in_use() -> None:
    until = {name.preferred: name.until for name in NAMES.names}

    assert all(until.get(name.successor) is None for name in NAMES.names)


def test_a_line_of_the_workspace_replaces_the_packaged_one(tmp_path: Path) -> None:
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / "own.csv").write_text("类别,名称,简称\n机构,国家数据局,数据局\n", "utf-8")

    name = named("国家数据局", read_names(Workspace(tmp_path)).names)

    assert (name.short, name.wrong, name.since) == (("数据局",), (), None)


def test_a_wrong_name_is_mended_outside_titles_only(tmp_path: Path) -> None:
    text = item_text("国家大数据局公布名单。《个人信息安全法》适用于此。\n")

    found = diagnose(tmp_path, {"issues/2025-04/01-a.md": text})

    assert [(d.code.slug, d.fix.text if d.fix else None) for d in found] == [
        ("name-wrong", "国家数据局"),
        ("name-wrong", None),
    ]


@given(data=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_file_of_names_stops_the_check(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "names", "own.csv")
        file.parent.mkdir()
        file.write_bytes("类别,名称,简称,起\n机构,".encode() + data)

        for problem in read_names(Workspace(Path(folder))).problems:
            assert lies_inside(problem.span, lines_of(file)), problem
