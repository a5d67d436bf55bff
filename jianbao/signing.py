"""Lines added to the 审签记录 of an issue; nothing in it is ever changed or removed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jianbao.errors import UsageProblem
from jianbao.load.review import ignore_line, signature_line
from jianbao.workspace import REVIEW

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.reviews import RecordedIgnore, Signature


def record_signature(folder: Path, signature: Signature) -> None:
    """Add ``signature`` to the record of the issue in ``folder``.

    Raises:
        UsageProblem: The folder cannot be written.
    """
    _append(folder / REVIEW, signature_line(signature))


def record_ignore(folder: Path, ignore: RecordedIgnore) -> None:
    """Add ``ignore`` likewise."""
    _append(folder / REVIEW, ignore_line(ignore))


def _append(file: Path, line: str) -> None:
    """One write, so that two who sign at once both have their line (POSIX O_APPEND)."""
    try:
        before = file.read_bytes()[-1:] if file.exists() else b"\n"
        data = line.encode() if before in {b"", b"\n"} else b"\n" + line.encode()
        handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, data)
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        message = f"不能写入 {file}：{error.strerror}"
        raise UsageProblem(message, "检查这个文件和文件夹的权限") from error
