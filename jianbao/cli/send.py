"""``jianbao send``: an issue to its readers. A dry run unless it is told to send."""

from __future__ import annotations

import sys
import textwrap
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.cli.check import report as shown_report
from jianbao.cli.chinese import ChineseCommand
from jianbao.cli.post_room import actor, address_of, enter
from jianbao.errors import DeliveryProblem, UsageProblem
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from jianbao.deliver.campaigns.ledger import Campaign, Ledger
    from jianbao.deliver.readers.audience import Audience
    from jianbao.jobs.queue import Queue
    from jianbao.post_room.delivering import PostRoom
    from jianbao.post_room.mailing import Mailing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wishes:
    """The options, as they were given."""

    send: bool
    yes: bool
    quiet: bool
    pause: bool
    resume: bool
    retry_failed: bool
    parked: str | None
    replace: bool
    test: str | None
    at: datetime | None
    queue: bool
    report: Path | None
    lists: tuple[str, ...]
    tags: tuple[str, ...]
    where: tuple[str, ...]


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument("issue", metavar="期")
@click.option("--send", is_flag=True, help="真的发送；不写就只预演。")
@click.option("--yes", is_flag=True, help="不再询问。")
@click.option("--test", metavar="邮箱", help="只给这个邮箱送一封，与真的一样，不记入名单。")
@click.option(
    "--list", "lists", multiple=True, metavar="列表", help="送给哪个列表，可写几次；默认全部。"
)
@click.option("--tag", "tags", multiple=True, metavar="标签", help="只送给有这个标签的，可写几次。")
@click.option(
    "--where",
    multiple=True,
    metavar="列=值",
    help="只送给附加信息是这个值的，例如 单位=研究院，可写几次。",
)
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]),
    metavar="时间",
    help="到这个时间再送，例如 '2025-02-10 09:00'。",
)
@click.option("--pause", is_flag=True, help="暂停：正在送的送完，不再送新的。")
@click.option("--resume", is_flag=True, help="看过原因以后继续；再加 --send 就接着送。")
@click.option("--retry-failed", is_flag=True, help="退回的再送一次。")
@click.option(
    "--parked",
    type=click.Choice(["delivered", "again"]),
    metavar="定夺",
    help="不知送到没有的：delivered 算送到，again 再送一次。",
)
@click.option("--queue", is_flag=True, help="交给各台机器上的 worker 发送（要用 PostgreSQL）。")
@click.option("--replace", is_flag=True, help="PDF 重新生成过，余下的人送新的。")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="文件",
    help="写出发送报告：.html 或 .csv。",
)
@click.option("--quiet", "-q", is_flag=True, help="不显示进度。")
def send(issue: str, **options: object) -> int:
    """把一期送给订户；不加 --send 只预演。

    每位订户一行记录，中断了再运行一次会接着送，不漏，也不重复。不知道送到没有的，
    在邮件服务器的记录（[delivery] journal）里查；查不了就列出来由人定夺。
    退出码：0 已送完，1 内容有错误，2 用法或配置有误，4 没有送完。
    """
    wishes = _Wishes(**options)  # type: ignore[arg-type]  # click gives what the options say
    workspace, folder = find_issue(issue, Path.cwd())
    room = enter(workspace)
    from jianbao.deliver.campaigns.ledger import Ledger  # noqa: PLC0415  (help must not wait for it)

    ledger = Ledger(room.engine)
    if _decide(ledger, folder.name, wishes) and not wishes.send:
        return 0
    mailing = _prepare(room, folder)
    if wishes.test:
        return _test(mailing, wishes.test)
    if wishes.send:
        return _send(mailing, ledger, wishes)
    return _foretell(mailing, ledger, wishes)


