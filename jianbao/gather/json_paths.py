"""Lists in the answer of an API: fields by dotted paths."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jianbao.gather.lines import Taken, Written

if TYPE_CHECKING:
    from jianbao.records import Listing

_FIELD = re.compile(r"\{([^{}]+)\}")
#: Where an answer has whole numbers for moments: seconds, and thousandths, since 1970.
_SECONDS, _THOUSANDTHS = range(10**9, 10**10), range(10**12, 10**13)
_LONGEST_MOMENT = 13


def read_json_list(listing: Listing, answer: object, most: int) -> Taken:
    """Up to ``most`` lines of ``answer``, a value of JSON or None where there was none."""
    if answer is None:
        return Taken(problems=("不是 JSON",))
    items = _at(answer, listing.item)
    if not isinstance(items, list):
        return Taken(problems=(f"item = {listing.item} 不是一个列表",), took=(("item", 0),))
    lines = tuple(_written(listing, item) for item in items[:most])
    counts = {
        "title": sum(bool(line.title) for line in lines),
        "link": sum(bool(line.link) for line in lines),
        "date": sum(bool(line.date) for line in lines),
    }
    return Taken(lines=lines, took=(("item", len(items)), *counts.items()))


def _written(listing: Listing, item: object) -> Written:
    day = _at(item, listing.date or "date")
    return Written(
        title=_text(_at(item, listing.title or "title")),
        link=_link(item, listing.link or "url"),
        date=_text(day),
        summary=_text(_at(item, listing.summary)) if listing.summary else "",
        published=_moment(day),
    )


def _at(value: Any, path: str) -> Any:  # noqa: ANN401  (a value of JSON)
    """What lies at ``data.list.0``; ``.`` is the value itself, None what is not there."""
    for step in filter(None, path.split(".")):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _text(value: object) -> str:
    return str(value) if isinstance(value, (str, int, float)) else ""


def _link(item: object, path: str) -> str:
    """The address at ``path``, or the one that comes of a pattern such as /articles/{id}."""
    if "{" not in path:
        return _text(_at(item, path))
    values = [_text(_at(item, name)) for name in _FIELD.findall(path)]
    filled = iter(values)
    return _FIELD.sub(lambda _: quote(next(filled), safe=""), path) if all(values) else ""


def _moment(value: object) -> datetime | None:
    is_digits = isinstance(value, str) and value.isdecimal() and len(value) <= _LONGEST_MOMENT
    number = int(value) if is_digits else value  # type: ignore[call-overload]
    if not isinstance(number, int):
        return None
    if number in _THOUSANDTHS:
        number //= 1000
    return datetime.fromtimestamp(number, UTC) if number in _SECONDS else None
