"""What is seen of sending: a bar with the rate and the time left, and how it ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from jianbao.cli.post_room import actor
from jianbao.cli.progress import Rate
from jianbao.deliver.campaigns.campaign import (
    SETTLED,
    STATE_NAMES,
    Accepted,
    Deferred,
    Refused,
    State,
)
from jianbao.deliver.campaigns.claims import Claim
from jianbao.deliver.campaigns.sending import End, Ended, Posted, Run
from jianbao.deliver.smtp.endpoint import endpoint_of
from jianbao.post_room.posting import bench_of, books_of, post_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jianbao.deliver.campaigns.ledger import Campaign, Ledger
    from jianbao.deliver.readers.addresses import Address
    from jianbao.deliver.smtp.post import SmtpPost
    from jianbao.deliver.smtp.wire import Endpoint
    from jianbao.post_room.mailing import Mailing

#: Rows that the end of a run names.
_NAMED = 20


def send_all(
    mailing: Mailing, endpoint: Endpoint, ledger: Ledger, campaign: Campaign, *, quiet: bool
) -> int:
    """Send what is left of ``campaign``; the exit code."""
    left = campaign.frozen - _settled(ledger.counts(campaign))
    bench = bench_of(mailing, endpoint, books_of(mailing.room, campaign, actor().name))
    with Rate(campaign.issue, left, quiet=quiet) as rate:
        bench = replace(
            bench,
            say=lambda counts: rate(_settled(counts), state_words(counts)),
            waits=lambda due: rate.wait(f"等到 {due.astimezone():%H:%M} 再试") if due else None,
        )
        ended = asyncio.run(_run(Run(bench)))
    return tell(ledger, campaign, ended)


def _settled(counts: Mapping[State, int]) -> int:
    return sum(many for state, many in counts.items() if state in SETTLED)


async def _run(run: Run) -> Ended:
    """Let the first Ctrl-C end it as soon as what is on its way has arrived."""
    with contextlib.suppress(NotImplementedError):  # not on Windows
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, run.stop)
    try:
        return await run.send()
    finally:
        await run.bench.post.close()


def send_one(mailing: Mailing, address: Address) -> str:
    """Send a message to ``address`` on the way that all take; what the server said."""
    claim = Claim(
        id=0,
        reader=0,
        address=str(address),
        name="",
        domain=address.domain,
        attempt=1,
        message_id=mailing.message_id(0),
    )
    match asyncio.run(_send_one(post_of(mailing, mail_endpoint(mailing)), claim)).outcome:
        case Accepted(reply):
            return f"邮件服务器收下了（{reply}）"
        case Deferred(reply) | Refused(reply):
            return f"邮件服务器没有收（{reply}）"
        case other:
            return f"没有送出：{other.why}"


async def _send_one(post: SmtpPost[Claim], claim: Claim) -> Posted:
    try:
        return await post.send(claim)
    finally:
        await post.close()


def mail_endpoint(mailing: Mailing) -> Endpoint:
    """The mail server to send to.

    Raises:
        UsageProblem: None is named, or its password is missing.
    """
    settings, root = mailing.room.settings, mailing.room.workspace.root
    endpoint, warning = endpoint_of(settings, root, os.environ)
    if warning:
        click.echo(f"注意：{warning}", err=True)
    return endpoint


def state_words(counts: Mapping[State, int]) -> str:
    """Counts as they are shown."""
    return "，".join(f"{STATE_NAMES[state]} {many}" for state, many in counts.items())


def tell(ledger: Ledger, campaign: Campaign, ended: Ended) -> int:
    """Say how ``campaign`` stands and what to do next; the exit code."""
    counts = {state: many for state, many in ledger.counts(campaign).items() if many}
    click.echo(f"{campaign.issue}：名单 {campaign.frozen} 位，{state_words(counts)}")
    command = f"jianbao send {campaign.issue}"
    match ended.end:
        case End.DONE if State.FAILED not in counts:
            return 0
        case End.DONE:
            click.echo(f"退回的看报告：{command} --report 报告.html；再送：--retry-failed --send")
        case End.PARKED:
            _name_parked(ledger, campaign, command)
        case End.PAUSED:
            click.echo(f"已暂停：{ended.why}。看过以后继续：{command} --resume --send", err=True)
        case End.LATER:
            due = f"{ended.due.astimezone():%m-%d %H:%M}" if ended.due else "过一阵"
            click.echo(f"{ended.why}：{due} 以后再运行 {command} --send", err=True)
        case End.UNREACHED:
            click.echo(f"连不上邮件服务器：{ended.why}。好了再运行 {command} --send", err=True)
        case End.STOPPED:
            click.echo(f"已停下。再运行 {command} --send 会接着送，不会重复", err=True)
    return 4


def _name_parked(ledger: Ledger, campaign: Campaign, command: str) -> None:
    click.echo("这些不知道送到没有，要由人定夺：", err=True)
    for number, row in enumerate(ledger.deliveries(campaign, State.PARKED)):
        if number == _NAMED:
            click.echo(f"  …… 全部见 {command} --report 报告.csv", err=True)
            break
        click.echo(f"  {row.address}  {row.message_id}", err=True)
    click.echo(
        f"算送到：{command} --parked delivered；再送：{command} --parked again --send", err=True
    )
