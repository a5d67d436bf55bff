"""Push to the fake WeChat many times, each time with something broken (``make faults``).

The tests do the same for a few dozen seeds; this is for a change in how a push goes on after
a failure. Arguments: runs with faults, and runs in which the process is killed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_RUNS, _KILLS = 1000, 100
_TESTS = Path(__file__).resolve().parent.parent / "tests"


def main(arguments: list[str]) -> int:
    """Run them all; 1 where a run left anything but each draft once."""
    sys.path[:0] = [str(_TESTS), str(_TESTS.parent)]
    pushes = import_module("wechat_pushes")
    runs, kills = (*map(int, arguments), _RUNS, _KILLS)[:2] if arguments else (_RUNS, _KILLS)
    wrong = _repeat("断线、出错", pushes.run_with_faults, runs)
    wrong += _repeat("杀掉进程", pushes.run_with_kills, kills)
    return 1 if wrong else 0


def _repeat(name: str, run: Callable[[Path, int], bool], runs: int) -> int:
    """How many of ``runs`` went wrong."""
    started, wrong = time.monotonic(), []
    for seed in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            if not run(Path(folder), seed):
                wrong.append(seed)
    seconds = time.monotonic() - started
    print(f"{name}：{runs} 次，{len(wrong)} 次不对 {wrong or ''}，{seconds:.0f} 秒")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
