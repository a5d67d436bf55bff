"""One draft at a time: added, updated, replaced or deleted, and read back.

draft/add is the one call that must not be made twice. What it is about to do is on record
before it is sent; where the answer is lost, the draft box tells whether it was done.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from jianbao.deliver.wechat.box import drafts_in_box
from jianbao.deliver.wechat.changes import Changes, compare, text_of
from jianbao.deliver.wechat.client import Done, Refused, Unknown
from jianbao.deliver.wechat.error_codes import GONE
from jianbao.deliver.wechat.plan import Add, Replace, Settle, Update, article_hash, plan, text_hash
from jianbao.deliver.wechat.problems import need, text_in
from jianbao.deliver.wechat.record import Adding, DraftRecord
from jianbao.errors import DeliveryProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jianbao.deliver.wechat.client import Client, Outcome
    from jianbao.deliver.wechat.record import AccountRecord, RecordFile

Payload = dict[str, object]
_KEEP = "要保留那里的改动就不再推送；要用这里的内容盖过去，加 --overwrite"
_NEW = "确实要再建一份，加 --new-draft"
#: Looks into the box while a lost draft may still appear.
_LOOKS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the editor allows: to overwrite edits made in WeChat, to make a draft anew."""

    overwrite: bool = False
    new_draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """A draft that is there as sent; ``changes`` are of its articles in order."""

    number: int
    media_id: str
    did: str
    titles: tuple[str, ...]
    changes: tuple[Changes, ...]


class _State(Enum):
    """What became of a draft."""

    SAME = "same"
    EDITED = "edited"
    GONE = "gone"


