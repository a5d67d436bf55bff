"""Kill ``jianbao fetch`` at many random moments (``make gather-faults``).

The tests do the same for a few; this is for a change in what is kept and when. Argument: how
many runs, each of which is killed up to three times.
"""

from __future__ import annotations

import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

_RUNS = 50
_TESTS = Path(__file__).resolve().parent.parent / "tests"


def main(arguments: list[str]) -> int:
    """Run them all; 1 where a candidate was lost or doubled, or a file left half."""
    sys.path[:0] = [str(_TESTS), str(_TESTS.parent)]
    kills = import_module("fetch_kills")
    runs = int(arguments[0]) if arguments else _RUNS
    started, wrong, count = time.monotonic(), [], 0
    for seed in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            count += len(kills.moments_of(seed))
            if not kills.run_with_kills(Path(folder), seed):
                wrong.append(seed)
    seconds = time.monotonic() - started
    print(f"杀掉进程 {count} 次，{len(wrong)} 次不对 {wrong or ''}，{seconds:.0f} 秒")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
