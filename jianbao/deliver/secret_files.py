"""Secrets in files of one line, kept apart from the repository."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from pathlib import Path

#: Characters of a file that can be a secret.
_LONGEST = 256


def read_secret(
    file: Path, shown: str, what: str, key: str, *, spaces: bool = False
) -> tuple[str, str | None]:
    """The secret in ``file``, and a warning where others can read it.

    ``shown`` is the file as it is written under ``key`` of jianbao.toml, ``what`` the
    secret's name; ``spaces`` may be in it.

    Raises:
        UsageProblem: The file cannot be read, or does not hold one line.
    """
    file = file.expanduser()
    try:
        text = file.read_text("utf-8").strip()
        mode = file.stat().st_mode
    except (OSError, ValueError) as error:
        hint = f"检查 {key} 的路径；文件里只写{what}一行"
        raise UsageProblem(f"读不到存放{what}的文件 {shown}", hint) from error
    parts = text.splitlines() if spaces else text.split()
    if len(parts) != 1 or len(text) > _LONGEST:
        raise UsageProblem(f"{shown} 里不是一行{what}", f"文件里只写{what}一行")
    is_open = os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO)
    return text, f"{shown} 别人也能读；运行 chmod 600 {shown}" if is_open else None