class Drafting:
    """Brings drafts to what they should be; ``account`` is always what stands in the file."""

    def __init__(
        self, file: RecordFile, client: Client, wishes: Wishes, say: Callable[[str], None]
    ) -> None:
        self._file = file
        self._client = client
        self._wishes = wishes
        self._say = say
        self.account = file.read()

    def retire(self, number: int) -> None:
        """Delete a draft that the issue has no more."""
        record = self.account.drafts[number]
        if record.adding is not None:
            self._settle(number, record.adding)
            record = self.account.drafts.get(number, DraftRecord())
        if record.media_id and not _is_published(record):
            self._say(f"删去多余的第 {number} 份草稿")
            self._check_edits(number, self._look(number, record))
            self._delete(number, record)
        elif not record.media_id:
            self._save(number, None)

    def bring(self, number: int, payloads: list[Payload]) -> Pushed:
        """Make draft ``number`` what ``payloads`` say, and read it back."""
        wanted = tuple(map(article_hash, payloads))
        did = "没有改动"
        for _ in range(8):  # each step leads to the next; a lost answer leads back, not for ever
            record = self.account.drafts.get(number)
            if record is not None and _is_published(record):
                return self._published(number, record, payloads, wanted)
            match plan(record, wanted):
                case Settle(adding):
                    self._settle(number, adding)
                    did = "新建"
                case Add():
                    self._add(number, payloads, wanted)
                    did = "新建"
                case Replace():
                    self._replace(number)
                case Update(indices):
                    if indices and did != "新建":
                        did = f"更新 {len(indices)} 篇"
                    if self._update(number, indices, payloads):
                        return self._verify(number, payloads, did)
        raise DeliveryProblem(
            f"第 {number} 份草稿试了几次，都没有存下来", "过几分钟再运行一次，会接着做，不会重复"
        )

    def _add(self, number: int, payloads: list[Payload], wanted: tuple[str, ...]) -> None:
        titles = tuple(str(one["title"]) for one in payloads)
        ours = {one.media_id for one in self.account.drafts.values()}
        same = [d.media_id for d in drafts_in_box(self._client) if d.has_titles(titles)]
        others = tuple(media_id for media_id in same if media_id not in ours)
        if others and not self._wishes.new_draft:
            message = f"草稿箱里已有一份标题相同的草稿，不是照这里的推送记录建的：{others[0]}"
            hint = f"在别的机器上推送过，就取回那里的 wechat.json；{_NEW}"
            raise DeliveryProblem(message, hint)
        adding = Adding(
            until=time.time() + self._client.patience.settle,
            titles=titles,
            thumbs=tuple(str(one["thumb_media_id"]) for one in payloads),
            articles=wanted,
            before=tuple(same),
        )
        self._say(f"新建第 {number} 份草稿")
        self._save(number, DraftRecord(adding=adding))
        outcome = self._client.add_draft(payloads)
        if isinstance(outcome, Unknown):  # the next step settles it
            if outcome.answered:
                soon = time.time() + self._client.patience.listed
                self._save(number, DraftRecord(adding=replace(adding, until=soon)))
            return
        if not isinstance(outcome, Done):
            self._save(number, None)  # certainly not made
        media_id = text_in(need(outcome, f"新建第 {number} 份草稿"), "media_id", "新建草稿")
        self._save(number, DraftRecord(media_id=media_id, articles=wanted))

    def _settle(self, number: int, adding: Adding) -> None:
        """Find the draft of a draft/add whose answer is not known, or forget it."""
        self._say(f"查看第 {number} 份草稿有没有建成")
        patience = self._client.patience
        for look in range(_LOOKS + 1):
            media_id = self._find(number, adding)
            if media_id is not None:
                self._save(number, DraftRecord(media_id=media_id, articles=adding.articles))
                return
            left = adding.until - time.time()
            if left <= 0 or look == _LOOKS:
                break
            patience.sleep(min(left, patience.settle) / (_LOOKS - look))
        self._save(number, None)

    def _find(self, number: int, adding: Adding) -> str | None:
        """The draft that was being made; one that only might be it is left to a person."""
        known = {one.media_id for one in self.account.drafts.values()} | set(adding.before)
        alike = [
            draft
            for draft in drafts_in_box(self._client)
            if draft.has_titles(adding.titles) and draft.media_id not in known
        ]
        ours = [draft.media_id for draft in alike if draft.thumbs == adding.thumbs]
        if len(ours) == 1:
            return ours[0]
        if not alike or (self._wishes.new_draft and not ours):
            return None
        names = "、".join(draft.media_id for draft in alike)
        message = f"分不清草稿箱里哪一份是刚才推送的第 {number} 份：{names}"
        raise DeliveryProblem(message, "到公众平台删去标题相同的这几份，再运行一次")

    def _replace(self, number: int) -> None:
        record = self.account.drafts[number]
        self._say(f"第 {number} 份草稿的篇数变了，删去旧的")
        state = self._look(number, record)
        self._check_gone(number, state)
        self._check_edits(number, state)
        self._delete(number, record)

    def _delete(self, number: int, record: DraftRecord) -> None:
        outcome = self._client.delete_draft(record.media_id)
        if not (isinstance(outcome, Refused) and outcome.code == GONE):
            need(outcome, f"删去第 {number} 份草稿")
        self._save(number, None)

    def _update(self, number: int, indices: tuple[int, ...], payloads: list[Payload]) -> bool:
        """Send what differs; whether the draft is there to be read back."""
        record = self.account.drafts[number]
        if record.stored:
            state = self._look(number, record)
            self._check_gone(number, state)
            self._check_edits(number, state)
            if state is _State.GONE:
                self._save(number, None)
                return False
            if state is _State.EDITED:  # nothing is known of any article
                self._save(
                    number, DraftRecord(media_id=record.media_id, articles=_all_unknown(record))
                )
                return False
        for index in indices:
            self._say(f"更新第 {number} 份草稿的第 {index + 1} 篇")
            self._save(number, replace(record, stored=""))
            outcome = self._client.update_draft(record.media_id, index, payloads[index])
            need(outcome, f"更新第 {number} 份草稿的第 {index + 1} 篇")
            sent = [*record.articles]
            sent[index] = article_hash(payloads[index])
            record = replace(record, articles=tuple(sent), stored="")
            self._save(number, record)
        return True

    def _look(self, number: int, record: DraftRecord) -> _State:
        """What became of a draft since it was last read back."""
        outcome = self._client.get_draft(record.media_id)
        if isinstance(outcome, Refused) and outcome.code == GONE:
            return _State.GONE
        stored = _articles(need(outcome, f"读取第 {number} 份草稿"))
        is_same = not record.stored or record.stored == _stored_hash(stored)
        return _State.SAME if is_same else _State.EDITED

    def _check_edits(self, number: int, state: _State) -> None:
        if state is _State.EDITED and not self._wishes.overwrite:
            raise DeliveryProblem(f"第 {number} 份草稿在公众平台上被人改过", _KEEP)

    def _check_gone(self, number: int, state: _State) -> None:
        if state is _State.GONE and not self._wishes.new_draft:
            message = f"第 {number} 份草稿不在草稿箱里了，可能已经发表或删除"
            raise DeliveryProblem(message, f"到公众平台看一看；{_NEW}")

    def _verify(self, number: int, payloads: list[Payload], did: str) -> Pushed:
        record = self.account.drafts[number]
        stored = _articles(need(self._read_back(record), f"核对第 {number} 份草稿"))
        if len(stored) != len(payloads):
            message = f"第 {number} 份草稿应有 {len(payloads)} 篇，微信里有 {len(stored)} 篇"
            raise DeliveryProblem(message, "到公众平台看一看这份草稿")
        self._save(number, replace(record, stored=_stored_hash(stored)))
        return Pushed(
            number=number,
            media_id=record.media_id,
            did=did,
            titles=tuple(str(one["title"]) for one in payloads),
            changes=tuple(map(compare, payloads, stored)),
        )

    def _read_back(self, record: DraftRecord) -> Outcome:
        """draft/get; one that was just made may not be found at once (wenyan-cli #14)."""
        outcome = self._client.get_draft(record.media_id)
        for attempt in range(self._client.patience.attempts - 1):
            if not (isinstance(outcome, Refused) and outcome.code == GONE):
                break
            self._client.patience.wait_after(attempt)
            outcome = self._client.get_draft(record.media_id)
        return outcome

    def _published(
        self, number: int, record: DraftRecord, payloads: list[Payload], wanted: tuple[str, ...]
    ) -> Pushed:
        if record.articles != wanted:
            message = f"第 {number} 份草稿已经发表，内容与现在的不同"
            raise DeliveryProblem(message, "到公众平台修改已发表的文章")
        titles = tuple(str(one["title"]) for one in payloads)
        return Pushed(
            number=number, media_id=record.media_id, did="已经发表", titles=titles, changes=()
        )

    # -- the record --

    def _save(self, number: int, draft: DraftRecord | None) -> None:
        self._write(self.account.with_draft(number, draft))

    def _write(self, account: AccountRecord) -> None:
        self._file.write(account)
        self.account = account


def _is_published(record: DraftRecord) -> bool:
    return record.publishing is not None and record.publishing.done


def _all_unknown(record: DraftRecord) -> tuple[str, ...]:
    return ("",) * len(record.articles)


def _articles(values: Mapping[str, Any]) -> list[Mapping[str, object]]:
    found = values.get("news_item")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _stored_hash(articles: list[Mapping[str, object]]) -> str:
    """Of what readers read; markup is not in it, since WeChat may write that anew each time."""
    return text_hash("\n".join(map(text_of, articles)))
