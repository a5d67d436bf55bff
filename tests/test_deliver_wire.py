"""SMTP against a server that misbehaves as told."""

from __future__ import annotations

import asyncio
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from fakes.mail_server import PASSWORD, USER, At, Fault, MailServer

from jianbao.deliver.smtp.wire import Connection, Endpoint, Lost, Reply, Timeouts
from jianbao.delivery import MailServer as Server
from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("loopback")

FROM, TO = "brief@example.org", "reader@example.com"
HASTY = Timeouts(connect=5, greeting=5, command=5, data=5, block=5, dot=0.3)


def message(number: int = 1, size: int = 100) -> tuple[bytes, ...]:
    """A prepared message."""
    return (f"Message-ID: <{number}@example.org>\r\n\r\n".encode(), b"x" * 70 + b"\r\n") + (
        b"y" * 70 + b"\r\n",
    ) * (size // 72)


def endpoint(server: MailServer, **changes: Any) -> Endpoint:  # noqa: ANN401  (its fields)
    """``server`` without encryption."""
    at = Server(host="127.0.0.1", port=server.port)
    return replace(Endpoint(server=at, encrypted=False, timeouts=HASTY), **changes)


def run(where: Endpoint, act: Callable[[Connection], Awaitable[Any]]) -> Any:  # noqa: ANN401  (what ``act`` gives)
    """``act`` on a connection to ``where``."""

    async def whole() -> Any:  # noqa: ANN401  (likewise)
        connection = await Connection.open(where)
        try:
            return await act(connection)
        finally:
            await connection.close()

    return asyncio.run(whole())


def send(server: MailServer, *, size: int = 100) -> Reply:
    """Send one message to the reader."""
    reply = run(endpoint(server), lambda c: c.send(FROM, TO, message(size=size)))
    assert isinstance(reply, Reply)
    return reply


@pytest.mark.parametrize("offers", [("PIPELINING", "SIZE 9"), ("SIZE 9",), ()])
def test_a_message_arrives_as_it_is(offers: tuple[str, ...]) -> None:
    with MailServer(offers=offers) as server:
        reply = send(server)

    assert reply == Reply(250, "2.0.0 Ok: queued as 1A")
    assert server.taken == [(TO, b"".join(message()))]


def test_the_dialogue_is_no_longer_than_it_must() -> None:
    with MailServer() as server:

        async def two(connection: Connection) -> None:
            await connection.send(FROM, TO, message(1))
            await connection.send(FROM, TO, message(2))

        run(endpoint(server), two)

    sent = ["MAIL FROM:<brief@example.org> SIZE=175", "RCPT TO:<reader@example.com>", "DATA"]
    assert server.commands == ["EHLO [127.0.0.1]", *sent, *sent, "QUIT"]
    assert server.ids() == ["<1@example.org>", "<2@example.org>"]


@pytest.mark.parametrize("offers", [("PIPELINING",), ()])
@pytest.mark.parametrize("verb", ["RCPT", "DATA", "DOT"])
def test_after_a_refusal_the_connection_takes_the_next(verb: str, offers: tuple[str, ...]) -> None:
    scripts = {TO: [At(verb, "550 5.1.1 No such user")]}
    with MailServer(scripts, offers=offers) as server:

        async def two(connection: Connection) -> list[Reply]:
            return [await connection.send(FROM, TO, message(n)) for n in (1, 2)]

        first, second = run(endpoint(server), two)

    assert first == Reply(550, "5.1.1 No such user")
    assert second.code == 250
    assert server.ids() == ["<2@example.org>"]
    assert ("RSET" in server.commands) is (verb != "DOT")


def test_a_server_that_hangs_up_with_421_leaves_no_connection() -> None:
    with MailServer({TO: [At("DOT", "421 4.3.2 Closing")]}) as server:

        async def one(connection: Connection) -> tuple[Reply, bool]:
            return await connection.send(FROM, TO, message()), connection.usable

        assert run(endpoint(server), one) == (Reply(421, "4.3.2 Closing"), False)


@pytest.mark.parametrize(
    ("fault", "sent"),
    [
        (Fault.DROP_AT_MAIL, False),
        (Fault.DROP_MID_DATA, False),
        (Fault.DROP_AFTER_DOT, True),
        (Fault.WITHHOLD, True),
        (Fault.GARBAGE, True),
        (Fault.ENDLESS, True),
    ],
)
def test_a_connection_that_breaks_tells_whether_the_message_was_whole(
    fault: Fault, sent: object
) -> None:
    with MailServer({TO: [fault]}) as server, pytest.raises(Lost) as lost:
        send(server, size=5_000_000)

    assert (lost.value.sent, lost.value.final) == (sent, False)


def test_what_is_said_in_the_middle_of_a_message_is_heard() -> None:
    with MailServer({TO: [Fault.EARLY]}) as server:
        assert send(server, size=30_000_000) == Reply(552, "5.3.4 Message too big")
    assert server.taken == []


def test_a_slow_reply_is_waited_for() -> None:
    with MailServer({TO: [Fault.SLOW]}) as server:
        assert send(server).code == 250


@pytest.mark.parametrize("greeting", ["421 busy", "554 no", "hello", "220-a\r\n250 b"])
def test_a_server_that_does_not_greet_is_left(greeting: str) -> None:
    with MailServer(greeting=greeting) as server, pytest.raises(Lost) as lost:
        send(server)

    assert not lost.value.sent


def test_nobody_there() -> None:
    with MailServer() as server:
        pass

    with pytest.raises(Lost, match="连接不上"):
        send(server)


@pytest.mark.parametrize("address", ["a@b.cn>\r\nRCPT TO:<x@y.cn", "a b@c.cn", "", "读者@a.cn"])
def test_no_command_is_smuggled_into_an_address(address: str) -> None:
    with MailServer() as server, pytest.raises(UsageProblem):
        run(endpoint(server), lambda c: c.send(FROM, address, message()))


# -- TLS and AUTH --


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 with its key, signed by itself."""
    file: Path = tmp_path_factory.mktemp("tls") / "server.pem"
    key = file.with_name("key.pem")
    subprocess.run(
        (
            "openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=mail.example"
            f" -addext subjectAltName=IP:127.0.0.1 -keyout {key} -out {file}"
        ).split(),
        check=True,
        capture_output=True,
    )
    file.write_bytes(file.read_bytes() + key.read_bytes())
    return file


def encrypted(server: MailServer, **changes: Any) -> Endpoint:  # noqa: ANN401  (its fields)
    """``server``, whose certificate is known."""
    return replace(endpoint(server), **{"encrypted": True, "ca_file": server.tls, **changes})


@pytest.mark.parametrize("implicit", [False, True])
def test_a_message_goes_over_tls(certificate: Path, implicit: object) -> None:
    with MailServer(tls=certificate, implicit_tls=bool(implicit)) as server:
        where = encrypted(server)
        if implicit:
            at = replace(where.server, implicit_tls=True)
            where = replace(where, server=at)
        reply = run(where, lambda c: c.send(FROM, TO, message(size=3_000_000)))

    assert reply.code == 250
    assert server.taken == [(TO, b"".join(message(size=3_000_000)))]
    assert ("STARTTLS" in server.commands) is not implicit


def test_a_certificate_of_somebody_else_is_not_trusted(certificate: Path) -> None:
    with MailServer(tls=certificate) as server, pytest.raises(Lost) as lost:
        run(encrypted(server, ca_file=None), lambda c: c.send(FROM, TO, message()))

    assert lost.value.final
    assert "证书不可信" in lost.value.why
    assert "MAIL" not in "".join(server.commands)


def test_a_certificate_of_another_name_is_not_trusted(certificate: Path) -> None:
    with MailServer(tls=certificate) as server:
        where = encrypted(server)
        where = replace(where, server=replace(where.server, host="localhost"))
        with pytest.raises(Lost) as lost:
            run(where, lambda c: c.send(FROM, TO, message()))

    assert lost.value.final


@pytest.mark.parametrize(
    ("reply", "final"),
    [("454 4.7.0 TLS not available", False), ("220 Ready\r\n250 injected", False)],
)
def test_nothing_goes_out_where_tls_is_refused(
    certificate: Path, reply: str, final: object
) -> None:
    with MailServer(tls=certificate, tls_reply=reply) as server, pytest.raises(Lost) as lost:
        run(encrypted(server), lambda c: c.send(FROM, TO, message()))

    assert lost.value.final is final
    assert "MAIL" not in "".join(server.commands)


def test_nothing_goes_out_where_tls_is_not_offered() -> None:
    with MailServer() as server, pytest.raises(Lost, match="不提供加密") as lost:
        run(encrypted(server), lambda c: c.send(FROM, TO, message()))

    assert lost.value.final
    assert server.commands == ["EHLO [127.0.0.1]"]


@pytest.mark.parametrize("methods", ["PLAIN LOGIN", "LOGIN"])
@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_logging_in(methods: str, password: str) -> None:
    with MailServer(offers=(f"AUTH {methods}",)) as server:
        where = endpoint(server, password=password)
        where = replace(where, server=replace(where.server, user=USER))
        if password == PASSWORD:
            assert run(where, lambda c: c.send(FROM, TO, message())).code == 250
        else:
            with pytest.raises(Lost, match="535") as lost:
                run(where, lambda c: c.send(FROM, TO, message()))
            assert lost.value.final
            assert password not in lost.value.why
    assert PASSWORD not in repr(where)
