"""Lists in the answer of an API: fields by dotted paths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jianbao.gather.lists.lines import Taken, Written

if TYPE_CHECKING:
    from jianbao.records import Listing

_FIELD = re.compile(r"\{([^{}]+)\}")


def read_json_list(listing: Listing, answer: object, most: int) -> Taken:
    """Up to ``most`` lines of ``answer``, a value of JSON or None where there was none."""
    if answer is None:
        return Taken(problems=("不是 JSON",))
    items = _at(answer, listing.item)
    if not isinstance(items, list):
        return Taken(problems=(f"item = {listing.item} 不是一个列表",))
    lines = tuple(_written(listing, item) for item in items[:most])
    return Taken(lines=lines, items=len(items))


def _written(listing: Listing, item: object) -> Written:
    return Written(
        title=_text(_at(item, listing.title or "title")),
        link=_link(item, listing.link or "url"),
        date=_text(_at(item, listing.date or "date")),
        summary=_text(_at(item, listing.summary)) if listing.summary else "",
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