def _decide(ledger: Ledger, issue: str, wishes: _Wishes) -> bool:
    """Do what a person decided of a campaign that there is; whether there was anything."""
    from jianbao.deliver.campaigns.campaign import State  # noqa: PLC0415  (likewise)
    from jianbao.deliver.campaigns.sent_report import write_report  # noqa: PLC0415

    wanted = wishes.pause or wishes.resume or wishes.retry_failed or wishes.parked or wishes.report
    if not wanted:
        return False
    campaign = ledger.find(issue)
    if campaign is None:
        raise UsageProblem(f"{issue} 还没有开始发送", f"jianbao send {issue} --send")
    me = actor()
    if wishes.pause:
        ledger.pause(campaign, "由人暂停", me)
        click.echo(f"{issue}：已暂停，继续用 --resume")
    if wishes.resume:
        ledger.resume(campaign, me)
        click.echo(f"{issue}：可以继续")
    if wishes.retry_failed:
        many = ledger.move(campaign, State.FAILED, State.PENDING, "由人再送", me)
        click.echo(f"{issue}：{many} 封退回的会再送")
    if wishes.parked:
        new = State.ACCEPTED if wishes.parked == "delivered" else State.PENDING
        many = ledger.move(campaign, State.PARKED, new, "由人定夺", me)
        click.echo(f"{issue}：{many} 封{'算作已送到' if new is State.ACCEPTED else '会再送'}")
    if wishes.report:
        write_report(ledger, campaign, wishes.report)
        click.echo(f"已写 {wishes.report}")
    return True


def _prepare(room: PostRoom, folder: Path) -> Mailing:
    from jianbao.post_room.mailing import Mailing, prepare  # noqa: PLC0415  (likewise)

    found = prepare(room, folder, date.today())  # noqa: DTZ011  (the editor's own day)
    if isinstance(found, Mailing):
        return found
    click.echo(shown_report(found, room.workspace, "full", sys.stderr.isatty()), nl=False, err=True)
    raise _NotPrintable(f"{folder.name} 不能付印，没有发送", "先改好上面的错误，再生成")


class _NotPrintable(UsageProblem):
    """The content has errors (exit 1)."""

    exit_code = 1


def _audience(wishes: _Wishes) -> Audience:
    from jianbao.deliver.readers.audience import Audience  # noqa: PLC0415  (likewise)

    pairs = [written.partition("=") for written in wishes.where]
    wrong = next((name + sign for name, sign, _ in pairs if not (name and sign)), None)
    if wrong is not None:
        raise UsageProblem(f"--where {wrong}：看不懂", "写成 --where 单位=研究院")
    attributes = {name.strip(): value.strip() for name, _, value in pairs}
    return Audience(lists=wishes.lists, tags=wishes.tags, attributes=attributes)


def _begun(ledger: Ledger, issue: str, audience: Audience) -> Campaign | None:
    """The campaign of ``issue``, whose readers are those of ``audience`` or were not named."""
    from jianbao.deliver.readers.audience import Audience  # noqa: PLC0415  (likewise)

    campaign = ledger.find(issue)
    if campaign is not None and audience not in (Audience(), campaign.audience):
        hint = "去掉 --list、--tag、--where"
        raise UsageProblem(f"{issue} 已经开始发送，送给谁已经定下", hint)
    return campaign


def _foretell(mailing: Mailing, ledger: Ledger, wishes: _Wishes) -> int:
    from jianbao.post_room.mailing import sample_of  # noqa: PLC0415  (likewise)

    audience = _audience(wishes)
    campaign = _begun(ledger, mailing.issue, audience)
    click.echo(f"{mailing.issue}：预演，什么也不发送")
    click.echo(f"  标题：{mailing.letter.subject}")
    click.echo(f"  发件人：{mailing.sender.name} <{mailing.sender.address}>")
    sample = sample_of(mailing, datetime.now().astimezone())
    is_link = mailing.room.settings.attach == "link"
    click.echo(
        f"  {'给出链接' if is_link else '附件'}：{mailing.file_name}；每封 {sample.size:,} 字节"
    )
    if campaign is None:
        _survey(ledger, audience)
    else:
        _state(ledger, campaign)
    click.echo("  邮件的头部（样例，寄给发件人自己）：")
    click.echo(textwrap.indent(sample.headers, "    "))
    for warning in mailing.warnings:
        click.echo(f"注意：{warning}", err=True)
    click.echo(f"先试一封：jianbao send {mailing.issue} --test 你的邮箱；发送：加 --send")
    return 0


