"""What to do about one draft, decided from what is on record and what is to be there."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jianbao.deliver.wechat.record import Adding, DraftRecord


@dataclass(frozen=True, slots=True)
class Add:
    """There is none: make one."""


@dataclass(frozen=True, slots=True)
class Settle:
    """One was being made: find out whether it is there."""

    adding: Adding


@dataclass(frozen=True, slots=True)
class Replace:
    """It has another number of articles, which draft/update cannot change."""


@dataclass(frozen=True, slots=True)
class Update:
    """Send these articles again, from 0; there may be none."""

    indices: tuple[int, ...]


Step = Add | Settle | Replace | Update


def plan(record: DraftRecord | None, wanted: tuple[str, ...]) -> Step:
    """The next step towards a draft whose articles have the hashes ``wanted``."""
    if record is not None and record.adding is not None:
        return Settle(record.adding)
    if record is None or not record.media_id:
        return Add()
    if len(record.articles) != len(wanted):
        return Replace()
    pairs = enumerate(zip(record.articles, wanted, strict=True))
    return Update(tuple(index for index, (sent, want) in pairs if sent != want))


def article_hash(payload: Mapping[str, object]) -> str:
    """SHA-256 of an article as it is sent."""
    return text_hash(json.dumps(payload, ensure_ascii=False, sort_keys=True))


def text_hash(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
