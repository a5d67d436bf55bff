"""The registry as a table: a line a source, and below it what a person should look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.cli.columns import fitted
from jianbao.records import Kind, Level
from jianbao.reporting import cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from jianbao.gather.poll import SourceState
    from jianbao.records import Source

LEVELS = {
    Level.NATIONAL: "国家级",
    Level.PROVINCIAL: "省级",
    Level.MUNICIPAL: "市级",
    Level.INDUSTRY: "行业",
}
_KINDS = {Kind.FEED: "订阅源", Kind.LISTING: "列表页", Kind.MANUAL: "人工查阅"}
_HEADS = ("文件", "名称", "层级", "采集方式", "上次采集", "下次")
#: The most cells of each column; the hosts take what is left, if that is worth it.
_WIDEST = (16, 20, 6, 8, 11, 11)
_FEWEST_OF_HOSTS = 10


def table(
    sources: Sequence[Source], states: Sequence[SourceState], now: datetime, width: int
) -> Iterator[str]:
    """Lines of at most ``width`` cells, but for those that say what is wrong with a list.

    Without ``states``, nothing having been fetched here, there are no columns of times.
    """
    by_source: dict[str, list[SourceState]] = {}
    for state in states:
        by_source.setdefault(state.source, []).append(state)
    count = len(_HEADS) if states else len(_HEADS) - 2
    rows = [_row(source, by_source.get(source.name, []))[:count] for source in sources]
    widths = [
        min(most, max(map(cells, column)))
        for most, column in zip(_WIDEST, zip(_HEADS, *rows, strict=False), strict=False)
    ][:count]
    room = width - sum(widths) - 2 * count
    yield _line(_HEADS[:count], widths, "域名", room)
    for source, row in zip(sources, rows, strict=True):
        yield _line(row, widths, "、".join(source.hosts) or "没有公开网址", room)
        for state in by_source.get(source.name, ()):
            yield from _trouble(source, state, now)


def _row(source: Source, states: list[SourceState]) -> tuple[str, ...]:
    kind = _KINDS[source.kind]
    if len(source.lists) > 1:
        kind = f"{kind} {len(source.lists)}"
    asked = _moment(max(state.polled for state in states)) if states else "还没有"
    due = _moment(min(state.next_due for state in states)) if states else ""
    times = ("", "") if source.kind is Kind.MANUAL else (asked, due)
    return (source.stem, source.name, LEVELS[source.level], kind, *times)


def _line(row: tuple[str, ...], widths: list[int], hosts: str, room: int) -> str:
    parts = [fitted(text, width) for text, width in zip(row, widths, strict=True)]
    if room >= _FEWEST_OF_HOSTS:
        parts.append(fitted(hosts, room))
    return "  ".join(parts).rstrip()


def _trouble(source: Source, state: SourceState, now: datetime) -> Iterator[str]:
    """In the words in which fetching says it."""
    from jianbao.cli.fetch_board import is_troubled, told  # noqa: PLC0415  (heavy)
    from jianbao.gather.fetch import Fetched  # noqa: PLC0415  (likewise)
    from jianbao.gather.schedule import alarm  # noqa: PLC0415  (likewise)

    fetched = Fetched(
        source=state.source,
        address=state.address,
        outcome=state.outcome,
        detail=state.detail,
        new=0,
        alarm=alarm(source, state, now),
    )
    if is_troubled(fetched) and state.address in source.lists:
        yield f"    {told(fetched)}（{state.address}）"


def _moment(moment: datetime) -> str:
    return moment.astimezone().strftime("%m-%d %H:%M")
