"""Whether the libraries of the extra ``jianbao[delivery]`` are there."""

from __future__ import annotations

from importlib.util import find_spec

from jianbao.errors import MachineProblem

_LIBRARIES = {"sqlalchemy": "sqlalchemy", "alembic": "alembic"}


def need_delivery_libraries() -> None:
    """Say what is missing before anything is asked.

    Raises:
        MachineProblem: One of them is not installed.
    """
    missing = [package for module, package in _LIBRARIES.items() if find_spec(module) is None]
    if missing:
        message = f"订户和发送要用 {'、'.join(missing)}，这台机器上没有"
        raise MachineProblem(message, 'pip install "jianbao[delivery]"')
