"""Whether the libraries of the extra ``jianbao[delivery]`` are there."""

from __future__ import annotations

from importlib.util import find_spec

from jianbao.errors import MachineProblem

#: The packages of the extra, each by the module that is imported of it.
LIBRARIES = {
    "alembic": "alembic",
    "dkim": "dkimpy",
    "dns": "dnspython",
    "flufl.bounce": "flufl-bounce",
    "openpyxl": "openpyxl",
    "pikepdf": "pikepdf",
    "pypdfium2": "pypdfium2",
    "sqlalchemy": "sqlalchemy",
    "starlette": "starlette",
    "uvicorn": "uvicorn",
}


def need_delivery_libraries() -> None:
    """Say what is missing before anything is asked.

    Raises:
        MachineProblem: One of them is not installed.
    """
    missing = [package for module, package in LIBRARIES.items() if not _is_there(module)]
    if missing:
        message = f"订户和发送要用 {'、'.join(missing)}，这台机器上没有"
        raise MachineProblem(message, 'pip install "jianbao[delivery]"')


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # nor is the package around it
        return False
