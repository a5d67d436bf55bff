"""What is seen of a campaign that workers send: how far they are, read from its rows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from jianbao.cli.post_room import actor
from jianbao.cli.progress import Rate
from jianbao.cli.sending import state_words, tell
from jianbao.deliver.campaigns.campaign import SETTLED, Phase, State
from jianbao.deliver.campaigns.sending import End, Ended, outlook
from jianbao.post_room.posting import books_of, now

if TYPE_CHECKING:
    from jianbao.deliver.campaigns.ledger import Campaign, Ledger
    from jianbao.jobs.queue import Queue
    from jianbao.post_room.delivering import PostRoom

#: Seconds between two looks: counting a million rows takes a quarter of one.
_LOOK = 2.0


def hand_over(
    room: PostRoom, queue: Queue, ledger: Ledger, campaign: Campaign, *, quiet: bool
) -> int:
    """Have workers send what is left of ``campaign``, and watch them; the exit code."""
    ledger.hand_over(campaign, now(), queue.enqueue_batches)
    workers = queue.workers()
    issue = campaign.issue
    click.echo(f"{issue}：交给 worker 发送，现在有 {workers} 个；按 Ctrl-C 只是不再看", err=True)
    if not workers:
        click.echo("还没有 worker：在任何一台机器上运行 jianbao worker", err=True)
    try:
        ended = _watch(room, ledger, campaign, quiet=quiet)
    except KeyboardInterrupt:
        click.echo(f"不再看了，worker 接着送。看进度：jianbao send {campaign.issue}", err=True)
        return 4
    if ended.end is End.LATER:
        due = f"{ended.due.astimezone():%m-%d %H:%M}" if ended.due else "过一阵"
        click.echo(f"{ended.why}：worker 在 {due} 以后接着送", err=True)
        return 4
    return tell(ledger, campaign, ended)


def _watch(room: PostRoom, ledger: Ledger, campaign: Campaign, *, quiet: bool) -> Ended:
    """Until nothing more happens by itself for a while."""
    books = books_of(room, campaign, actor().name)
    with Rate(campaign.issue, campaign.frozen, quiet=quiet) as rate:
        while True:
            counts = {state: many for state, many in ledger.counts(campaign).items() if many}
            rate(sum(counts.get(state, 0) for state in SETTLED), state_words(counts))
            found = ledger.find(campaign.issue) or campaign
            if found.phase is Phase.PAUSED:
                return Ended(End.PAUSED, found.why)
            if found.phase is Phase.DONE:
                return Ended(End.DONE)
            if not any(counts.get(state) for state in (State.PENDING, State.CLAIMED)):
                ended = outlook(books)
                if ended is not None:
                    return ended
            elif found.not_before and now() < found.not_before:
                return Ended(End.LATER, "还没有到定好的时间", found.not_before)
            time.sleep(_LOOK)
