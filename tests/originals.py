"""A page of a registered source, and a workspace into which it comes. Synthetic."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from workspaces import (
    CONFIGURATION,
    PUBLICATION,
    Ran,
    make_workspace,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Jianbao = Callable[..., Ran]

URL = "https://www.nda.gov.cn/sjj/zwgk/0207/20250207093000123_pc.html"
#: A name that leads to this machine.
HOST = "news.jianbao.cn"
NDA = (
    'name = "国家数据局"\nlevel = "national"\nhosts = ["www.nda.gov.cn"]\n'
    'section = "国策要论"\nkind = "manual"\n'
)
PROSE = (
    "国家数据局印发《数据指引》，到2028年建成100个标杆，涉及数据流通、数据交易和数据安全"
    "等方面的工作，各地要抓好落实。"
)
#: 合成样例, like every page of the tests.
PAGE = (
    '<html><head><meta name="ArticleTitle" content="数据指引">'
    '<meta name="PubDate" content="2025-02-07 09:30"><meta name="ContentSource" content="数据司">'
    f'</head><body><div class="TRS_Editor"><p>　　{PROSE}</p>'
    '<p><img src="a.png" alt="流程"></p></div></body></html>'
)
#: The smallest picture there is.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)
BODY = f"\n{PROSE}\n"


def workspace(folder: Path, **files: str | bytes) -> Path:
    """One with the registered source, and with ``files`` in it."""
    own = f'{PUBLICATION}[gather]\nprivate_hosts = ["127.0.0.1", "{HOST}"]\n'
    return make_workspace(folder, {CONFIGURATION: own, "sources/nda.toml": NDA, **files})


def front(folder: Path, stem: str) -> str:
    """The item, without the day on which it was read."""
    text = (folder / f"issues/2025-04/{stem}.md").read_text("utf-8")
    return "".join(
        line for line in text.splitlines(keepends=True) if not line.startswith("accessed")
    )


def saved(url: str = URL) -> str:
    """``PAGE`` as Chromium saves it."""
    return f"<!-- saved from url=({len(url):04})https{url.removeprefix('https')} -->\n{PAGE}"