def _survey(ledger: Ledger, audience: Audience) -> None:
    found = ledger.survey(audience)
    click.echo(f"  送给 {found.wanted} 位（列表里共 {found.named} 位）")
    for many, what in (
        (found.suppressed, "停发"),
        (found.unconfirmed, "待本人确认"),
        (found.unsubscribed, "已退订"),
    ):
        if many:
            click.echo(f"    不送：{what} {many} 位")
    for domain, many in found.domains:
        click.echo(f"    {domain} {many}")


def _state(ledger: Ledger, campaign: Campaign) -> None:
    from jianbao.deliver.campaigns.campaign import STATE_NAMES, Phase  # noqa: PLC0415  (likewise)

    counts = ledger.counts(campaign)
    shown = "，".join(f"{STATE_NAMES[state]} {many}" for state, many in counts.items() if many)
    click.echo(f"  名单 {campaign.frozen} 位：{shown or '没有人'}")
    if campaign.phase is Phase.PAUSED:
        click.echo(f"  已暂停：{campaign.why}；继续用 --resume --send")


def _test(mailing: Mailing, written: str) -> int:
    from jianbao.cli.sending import send_one  # noqa: PLC0415  (likewise)

    address = address_of(written)
    click.echo(f"{address}：{send_one(mailing, address)}")
    return 0


def _send(mailing: Mailing, ledger: Ledger, wishes: _Wishes) -> int:
    from jianbao.cli.sending import mail_endpoint, send_all  # noqa: PLC0415  (likewise)

    queue = _queue(mailing.room, wishes)
    endpoint = mail_endpoint(mailing)  # what it lacks is said before anybody is asked
    begun = _begun(ledger, mailing.issue, _audience(wishes))
    campaign = begun or _begin(mailing, ledger, wishes, queue)
    if campaign.content != mailing.content:
        campaign = _replaced(mailing, ledger, campaign, wishes)
    if wishes.at is not None and campaign.not_before != wishes.at.astimezone():
        ledger.postpone(campaign, wishes.at.astimezone(), actor())
    if wishes.at is not None:
        click.echo(f"{mailing.issue}：定在 {wishes.at:%Y-%m-%d %H:%M} 以后发送")
    if queue is not None:
        from jianbao.cli.queued import hand_over  # noqa: PLC0415  (likewise)

        return hand_over(mailing.room, queue, ledger, campaign, quiet=wishes.quiet)
    return send_all(mailing, endpoint, ledger, campaign, quiet=wishes.quiet)


def _queue(room: PostRoom, wishes: _Wishes) -> Queue | None:
    """Where workers find it, if they are to send it."""
    if not wishes.queue and not room.jobs:
        return None
    from jianbao.jobs.queue import open_queue  # noqa: PLC0415  (likewise)

    return open_queue(room.engine)


def _begin(mailing: Mailing, ledger: Ledger, wishes: _Wishes, queue: Queue | None) -> Campaign:
    audience = _audience(wishes)
    found = ledger.survey(audience)
    if not found.wanted:
        raise UsageProblem("没有一位订户要送", "用 jianbao subscribers lists 看各列表的人数")
    if not wishes.yes:
        click.confirm(f"把 {mailing.issue} 送给 {found.wanted} 位订户吗？", abort=True, err=True)
    return ledger.begin(
        mailing.issue,
        mailing.content,
        audience,
        actor(),
        not_before=wishes.at.astimezone() if wishes.at else None,
        enqueue=queue.enqueue_batches if queue else None,
    )


def _replaced(mailing: Mailing, ledger: Ledger, campaign: Campaign, wishes: _Wishes) -> Campaign:
    if not wishes.replace:
        raise DeliveryProblem(
            f"{mailing.issue} 已经开始发送，PDF 后来又生成过，与送出的不同",
            f"余下的人也送新的：jianbao send {mailing.issue} --send --replace；"
            "否则恢复原来的稿件，重新生成",
        )
    ledger.replace_content(campaign, mailing.content, actor())
    return ledger.find(mailing.issue) or campaign
