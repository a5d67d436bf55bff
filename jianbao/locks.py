"""Work of which there is one at a time on a machine."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def only_one(file: Path, what: str) -> Iterator[None]:
    """Hold ``file`` so that no second ``what`` runs beside this one; the system frees it.

    Raises:
        UsageProblem: Another one holds it, or it cannot be made.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        message = f"不能写入 {file.parent}：{error.strerror}"
        raise UsageProblem(message, "检查这个文件夹的权限") from error
    try:
        _lock(handle)
    except OSError as error:
        os.close(handle)
        raise UsageProblem(f"另一个{what}正在进行", "等它结束再运行") from error
    try:
        yield
    finally:
        os.close(handle)


if os.name == "nt":  # pragma: no cover

    def _lock(handle: int) -> None:
        import msvcrt  # noqa: PLC0415  (only Windows has it)

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # on Windows

else:

    def _lock(handle: int) -> None:
        import fcntl  # noqa: PLC0415  (Windows has none)

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
