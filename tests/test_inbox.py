"""The inbox, on SQLite and on PostgreSQL: what is kept, found, decided and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from polls import NOW, entry, poll

from jianbao.candidates import CandidateState, Entry
from jianbao.gather.arrivals import Arrivals
from jianbao.gather.decisions import Decision, Refused, Verb
from jianbao.gather.inbox import Inbox
from jianbao.gather.proposal import NOTHING_SOUGHT, Interests
from jianbao.gather.selection import Lying, Query
from jianbao.records import Kind, Level, Source, Witness
from jianbao.store.engine import open_store, writing

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from jianbao.candidates import Candidate

NDA = Source(
    path="sources/nda.toml",
    name="国家数据局",
    level=Level.NATIONAL,
    hosts=("www.nda.gov.cn",),
    section="国策要论",
    kind=Kind.MANUAL,
)
ME, OTHER = Witness("编辑甲", NOW), Witness("编辑乙", NOW)
TAKE, DROP = Decision(verb=Verb.TAKE), Decision(verb=Verb.DROP, text="已过时")
EVERYTHING = Query(states=())


@pytest.fixture
def inbox(store: Engine) -> Inbox:
    """An empty one."""
    return Inbox(store)


def all_of(inbox: Inbox) -> dict[int, Candidate]:
    return {one.number: one for one in inbox.select(EVERYTHING).candidates}


def states(inbox: Inbox) -> dict[int, str]:
    return {number: one.state.value for number, one in sorted(all_of(inbox).items())}


def numbers(inbox: Inbox, query: Query) -> list[int]:
    return [one.number for one in inbox.select(query).candidates]


def test_an_entry_comes_back_as_the_list_gave_it(store: Engine) -> None:
    inbox = Inbox(store, Interests(sources=(NDA,)))
    told = Entry(
        url="https://www.nda.gov.cn/a?code=1&utm_source=x",
        title="国家数据局印发《数据指引》",
        published=NOW - timedelta(days=1),
        summary="两句话。\n第二句。",
    )

    new = inbox.record(poll("国家数据局", told))

    (found,) = inbox.select(EVERYTHING).candidates
    assert new == 1
    assert (found.entry, found.found, found.source) == (told, NOW, "国家数据局")
    assert found.entry.published.utcoffset() == timedelta(hours=8)  # type: ignore[union-attr]  # it has one
    assert (found.state, found.section, found.score) == (CandidateState.NEW, "国策要论", 70)
    assert found.why == (
        "栏目：国家数据局登记的是“国策要论”",
        "起始 30",
        "国家级来源 +20",
        "像一份文件（印发） +10",
        "三天以内发布 +10",
    )


def test_what_is_known_is_not_kept_again_however_it_is_addressed(inbox: Inbox) -> None:
    again = replace(entry(1), url="http://nda.gov.cn/1.html?spm=7#top")

    counts = [inbox.record(poll("甲", entry(1), entry(2), again)) for _ in range(2)]
    counts.append(inbox.record(poll("乙", again, entry(3))))

    assert counts == [2, 0, 1]
    assert sorted(all_of(inbox)) == [1, 2, 3]


def test_numbers_have_no_gaps_and_are_not_given_again(inbox: Inbox, store: Engine) -> None:
    inbox.record(poll("甲", entry(1)))
    for _ in range(3):
        inbox.record(poll("甲", entry(1)))

    Inbox(store).record(poll("甲", entry(1), entry(2)))

    assert sorted(all_of(inbox)) == [1, 2]


def test_the_state_of_a_source_counts_what_it_brought(inbox: Inbox) -> None:
    later = NOW + timedelta(hours=1)
    inbox.record(poll("甲", entry(1), entry(2), etag='"a"'))
    inbox.record(poll("甲", entry(1), when=later, etag='"b"'))
    inbox.record(poll("乙"))

    first, second = inbox.source_states()

    assert (first.source, first.brought, first.last_new) == ("乙", 0, None)
    assert (second.brought, second.last_new, second.polled) == (2, NOW, later)
    assert (second.etag, second.next_due) == ('"b"', later + timedelta(hours=1))


def test_two_that_record_the_same_at_once_never_double(store: Engine) -> None:
    entries = tuple(entry(number) for number in range(30))
    counts: list[int] = []

    def record() -> None:
        own = open_store(store.url)
        counts.extend(Inbox(own).record(poll("甲", one)) for one in entries)
        own.dispose()

    threads = [Thread(target=record) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(counts) == len(entries)
    assert len(all_of(Inbox(store))) == len(entries)


def test_a_poll_that_cannot_be_kept_leaves_neither_rows_nor_memory(inbox: Inbox) -> None:
    bad = poll("甲", entry(1, "国家数据局发布数据指引"))
    bad = replace(bad, state=replace(bad.state, detail=None))  # type: ignore[arg-type]  # what breaks

    with pytest.raises(Exception, match=r"(?i)null"):
        inbox.record(bad)
    inbox.record(poll("乙", entry(2, "国家数据局发布数据指引")))

    (only,) = all_of(inbox).values()
    assert (only.source, only.twin_of) == ("乙", None)


def test_twins_point_to_the_first_and_are_shown_together(inbox: Inbox) -> None:
    inbox.record(poll("甲", entry(1, "国家数据局发布《数据领域常用名词解释（第二批）》")))
    inbox.record(poll("乙", entry(2, "《数据领域常用名词解释（第二批）》发布")))
    inbox.record(poll("丙", entry(3, "国家数据局：《数据领域常用名词解释（第二批）》发布")))
    inbox.record(poll("丙", entry(4, "《数据领域常用名词解释（第三批）》发布")))

    found = all_of(inbox)

    assert [found[number].twin_of for number in (1, 2, 3, 4)] == [None, 1, 1, None]
    assert [one.number for one in inbox.twins(found[2])] == [1, 3]


def test_twins_are_found_across_processes_and_within_two_weeks(store: Engine) -> None:
    title = "国家数据局部署可信数据空间试点"
    here, there = Inbox(store), Inbox(store)
    here.record(poll("甲", entry(1, title)))
    there.record(poll("乙", entry(2, title)))
    here.record(poll("丙", entry(3, title)))
    here.record(poll("丁", entry(4, title), when=NOW + timedelta(days=30)))

    found = all_of(here)

    assert [found[number].twin_of for number in (1, 2, 3, 4)] == [None, 1, 1, None]


def test_only_the_newest_titles_are_held_against_a_new_one(store: Engine) -> None:
    old, later = "国家数据局部署可信数据空间试点", "工业和信息化部启动算力网络建设"
    arrivals = Arrivals(NOTHING_SOUGHT, most_titles=1)
    Inbox(store).record(poll("甲", entry(1, old), entry(2, later)))
    with writing(store) as connection:
        arrivals.add(connection, [poll("乙", entry(3, later), entry(4, old))])

    found = all_of(Inbox(store))

    assert [found[number].twin_of for number in (3, 4)] == [2, None]


QUERIES = [
    (Query(), [2, 1, 5, 3]),
    (Query(sections=("地方新政", "国策要论")), [3, 2, 1, 5]),
    (Query(states=(CandidateState.DROPPED,)), [4]),
    (Query(section="地方新政"), [3]),
    (Query(source="数据"), [2, 1, 5]),
    (Query(since=date(2025, 2, 11)), [2, 5]),
    (Query(search=("指引", "国家")), [2]),
    (Query(search=("100%",)), [1]),
    (Query(search=("AI",)), [5]),
    (Query(limit=1), [2]),
]


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_a_query_finds_what_it_asks_for(query: Query, expected: list[int], store: Engine) -> None:
    province = replace(NDA, name="江苏省厅", level=Level.PROVINCIAL, section="地方新政")
    inbox = Inbox(store, Interests(sources=(NDA, province)))
    inbox.record(
        poll(
            "国家数据局",
            entry(1, "覆盖率达到100%", date(2025, 2, 10)),
            entry(2, "国家印发指引", date(2025, 2, 11)),
        )
    )
    inbox.record(poll("江苏省厅", entry(3, "江苏启动试点", date(2025, 2, 10))))
    inbox.record(poll("国家数据局", entry(4, "机关招聘公告"), entry(5, "ai 与 1000 个场景")))
    inbox.decide([4], DROP, ME)

    assert numbers(inbox, query) == expected


def test_a_query_counts_all_that_it_does_not_show(inbox: Inbox) -> None:
    inbox.record(poll("甲", *(entry(number) for number in range(5))))

    selected = inbox.select(Query(limit=2))

    assert (len(selected.candidates), selected.total) == (2, 5)


def test_decisions_are_taken_back_one_act_at_a_time(inbox: Inbox) -> None:
    inbox.record(poll("甲", entry(1), entry(2), entry(3)))
    before = all_of(inbox)
    inbox.decide([1, 2], TAKE, ME)
    inbox.decide([2, 3], DROP, ME)
    inbox.decide([1], Decision(verb=Verb.DRAFT, issue="2025-05"), ME)
    after = all_of(inbox)

    assert states(inbox) == {1: "drafted", 2: "dropped", 3: "dropped"}
    assert (after[1].issue, after[2].reason) == ("2025-05", "已过时")
    taken_back = [inbox.undo(ME) for _ in range(4)]
    assert [(one.verb, one.numbers) if one else None for one in taken_back] == [
        ("draft", (1,)),
        ("drop", (2, 3)),
        ("take", (1, 2)),
        None,
    ]
    assert all_of(inbox) == before


def test_what_was_taken_back_can_be_decided_anew_and_taken_back_again(inbox: Inbox) -> None:
    inbox.record(poll("甲", entry(1)))
    inbox.decide([1], TAKE, ME)
    inbox.undo(ME)
    inbox.decide([1], DROP, ME)

    inbox.undo(ME)

    assert (states(inbox), inbox.undo(ME)) == ({1: "new"}, None)


def test_one_editor_does_not_take_back_what_another_decided(inbox: Inbox) -> None:
    inbox.record(poll("甲", entry(1), entry(2)))
    inbox.decide([1, 2], TAKE, ME)
    inbox.decide([2], DROP, OTHER)

    undone = inbox.undo(ME)

    assert undone is not None
    assert (undone.numbers, undone.kept) == ((1,), (2,))
    assert states(inbox) == {1: "new", 2: "dropped"}


def test_an_item_that_lies_in_an_issue_says_more_than_any_decision(store: Engine) -> None:
    Inbox(store).record(poll("甲", *(entry(number) for number in (1, 2, 3))))
    lying = {
        "nda.gov.cn/1.html": Lying("2025-04", gone_out=True),
        "nda.gov.cn/2.html": Lying("2025-05", gone_out=False),
    }
    inbox = Inbox(store, lying=lying)

    done = inbox.decide([1, 2, 3], DROP, ME)

    assert states(inbox) == {1: "used", 2: "drafted", 3: "dropped"}
    assert [(one.number, why) for one, why in done.refused] == [
        (1, Refused("已经登在 2025-04")),
        (2, Refused("已经写成 2025-05 的稿件；不用它，先移走稿件")),
    ]
    assert numbers(inbox, Query(states=(CandidateState.USED,))) == [1]
    assert numbers(inbox, Query()) == [2]
    assert states(Inbox(store)) == {1: "new", 2: "new", 3: "dropped"}


def test_a_dropped_candidate_is_taken_before_it_is_drafted(inbox: Inbox) -> None:
    inbox.record(poll("甲", entry(1)))
    inbox.decide([1], DROP, ME)

    done = inbox.decide([1], Decision(verb=Verb.DRAFT, issue="2025-05"), ME)
    inbox.decide([1], TAKE, ME)

    assert [why.why for _, why in done.refused] == ["已经丢弃；要用它，先运行 jianbao inbox take 1"]
    assert (states(inbox), all_of(inbox)[1].reason) == ({1: "shortlisted"}, "")


def test_what_changes_nothing_is_no_act(inbox: Inbox) -> None:
    inbox.record(poll("甲", entry(1)))
    inbox.decide([1], TAKE, ME)

    done = inbox.decide([1, 99], TAKE, ME)
    inbox.undo(ME)

    assert (done.changed, done.refused, states(inbox)) == ((), (), {1: "new"})


def test_a_list_with_more_entries_than_a_question_may_have_is_kept(inbox: Inbox) -> None:
    entries = tuple(entry(number, f"标题{number}") for number in range(2500))

    assert inbox.record(poll("甲", *entries)) == 2500
    assert inbox.record(poll("甲", *entries)) == 0
