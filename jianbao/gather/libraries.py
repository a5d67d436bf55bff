"""Whether the libraries of the extra ``jianbao[gather]`` are there."""

from __future__ import annotations

from importlib.util import find_spec

from jianbao.errors import MachineProblem

_LIBRARIES = {
    "alembic": "alembic",
    "cssselect": "cssselect",
    "feedparser": "feedparser",
    "httpx2": "httpx2",
    "lxml": "lxml",
    "mammoth": "mammoth",
    "markdownify": "markdownify",
    "nh3": "nh3",
    "protego": "protego",
    "rapidfuzz": "rapidfuzz",
    "readability": "readability-lxml",
    "sqlalchemy": "sqlalchemy",
    "stamina": "stamina",
    "warcio": "warcio",
}


def need_gather_libraries() -> None:
    """Say what is missing before anything is asked.

    Raises:
        MachineProblem: One of them is not installed.
    """
    missing = [package for module, package in _LIBRARIES.items() if find_spec(module) is None]
    if missing:
        message = f"采集和存证要用 {'、'.join(missing)}，这台机器上没有"
        raise MachineProblem(message, 'pip install "jianbao[gather]"')
