"""What a campaign came to, for the file: CSV with a line a reader, or a page of HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from jianbao.deliver.campaigns.campaign import STATE_NAMES, State
from jianbao.deliver.readers.subscriber_files import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jianbao.deliver.campaigns.ledger import Campaign, Delivery, Ledger

_HEAD = ("邮箱", "状态", "次数", "时间", "服务器的答复", "队列号", "Message-ID")
_HEAD_OF_PAGE = ("邮箱", "状态", "次数", "时间", "服务器的答复")
#: Whom a page names: all but those who got it.
_NAMED = tuple(state for state in State if state is not State.ACCEPTED)


def write_report(ledger: Ledger, campaign: Campaign, target: Path) -> None:
    """Write ``target``: HTML where it is called so, else CSV."""
    if target.suffix.lower() in {".html", ".htm"}:
        with target.open("w", encoding="utf-8") as page:
            page.writelines(_page(ledger, campaign))
        return
    # The mark by which Excel knows UTF-8.
    with target.open("w", encoding="utf-8-sig", newline="") as table:
        write_csv((_HEAD, *map(_cells, ledger.deliveries(campaign))), table)


def _cells(one: Delivery) -> tuple[str, ...]:
    return (
        one.address or "（已删除）",
        STATE_NAMES[one.state],
        str(one.attempt),
        one.changed.astimezone().isoformat(timespec="seconds"),
        one.reply,
        one.queue_id,
        one.message_id,
    )


def _cells_of_page(one: Delivery) -> tuple[str, ...]:
    """Without what only programs look for, which is in the CSV."""
    state = STATE_NAMES[one.state]
    if one.due is not None:
        state += f"（{one.due.astimezone():%H:%M} 以后）"
    when = f"{one.changed.astimezone():%Y-%m-%d %H:%M}"
    return (one.address or "（已删除）", state, str(one.attempt), when, one.reply)


def _page(ledger: Ledger, campaign: Campaign) -> Iterator[str]:
    yield (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        f"<title>{escape(campaign.issue)} 发送报告</title>"
        "<style>body{font:16px/1.6 sans-serif;margin:2em auto;max-width:60em;padding:0 1em}"
        "table{border-collapse:collapse;margin:1em 0}"
        "td,th{border:1px solid #999;padding:.2em .6em;text-align:left;white-space:nowrap}"
        "td:nth-child(5):last-child{white-space:normal}code{overflow-wrap:anywhere}</style>"
        f"<h1>{escape(campaign.issue)} 发送报告</h1>"
        f"<p>名单 {campaign.frozen} 位，PDF 的 SHA-256：<code>{campaign.content}</code></p>"
    )
    counts = ledger.counts(campaign)
    yield _table(
        ("状态", "人数"),
        ((STATE_NAMES[state], str(many)) for state, many in counts.items() if many),
    )
    domains = ledger.domains(campaign)
    met = tuple(state for state in State if counts[state])
    yield "<h2>各域名</h2>"
    yield _table(
        ("域名", *(STATE_NAMES[state] for state in met)),
        (
            (domain, *(str(states.get(state, 0)) for state in met))
            for domain, states in domains.items()
        ),
    )
    yield "<h2>没有交出的</h2>"
    yield _table(_HEAD_OF_PAGE, map(_cells_of_page, ledger.deliveries(campaign, *_NAMED)))
    yield "</html>\n"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]] | map[tuple[str, ...]]) -> str:
    lines = [_row("th", head), *(_row("td", row) for row in rows)]
    return f"<table>{''.join(lines)}</table>"


def _row(tag: str, cells: tuple[str, ...]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>\n"
