"""Subscribers in files, into the store and out of it, on every kind of store."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from jianbao.deliver.keys import Key, Keyring
from jianbao.deliver.readers.acts import Actor
from jianbao.deliver.readers.addresses import Address
from jianbao.deliver.readers.importing import Fate, Import, Importing
from jianbao.deliver.readers.subscriber_files import BadRow, read_subscribers, write_csv
from jianbao.deliver.readers.subscribers import Reason, Standing, Subscribers, Wanted
from jianbao.deliver.readers.undoing import undo_import
from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

_ME = Actor("编辑", datetime(2025, 2, 10, 9, 0, tzinfo=UTC))
_KEYS = Keyring((Key("A", b"k" * 32),))
_WANG = Address("wang", "example.org")
_ROWS = (
    "邮箱,姓名,列表,标签,单位\n"
    "wang@example.org,王一,周报;内参,处级,发改委\n"
    "li@example.org,李二,,,\n"
)


def _bring_in(
    store: Engine, folder: Path, text: str | bytes
) -> tuple[dict[str, int], list[BadRow]]:
    file = folder / "list.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    bad: list[BadRow] = []
    counts = Importing(store, _KEYS).run(Import(file, "周报", _ME), lambda _: None, bad.append)
    return {fate.value: many for fate, many in counts.items() if many}, bad


def _people(store: Engine) -> Subscribers:
    return Subscribers(store, _KEYS)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_in_any_encoding(tmp_path: Path, codec: str, delimiter: str) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(_ROWS.replace(";", "、").replace(",", delimiter).encode(codec))

    rows = list(read_subscribers(file))

    assert [(row.line, str(row.address), row.name, row.lists) for row in rows] == [  # type: ignore[union-attr]
        (2, "wang@example.org", "王一", ("周报", "内参")),
        (3, "li@example.org", "李二", ()),
    ]


def test_a_workbook_is_read_like_a_table(tmp_path: Path) -> None:
    from openpyxl import Workbook  # noqa: PLC0415  (slow)

    book = Workbook()
    for row in (("Email", "姓名", "电话"), (None, None, None), ("a@b.cn", "甲", 13800000000)):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")

    (row,) = read_subscribers(tmp_path / "list.xlsx")

    assert not isinstance(row, BadRow)
    assert (row.line, row.attributes) == (3, {"电话": "13800000000"})


def test_every_bad_row_is_told_with_its_line(store: Engine, tmp_path: Path) -> None:
    rows = 'email,name\n"a\n@b.cn",x\nc@d.cn,"甲\n乙"\nc@d.cn,丙\nC@D.cn,丁\ne@f.cn,x,多\n\n,x\n'

    counts, bad = _bring_in(store, tmp_path, rows)

    assert counts == {"new": 1, "bad": 5}
    assert [(row.line, row.reason) for row in bad] == [
        (2, "a?@b.cn 的 @ 前面不合邮箱地址的写法"),
        (4, "name 里有换行、看不见的字符，或超过 1000 个字"),
        (7, "C@d.cn 前面已经有了，以前面的为准"),
        (8, "有 3 格，列名只有 2 个"),
        (10, "没有邮箱地址"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "是空的"),
        (b"a@b.cn,x\n", "第一行不是列名"),
        (b"name,phone\nx,1\n", "没有邮箱这一列；有：name、phone"),
        (b"email,mail\nx,1\n", "有两列都是 email"),
        (b"email\n\xff\xff\x80\n", "既不是 UTF-8，也不是 GB18030"),
    ],
)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    (tmp_path / "list.csv").write_bytes(content)

    with pytest.raises(UsageProblem, match=expected):
        list(read_subscribers(tmp_path / "list.csv"))


def test_what_is_exported_is_no_formula_and_comes_back_as_it_was(tmp_path: Path) -> None:
    target = io.StringIO()
    write_csv([("email", "name"), ("+a@b.cn", '=HYPERLINK("x")')], target)
    assert target.getvalue().splitlines()[1] == '\'+a@b.cn,"\'=HYPERLINK(""x"")"'
    (tmp_path / "list.csv").write_text(target.getvalue())

    (row,) = read_subscribers(tmp_path / "list.csv")

    assert not isinstance(row, BadRow)
    assert (str(row.address), row.name) == ("+a@b.cn", '=HYPERLINK("x")')


def test_importing_again_changes_nothing(store: Engine, tmp_path: Path) -> None:
    assert _bring_in(store, tmp_path, _ROWS) == ({"new": 2}, [])
    before = list(_people(store).all(Wanted()))

    assert _bring_in(store, tmp_path, _ROWS) == ({"unchanged": 2}, [])
    assert list(_people(store).all(Wanted())) == before


def test_a_preview_says_what_would_be_and_keeps_nothing(store: Engine, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(_ROWS)

    counts = Importing(store, _KEYS).preview(
        Import(file, "周报", _ME), lambda _: None, lambda _: None
    )

    assert counts[Fate.NEW] == 2
    assert list(_people(store).all(Wanted())) == []


def test_a_row_adds_and_takes_nothing_away(store: Engine, tmp_path: Path) -> None:
    _bring_in(store, tmp_path, _ROWS)

    counts, _ = _bring_in(store, tmp_path, "email,name,tags\nWANG@example.org,,局级\n")

    wang = _people(store).find(_WANG)
    assert wang is not None
    assert counts == {"changed": 1}
    assert (wang.name, wang.tags) == ("王一", ("处级", "局级"))
    assert wang.lists == {"周报": Standing.CONFIRMED, "内参": Standing.CONFIRMED}


def test_undo_brings_back_what_was(store: Engine, tmp_path: Path) -> None:
    _bring_in(store, tmp_path, _ROWS)
    before = list(_people(store).all(Wanted()))
    _bring_in(
        store, tmp_path, "email,name,lists,tags,级\nwang@example.org,王二,增刊,x,y\nn@x.cn,,,,\n"
    )

    undone = undo_import(store, _ME)

    assert undone is not None
    assert (undone.removed, undone.restored) == (1, 1)
    assert list(_people(store).all(Wanted())) == before


def test_whoever_asked_to_be_forgotten_stays_so(store: Engine, tmp_path: Path) -> None:
    _bring_in(store, tmp_path, _ROWS)

    assert _people(store).erase(_WANG, _ME)

    assert _people(store).find(_WANG) is None
    assert _bring_in(store, tmp_path, _ROWS)[0] == {"unchanged": 1, "suppressed": 1}
    assert _people(store).release(_WANG, _ME) is Reason.ERASED
    assert _people(store).is_suppressed(_WANG) is Reason.ERASED


def test_who_enters_a_list_that_asks_must_confirm_without_a_consent(
    store: Engine, tmp_path: Path
) -> None:
    _people(store).set_opt_in("周报", _ME, opt_in=True)

    _bring_in(
        store,
        tmp_path,
        "email,同意时间,同意方式\nwang@example.org,2025-01-02,会议签到表\nli@example.org,,\n",
    )

    standings = {one.address: one.lists["周报"] for one in _people(store).all(Wanted())}
    assert standings == {"wang@example.org": "confirmed", "li@example.org": "pending"}
