"""``jianbao worker``: a machine's share of the work that is queued in PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import datetime

import click

from jianbao.cli.chinese import ChineseCommand
from jianbao.cli.post_room import actor, enter

_KINDS = ("send", "fetch", "build")


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=1,
    metavar="个数",
    help="同时做几个任务，默认 1；多开几个进程也一样。",
)
@click.option("--once", is_flag=True, help="做完现在该做的就结束，不等新的任务。")
@click.option(
    "--only",
    type=click.Choice(_KINDS),
    multiple=True,
    metavar="任务",
    help="只做 send（发送）、fetch（采集）或 build（生成），可写几次；默认都做。",
)
@click.option("--quiet", "-q", is_flag=True, help="只显示问题。")
def worker(concurrency: int, only: tuple[str, ...], *, once: bool, quiet: bool) -> int:
    """分担发送、采集和生成，在几台机器上各运行几个都行。

    要用 PostgreSQL（[store] url）；各台机器的刊物文件夹要一样。任务做到一半，进程随时可以
    停掉或杀掉，别的 worker 接着做，不漏，也不重复。按 Ctrl-C 以后，已经送出的等到答复再停。
    退出码：0 停下了，2 用法或配置有误，3 数据库不能用。
    """
    room = enter()
    from jianbao.jobs.office import Office  # noqa: PLC0415  (help must not wait for it)
    from jianbao.jobs.queue import Work, open_queue  # noqa: PLC0415  (likewise)

    queue = open_queue(room.engine)
    from jianbao.jobs.worker import Worker  # noqa: PLC0415  (needs what `open_queue` looked for)

    kinds = tuple(Work(name) for name in only or _KINDS)
    if Work.FETCH in kinds:
        from jianbao.gather.libraries import need_gather_libraries  # noqa: PLC0415  (likewise)

        need_gather_libraries()

    def say(line: str) -> None:
        if not quiet:
            click.echo(f"{datetime.now().astimezone():%H:%M:%S} {line}")

    office = Office(room, actor().name)
    say(f"worker 开始：{'、'.join(kinds)}，同时 {concurrency} 个任务；按 Ctrl-C 停下")
    asyncio.run(Worker(queue, office, say, kinds, once, concurrency).run())
    say("worker 已停下")
    return 0
