"""Runs WeChat's own checker, where it is installed, as an outside judge."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from jianbao.errors import MachineProblem
from jianbao.load import read_text
from jianbao.wechat.official import read_verdict

if TYPE_CHECKING:
    from pathlib import Path

    from jianbao.diagnostics import Diagnostic

COMMAND = "verify-article-structure"
_HOW_TO_GET = (
    "从 GitHub 取 wechatjs/verify-article-structure-spec，"
    "在它的 cli 文件夹里运行 npm install、npm run build 和 npm link；它要用 Chromium"
)
#: It starts a browser and measures at three widths.
_SECONDS = 120
#: Its exit codes: nothing found, something found. Anything else is a failure of its own.
_ANSWERED = (0, 1)


def ask_verifier(file: Path, path: str) -> tuple[Diagnostic, ...]:
    """What the checker finds in ``file``, which diagnostics call ``path``.

    Raises:
        MachineProblem: It is not installed, or it failed.
    """
    command = shutil.which(COMMAND)
    if command is None:
        raise MachineProblem(f"没有安装微信的检测工具 {COMMAND}", _HOW_TO_GET)
    html, problems = read_text(file, path)
    if problems:
        return ()  # told by our own check
    answer = _run(command, file)
    found = read_verdict(answer.stdout, html, path) if answer.returncode in _ANSWERED else None
    if found is None:
        said = (answer.stderr or answer.stdout).strip().partition("\n")[0]
        raise MachineProblem(f"微信的检测工具没有给出结果：{said[:200] or '没有输出'}", _HOW_TO_GET)
    return found


def _run(command: str, file: Path) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603  (found on PATH; the file is an absolute path)
            [command, "check", str(file.resolve()), "--json"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MachineProblem(f"微信的检测工具没有运行完：{error}", _HOW_TO_GET) from error
