"""The post: connections that are kept, given up and replaced."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from fakes.mail_server import At, Fault, MailServer

from jianbao.deliver.campaigns.campaign import Accepted, Deferred, Outcome, Unknown, Unsent
from jianbao.deliver.campaigns.claims import Claim
from jianbao.deliver.smtp.post import SmtpPost
from jianbao.deliver.smtp.wire import Connection, Endpoint
from jianbao.delivery import MailServer as Server

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fakes.mail_server import Script

    from jianbao.deliver.campaigns.sending import Posted

pytestmark = pytest.mark.usefixtures("loopback")


def claim(number: int) -> Claim:
    """Of the reader ``number``."""
    return Claim(
        id=number,
        reader=number,
        address=f"r{number}@example.com",
        name="",
        domain="example.com",
        attempt=1,
        message_id=f"<{number}@example.org>",
    )


def write(one: Claim) -> tuple[bytes, ...]:
    """A message too long for a packet."""
    return (f"Message-ID: {one.message_id}\r\n\r\n".encode(), (b"x" * 70 + b"\r\n") * 300)


def post_in_turn(
    server: MailServer, rounds: Sequence[Sequence[int]], per_connection: int = 50
) -> list[Outcome]:
    """Send to the readers of each round at once, one round after the other."""
    at = Endpoint(server=Server(host="127.0.0.1", port=server.port), encrypted=False)
    post = SmtpPost(
        lambda: Connection.open(at),
        "brief@example.org",
        write,
        connections=4,
        per_connection=per_connection,
    )

    async def whole() -> list[Outcome]:
        posted: list[Posted] = []
        for numbers in rounds:
            posted += await asyncio.gather(*(post.send(claim(number)) for number in numbers))
        await post.close()
        return [one.outcome for one in posted]

    return asyncio.run(whole())


@pytest.mark.parametrize(
    ("rounds", "per_connection", "connections"),
    [
        ([[1], [2], [3], [4], [5]], 50, 1),
        ([[1], [2], [3], [4], [5]], 2, 3),
        ([[1], [2], [3]], 1, 3),
        ([[1, 2, 3], [4, 5, 6], [7, 8]], 50, 3),
        ([[1], [2, 3], [4, 5]], 50, 2),
    ],
)
def test_a_connection_is_used_again_until_it_has_had_its_share(
    rounds: list[list[int]], per_connection: int, connections: int
) -> None:
    with MailServer() as server:
        outcomes = post_in_turn(server, rounds, per_connection)

    assert all(isinstance(one, Accepted) for one in outcomes)
    assert server.connections == connections
    assert server.commands.count("QUIT") == connections
    assert len(set(server.ids())) == len(server.ids()) == sum(map(len, rounds))


def test_a_stale_connection_costs_no_attempt() -> None:
    with MailServer({"r2@example.com": [Fault.DROP_AT_MAIL]}) as server:
        outcomes = post_in_turn(server, [[1], [2]])

    assert [type(one) for one in outcomes] == [Accepted, Accepted]
    assert server.ids() == ["<1@example.org>", "<2@example.org>"]
    assert server.connections == 2


def test_though_all_that_were_kept_are_stale() -> None:
    with MailServer({"r4@example.com": [Fault.DROP_AT_MAIL] * 3}) as server:
        outcomes = post_in_turn(server, [[1, 2, 3], [4]])

    assert [type(one) for one in outcomes] == [Accepted] * 4
    assert server.connections == 4


def test_a_new_connection_that_breaks_is_reported() -> None:
    with MailServer({"r1@example.com": [Fault.DROP_AT_MAIL]}) as server:
        outcomes = post_in_turn(server, [[1], [2]])

    assert [type(one) for one in outcomes] == [Unsent, Accepted]
    assert isinstance(outcomes[0], Unsent)
    assert outcomes[0].begun  # else it would be tried again for ever


def test_a_message_that_went_out_whole_is_never_sent_on_another_connection() -> None:
    with MailServer({"r2@example.com": [Fault.DROP_AFTER_DOT]}) as server:
        outcomes = post_in_turn(server, [[1], [2]])

    assert [type(one) for one in outcomes] == [Accepted, Unknown]
    assert server.ids() == ["<1@example.org>", "<2@example.org>"]


@pytest.mark.parametrize(
    ("reply", "connections"),
    [
        ("450 4.2.0 Greylisted", 1),
        ("451 MI:DMC 163 smtp8", 2),  # too many on this connection
        ("421 4.3.2 Closing", 2),
        ("550 Connection frequency limited", 2),
    ],
)
def test_a_connection_of_which_the_server_has_enough_is_given_up(
    reply: str, connections: int
) -> None:
    scripts: Mapping[str, list[Script]] = {"r1@example.com": [At("DOT", reply)]}
    with MailServer(scripts) as server:
        outcomes = post_in_turn(server, [[1], [2]])

    assert [type(one) for one in outcomes] == [Deferred, Accepted]
    assert server.connections == connections
