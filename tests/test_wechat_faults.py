"""A push that breaks anywhere, run again, leaves each draft once and right."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from fakes.wechat import FakeWeChat
from fakes.wechat_wire import Fault
from wechat_pushes import Bench, article, run_with, run_with_faults, run_with_kills

from jianbao.errors import DeliveryProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("loopback")

#: Requests of a first push of two articles: the token, three pictures, the box, the draft, a
#: look at it.
_REQUESTS = 7
_ADD = 5


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A built issue of one draft."""
    with FakeWeChat() as fake:
        bench = Bench(tmp_path, fake)
        bench.build([article(1), article(2)])
        yield bench


@pytest.mark.parametrize("number", range(_REQUESTS))
@pytest.mark.parametrize("fault", Fault)
def test_whichever_request_breaks_there_is_one_right_draft(
    tmp_path: Path, fault: Fault, number: int
) -> None:
    assert run_with(tmp_path, {number: fault})


@pytest.mark.parametrize("seed", range(12))
def test_whatever_breaks_there_is_one_right_draft(tmp_path: Path, seed: int) -> None:
    assert run_with_faults(tmp_path, seed)


@pytest.mark.parametrize("seed", range(6))
def test_whenever_it_is_killed_there_is_one_right_draft(tmp_path: Path, seed: int) -> None:
    assert run_with_kills(tmp_path, seed)


def test_a_draft_that_might_be_ours_is_left_to_a_person(bench: Bench) -> None:
    bench.fake.other_thumbs = True
    bench.fake.faults = {_ADD: Fault.DROP_AFTER}

    with pytest.raises(DeliveryProblem, match="分不清草稿箱里哪一份是刚才推送的第 1 份"):
        bench.push()

    assert len(bench.fake.drafts) == 1
    bench.fake.drafts.clear()  # as the message says
    bench.push()
    assert bench.is_right()


def test_a_copy_that_was_there_before_is_not_taken_for_ours(bench: Bench) -> None:
    (pushed,) = bench.push()
    ours = bench.fake.drafts.pop(pushed.media_id)
    bench.fake.drafts["copy"] = replace(ours, media_id="copy")
    bench.fake.faults = {len(bench.fake.requests) + 2: Fault.DROP_AFTER}  # get, batchget, add

    (again,) = bench.push(new_draft=True)

    assert again.did == "新建"
    assert again.media_id in set(bench.fake.drafts) - {"copy"}


def test_a_draft_that_was_being_made_is_deleted_where_the_issue_has_it_no_more(
    bench: Bench,
) -> None:
    bench.build([article(1), article(2)], [article(3)])
    second_add = 9
    bench.fake.faults = {second_add: Fault.DROP_AFTER}
    bench.fake.faults |= dict.fromkeys(range(second_add + 1, second_add + 4), Fault.DROP_BEFORE)
    with pytest.raises(DeliveryProblem):
        bench.push()
    assert len(bench.fake.drafts) == 2

    bench.build([article(1), article(2)])
    bench.push()

    assert bench.is_right()
    assert list(bench.record.read().drafts) == [1]


def test_without_a_connection_it_says_so(bench: Bench) -> None:
    bench.fake.__exit__()

    with pytest.raises(DeliveryProblem) as found:
        bench.push()

    bench.fake.__enter__()
    assert found.value.message == "上传封面 images/cover-1.png：连不上微信，连接不上"
    assert found.value.hint == "检查网络；再运行一次，会接着做，不会重复"


def test_what_stays_broken_is_told_and_gone_on_with(bench: Bench) -> None:
    bench.fake.faults = dict.fromkeys(range(1, 4), Fault.ERROR_500)

    with pytest.raises(DeliveryProblem, match=r"上传封面 images/cover-1\.png：微信答复 HTTP 500"):
        bench.push()

    bench.push()
    assert bench.is_right()
