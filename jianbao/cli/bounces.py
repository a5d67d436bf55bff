"""``jianbao bounces``: mail that came back."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.cli.chinese import ChineseCommand, ChineseGroup
from jianbao.cli.post_room import actor, address_of, enter
from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.deliver.bounces.ledger import Bounces
    from jianbao.post_room.delivering import PostRoom

#: Commands below ``jianbao bounces``.
COMMANDS = {
    "read": ("jianbao.cli.bounces", "read"),
    "list": ("jianbao.cli.bounces", "list_all"),
    "forgive": ("jianbao.cli.bounces", "forgive"),
}

#: The environment variable that holds the password of the mailbox.
PASSWORD = "JIANBAO_IMAP_PASSWORD"  # noqa: S105  (a name, not a secret)
_SHOWN = 50


@click.group(cls=ChineseGroup, commands_at=COMMANDS)
def bounces() -> None:
    """退信：读收退信的邮箱，该停发的停发。"""


def _ledger(room: PostRoom) -> Bounces:
    from jianbao.deliver.bounces.ledger import Bounces  # noqa: PLC0415  (help must not wait for it)
    from jianbao.deliver.bounces.tally import Limits  # noqa: PLC0415

    return Bounces(room.engine, room.keys, Limits(soft=room.settings.soft_bounces))


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument(
    "files",
    nargs=-1,
    metavar="[文件…]",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
def read(files: tuple[Path, ...]) -> int:
    """读退信、投诉和退订的来信，记下来；不写文件就读 [delivery] bounce_box。

    收件人不存在的一次就停发，会好转的按天数，说内容或信誉不好的不算在读者头上。
    同一封读几遍只算一次。停错了，用 jianbao bounces forgive 邮箱。
    """
    from jianbao.deliver.bounces.reading import read_returned  # noqa: PLC0415  (likewise)

    room = enter()
    ledger = _ledger(room)
    fates: Counter[str] = Counter()
    for raw in _messages(room, files):
        fates.update(ledger.take(raw, read_returned(raw), actor()))
    _report(fates)
    return 0


def _messages(room: PostRoom, files: tuple[Path, ...]) -> Iterator[bytes]:
    """Those of ``files``, or what is new in the mailbox, each marked once it is dealt with."""
    if files:
        yield from (file.read_bytes() for file in files)
        return
    from jianbao.deliver.bounces.boxes import open_box  # noqa: PLC0415  (likewise)

    if not room.settings.bounce_box:
        hint = '在 [delivery] 里写 bounce_box = "maildir:文件夹"，或写出要读的文件'
        raise UsageProblem("jianbao.toml 没有写收退信的邮箱", hint)
    with open_box(
        room.settings.bounce_box, room.workspace.root, os.environ.get(PASSWORD, "")
    ) as box:
        for key, raw in box.unread():
            yield raw
            box.mark(key)


def _report(fates: Counter[str]) -> None:
    names = {
        "counted": "记下",
        "given-up": "停发",
        "left": "退订",
        "unknown": "不是我们的读者",
        "known": "读过",
        "nothing": "不必理会",
    }
    parts = [f"{name} {fates[fate]}" for fate, name in names.items() if fates[fate]]
    click.echo(f"退信：{'，'.join(parts)}" if parts else "没有新的退信")


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.option("--all", "everything", is_flag=True, help=f"全部列出，不只最近 {_SHOWN} 封。")
def list_all(*, everything: bool) -> int:
    """列出退信，最近的在前：日期、邮箱、原因、对方说的话。"""
    from jianbao.deliver.smtp.replies import REASON_NAMES  # noqa: PLC0415  (likewise)

    found = _ledger(enter()).latest(10**9 if everything else _SHOWN)
    for one in found:
        mark = "（已不算）" if one.forgiven else ""
        day = one.at.astimezone().strftime("%Y-%m-%d")
        click.echo(
            f"{day}  {one.address or '已删除'}  {REASON_NAMES[one.reason]}{mark}  {one.said}"
        )
    if not found:
        click.echo("没有退信")
    return 0


@click.command(cls=ChineseCommand, options_metavar="")
@click.argument("address", metavar="邮箱")
def forgive(address: str) -> int:
    """退信不再算在这个邮箱头上，因退信停发的恢复。"""
    from jianbao.deliver.readers.subscribers import Reason, Subscribers  # noqa: PLC0415  (likewise)

    room, who = enter(), actor()
    wanted = address_of(address)
    people = Subscribers(room.engine, room.keys)
    many = _ledger(room).forgive(wanted, who)
    resumed = people.is_suppressed(wanted) is Reason.BOUNCED
    if resumed:
        people.release(wanted, who)
    click.echo(f"{wanted}：{many} 封退信不再算{'，恢复发信' if resumed else ''}")
    return 0
