"""Bring the drafts of an issue into the draft box: each once, however often it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.deliver.wechat.drafts import Drafting
from jianbao.deliver.wechat.plan import Add, Replace, Settle, Step, Update, article_hash, plan
from jianbao.deliver.wechat.uploads import missing, upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from jianbao.deliver.wechat.client import Client
    from jianbao.deliver.wechat.drafts import Payload, Pushed, Wishes
    from jianbao.deliver.wechat.package import DraftArticle, Package
    from jianbao.deliver.wechat.record import AccountRecord, RecordFile


def push(
    package: Package,
    record: RecordFile,
    client: Client,
    wishes: Wishes,
    say: Callable[[str], None],
) -> tuple[Pushed, ...]:
    """Upload what is missing and bring every draft to what ``package`` says.

    Raises:
        DeliveryProblem: It could not be finished; the next run goes on from there.
        UsageProblem: The record cannot be read or written.
    """
    upload(package.used_images, record, client, say)
    work = Drafting(record, client, wishes, say)
    for number in sorted(work.account.drafts):
        if number > len(package.drafts):
            work.retire(number)
    return tuple(
        work.bring(number, _payloads(articles, package, work.account))
        for number, articles in enumerate(package.drafts, 1)
    )


def outlook(package: Package, account: AccountRecord) -> tuple[str, ...]:
    """What a push would do, a line each, as far as the record tells."""
    uploads = tuple(
        f"上传 {image.file}（{len(image.content):,} 字节）"
        for image in missing(package.used_images, account)
    )
    drafts = []
    for number, articles in enumerate(package.drafts, 1):
        wanted = tuple(map(article_hash, _payloads(articles, package, account)))
        step = plan(account.drafts.get(number), wanted)
        drafts.append(f"第 {number} 份草稿（{len(articles)} 篇）：{_foretold(step)}")
    many = len(package.drafts)
    extra = tuple(f"第 {n} 份草稿：删去，这一期没有它了" for n in account.drafts if n > many)
    return (*uploads, *drafts, *extra)


def _foretold(step: Step) -> str:
    match step:
        case Add():
            return "新建"
        case Settle():
            return "上次没有结果，先查看草稿箱"
        case Replace():
            return "篇数变了，删去旧的再新建"
        case Update(()):
            return "没有改动"
        case Update(indices):
            return f"更新第 {'、'.join(str(index + 1) for index in indices)} 篇"


def _payloads(
    articles: tuple[DraftArticle, ...], package: Package, account: AccountRecord
) -> list[Payload]:
    """What is sent, with the addresses of pictures as far as they are uploaded."""
    urls = {file: account.images.get(i.sha256, "") for file, i in package.images.items()}
    thumbs = {file: account.covers.get(i.sha256, "") for file, i in package.images.items()}
    return [article.payload(urls, thumbs[article.thumb]) for article in articles]
