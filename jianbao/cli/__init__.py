"""The command line: arguments, printing, exit codes. Nothing else prints or exits."""

from __future__ import annotations

import os
import sys

import click

from jianbao.cli.chinese import ChineseGroup, explain_usage
from jianbao.errors import JianbaoError

#: In the order in which an issue is made.
COMMANDS = {
    "init": ("jianbao.cli.new", "init"),
    "new": ("jianbao.cli.new", "new"),
    "check": ("jianbao.cli.check", "check"),
    "build": ("jianbao.cli.build", "build"),
    "fonts": ("jianbao.cli.doctor", "fonts"),
    "doctor": ("jianbao.cli.doctor", "doctor"),
    "completion": ("jianbao.cli.completion", "completion"),
}


@click.group(cls=ChineseGroup, commands_at=COMMANDS)
@click.version_option(package_name="jianbao", message="jianbao %(version)s", help="显示版本。")
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
    try:
        result = cli.main(argv, prog_name="jianbao", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        click.echo("已取消。", err=True)
        return 130
    except click.ClickException as error:
        click.echo(explain_usage(error), err=True)
        return 2
    except JianbaoError as error:
        click.echo(f"错误：{error.message}", err=True)
        if error.hint:
            click.echo(f"怎么办：{error.hint}", err=True)
        return error.exit_code
    except BrokenPipeError:
        # `jianbao check … | head`: the reader has gone, which is no failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return int(result or 0)
