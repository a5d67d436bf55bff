"""What a robot says of an issue, before any channel's own form."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An issue in short: its name and date, titles by section in reading order.

    ``left_out`` counts titles that did not fit a channel. ``link`` is "" where there is none.
    """

    title: str
    date: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    link: str = ""
    left_out: int = 0

    def shorter(self) -> Card | None:
        """Without its last title, and without a section that has none left; None at one title."""
        kept = [(name, titles) for name, titles in self.sections if titles]
        if sum(len(titles) for _, titles in kept) <= 1:
            return None
        name, titles = kept.pop()
        if titles[:-1]:
            kept.append((name, titles[:-1]))
        return replace(self, sections=tuple(kept), left_out=self.left_out + 1)

    def without_titles(self) -> Card:
        """Name, date and link: where a single title is longer than a channel takes."""
        count = sum(len(titles) for _, titles in self.sections)
        return replace(self, sections=(), left_out=self.left_out + count)


def shortenings(card: Card) -> Iterator[Card]:
    """``card``, then each that has one title less."""
    shorter: Card | None = card
    while shorter is not None:
        yield shorter
        shorter = shorter.shorter()


def read_card(built: Path, publication: str, link: str) -> Card:
    """The card of the issue that was built into the folder ``built``.

    Args:
        built: With build.json (docs/commands.md).
        publication: Its name.
        link: See `jianbao.delivery.Robot`.

    Raises:
        UsageProblem: The issue has not been built, or not by this program.
    """
    hint = f"运行 jianbao build {built.name}"
    try:
        record: dict[str, Any] = json.loads((built / "build.json").read_text("utf-8"))
        return Card(
            title=f"{publication}{record['date'][:4]}年第{record['number']}期（总第{record['total']}期）",
            date=record["date"],
            sections=_by_section(record["items"]),
            link=_filled(link, record),
        )
    except FileNotFoundError as error:
        raise UsageProblem(f"{built.name} 还没有生成", hint) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageProblem(f"读不懂 {built.name} 的 build.json", hint) from error


def _by_section(items: list[dict[str, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    sections: dict[str, list[str]] = {}
    for item in items:
        sections.setdefault(item["section"], []).append(item["title"])
    return tuple((name, tuple(titles)) for name, titles in sections.items())


def _filled(link: str, record: dict[str, Any]) -> str:
    for key in ("issue", "number", "total"):
        link = link.replace(f"{{{key}}}", str(record[key]))
    return link
