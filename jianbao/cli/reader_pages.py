"""``jianbao subscribers serve``: the pages that the links in letters lead to."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import click

from jianbao.cli.chinese import ChineseCommand
from jianbao.cli.post_room import enter
from jianbao.errors import MachineProblem, UsageProblem

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from jianbao.post_room.delivering import PostRoom


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.option("--host", default="127.0.0.1", metavar="地址", help="在哪个地址上，默认只在本机。")
@click.option("--port", default=8025, metavar="端口", type=click.IntRange(0, 65535), help="端口。")
def serve(host: str, port: int) -> int:
    """读者自己的网页：确认订阅、退订、查看和删除资料。

    邮件里的链接在 [delivery] base_url 下面的 /r/ 和 /c/，由单位的网站服务器转到这里，
    并由它提供 https。打开网页什么也不改，按了按钮才改。按 Ctrl-C 停止。
    """
    import uvicorn  # noqa: PLC0415  (help must not wait for it)

    room = enter()
    if not room.settings.base_url:
        hint = '在 [delivery] 里写 base_url = "https://……"，邮件里的链接由它得出'
        raise UsageProblem("没有写 base_url", hint)
    click.echo(f"读者网页在 http://{host}:{port}/，对外的地址是 {room.settings.base_url}/r/……")
    # Only the own machine is believed where it says for whom it asks.
    options = uvicorn.Config(
        _application(room),
        host=host,
        port=port,
        log_level="error",
        access_log=False,  # a path is as good as the reader's name
        forwarded_allow_ips="127.0.0.1",
        server_header=False,
    )
    try:
        with suppress(KeyboardInterrupt):  # uvicorn has ended in order, and raises it once more
            uvicorn.Server(options).run()
    except SystemExit as stop:  # its own way to say that the port is taken
        hint = "换一个：--port 8026"
        raise MachineProblem(f"端口 {port} 用不了，可能有别的程序占着", hint) from stop
    return 0


def _application(room: PostRoom) -> Starlette:
    from jianbao.deliver.letters.letter_templates import mail_templates  # noqa: PLC0415
    from jianbao.deliver.readers.choices import Choices  # noqa: PLC0415  (likewise)
    from jianbao.deliver.web.app import Desk, reader_pages  # noqa: PLC0415
    from jianbao.deliver.web.limits import Limiter  # noqa: PLC0415

    desk = Desk(
        publication=room.publication,
        choices=Choices(room.engine, room.keys),
        templates=mail_templates((room.workspace.root / "templates",)),
        limiter=Limiter(clock=time.monotonic),
        now=lambda: datetime.now().astimezone(),
    )
    return reader_pages(desk)
