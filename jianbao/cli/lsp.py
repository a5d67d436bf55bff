"""``jianbao lsp``."""

from __future__ import annotations

import gc
from importlib.util import find_spec

import click

from jianbao.cli.chinese import ChineseCommand
from jianbao.errors import MachineProblem


@click.command(cls=ChineseCommand, options_metavar="")
def lsp() -> int:
    """供编辑器使用的语言服务：边写边检查，给出改法、补全和解释。

    由编辑器启动，用标准输入输出与它对话；怎样设置见 docs/editors.md。
    """
    if find_spec("pygls") is None:
        raise MachineProblem("缺少语言服务用的库 pygls", '运行 pip install "jianbao[lsp]"')
    from jianbao.language_server.server import make_server  # noqa: PLC0415  (help must not wait)

    gc.enable()
    make_server().start_io()
    return 0
