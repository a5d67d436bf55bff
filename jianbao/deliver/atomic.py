"""A small file replaced whole: after a power cut it is the old one or the new one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from jianbao.errors import UsageProblem


def write_atomically(file: Path, content: bytes, mode: int = 0o644) -> None:
    """Replace ``file`` with ``content``.

    Raises:
        UsageProblem: The folder cannot be written.
    """
    try:
        # mkstemp's file is for its owner alone from its first moment.
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        try:
            with os.fdopen(handle, "wb") as scratch:
                scratch.write(content)
                scratch.flush()
                os.fsync(scratch.fileno())
            Path(name).chmod(mode)
            Path(name).replace(file)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        message = f"不能写入 {file}：{error.strerror}"
        raise UsageProblem(message, "检查这个文件和文件夹的权限") from error
