"""Fetch in a process that is killed at any moment, for the tests and for ``make gather-faults``."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from fakes.site import CONFIGURATION_TEXT, OFFICES, News, all_pages, registry_files
from web_server import serve
from workspaces import make_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from fakes.site import Office
    from web_server import Site

#: Sources, and news of each. Small, so that a run is short, and many transactions lie in it.
_SOURCES, _NEWS = 12, 8
#: Kills within one run of the site; then it is left to finish.
_KILLS = 3
#: Visits of the site (robots.txt among them) after which a fetch is killed, and how soon:
#: polls of a quarter of a second share a transaction.
_VISITS, _SOON = (1, 16), 0.3


def run_with_kills(folder: Path, seed: int) -> bool:
    """Whether nothing was lost, doubled or left half, after a few kills and a last fetch."""
    offices = tuple(_office(number) for number in range(_SOURCES))
    with serve(all_pages(offices)) as site:
        files = {"jianbao.toml": CONFIGURATION_TEXT, **registry_files(site.address, offices)}
        make_workspace(folder, files)
        for visits, soon in moments_of(seed):
            _fetch_and_kill(folder, site, len(site.visits) + visits, soon)
            if not _is_whole(folder):
                return False
        last = subprocess.run(_command("--all"), cwd=folder, check=False, capture_output=True)
        again = subprocess.run(_command("--all"), cwd=folder, check=False, capture_output=True)
    wanted = sorted(f"{site.address}{news.path}" for office in offices for news in office.news)
    nothing_new = "新候选稿 0 条" in again.stdout.decode()
    return last.returncode == 0 and nothing_new and _addresses(folder) == wanted


def moments_of(seed: int) -> tuple[tuple[int, float], ...]:
    """When the fetches of a run are killed: after how many visits, and seconds more."""
    dice = random.Random(seed)  # noqa: S311  (the same kills for the same seed)
    kills = range(dice.randint(1, _KILLS))
    return tuple((dice.randint(*_VISITS), dice.uniform(0, _SOON)) for _ in kills)


def _office(number: int) -> Office:
    pattern = OFFICES[number % len(OFFICES)]
    news = tuple(
        News(f"合成要闻第{number}之{one}件", date(2025, 2, 6), f"/{number}/2025/{one}.html")
        for one in range(_NEWS)
    )
    path = f"/{number}/index.html"
    if "buildstatic" in pattern.kind:  # whose second page has one path for all
        pattern = OFFICES[0]
    if "u-list" in pattern.kind:
        news = tuple(replace(one, path=f"/{number}/{one.path.rpartition('/')[2]}") for one in news)
    return replace(pattern, stem=f"s{number}", name=f"合成来源{number}", list_path=path, news=news)


def _command(*options: str) -> list[str]:
    return [sys.executable, "-m", "jianbao", "fetch", "--quiet", *options]


def _fetch_and_kill(folder: Path, site: Site, visits: int, soon: float) -> None:
    """SIGKILL, when the site has seen so many visits; the fetch may have ended by then."""
    process = subprocess.Popen(
        _command("--all"), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while len(site.visits) < visits and process.poll() is None:
        time.sleep(0.001)
    time.sleep(soon)
    process.kill()
    process.wait()


def _is_whole(folder: Path) -> bool:
    """Whether the database is sound and holds no candidate of a source that it knows nothing of."""
    if not (folder / ".jianbao/store.db").exists():
        return True
    connection = sqlite3.connect(folder / ".jianbao/store.db")
    try:
        (sound,) = connection.execute("pragma integrity_check").fetchone()
        tables = {name for (name,) in connection.execute("select name from sqlite_master")}
        if "candidates" not in tables:  # killed before its tables were made
            return sound == "ok"
        counts = connection.execute(
            "select s.source, s.brought, count(c.number) from source_states s"
            " left join candidates c on c.source = s.source group by s.source, s.brought"
        ).fetchall()
        stray = (
            "select count(*) from candidates where source not in (select source from source_states)"
        )
        (strays,) = connection.execute(stray).fetchone()
    finally:
        connection.close()
    return sound == "ok" and not strays and all(told == there for _, told, there in counts)


def _addresses(folder: Path) -> list[str]:
    connection = sqlite3.connect(folder / ".jianbao/store.db")
    try:
        return sorted(url for (url,) in connection.execute("select url from candidates"))
    finally:
        connection.close()
