"""The reader's own pages: what a click changes, and what a scanner that follows links does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import pytest
from sqlalchemy import insert, select
from starlette.testclient import TestClient

from jianbao.deliver.keys import Key, Keyring
from jianbao.deliver.readers.acts import Actor
from jianbao.deliver.readers.addresses import Address
from jianbao.deliver.readers.choices import Choices
from jianbao.deliver.readers.subscribers import Reason, Standing, Subscribers, digest_of
from jianbao.deliver.readers.tokens import Purpose, make_token
from jianbao.deliver.web.app import Desk, reader_pages
from jianbao.deliver.web.limits import Limiter
from jianbao.store.delivery import lists, readers, subscriptions
from jianbao.store.engine import open_store, reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

KEYS = Keyring((Key("A", b"a" * 32),))
NOW = datetime(2025, 2, 11, 1, 30, tzinfo=UTC)
WANG = Address("wang", "example.com")
THEME = Path(__file__).parent.parent / "jianbao/themes/classic"


@dataclass
class Site:
    """The pages over a store with one reader: on 周刊, off 月刊, not yet confirmed for 内参."""

    engine: Engine
    client: TestClient
    time: list[float] = field(default_factory=lambda: [0.0])

    @property
    def page(self) -> str:
        """The address of the reader's page."""
        return f"/r/{make_token(KEYS.current, Purpose.READER, 1)}"

    @property
    def lists(self) -> dict[str, str]:
        """The reader's standing by list."""
        query = select(lists.c.name, subscriptions.c.state).join_from(lists, subscriptions)
        with reading(self.engine) as connection:
            rows = connection.execute(query.order_by(lists.c.id)).all()
        return {row.name: row.state for row in rows}

    @property
    def suppressed(self) -> Reason | None:
        """Why the reader is not written to."""
        return Subscribers(self.engine, KEYS).is_suppressed(WANG)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """See `Site`."""
    engine = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    with writing(engine) as connection:
        connection.execute(
            insert(readers).values(
                key=WANG.key,
                address=str(WANG),
                domain=WANG.domain,
                name="王<b>",
                attributes={"单位": "研究院"},
                digest=digest_of(WANG, KEYS),
                added=NOW,
            )
        )
        for number, (name, state) in enumerate(
            [("周刊", "confirmed"), ("月刊", "unsubscribed"), ("内参", "pending")], start=1
        ):
            connection.execute(insert(lists).values(name=name, opt_in=state == "pending"))
            connection.execute(
                insert(subscriptions).values(reader=1, list=number, state=state, changed=NOW)
            )
    time = [0.0]
    desk = Desk(
        publication="大数据发展动态",
        choices=Choices(engine, KEYS),
        templates=theme_templates(),
        limiter=Limiter(clock=lambda: time[0]),
        now=lambda: NOW,
    )
    with TestClient(reader_pages(desk)) as client:
        yield Site(engine, client, time)
    engine.dispose()


def theme_templates() -> jinja2.Environment:
    """The theme's own templates, as the command loads them."""
    loader = jinja2.FileSystemLoader(THEME)
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader([loader, jinja2.PrefixLoader({"theme": loader})]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )


BEFORE = {"周刊": "confirmed", "月刊": "unsubscribed", "内参": "pending"}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_following_a_link_changes_nothing(site: Site, method: str, purpose: Purpose) -> None:
    head = "c" if purpose is Purpose.CONFIRM else "r"
    path = f"/{head}/{make_token(KEYS.current, purpose, 1)}"

    answers = [site.client.request(method, path) for _ in range(3)]
    answers.append(site.client.request(method, f"{path}?List-Unsubscribe=One-Click&do=leave-all"))

    assert {answer.status_code for answer in answers} == {200}
    assert site.lists == BEFORE
    assert site.suppressed is None


@pytest.mark.parametrize(
    "form",
    [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},  # multipart, as RFC 8058 wants it
    ],
)
def test_one_click_is_enough(site: Site, form: dict[str, dict[str, str]]) -> None:
    answer = site.client.post(site.page, **form)  # type: ignore[arg-type]  # either kind of form

    assert (answer.status_code, answer.text) == (200, "")
    assert "set-cookie" not in answer.headers
    assert site.suppressed is Reason.UNSUBSCRIBED
    assert site.client.post(site.page, **form).status_code == 200  # type: ignore[arg-type]


def test_a_reader_leaves_one_list_and_comes_back(site: Site) -> None:
    left = site.client.post(site.page, data={"do": "leave", "list": "周刊"})
    assert "已退订“周刊”" in left.text
    assert site.lists == BEFORE | {"周刊": "unsubscribed"}

    site.client.post(site.page, data={"do": "join", "list": "周刊"})
    assert site.lists == BEFORE


