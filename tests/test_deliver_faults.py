"""What goes wrong on the way, and what it comes to: through a whole run, over real SMTP.

Three readers; the last one's server, or all of it, misbehaves. Nothing is ever doubled, and
whoever got nothing is on a list that says so.
"""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from fakes.mail_server import USER, At, Fault, MailServer
from mail_kills import enter_readers
from mail_sender import ISSUE, message_id, write
from sqlalchemy.engine import URL

from jianbao.deliver.campaigns.buckets import Limits
from jianbao.deliver.campaigns.claims import Claims
from jianbao.deliver.campaigns.ledger import Ledger
from jianbao.deliver.campaigns.sending import Bench, Books, End, Run
from jianbao.deliver.readers.acts import Actor
from jianbao.deliver.readers.audience import Audience
from jianbao.deliver.smtp.post import SmtpPost
from jianbao.deliver.smtp.wire import Connection, Endpoint, Timeouts
from jianbao.delivery import MailServer as Server
from jianbao.store.engine import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fakes.mail_server import Script

    from jianbao.deliver.campaigns.sending import Ended

pytestmark = pytest.mark.usefixtures("loopback")

START = datetime(2025, 2, 11, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
LAST = "r3@example.org"
HASTY = Timeouts(connect=5, greeting=5, command=5, data=5, block=5, dot=0.5)


@dataclass
class Clock:
    """Goes on five minutes each time it is looked at, so that nothing is really waited for.

    ``jumps`` set it forward or back, by the number of the look.
    """

    now: datetime = START
    jumps: dict[int, timedelta] = field(default_factory=dict)
    looks: int = 0

    def __call__(self) -> datetime:
        """The time, which has gone on."""
        self.looks += 1
        self.now += timedelta(minutes=5) + self.jumps.get(self.looks, timedelta())
        return self.now


@dataclass
class Desk:
    """A campaign to three readers, and the server they are written to through."""

    ledger: Ledger
    server: MailServer
    journal: Path
    clock: Clock = field(default_factory=Clock)
    limits: Limits = field(default_factory=Limits)
    endpoint: Callable[[Endpoint], Endpoint] = lambda usual: usual

    def __post_init__(self) -> None:
        enter_readers(self.ledger.engine, 3)
        self.campaign = self.ledger.begin(ISSUE, "0" * 64, Audience(), Actor("test", START))

    def send(self, *, journal: bool = False) -> Ended:
        """One run, with a new connection for each message."""
        at = Server(host="127.0.0.1", port=self.server.port)
        where = self.endpoint(Endpoint(server=at, encrypted=False, timeouts=HASTY))
        post = SmtpPost(
            lambda: Connection.open(where),
            "brief@example.org",
            write,
            connections=1,
            per_connection=1,
        )
        engine, campaign = self.ledger.engine, self.campaign
        books = Books(
            ledger=self.ledger,
            campaign=campaign,
            clock=self.clock,
            actor="test",
            journal=self.journal if journal else None,
        )
        claims = Claims.open(engine, campaign, self.limits, message_id, self.clock())
        bench = Bench(books=books, claims=claims, post=post)
        return asyncio.run(_run(Run(bench), post))

    def came(self) -> str:
        """The state of each reader's delivery, its attempts and the copies that were taken."""
        return ", ".join(
            f"{row.state} {row.attempt}/{self.server.ids().count(message_id(row.reader))}"
            for row in self.ledger.deliveries(self.campaign)
        )


async def _run(run: Run, post: SmtpPost) -> Ended:
    try:
        return await run.send()
    finally:
        await post.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    """Writes down what it takes."""
    (tmp_path / "mail.log").touch()
    with MailServer(journal=tmp_path / "mail.log") as server:
        yield server


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with its tables, which take a while to make."""
    file: Path = tmp_path_factory.mktemp("store") / "store.db"
    open_store(URL.create("sqlite+pysqlite", database=str(file))).dispose()
    return file


@pytest.fixture
def desk(tmp_path: Path, server: MailServer, empty_store: Path) -> Iterator[Desk]:
    """With a store of its own."""
    shutil.copy(empty_store, tmp_path / "store.db")
    engine = open_store(URL.create("sqlite+pysqlite", database=str(tmp_path / "store.db")))
    yield Desk(Ledger(engine), server, tmp_path / "mail.log")
    engine.dispose()


@pytest.mark.parametrize(
    ("script", "end", "last"),
    [
        # what happens, how the run ends, and the last reader: state, attempts / copies
        (At("RCPT", "421 4.3.2 Service shutting down"), End.DONE, "accepted 2/1"),
        (At("DOT", "421 HL:REP 163 smtp8"), End.LATER, "deferred 1/0"),
        (At("RCPT", "450 4.2.0 Greylisted"), End.DONE, "accepted 2/1"),
        (At("DOT", "450 MI:DMC 163 smtp8"), End.DONE, "accepted 2/1"),
        (At("DATA", "451 4.3.0 Local error in processing"), End.DONE, "accepted 2/1"),
        (At("DOT", "451 MI:SFQ 163 smtp8"), End.DONE, "accepted 2/1"),
        (At("DOT", "452 4.3.1 Insufficient system storage"), End.DONE, "accepted 2/1"),
        (At("RCPT", "452 4.2.2 Mailbox full"), End.LATER, "deferred 1/0"),
        (At("RCPT", "550 5.1.1 No such user"), End.DONE, "failed 1/0"),
        (At("DOT", "550"), End.DONE, "failed 1/0"),
        (At("DOT", "550 Mail content denied"), End.DONE, "failed 1/0"),
        (At("MAIL", "550 Domain frequency limited"), End.LATER, "deferred 1/0"),
        (At("RCPT", "550 Mailbox unavailable or access denied"), End.LATER, "deferred 1/0"),
        (At("MAIL", "552 5.3.4 Message size exceeds fixed limit"), End.DONE, "failed 1/0"),
        (At("RCPT", "552 5.2.2 Over quota"), End.LATER, "deferred 1/0"),
        (At("DOT", "554 DT:SPM 163 smtp8"), End.DONE, "failed 1/0"),
        (At("DOT", "554 5.7.1 You exceeded the daily sending quota"), End.LATER, "deferred 1/0"),
        (Fault.DROP_AT_MAIL, End.DONE, "accepted 2/1"),
        (Fault.SLOW, End.DONE, "accepted 1/1"),
        # Nobody knows whether these arrived, so a person must decide.
        (Fault.DROP_MID_DATA, End.PARKED, "parked 1/0"),
        (Fault.DROP_AFTER_DOT, End.PARKED, "parked 1/1"),
        (Fault.WITHHOLD, End.PARKED, "parked 1/1"),
        (Fault.GARBAGE, End.PARKED, "parked 1/0"),
        (Fault.ENDLESS, End.PARKED, "parked 1/0"),
    ],
    ids=str,
)
def test_what_becomes_of_a_message(desk: Desk, script: Script, end: End, last: str) -> None:
    desk.server.scripts = {LAST: [script]}

    ended = desk.send()

    assert (ended.end, desk.came()) == (end, f"accepted 1/1, accepted 1/1, {last}")


@pytest.mark.parametrize(
    ("fault", "last"),
    [
        (Fault.DROP_MID_DATA, "accepted 2/1"),
        (Fault.DROP_AFTER_DOT, "accepted 1/1"),
        (Fault.WITHHOLD, "accepted 1/1"),
        (Fault.GARBAGE, "accepted 2/1"),
    ],
    ids=str,
)
def test_with_the_servers_journal_nobody_need_decide(desk: Desk, fault: Fault, last: str) -> None:
    desk.server.scripts = {LAST: [fault]}

    ended = desk.send(journal=True)

    assert (ended.end, desk.came()) == (End.DONE, f"accepted 1/1, accepted 1/1, {last}")


@pytest.mark.parametrize(
    "reply", ["421 HL:REP 163", "452 4.2.2 Mailbox full", "550 Domain frequency limited"]
)
def test_what_was_put_off_goes_out_in_a_later_run(desk: Desk, reply: str) -> None:
    desk.server.scripts = {LAST: [At("RCPT", reply)]}
    desk.send()
    desk.clock.now += DAY

    ended = desk.send()

    assert (ended.end, desk.came()) == (End.DONE, "accepted 1/1, accepted 1/1, accepted 2/1")


@pytest.mark.parametrize("script", [At("DOT", "550 5.1.1 No such user"), Fault.DROP_AFTER_DOT])
def test_what_is_settled_or_parked_is_not_sent_again(desk: Desk, script: Script) -> None:
    desk.server.scripts = {LAST: [script]}
    desk.send()
    before = desk.came()
    desk.clock.now += DAY

    desk.send()

    assert desk.came() == before


@pytest.mark.parametrize(
    ("greeting", "change", "why"),
    [
        ("220 mail", {"encrypted": True}, "邮件服务器不提供加密（STARTTLS），没有送出任何东西"),
        ("421 busy", {}, "邮件服务器现在不接待（421 busy）"),
        ("554 go away", {}, "邮件服务器现在不接待（554 go away）"),
        ("hello", {}, "邮件服务器的答复读不懂"),
    ],
)
def test_where_the_server_does_not_let_us_in_all_wait(
    desk: Desk, greeting: str, change: dict[str, bool], why: str
) -> None:
    desk.server.greeting = greeting
    desk.endpoint = lambda usual: replace(usual, **change)

    ended = desk.send()

    assert (ended.end, ended.why) == (End.UNREACHED, why)
    assert desk.server.taken == []
    assert {row.state for row in desk.ledger.deliveries(desk.campaign)} == {"pending"}

    desk.server.greeting = "220 mail"
    desk.endpoint = lambda usual: usual
    assert desk.send().end is End.DONE
    assert [desk.server.ids().count(message_id(one)) for one in (1, 2, 3)] == [1, 1, 1]


def test_a_wrong_password_ends_it_at_once(desk: Desk) -> None:
    desk.server.offers = ("AUTH PLAIN",)
    desk.endpoint = lambda usual: replace(
        usual,
        server=replace(usual.server, user=USER),
        password="wrong",  # noqa: S106  (it is)
    )

    ended = desk.send()

    assert ended.end is End.UNREACHED
    assert "535" in ended.why
    assert (desk.server.connections, desk.server.taken) == (1, [])


@pytest.mark.parametrize("look", [2, 5, 8, 11])
@pytest.mark.parametrize("jump", [DAY, -DAY, -400 * DAY], ids=lambda jump: f"{jump.days}")
def test_a_clock_that_jumps_loses_and_doubles_nobody(
    desk: Desk, jump: timedelta, look: int
) -> None:
    desk.server.scripts = {LAST: [At("RCPT", "450 4.2.0 Greylisted")]}
    desk.clock = Clock(jumps={look: jump})
    desk.limits = Limits(account=60)

    for _ in range(3):
        if desk.send().end is End.DONE:
            break
        desk.clock.now = max(desk.clock.now, START) + DAY

    assert desk.came() == "accepted 1/1, accepted 1/1, accepted 2/1"
