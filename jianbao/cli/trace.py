"""``jianbao trace``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao.cli.chinese import ChineseCommand
from jianbao.cli.post_room import enter
from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from jianbao.deliver.campaigns.copies import MarkedCopy

#: Bytes of a file that is looked into.
_LARGEST = 500_000_000


@click.command(cls=ChineseCommand, options_metavar="")
@click.argument("what", metavar="文件或编号")
def trace(what: str) -> int:
    """查一份盖了编号的 PDF 是发给谁的。

    给出 PDF 文件，或照着页脚输入编号（大小写和连字符不拘）。另存过、改过名的文件也能查；
    截图和照片里的编号请照着输入。编号是凭密钥算出来的，密钥文件在，才查得出。
    退出码：0 查到了，1 没有查到。
    """
    codes = _codes(what)
    if not codes:
        click.echo("里面没有编号：没有盖过，被去掉了，或者页面只是图片")
        return 1
    room = enter()
    from jianbao.deliver.campaigns.copies import copies_with  # noqa: PLC0415  (help must not wait for it)

    found = [(code, copies_with(room.engine, room.keys, code)) for code in codes]
    for code, copies in found:
        click.echo(f"{code}：{'；'.join(map(_shown, copies)) or '编号没有写错，但不是本刊发出的'}")
    return 0 if any(copies for _, copies in found) else 1


def _codes(what: str) -> tuple[str, ...]:
    from jianbao.deliver.letters.reader_codes import find_codes  # noqa: PLC0415  (likewise)

    file = Path(what)
    if not file.is_file():
        if not (codes := find_codes(what)):
            hint = "检查路径；编号是 16 位字母和数字，例如 AFPY-NXVQ-9VUR-SJWB"
            raise UsageProblem(f"没有 {what[:60]} 这个文件，也不是一个编号，或者输错了一位", hint)
        return codes
    if file.stat().st_size > _LARGEST:
        raise UsageProblem(f"{file.name} 太大", "照着页脚输入编号")
    return _codes_in(file)


def _codes_in(file: Path) -> tuple[str, ...]:
    from jianbao.deliver.letters.trace import is_pdf, trace  # noqa: PLC0415  (likewise)

    content = file.read_bytes()
    if not is_pdf(content):
        raise UsageProblem(f"{file.name} 不是 PDF", "照着图上页脚的编号输入：jianbao trace 编号")
    return trace(content)


def _shown(copy: MarkedCopy) -> str:
    from jianbao.deliver.campaigns.campaign import STATE_NAMES  # noqa: PLC0415  (likewise)

    whom = f"{copy.name} <{copy.address}>".strip() if copy.address else "已经删除的读者"
    when = copy.changed.astimezone()
    return f"{copy.issue} 发给 {whom}，{STATE_NAMES[copy.state]}，{when:%Y-%m-%d %H:%M}"
