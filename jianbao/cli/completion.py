"""``jianbao completion``."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from jianbao.cli.chinese import ChineseCommand

SHELLS = ("bash", "zsh", "fish")


@click.command(cls=ChineseCommand, options_metavar="")
@click.argument("shell", type=click.Choice(SHELLS), metavar="bash|zsh|fish")
@click.pass_context
def completion(ctx: click.Context, shell: str) -> int:
    """输出命令补全脚本。

    \b
    bash：  jianbao completion bash >> ~/.bashrc
    zsh：   jianbao completion zsh >> ~/.zshrc
    fish：  jianbao completion fish > ~/.config/fish/completions/jianbao.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101  (click has all of SHELLS)
    click.echo(kind(ctx.find_root().command, {}, "jianbao", "_JIANBAO_COMPLETE").source())
    return 0
