"""``jianbao doctor`` and ``jianbao fonts``."""

from __future__ import annotations

import sys

import click

from jianbao.cli.chinese import ChineseCommand
from jianbao.machine import mend, requirements
from jianbao.reporting import cells


@click.command(cls=ChineseCommand, options_metavar="")
def doctor() -> int:
    """查看这台机器缺少什么，以及装上它的命令。

    退出码：0 齐全，3 有缺少。
    """
    from jianbao.press.fonts import find_working_set  # noqa: PLC0415  (help must not wait for the press)

    found = requirements()
    python = ".".join(str(number) for number in sys.version_info[:3])
    _line("有", f"Python {python}", "运行本程序")
    for requirement in found:
        _line("有" if requirement.there else "缺", requirement.name, requirement.purpose)
        if not requirement.there:
            _line("", "", f"在软件包 {requirement.package} 里；没有它，{requirement.without}")
    fonts = find_working_set()
    _line(
        "有" if fonts else "待做",
        "字体工作集",
        "排印用字；第一次生成时自动制作，也可运行 jianbao fonts",
    )
    missing = tuple(requirement for requirement in found if not requirement.there)
    if not missing:
        click.echo("齐全，可以生成。")
        return 0
    click.echo(f"缺少 {len(missing)} 项。请运行：\n  {mend(missing)}")
    return 3


def _line(state: str, name: str, purpose: str) -> None:
    pad = " " * max(1, 30 - cells(name))
    click.echo(f"{state}{' ' * (6 - cells(state))}{name}{pad}{purpose}")


@click.command(cls=ChineseCommand, options_metavar="[选项]")
@click.option("--again", is_flag=True, help="已经有了也重新制作。")
def fonts(*, again: bool) -> int:
    """制作字体工作集（每台机器一次，约半分钟），列出其中的字体。

    依次是字体名和字重、大小、SHA-256 的前 16 位、裁自哪个文件。
    """
    from jianbao.press.fonts import FACES, find_working_set, make_working_set  # noqa: PLC0415

    found = None if again else find_working_set()
    if found is None:
        found = make_working_set(lambda text: click.echo(text, err=True))
    for face, font in zip(FACES, found.fonts, strict=True):
        size = (found.folder / font.file).stat().st_size / 1e6
        click.echo(f"{face.family} {face.weight}  {size:4.1f} MB  {font.sha256[:16]}  {font.path}")
    click.echo(f"字体工作集在 {found.folder}")
    return 0
