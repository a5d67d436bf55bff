"""``jianbao wechat push``."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.cli.check import report
from jianbao.cli.chinese import ChineseCommand, ChineseGroup
from jianbao.cli.issues import issue_argument
from jianbao.cli.progress import Progress
from jianbao.diagnostics import Severity, has_errors
from jianbao.editions import WECHAT
from jianbao.errors import DeliveryProblem, UsageProblem
from jianbao.locks import only_one
from jianbao.reporting import summary
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from jianbao.deliver.wechat.client import Client
    from jianbao.deliver.wechat.drafts import Pushed, Wishes
    from jianbao.deliver.wechat.package import Package
    from jianbao.deliver.wechat.record import RecordFile
    from jianbao.settings import WechatAccount, WechatSettings
    from jianbao.workspace import Workspace

#: Commands below ``jianbao wechat``.
COMMANDS = {"push": ("jianbao.cli.wechat", "push")}


@click.group(cls=ChineseGroup, commands_at=COMMANDS)
def wechat() -> None:
    """微信公众号。"""


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@issue_argument
@click.option("--account", metavar="名称", help="推送到哪个公众号，默认是 jianbao.toml 里第一个。")
@click.option(
    "--publish", "to_publish", is_flag=True, help="推送以后发布；账号要有发布接口的权限。"
)
@click.option("--dry-run", is_flag=True, help="只说会做什么，不连接微信。")
@click.option("--overwrite", is_flag=True, help="草稿在公众平台上被人改过也盖过去。")
@click.option("--new-draft", is_flag=True, help="上次的草稿不在了，或有同名的草稿，也再建一份。")
@click.option("--quiet", "-q", is_flag=True, help="不显示进度。")
def push(  # noqa: PLR0913  (one for each option)
    issues: tuple[str, ...],
    *,
    account: str | None,
    to_publish: bool,
    dry_run: bool,
    overwrite: bool,
    new_draft: bool,
    quiet: bool,
) -> int:
    """把生成好的微信版本存进公众号的草稿箱。

    先运行 jianbao build 期 --edition wechat。推送过的草稿会更新，不会多出一份；
    中断了就再运行一次，从断的地方接着做。发表由人在公众平台上按。
    微信会删去、拒收或弄坏的地方是错误，有就不推送。
    退出码：0 已存好，1 有错误，2 用法或配置有误，4 没有存完。
    """
    from jianbao.deliver.wechat.drafts import Wishes  # noqa: PLC0415  (help must not wait for it)

    wishes = Wishes(overwrite=overwrite, new_draft=new_draft)
    for argument in issues:
        workspace, folder = find_issue(argument, Path.cwd())
        order = _order(workspace, folder, account)
        if _has_errors(workspace, folder):
            return 1
        if dry_run:
            _foretell(order)
        else:
            _push(order, wishes, to_publish=to_publish, quiet=quiet)
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What to push, where to, and what was pushed before."""

    issue: str
    root: Path
    api: str
    account: WechatAccount
    package: Package
    record: RecordFile


def _order(workspace: Workspace, folder: Path, name: str | None) -> _Order:
    from jianbao.deliver.wechat.account import checked_api, choose_account  # noqa: PLC0415  (likewise)
    from jianbao.deliver.wechat.package import read_package  # noqa: PLC0415
    from jianbao.deliver.wechat.record import RECORD, RecordFile  # noqa: PLC0415

    settings = _settings(workspace)
    account = choose_account(settings, name)
    return _Order(
        issue=folder.name,
        root=workspace.root,
        api=checked_api(settings.api),
        account=account,
        package=read_package(workspace.output / folder.name / WECHAT, folder),
        record=RecordFile(folder / RECORD, account.appid),
    )


