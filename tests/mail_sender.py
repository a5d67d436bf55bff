"""A process that sends a campaign to a `PostOffice`, to be killed.

Arguments: the store's address, the port, connections, and the journal ("" for none).
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from jianbao.deliver.campaigns.buckets import Limits
from jianbao.deliver.campaigns.claims import Claims
from jianbao.deliver.campaigns.ledger import Ledger
from jianbao.deliver.campaigns.sending import Bench, Books, Run
from jianbao.deliver.smtp.post import SmtpPost
from jianbao.deliver.smtp.wire import Connection, Endpoint
from jianbao.delivery import MailServer
from jianbao.store.engine import open_store

if TYPE_CHECKING:
    from jianbao.deliver.campaigns.claims import Claim
    from jianbao.deliver.campaigns.ledger import Campaign

ISSUE = "2025-04"
#: Long enough for the office to write its log, short enough for many runs.
_DELAY = timedelta(seconds=0.3)


def message_id(reader: int) -> str:
    """As the office counts it."""
    return f"<{reader}@brief.example.org>"


def write(claim: Claim) -> tuple[bytes, ...]:
    """A message that does not fit into one packet."""
    head = f"Message-ID: {claim.message_id}\r\nTo: <{claim.address}>\r\n\r\n"
    return (head.encode(), (b"x" * 70 + b"\r\n") * 300)


def books_for(ledger: Ledger, campaign: Campaign, journal: str) -> Books:
    """Those of ``campaign``; ``journal`` is "" for none."""
    return Books(
        ledger=ledger,
        campaign=campaign,
        clock=lambda: datetime.now(UTC),
        actor="test",
        journal=Path(journal) if journal else None,
        journal_delay=_DELAY,
    )


def bench_for(books: Books, port: int, connections: int) -> Bench:
    """What sends to the office on ``port``."""
    office = Endpoint(server=MailServer(host="127.0.0.1", port=port), encrypted=False)
    post = SmtpPost(
        lambda: Connection.open(office),
        "brief@example.org",
        write,
        connections=connections,
        per_connection=50,
    )
    engine, now = books.ledger.engine, books.clock()
    claims = Claims.open(engine, books.campaign, Limits(), message_id, now)
    return Bench(books=books, claims=claims, post=post)


def main(address: str, port: str, connections: str, journal: str) -> int:
    """Send until nothing is left to do."""
    ledger = Ledger(open_store(make_url(address)))
    campaign = ledger.find(ISSUE)
    assert campaign is not None
    books = books_for(ledger, campaign, journal)
    asyncio.run(_send(Run(bench_for(books, int(port), int(connections)))))
    return 0


async def _send(run: Run) -> None:
    await run.send()
    await run.bench.post.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
