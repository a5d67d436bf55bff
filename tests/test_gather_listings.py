"""Lists that are no feed: ``cases/listings`` has pages, the sources that read them, the entries.

All are synthetic, written after what the content systems of Chinese authorities send.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from case_files import read_case
from list_pages import make_page, make_source, shown
from workspaces import ROOT

from jianbao.gather.lists.reading import read_entries
from jianbao.load import load_publication
from jianbao.load.sources import read_source, read_sources
from jianbao.load.table import Table, read_toml
from jianbao.records import Kind
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from case_files import Case

    from jianbao.records import Source

FILES = sorted((Path(__file__).parent / "cases" / "listings").glob("*.txt"))
CASES = {file.stem: read_case(file) for file in FILES}


def text_of(case: Case, name: str) -> str:
    content = case.files[name]
    assert isinstance(content, bytes)
    return content.decode().strip()


def source_of(case: Case) -> Source:
    text = text_of(case, "source")
    table = Table(read_toml(text, "sources/jia.toml")[0], text, "sources/jia.toml")
    source = read_source(table, "sources/jia.toml")
    assert table.problems == []
    return source


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_list_gives(case: Case) -> None:
    page = make_page(case.files["page"] or "", text_of(case, "type"), text_of(case, "address"))

    assert shown(read_entries(source_of(case), page)) == case.expected, case.sentence
    assert "(synthetic)" in case.sentence


#: What a hostile server may send for a page or an answer.
BOMBS = {
    "elements inside one another": "<li><a href=1>x" * 200_000,
    "records": "<record>" * 500_000,
    "escaped records": "&lt;record&gt;" * 300_000,
    "attributes": "<li " + "a=b " * 1_000_000,
    "lists of JSON": "[" * 2_000_000,
    "a function": "f(" * 2_000_000 + ")",
    "angle brackets": "<" * 4_000_000,
    "an entity": '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><li><a href=1>&a;</a>',
}


@pytest.mark.parametrize("form", ["html", "jcms", "json", "buildstatic"])
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_no_page_does_harm(bomb: str, form: str) -> None:
    reading = read_entries(make_source(format=form, item="li"), make_page(bomb))

    assert len(reading.lines) <= 2000
    assert all("root:" not in entry.title for entry in reading.entries)


def test_the_publication_s_own_sources_can_be_read() -> None:
    workspace = Workspace(ROOT)

    sources, problems = read_sources(workspace, load_publication(workspace).publication.sections)  # type: ignore[union-attr]  # there is one

    assert problems == ()
    for source in sources:
        page = make_page("<p>没有列表</p>", url=(*source.lists, "https://a.example.cn/")[0])
        assert "写错了" not in shown(read_entries(source, page)), source.path


def test_a_source_that_is_read_by_hand_gives_nothing() -> None:
    reading = read_entries(make_source(Kind.MANUAL), make_page("<a href=1>x</a>"))

    assert shown(reading) == "! 这个来源由人工查阅，不采集\n"


def test_what_each_selector_took_is_counted() -> None:
    page = make_page("<li><a href=1>一</a> 2025-01-20<li><a href=2>二</a><li>三")

    reading = read_entries(make_source(item="li"), page)

    assert reading.took == (("item", 3), ("title", 2), ("link", 2), ("date", 1))