def _has_errors(workspace: Workspace, folder: Path) -> bool:
    """Whether WeChat would refuse or break what was built; if so, it is shown."""
    from jianbao.pages import DRAFT, check_page  # noqa: PLC0415  (likewise)

    draft = workspace.output / folder.name / WECHAT / DRAFT
    found = check_page(draft, workspace.relative(draft), pushed=True)
    errors = tuple(one for one in found if one.severity is Severity.ERROR)
    if errors:
        click.echo(report(errors, workspace, "full", sys.stderr.isatty()), err=True, nl=False)
        click.echo(f"{folder.name}：{summary(errors)}，没有推送", err=True)
    return bool(errors)


def _settings(workspace: Workspace) -> WechatSettings:
    from jianbao.load import load_publication  # noqa: PLC0415  (likewise)

    configuration = load_publication(workspace)
    if has_errors(configuration.problems):
        click.echo(report(configuration.problems, workspace, "full", sys.stderr.isatty()), err=True)
        raise UsageProblem("jianbao.toml 有错误，没有推送", "先改好上面的错误")
    return configuration.wechat


def _foretell(order: _Order) -> None:
    """Say what a push would do, as far as the record tells."""
    from jianbao.deliver.wechat.push import outlook  # noqa: PLC0415  (likewise)

    click.echo(f"{order.issue}：公众号 {order.account.appid}，不连接微信，只看推送记录")
    for line in outlook(order.package, order.record.read()):
        click.echo(f"  {line}")


def _push(order: _Order, wishes: Wishes, *, to_publish: bool, quiet: bool) -> None:
    from jianbao.deliver.http_post import Wire  # noqa: PLC0415
    from jianbao.deliver.wechat.account import read_credentials  # noqa: PLC0415  (likewise)
    from jianbao.deliver.wechat.client import Client, Patience  # noqa: PLC0415
    from jianbao.deliver.wechat.push import outlook, push  # noqa: PLC0415
    from jianbao.deliver.wechat.tokens import TokenFile, state_folder  # noqa: PLC0415

    credentials, warning = read_credentials(order.account, order.root, os.environ)
    if warning:
        click.echo(f"注意：{warning}", err=True)
    tokens = TokenFile(state_folder(), order.account.appid)
    client = Client(Wire(api=order.api), credentials, tokens, Patience())
    with only_one(state_folder() / f"{order.account.appid}.lock", "推送"):
        steps = len(outlook(order.package, order.record.read()))
        with Progress(order.issue, steps, quiet=quiet) as progress:
            drafts = push(order.package, order.record, client, wishes, progress)
        _report(order.issue, drafts)
        if to_publish:
            _publish(order, drafts, client, quiet=quiet)
    _refuse_losses(drafts)


def _publish(order: _Order, drafts: tuple[Pushed, ...], client: Client, *, quiet: bool) -> None:
    from jianbao.deliver.wechat.publish import publish  # noqa: PLC0415  (likewise)

    _refuse_losses(drafts)
    with Progress(order.issue, len(drafts), quiet=quiet) as progress:
        for draft in drafts:
            for url in publish(draft.number, order.record, client, progress):
                click.echo(f"  已发布 {url}")


def _report(issue: str, drafts: tuple[Pushed, ...]) -> None:
    for draft in drafts:
        click.echo(f"{issue} 第 {draft.number} 份草稿：{draft.did}，共 {len(draft.titles)} 篇")
        for number, (title, changes) in enumerate(
            zip(draft.titles, draft.changes, strict=False), 1
        ):
            said = (*changes.lost, *changes.restyled)
            click.echo(f"  {number}. {title}：{'；'.join(said) or '与送出的一样'}")
    if any(draft.changes for draft in drafts):
        click.echo("到公众平台的草稿箱看过以后，由人发表。")


def _refuse_losses(drafts: tuple[Pushed, ...]) -> None:
    if any(changes.lost for draft in drafts for changes in draft.changes):
        message = "草稿存下了，但微信改动了内容（见上），与稿件不一致"
        raise DeliveryProblem(message, "到公众平台对照着改，或改稿件后重新生成、再推送")
