"""``jianbao announce``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.cli.check import report
from jianbao.cli.chinese import ChineseCommand
from jianbao.cli.issues import issue_argument
from jianbao.diagnostics import has_errors
from jianbao.errors import DeliveryProblem, UsageProblem
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from jianbao.deliver.robots.card import Card
    from jianbao.deliver.robots.record import AnnouncedFile
    from jianbao.delivery import Robot
    from jianbao.workspace import Workspace


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@issue_argument
@click.option(
    "--robot", "names", multiple=True, metavar="名称", help="只用这个机器人，可以写几次。"
)
@click.option("--send", "to_send", is_flag=True, help="真的发；不写就只说会发什么。")
@click.option("--again", is_flag=True, help="通知过的也再发一次。")
def announce(issues: tuple[str, ...], *, names: tuple[str, ...], to_send: bool, again: bool) -> int:
    """用群机器人通知：企业微信、钉钉、飞书。

    消息有期号、日期、各栏要目和阅读的地址。每个机器人对一期只通知一次，记在期的
    announced.json 里。退出码：0 已通知，2 用法或配置有误，4 有没发出去的。
    """
    failed = False
    for argument in issues:
        workspace, folder = find_issue(argument, Path.cwd())
        failed |= not _announce(workspace, folder, names, really=to_send, again=again)
    if not to_send:
        click.echo("这是预演，什么也没有发。要发，请加 --send。")
    return DeliveryProblem.exit_code if failed else 0


def _announce(
    workspace: Workspace, folder: Path, names: tuple[str, ...], *, really: bool, again: bool
) -> bool:
    """Whether every robot spoke, or would."""
    from jianbao.deliver.robots.announce import to_send  # noqa: PLC0415  (help must not wait for it)
    from jianbao.deliver.robots.card import read_card  # noqa: PLC0415
    from jianbao.deliver.robots.record import RECORD, AnnouncedFile  # noqa: PLC0415

    publication, robots = _robots(workspace)
    record = AnnouncedFile(folder / RECORD)
    chosen, skipped = to_send(robots, names, record, again=again)
    for line in skipped:
        click.echo(f"{folder.name}：{line}")
    done = True
    for robot in chosen:
        card = read_card(workspace.output / folder.name, publication, robot.link)
        if really:
            done &= _send(workspace, folder.name, robot, card, record)
        else:
            _foretell(robot, card)
    return done


def _robots(workspace: Workspace) -> tuple[str, tuple[Robot, ...]]:
    from jianbao.load import load_publication  # noqa: PLC0415  (likewise)

    configuration = load_publication(workspace)
    if has_errors(configuration.problems) or configuration.publication is None:
        click.echo(report(configuration.problems, workspace, "full", sys.stderr.isatty()), err=True)
        raise UsageProblem("jianbao.toml 有错误，没有通知", "先改好上面的错误")
    return configuration.publication.name, configuration.delivery.robots


def _send(
    workspace: Workspace, issue: str, robot: Robot, card: Card, record: AnnouncedFile
) -> bool:
    from jianbao.deliver.robots.announce import announce, read_webhook  # noqa: PLC0415  (likewise)

    try:
        left_out = announce(robot, read_webhook(robot, workspace.root), card, record)
    except DeliveryProblem as problem:
        click.echo(f"错误：{issue}：{problem.message}\n怎么办：{problem.hint}", err=True)
        return False
    short = f"，放不下的 {left_out} 条没有列出" if left_out else ""
    click.echo(f"{issue}：{robot.name}已经通知{short}")
    return True


def _foretell(robot: Robot, card: Card) -> None:
    from jianbao.deliver.robots.channels import CHANNELS  # noqa: PLC0415  (likewise)

    channel = CHANNELS[robot.kind]
    _, left_out = channel.request(card, "", 0)
    count = sum(len(titles) for _, titles in card.sections)
    short = f"，放不下的 {left_out} 条不列" if left_out else ""
    click.echo(f"会通知 {robot.name}（{channel.name}）：{card.title}，{count} 条要目{short}")
    click.echo(f"  阅读全文：{card.link or '没有写 link，消息里没有地址'}")
