"""The command line: arguments, printing, exit codes. Nothing else prints or exits."""

from __future__ import annotations

import io
import sys

import click

from jianbao import __version__
from jianbao.cli.chinese import ChineseGroup, explain_usage
from jianbao.errors import JianbaoError

#: In the order in which an issue is made.
COMMANDS = {
    "init": ("jianbao.cli.new", "init"),
    "new": ("jianbao.cli.new", "new"),
    "sources": ("jianbao.cli.sources", "sources"),
    "fetch": ("jianbao.cli.fetch", "fetch"),
    "inbox": ("jianbao.cli.inbox", "inbox"),
    "draft": ("jianbao.cli.draft", "draft"),
    "import": ("jianbao.cli.draft", "import_"),
    "check": ("jianbao.cli.check", "check"),
    "explain": ("jianbao.cli.explain", "explain"),
    "ignore": ("jianbao.cli.ignore", "ignore"),
    "sign": ("jianbao.cli.sign", "sign"),
    "snapshot": ("jianbao.cli.snapshot", "snapshot"),
    "verify": ("jianbao.cli.verify", "verify"),
    "build": ("jianbao.cli.build", "build"),
    "proof": ("jianbao.cli.proof", "proof"),
    "wechat": ("jianbao.cli.wechat", "wechat"),
    "subscribers": ("jianbao.cli.subscribers", "subscribers"),
    "send": ("jianbao.cli.send", "send"),
    "worker": ("jianbao.cli.worker", "worker"),
    "delivery": ("jianbao.cli.delivery", "delivery"),
    "bounces": ("jianbao.cli.bounces", "bounces"),
    "trace": ("jianbao.cli.trace", "trace"),
    "announce": ("jianbao.cli.announce", "announce"),
    "fonts": ("jianbao.cli.doctor", "fonts"),
    "doctor": ("jianbao.cli.doctor", "doctor"),
    "lsp": ("jianbao.cli.lsp", "lsp"),
    "completion": ("jianbao.cli.completion", "completion"),
}


@click.group(cls=ChineseGroup, commands_at=COMMANDS)
@click.version_option(__version__, message="jianbao %(version)s", help="显示版本。")
def cli() -> None:
    """简报：从 Markdown 稿件到可付印的一期。

    \b
    常用：
      jianbao init 文件夹      新建刊物
      jianbao new              新建下一期
      jianbao check 2025-04    检查一期
      jianbao build 2025-04    检查并生成一期
    """


def run(argv: list[str]) -> int:
    """Run ``argv``; return the exit code (see docs/commands.md)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # no terminal shows every character
    try:
        return int(cli.main(argv, prog_name="jianbao", standalone_mode=False) or 0)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except (click.Abort, click.ClickException, JianbaoError) as error:
        return _explain(error, argv)


def _explain(error: click.Abort | click.ClickException | JianbaoError, argv: list[str]) -> int:
    """Say what is wrong; return the exit code."""
    if isinstance(error, JianbaoError):
        hint = f"\n怎么办：{error.hint}" if error.hint else ""
        click.echo(f"错误：{error.message}{hint}", err=True)
        return error.exit_code
    if isinstance(error, click.Abort):
        click.echo("已取消。", err=True)
        return 130
    command = f"jianbao {argv[0]}" if argv and argv[0] in COMMANDS else "jianbao"
    click.echo(explain_usage(error, command), err=True)
    return 2
