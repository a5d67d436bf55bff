"""``jianbao subscribers``: who gets the issues."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.cli.chinese import ChineseCommand, ChineseGroup
from jianbao.cli.post_room import actor, address_of, enter
from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jianbao.deliver.readers.subscribers import Subscriber, Subscribers, Wanted

#: Commands below ``jianbao subscribers``.
COMMANDS = {
    "import": ("jianbao.cli.subscriber_import", "import_file"),
    "list": ("jianbao.cli.subscribers", "list_all"),
    "export": ("jianbao.cli.subscribers", "export"),
    "show": ("jianbao.cli.subscribers", "show"),
    "ask": ("jianbao.cli.ask", "ask"),
    "suppress": ("jianbao.cli.subscribers", "suppress"),
    "release": ("jianbao.cli.subscribers", "release"),
    "erase": ("jianbao.cli.subscribers", "erase"),
    "lists": ("jianbao.cli.subscribers", "lists"),
    "serve": ("jianbao.cli.reader_pages", "serve"),
    "undo": ("jianbao.cli.subscriber_import", "undo"),
}

#: Readers that ``list`` shows unless it is told otherwise.
_SHOWN = 50
_HEAD = ("email", "name", "lists", "tags", "suppressed")

narrowed = (
    click.option("--list", "list_name", metavar="列表", default="", help="只要这个列表的。"),
    click.option("--tag", metavar="标签", default="", help="只要有这个标签的。"),
)


@click.group(cls=ChineseGroup, commands_at=COMMANDS)
def subscribers() -> None:
    """订户：导入、查看、停发、删除。"""


def _people() -> Subscribers:
    from jianbao.deliver.readers.subscribers import Subscribers  # noqa: PLC0415  (help must not wait for it)

    room = enter()
    return Subscribers(room.engine, room.keys)


def _wanted(list_name: str, tag: str, word: str = "") -> Wanted:
    from jianbao.deliver.readers.subscribers import Wanted  # noqa: PLC0415  (likewise)

    return Wanted(list=list_name, tag=tag, word=word)


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@narrowed[0]
@narrowed[1]
@click.option("--search", metavar="文字", default="", help="邮箱或姓名里有这几个字的。")
@click.option("--all", "everyone", is_flag=True, help=f"全部列出，不只前 {_SHOWN} 位。")
def list_all(list_name: str, tag: str, search: str, *, everyone: bool) -> int:
    """列出订户：邮箱、姓名、各列表的状态。"""
    many = 0
    for one in _people().all(_wanted(list_name, tag, search)):
        many += 1
        if many > _SHOWN and not everyone:
            click.echo(f"…… 只列了前 {_SHOWN} 位，全部列出加 --all")
            return 0
        click.echo(_line(one))
    if not many:
        click.echo("没有这样的订户")
    return 0


def _line(one: Subscriber) -> str:
    from jianbao.deliver.readers.subscribers import REASON_NAMES, STANDING_NAMES  # noqa: PLC0415  (likewise)

    parts = [f"{name}（{STANDING_NAMES[state]}）" for name, state in one.lists.items()]
    if one.suppressed:
        parts.append(f"停发：{REASON_NAMES[one.suppressed]}")
    return "  ".join(part for part in (one.address, one.name, "、".join(parts)) if part)


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@narrowed[0]
@narrowed[1]
@click.option(
    "--out",
    metavar="文件",
    type=click.Path(path_type=Path, dir_okay=False),
    help="写到这个文件，默认是屏幕。",
)
def export(list_name: str, tag: str, out: Path | None) -> int:
    """导出订户（CSV，UTF-8），附加信息一项一列。

    以 =、+、-、@ 开头的格前面加了一个单引号，表格软件不会把它当公式；再导入时会去掉。
    """
    from jianbao.deliver.readers.subscriber_files import write_csv  # noqa: PLC0415  (likewise)

    rows = _rows(_people(), _wanted(list_name, tag))
    if out is None:
        write_csv(rows, sys.stdout)
        return 0
    # The mark by which Excel knows UTF-8.
    with out.open("w", encoding="utf-8-sig", newline="") as target:
        write_csv(rows, target)
    click.echo(f"已写 {out}")
    return 0


def _rows(people: Subscribers, wanted: Wanted) -> Iterator[tuple[str, ...]]:
    from jianbao.deliver.readers.subscribers import Standing  # noqa: PLC0415  (likewise)

    more = people.attribute_names(wanted)
    yield (*_HEAD, *more)
    for one in people.all(wanted):
        taken = (name for name, state in one.lists.items() if state is Standing.CONFIRMED)
        yield (
            one.address,
            one.name,
            ";".join(taken),
            ";".join(one.tags),
            one.suppressed or "",
            *(one.attributes.get(name, "") for name in more),
        )


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument("address", metavar="邮箱")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    metavar="格式",
    help="text 或 json。",
)
def show(address: str, form: str) -> int:
    """写出存着的关于一位订户的全部信息。

    json 可以交给本人：个人信息保护法第四十五条，个人有权查阅、复制自己的信息。
    """
    one = _people().find(address_of(address))
    if one is None:
        raise UsageProblem(f"没有 {address} 这位订户", "用 jianbao subscribers list --search 找")
    facts = _facts(one)
    if form == "json":
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        for key, value in facts.items():
            click.echo(f"{key}：{_said(value)}")
    return 0


def _facts(one: Subscriber) -> Mapping[str, object]:
    from jianbao.deliver.readers.subscribers import REASON_NAMES, STANDING_NAMES  # noqa: PLC0415  (likewise)

    return {
        "邮箱": one.address,
        "姓名": one.name,
        "加入": one.added.astimezone().isoformat(timespec="seconds"),
        "列表": {name: STANDING_NAMES[state] for name, state in one.lists.items()},
        "标签": list(one.tags),
        "其他": dict(one.attributes),
        "同意": ["，".join(filter(None, consent)) for consent in one.consents],
        "停发": REASON_NAMES[one.suppressed] if one.suppressed else "",
    }


def _said(value: object) -> str:
    match value:
        case dict():
            return "、".join(f"{key} {said}" for key, said in value.items()) or "无"
        case list():
            return "、".join(map(str, value)) or "无"
    return str(value) or "无"


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument("addresses", nargs=-1, required=True, metavar="邮箱…")
@click.option("--note", metavar="说明", default="", help="为什么。")
def suppress(addresses: tuple[str, ...], note: str) -> int:
    """停发：不论在哪个列表，都不再给这些邮箱发送。"""
    from jianbao.deliver.readers.subscribers import Reason  # noqa: PLC0415  (likewise)

    people, me = _people(), actor()
    for address in map(address_of, addresses):
        news = people.suppress(address, Reason.BY_HAND, note, me)
        click.echo(f"{address}：{'已停发' if news else '早已停发'}")
    return 0


@click.command(cls=ChineseCommand, options_metavar="")
@click.argument("addresses", nargs=-1, required=True, metavar="邮箱…")
def release(addresses: tuple[str, ...]) -> int:
    """恢复：撤销停发。要求删除的不能恢复。"""
    from jianbao.deliver.readers.subscribers import REASON_NAMES, Reason  # noqa: PLC0415  (likewise)

    people, me, refused = _people(), actor(), 0
    for address in map(address_of, addresses):
        reason = people.release(address, me)
        if reason is Reason.ERASED:
            refused = 1
            click.echo(f"{address}：本人要求删除过，不能恢复；要由本人重新订阅", err=True)
        else:
            was = f"已恢复（原先：{REASON_NAMES[reason]}）" if reason else "没有停发"
            click.echo(f"{address}：{was}")
    return refused


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.argument("address", metavar="邮箱")
@click.option("--yes", is_flag=True, help="不再询问。")
def erase(address: str, *, yes: bool) -> int:
    """删除一位订户的全部个人信息，不能还原。

    邮箱换成不能倒推的摘要，以后再导入同一个邮箱也不会发送。已送出的份数照样算在报告里。
    """
    found = address_of(address)
    if not yes:
        click.confirm(f"删除 {found} 的全部信息，不能还原，继续吗？", abort=True, err=True)
    known = _people().erase(found, actor())
    click.echo(f"{found}：{'已删除' if known else '没有这位订户，已记下不再发送'}")
    return 0


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.option("--confirm", metavar="列表", help="这个列表以后新加的人要本人确认才发送。")
@click.option("--no-confirm", metavar="列表", help="这个列表不用本人确认。")
def lists(confirm: str | None, no_confirm: str | None) -> int:
    """列出各列表和人数；--confirm 设定要不要本人确认。"""
    from jianbao.deliver.readers.subscribers import STANDING_NAMES  # noqa: PLC0415  (likewise)

    people = _people()
    for name, opt_in in ((confirm, True), (no_confirm, False)):
        if name:
            people.set_opt_in(name, actor(), opt_in=opt_in)
    for name, opt_in, counts in people.lists():
        shown = "、".join(f"{STANDING_NAMES[state]} {many}" for state, many in counts.items())
        click.echo(f"{name}：{shown or '没有人'}{'，要本人确认' if opt_in else ''}")
    return 0
