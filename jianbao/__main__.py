"""``python -m jianbao``, and the ``jianbao`` command."""

from __future__ import annotations

import gc
import sys


def main(argv: list[str] | None = None) -> int:
    """Run the command line ``argv``; return the exit code."""
    # A command ends before garbage matters: a twentieth of a check went to looking for it.
    # Those that stay turn it on again.
    gc.disable()
    from jianbao.cli import run  # noqa: PLC0415  (keeps `import jianbao.__main__` free of libraries)

    return run(sys.argv[1:] if argv is None else argv)


if __name__ == "__main__":
    sys.exit(main())
