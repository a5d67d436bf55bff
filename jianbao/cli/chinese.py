"""click in Chinese: help and messages that editors can read."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from jianbao.misspelling import meant

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}


class ChineseFormatter(click.HelpFormatter):
    """Headings of the help text."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """``用法：`` instead of ``Usage:``."""
        super().write_usage(prog, args, "用法：" if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Translate the headings that click writes."""
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Options that must be given say so in Chinese."""
        chinese = [(name, text.replace("[required]", "[必填]")) for name, text in rows]
        super().write_dl(chinese, col_max, col_spacing)


click.Context.formatter_class = ChineseFormatter


def _help_option(self: click.Command, ctx: click.Context) -> click.Option | None:
    option = self.plain_help_option(ctx)  # type: ignore[attr-defined]  # given by the classes below
    if option is not None:
        option.help = "显示帮助。"
    return option  # type: ignore[no-any-return]


class ChineseCommand(click.Command):
    """A command whose help is Chinese."""

    plain_help_option = click.Command.get_help_option
    get_help_option = _help_option


class ChineseGroup(click.Group):
    """Commands by the place of their code: only the one that runs is imported."""

    plain_help_option = click.Group.get_help_option
    get_help_option = _help_option

    def __init__(self, *, commands_at: dict[str, tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401  (click's own parameters)
        super().__init__(**{"subcommand_metavar": "命令 …", "options_metavar": ""} | kwargs)
        self._commands_at = commands_at

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  (click's own signature)
        """Run the command. A reader that has gone (``… | head``) is no failure.

        Here, since click's ``main`` ends with 1 for it before anybody can catch it.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which an issue is made, not the alphabet's."""
        del ctx
        return list(self._commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command; a misspelt one is an error that names the near one."""
        del ctx
        if cmd_name in self._commands_at:
            module, name = self._commands_at[cmd_name]
            command = getattr(import_module(module), name)
            assert isinstance(command, click.Command)  # noqa: S101  (the table names commands)
            return command
        near = meant(cmd_name, self._commands_at)
        hint = f"，是不是 {near[0]}？" if near else f"。可用的命令：{'、'.join(self._commands_at)}"
        raise click.UsageError(f"没有 {cmd_name} 这个命令{hint}")


def explain_usage(error: click.ClickException, command: str) -> str:
    """What is wrong with the command line, and how to get help on ``command``."""
    return f"错误：{_sentence(error)}\n怎么办：运行 {command} --help 查看用法"


def _sentence(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            near = "、".join(error.possibilities or ())
            return f"没有 {error.option_name} 这个选项" + (f"，是不是 {near}？" if near else "")
        case click.MissingParameter() if error.param is not None:
            return f"缺少 {_label(error.param)}"
        case click.BadParameter() if error.param is not None:
            return f"{_label(error.param)} 的值不对：{_choices(error)}"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 缺少值，或不该有值"
    message = error.format_message()
    if "unexpected extra argument" in message:
        return (
            f"多写了参数{message[message.find('(') :].rstrip('.')}"
            if "(" in message
            else "多写了参数"
        )
    return message


def _label(parameter: click.Parameter) -> str:
    """How an editor types it: the option's name, or what the argument stands for."""
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.make_metavar(click.Context(click.Command(""))).strip("[]")


def _choices(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return f"可用的有 {'、'.join(str(choice) for choice in kind.choices)}"
    if isinstance(kind, click.Path):
        return "那里已经有一个文件，应是文件夹"
    if isinstance(kind, click.DateTime):
        return "日期写成 2025-02-10 这样"
    if isinstance(kind, click.IntRange | click.types.IntParamType):
        return "应是一个大于零的整数"
    return error.message
