"""What has been pushed of an issue: issues/ID/wechat.json, fit for git, without secrets.

Written before and after each step that must not be done twice, so that a run that was cut
off anywhere is taken up by the next.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from jianbao.deliver.atomic import write_atomically
from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RECORD = "wechat.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adding:
    """A draft/add that was begun and whose answer has not been noted.

    Its draft is known by ``titles`` and ``thumbs`` in order; ``before`` are drafts that were
    there already. It may appear ``until`` then, in seconds since 1970.
    """

    until: float
    titles: tuple[str, ...]
    thumbs: tuple[str, ...]
    articles: tuple[str, ...]
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """A freepublish/submit that was begun; ``publish_id`` is "" until it is answered."""

    publish_id: str = ""
    urls: tuple[str, ...] = ()
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRecord:
    """One draft. ``articles`` are hashes of what was sent, "" where that is not known.

    ``stored`` is the hash of the text that WeChat gave back, "" until it was asked.
    """

    media_id: str = ""
    articles: tuple[str, ...] = ()
    stored: str = ""
    adding: Adding | None = None
    publishing: Publishing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    """What one account has: WeChat's URLs and media ids by SHA-256, drafts by number."""

    images: Mapping[str, str] = field(default_factory=dict)
    covers: Mapping[str, str] = field(default_factory=dict)
    drafts: Mapping[int, DraftRecord] = field(default_factory=dict)

    def with_draft(self, number: int, draft: DraftRecord | None) -> AccountRecord:
        """With another draft ``number``, or without it."""
        others = {key: value for key, value in self.drafts.items() if key != number}
        return replace(self, drafts=others if draft is None else others | {number: draft})


class RecordFile:
    """The record of one issue, as far as one account goes."""

    def __init__(self, file: Path, appid: str) -> None:
        self._file = file
        self._appid = appid

    def read(self) -> AccountRecord:
        """What is on record.

        Raises:
            UsageProblem: The file cannot be read. To take it for empty would push twice.
        """
        values = self._accounts().get(self._appid, {})
        try:
            return _account(values)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self._unreadable() from error

    def write(self, record: AccountRecord) -> None:
        """Put ``record`` in place of the one before."""
        accounts = self._accounts() | {self._appid: _plain(record)}
        content = json.dumps({"accounts": accounts}, ensure_ascii=False, indent=2) + "\n"
        write_atomically(self._file, content.encode())

    def _accounts(self) -> dict[str, Any]:
        try:
            accounts = json.loads(self._file.read_text("utf-8"))["accounts"]
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._unreadable() from error
        if not isinstance(accounts, dict):
            raise self._unreadable()
        return accounts

    def _unreadable(self) -> UsageProblem:
        hint = "从版本库取回它；没有的话，先到公众平台删去这一期的草稿，再删去这个文件"
        return UsageProblem(f"读不懂推送记录 {self._file}", hint)


def _plain(record: AccountRecord) -> dict[str, object]:
    drafts = {str(number): _draft_values(record.drafts[number]) for number in sorted(record.drafts)}
    return {
        "images": dict(sorted(record.images.items())),
        "covers": dict(sorted(record.covers.items())),
        "drafts": drafts,
    }


def _draft_values(draft: DraftRecord) -> dict[str, object]:
    return {key: value for key, value in asdict(draft).items() if value not in ("", (), None)}


def _account(values: Mapping[str, Any]) -> AccountRecord:
    return AccountRecord(
        images=dict(values.get("images", {})),
        covers=dict(values.get("covers", {})),
        drafts={int(number): _draft(draft) for number, draft in values.get("drafts", {}).items()},
    )


def _draft(values: Mapping[str, Any]) -> DraftRecord:
    adding, publishing = values.get("adding"), values.get("publishing")
    return DraftRecord(
        media_id=values.get("media_id", ""),
        articles=tuple(values.get("articles", ())),
        stored=values.get("stored", ""),
        adding=None if adding is None else Adding(**_tuples(adding)),
        publishing=None if publishing is None else Publishing(**_tuples(publishing)),
    )


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
