"""``jianbao subscribers ask``: letters to readers who have not confirmed yet."""

from __future__ import annotations

import asyncio
import os
import textwrap
from collections import Counter
from typing import TYPE_CHECKING

import click

from jianbao.cli.chinese import ChineseCommand
from jianbao.cli.post_room import enter
from jianbao.cli.progress import Count

if TYPE_CHECKING:
    from jianbao.deliver.readers.asking import Asking
    from jianbao.deliver.readers.asks import Asks, Turn
    from jianbao.post_room.confirming import Confirming


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.option("--list", "list_name", metavar="列表", default="", help="只问这个列表里待确认的。")
@click.option("--send", is_flag=True, help="真的发信；不写就只预演。")
@click.option("--yes", is_flag=True, help="不再询问。")
@click.option("--quiet", "-q", is_flag=True, help="不显示进度。")
def ask(list_name: str, *, send: bool, yes: bool, quiet: bool) -> int:
    """给待确认的订户写信，请本人确认；不加 --send 只预演。

    信里的链接打开读者自己的网页（jianbao subscribers serve），按了按钮才算确认。
    对一位订户 7 天内不写第二次，总共最多写 3 次；停发的不写。
    退出码：0 都写了，2 用法或配置有误，4 有的没有写成。
    """
    room = enter()
    from jianbao.deliver.readers.asks import Turn  # noqa: PLC0415  (likewise)
    from jianbao.post_room.confirming import asks_of, open_confirming  # noqa: PLC0415  (help must not wait for it)
    from jianbao.post_room.posting import now  # noqa: PLC0415

    confirming, asks = open_confirming(room), asks_of(room, list_name)
    turns = Counter(asks.turns(now()).values())
    click.echo(_waiting(turns))
    if not send:
        return _foretell(confirming)
    if not turns[Turn.NOW]:
        return 0
    if not yes:
        click.confirm(f"给 {turns[Turn.NOW]} 位写信吗？", abort=True, err=True)
    return _ask(confirming, asks, quiet=quiet)


def _waiting(turns: Counter[Turn]) -> str:
    from jianbao.deliver.readers.asks import APART, MOST, Turn  # noqa: PLC0415  (likewise)

    parts = [f"这次写给 {turns[Turn.NOW]} 位"]
    if turns[Turn.LATER]:
        parts.append(f"{APART.days} 天内写过的 {turns[Turn.LATER]} 位")
    if turns[Turn.NEVER]:
        parts.append(f"写过 {MOST} 次、不再写的 {turns[Turn.NEVER]} 位")
    return f"待确认 {turns.total()} 位：{'，'.join(parts)}"


def _foretell(confirming: Confirming) -> int:
    from jianbao.deliver.readers.asks import Ask  # noqa: PLC0415  (likewise)

    sample = Ask(id=0, reader=0, times=1, address="", name="王某", domain="", lists=("列表名",))
    wording = confirming.word(sample)
    click.echo(f"预演，什么也不发送。信是这样的（样例里的链接打不开）：\n  标题：{wording.subject}")
    click.echo(textwrap.indent(wording.text, "    "), nl=False)
    click.echo("发信加 --send")
    return 0


def _ask(confirming: Confirming, asks: Asks, *, quiet: bool) -> int:
    from jianbao.deliver.smtp.endpoint import endpoint_of  # noqa: PLC0415
    from jianbao.post_room.confirming import ask_readers  # noqa: PLC0415  (likewise)

    room = confirming.room
    endpoint, warning = endpoint_of(room.settings, room.workspace.root, os.environ)
    if warning:
        click.echo(f"注意：{warning}", err=True)
    with Count("写信", quiet=quiet) as count:
        asking, why = asyncio.run(ask_readers(confirming, endpoint, asks, count))
    return _tell(asking, why)


def _tell(asking: Asking, why: str) -> int:
    from jianbao.deliver.readers.asking import Came  # noqa: PLC0415  (likewise)

    names = {
        Came.ACCEPTED: "已交出",
        Came.LATER: "没有写成，下次再写",
        Came.REFUSED: "退回",
        Came.UNKNOWN: "不知送到没有",
    }
    parts = [f"{name} {asking.came[came]}" for came, name in names.items() if asking.came[came]]
    click.echo("，".join(parts) or "没有要写的")
    if why:
        click.echo(f"连不上邮件服务器：{why}。好了再运行一次", err=True)
    return 0 if set(asking.came) <= {Came.ACCEPTED} else 4
