"""Calls to WeChat's API: tokens, what is tried again, what never is."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest
from fakes.wechat import APPID, SECRET, FakeWeChat
from fakes.wechat_wire import Fault, Refusal
from wechat_pushes import Bench, article

from jianbao.deliver.http_post import Wire
from jianbao.deliver.wechat.client import Done, Refused, Unknown, Unreached

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jianbao.deliver.wechat.client import Client

TOKEN, GET, ADD, LIST = (
    "/cgi-bin/stable_token",
    "/cgi-bin/draft/get",
    "/cgi-bin/draft/add",
    "/cgi-bin/draft/batchget",
)

pytestmark = pytest.mark.usefixtures("loopback")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """An empty account."""
    with FakeWeChat() as fake:
        yield Bench(tmp_path, fake)


def asked(bench: Bench) -> list[str]:
    """What was asked since the last time."""
    found = list(bench.fake.requests)
    bench.fake.requests.clear()
    return found


def drafts(client: Client) -> object:
    return next(iter(client.list_drafts()))


def test_a_token_is_kept_for_the_next_run(bench: Bench) -> None:
    drafts(bench.client())
    drafts(bench.client())

    assert asked(bench) == [TOKEN, LIST, LIST]


def test_the_token_file_is_for_its_owner_alone(bench: Bench) -> None:
    drafts(bench.client())

    (file,) = (bench.folder / "state").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert SECRET not in file.read_text("utf-8")


def test_a_token_that_others_can_read_is_not_used(bench: Bench) -> None:
    drafts(bench.client())
    (file,) = (bench.folder / "state").iterdir()
    file.chmod(0o644)

    drafts(bench.client())

    assert asked(bench) == [TOKEN, LIST, TOKEN, LIST]


def test_a_token_that_was_changed_elsewhere_is_asked_for_again(bench: Bench) -> None:
    drafts(bench.client())
    bench.fake.expire_token()
    asked(bench)

    assert isinstance(drafts(bench.client()), Done)
    assert asked(bench) == [LIST, TOKEN, LIST]
    assert bench.fake.forced == 0


def test_a_refresh_is_forced_only_where_the_same_token_is_given_again(bench: Bench) -> None:
    drafts(bench.client())
    bench.fake.sticky = True
    asked(bench)

    assert isinstance(drafts(bench.client()), Done)
    assert asked(bench) == [LIST, TOKEN, TOKEN, LIST]
    assert bench.fake.forced == 1


def test_a_refresh_is_not_forced_twice_within_thirty_seconds(bench: Bench) -> None:
    drafts(bench.client())
    bench.fake.sticky = True
    drafts(bench.client())
    bench.fake.sticky = True

    assert isinstance(drafts(bench.client()), Refused)
    assert bench.fake.forced == 1


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.BUSY, Fault.ERROR_500, Fault.GARBLED])
def test_reading_is_tried_again(bench: Bench, fault: Fault) -> None:
    drafts(bench.client())
    asked(bench)
    bench.fake.faults = {0: fault, 1: fault}

    assert isinstance(drafts(bench.client()), Done)
    assert asked(bench) == [LIST, LIST, LIST]


@pytest.mark.parametrize(
    "fault", [Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.BUSY, Fault.ERROR_500, Fault.GARBLED]
)
def test_a_draft_is_never_added_twice(bench: Bench, fault: Fault) -> None:
    drafts(bench.client())
    asked(bench)
    bench.fake.faults = {0: fault}

    assert isinstance(bench.client().add_draft([]), Unknown)
    assert asked(bench) == [ADD]


def test_what_was_never_sent_is_not_unknown(bench: Bench) -> None:
    client = bench.client()
    drafts(client)
    bench.fake.__exit__()

    assert client.add_draft([]) == Unreached("连接不上")
    bench.fake.__enter__()


def test_a_quota_stops_at_once(bench: Bench) -> None:
    bench.fake.quota = {LIST: 0}

    assert drafts(bench.client()) == Refused(45009, "reach max api daily quota limit")
    assert asked(bench) == [TOKEN, LIST]


def test_haste_is_waited_out(bench: Bench) -> None:
    bench.fake.refusals = {LIST: Refusal(45011, "too fast")}

    assert isinstance(drafts(bench.client()), Refused)
    assert asked(bench) == [TOKEN, LIST, LIST, LIST]


def test_more_drafts_than_a_page_are_listed(bench: Bench) -> None:
    bench.build(*([article(number)] for number in range(1, 24)))
    bench.push()

    pages = list(bench.client().list_drafts())

    assert [len(page.values["item"]) for page in pages if isinstance(page, Done)] == [20, 3]


def test_words_of_wechat_do_not_repeat_what_is_secret(bench: Bench) -> None:
    drafts(bench.client())
    token = bench.fake.token
    bench.fake.refusals = {LIST: Refusal(1, f"bad {token} of {APPID} with {SECRET}")}

    assert drafts(bench.client()) == Refused(1, f"bad …… of {APPID} with ……")


def test_a_relay_may_have_a_path_of_its_own(bench: Bench) -> None:
    wire = Wire(api=f"{bench.fake.url}/relay")

    wire.post("/cgi-bin/draft/count", b"{}", "application/json")

    assert asked(bench) == ["/relay/cgi-bin/draft/count"]