def test_who_left_altogether_may_come_back(site: Site) -> None:
    site.client.post(site.page, data={"do": "leave-all"})
    assert "我们现在不给这个邮箱写信" in site.client.get(site.page).text

    site.client.post(site.page, data={"do": "join", "list": "周刊"})
    assert site.suppressed is None


def test_coming_back_does_not_undo_what_the_institute_decided(site: Site) -> None:
    Subscribers(site.engine, KEYS).suppress(WANG, Reason.BOUNCED, "", Actor("编辑", NOW))

    assert "恢复" not in site.client.get(site.page).text
    site.client.post(site.page, data={"do": "join", "list": "周刊"})

    assert site.suppressed is Reason.BOUNCED


def test_nobody_joins_a_list_that_they_were_never_on(site: Site) -> None:
    with writing(site.engine) as connection:
        connection.execute(insert(lists).values(name="领导参阅", opt_in=False))

    site.client.post(site.page, data={"do": "join", "list": "领导参阅"})

    assert "领导参阅" not in site.lists


def test_confirming_takes_a_button(site: Site) -> None:
    path = f"/c/{make_token(KEYS.current, Purpose.CONFIRM, 1)}"
    assert "wang@example.com" in site.client.get(path).text

    answer = site.client.post(path)

    assert "订阅已确认" in answer.text
    assert site.lists == BEFORE | {"内参": "confirmed"}
    person = Choices(site.engine, KEYS).find(1)
    assert person is not None
    assert [how for _, how, _ in person.consents] == ["读者在网页上确认"]


def test_erasing_asks_first_and_leaves_nothing(site: Site) -> None:
    asked = site.client.post(site.page, data={"do": "erase"})
    assert "删了不能恢复" in asked.text
    assert site.lists == BEFORE

    site.client.post(site.page, data={"do": "erase", "sure": "yes"})

    assert site.client.get(site.page).status_code == 410
    assert site.client.get(f"{site.page}/data").status_code == 410
    assert site.suppressed is Reason.ERASED
    with reading(site.engine) as connection:
        row = connection.execute(select(readers)).one()
    assert (row.address, row.key, row.name, row.attributes) == (None, None, "", {})


def test_readers_take_along_what_is_kept(site: Site) -> None:
    answer = site.client.get(f"{site.page}/data")

    assert answer.json() == {
        "邮箱": "wang@example.com",
        "姓名": "王<b>",
        "加入": "2025-02-11T01:30:00+00:00",
        "列表": BEFORE,
        "标签": [],
        "其他": {"单位": "研究院"},
        "同意": [],
        "停发": "",
    }
    assert answer.headers["content-disposition"] == 'attachment; filename="my-data.json"'


@pytest.mark.parametrize(
    "token",
    [
        "x",
        make_token(KEYS.current, Purpose.CONFIRM, 1),
        make_token(KEYS.current, Purpose.READER, 1)[:-1],
        make_token(Key("A", b"b" * 32), Purpose.READER, 1),
        "..%2f..%2fetc%2fpasswd",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_not_ours_says_nothing(site: Site, token: str, method: str) -> None:
    answer = site.client.request(method, f"/r/{token}")

    assert answer.status_code == 404
    assert "wang" not in answer.text


def test_a_reader_that_never_was_is_told_like_one_erased(site: Site) -> None:
    path = f"/r/{make_token(KEYS.current, Purpose.READER, 999)}"

    assert site.client.get(path).status_code == 410
    assert site.client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200


@pytest.mark.parametrize(
    "body", [b"do=nothing", b"", b"\xff\xfe", b"do=leave-all&do=x", b"--x\r\n\r\n"]
)
def test_a_form_that_is_none_changes_nothing(site: Site, body: bytes) -> None:
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "a/b"):
        answer = site.client.post(site.page, content=body, headers={"Content-Type": kind})
        assert answer.status_code == 400
    assert site.lists == BEFORE
    assert site.suppressed is None


def test_a_long_body_is_refused(site: Site) -> None:
    assert site.client.post(site.page, content=b"a=" + b"x" * 9000).status_code == 413


def test_pages_run_nothing_and_tell_no_other_site(site: Site) -> None:
    answer = site.client.get(site.page)

    assert "王&lt;b&gt;" in answer.text
    assert "<script" not in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_asking_too_often_waits(site: Site) -> None:
    codes = [site.client.get(site.page).status_code for _ in range(32)]
    assert codes == [200] * 30 + [429] * 2

    site.time[0] += 2
    assert site.client.get(site.page).status_code == 200


def test_one_that_asks_too_often_does_not_lock_out_others() -> None:
    limiter = Limiter(clock=lambda: 0.0, burst=2)

    assert [limiter.allows("a") for _ in range(3)] == [True, True, False]
    assert limiter.allows("b")


def test_standings_of_pages_are_those_of_the_store() -> None:
    page = (THEME / "reader/page.html.j2").read_text("utf-8")

    assert all(f'"{standing}"' in page for standing in Standing)
