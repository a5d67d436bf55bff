"""Publish drafts that were pushed: each once, and only when a person asked for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jianbao.deliver.wechat.client import Unknown
from jianbao.deliver.wechat.problems import need
from jianbao.deliver.wechat.record import DraftRecord, Publishing
from jianbao.errors import DeliveryProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jianbao.deliver.wechat.client import Client
    from jianbao.deliver.wechat.record import RecordFile

#: Looks at a publication that is under way, and seconds between them.
_LOOKS, _GAP = 30, 2.0
_RUNNING = 1
#: By publish_status of freepublish/get.
_FAILURES = {
    2: ("原创声明没有通过", "到公众平台的通知中心看原因"),
    3: ("发布失败", "到公众平台打开草稿，看它提示什么"),
    4: ("平台审核没有通过", "到公众平台的通知中心看原因"),
    5: ("发布以后文章被删除了", "到公众平台的发表记录看一看"),
    6: ("发布以后文章被封禁了", "到公众平台的通知中心看原因"),
}


def publish(
    number: int, file: RecordFile, client: Client, say: Callable[[str], None]
) -> tuple[str, ...]:
    """Publish draft ``number`` and wait for the addresses of its articles.

    Raises:
        DeliveryProblem: It was refused, failed, or nobody knows whether it was taken.
    """
    draft = file.read().drafts[number]
    if draft.publishing is None:
        draft = _submit(number, draft, file, client, say)
    publishing = draft.publishing
    if publishing is None or (not publishing.publish_id and not publishing.done):
        raise DeliveryProblem(
            f"不知道第 {number} 份草稿的发布请求微信收到没有",
            "到公众平台的发表记录看一看；没有发表的话，在草稿箱里按“发表”",
        )
    if publishing.done:
        return publishing.urls
    urls = _wait(number, publishing.publish_id, draft, file, client)
    _save(file, number, replace(draft, publishing=replace(publishing, urls=urls, done=True)))
    return urls


def _submit(
    number: int, draft: DraftRecord, file: RecordFile, client: Client, say: Callable[[str], None]
) -> DraftRecord:
    """Ask once; the request is on record before it is sent."""
    doing = f"发布第 {number} 份草稿"
    say(doing)
    asked = replace(draft, publishing=Publishing())
    _save(file, number, asked)
    outcome = client.submit(draft.media_id)
    if isinstance(outcome, Unknown):
        return asked
    try:
        publish_id = str(need(outcome, doing).get("publish_id", ""))
    except DeliveryProblem:
        _save(file, number, draft)  # certainly not taken
        raise
    answered = replace(draft, publishing=Publishing(publish_id=publish_id))
    _save(file, number, answered)
    return answered


def _wait(
    number: int, publish_id: str, draft: DraftRecord, file: RecordFile, client: Client
) -> tuple[str, ...]:
    doing = f"查看第 {number} 份草稿的发布结果"
    for _ in range(_LOOKS):
        values = need(client.publish_state(publish_id), doing)
        status = int(values.get("publish_status", _RUNNING))
        if status in _FAILURES:
            _save(file, number, replace(draft, publishing=None))
            sentence, advice = _FAILURES[status]
            raise DeliveryProblem(f"第 {number} 份草稿{sentence}", advice)
        if status != _RUNNING:
            return _urls(values)
        client.patience.sleep(_GAP)
    raise DeliveryProblem(f"第 {number} 份草稿还在发布", "过几分钟再运行一次，会接着查看")


def _urls(values: Mapping[str, Any]) -> tuple[str, ...]:
    items = values.get("article_detail", {}).get("item", ())
    return tuple(str(one.get("article_url", "")) for one in items)


def _save(file: RecordFile, number: int, draft: DraftRecord) -> None:
    file.write(file.read().with_draft(number, draft))
