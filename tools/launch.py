"""Run ``jianbao`` from a clone, whichever Python was typed.

Apart from bootstrap, whose libraries a build need not wait for.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV_PYTHON = ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

LACKING = 3  # exit code: the machine lacks something
INTERRUPTED = 130


def run_jianbao(*words: str) -> int:
    """Run ``jianbao`` with ``words`` and this command's arguments, here or in ``.venv``."""
    argv = [*words, *sys.argv[1:]]
    if all(importlib.util.find_spec(name) for name in ("click", "weasyprint")):
        from jianbao.__main__ import main as jianbao  # noqa: PLC0415  (needs what set-up brings)

        return jianbao(argv)
    if VENV_PYTHON.exists():
        return run_in_environment(argv)
    hint = "请先运行：make issue（或 python3 tools/bootstrap.py）"
    print(f"还没有装好运行环境。{hint}", file=sys.stderr)
    return LACKING


def run_in_environment(argv: list[str]) -> int:
    """``python -m jianbao`` in ``.venv``, in the current folder."""
    import subprocess  # noqa: PLC0415  (inside the environment nobody waits for it)

    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    command = [str(VENV_PYTHON), "-m", "jianbao", *argv]
    surroundings = {**os.environ, "PYTHONPATH": path}
    try:
        code = subprocess.run(command, env=surroundings, check=False).returncode
    except KeyboardInterrupt:
        return INTERRUPTED
    return code if code >= 0 else 128 - code  # a signal, told as shells do
