"""``jianbao delivery doctor``: whether mail will arrive, before any goes out."""

from __future__ import annotations

import os
import sys
from collections import Counter
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.cli.check import report
from jianbao.cli.chinese import ChineseCommand, ChineseGroup
from jianbao.cli.post_room import enter
from jianbao.errors import UsageProblem
from jianbao.reporting import cells
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from jianbao.deliver.doctor.observations import Observation
    from jianbao.deliver.doctor.spf import Ip
    from jianbao.delivering import PostRoom
    from jianbao.mailing import Mailing

#: Commands below ``jianbao delivery``.
COMMANDS = {"doctor": ("jianbao.cli.delivery", "doctor")}

#: Cells of a terminal.
_STATE, _SUBJECT = 6, 23


@click.group(cls=ChineseGroup, commands_at=COMMANDS)
def delivery() -> None:
    """发送的准备：第一次真的发送以前，看看邮件到不到得了。"""


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument("issue", metavar="[期]", required=False)
@click.option("--from-ip", metavar="IP", help="邮件服务器对外的 IP；由 smtp 看不出来时写。")
@click.option("--selector", metavar="选择器", default="", help="邮件服务器签名用的 DKIM 选择器。")
@click.option("--dns", metavar="地址", help="问这个域名服务器，不问本机设置的。")
def doctor(issue: str | None, from_ip: str | None, selector: str, dns: str | None) -> int:
    """检查 SPF、DKIM、DMARC、MX、反向解析、邮件服务器、样信和时钟，什么也不发送。

    写了期，就再看那一期的邮件有多大、头部对不对。要改的，都说出在 DNS 里写什么、输入什么。
    退出码：0 没有要改的，1 那一期有错误，2 有要改的。
    """
    address = _address(from_ip)
    room = enter()
    from jianbao.checkup import Told, check_up  # noqa: PLC0415  (help must not wait for it)
    from jianbao.deliver.doctor.observations import State  # noqa: PLC0415  (likewise)

    mailing = _mailing(room, issue) if issue else None
    told = Told(from_ip=address, selector=selector, dns=dns)
    many = Counter[State]()
    for observation in check_up(room, mailing, told, os.environ):
        _show(observation)
        many[observation.state] += 1
    if mailing is None:
        click.echo("没有写期，没有看邮件的大小和头部：jianbao delivery doctor 2025-04")
    click.echo(f"要改 {many[State.BAD]} 项，要留意 {many[State.NOTE]} 项。")
    return 2 if many[State.BAD] else 0


def _address(written: str | None) -> Ip | None:
    try:
        return ip_address(written) if written else None
    except ValueError as error:
        raise UsageProblem(f"{written} 不是 IP 地址", "例如 --from-ip 203.0.113.5") from error


def _mailing(room: PostRoom, issue: str) -> Mailing:
    """The issue's mailing, for a sample; where it cannot be printed, that is the end (exit 1).

    Raises:
        UsageProblem: It is not built.
    """
    from jianbao.mailing import Mailing, prepare  # noqa: PLC0415  (likewise)

    _, folder = find_issue(issue, Path.cwd())
    found = prepare(room, folder, date.today())  # noqa: DTZ011  (the editor's own day)
    if isinstance(found, Mailing):
        return found
    click.echo(report(found, room.workspace, "full", sys.stderr.isatty()), nl=False, err=True)
    click.echo(f"{issue} 不能付印，做不出样信；先改好上面的错误，再生成。", err=True)
    raise click.exceptions.Exit(1)


def _show(observation: Observation) -> None:
    state = observation.state + " " * (_STATE - cells(observation.state))
    subject = observation.subject + " " * (_SUBJECT - cells(observation.subject))
    click.echo(f"{state}{subject}{observation.said}")
    if observation.remedy:
        click.echo(f"{' ' * (_STATE + _SUBJECT)}怎么办：{observation.remedy}")
