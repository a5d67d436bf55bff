"""A list of subscribers imported, counted, narrowed and frozen: ``tools/bench_subscribers.py [N]``.

N is a million unless it is given. The readers are synthetic. Seconds are this machine's; the
memory must not grow with N.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jianbao.deliver.campaigns.ledger import Ledger
from jianbao.deliver.keys import open_keyring
from jianbao.deliver.readers.acts import Actor
from jianbao.deliver.readers.audience import Audience
from jianbao.deliver.readers.importing import Import, Importing
from jianbao.store.engine import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

_DOMAINS = ("qq.com", "163.com", "example.gov.cn", "example.edu.cn")
_PLACES = ("贵州", "云南", "四川")
_NARROW = Audience(lists=("内参",), tags=("处级",), attributes={"省份": "云南"})


def main() -> int:
    """Print each step's seconds, and the memory that all took."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = open_store(f"sqlite:///{folder / 'store.db'}")
        _measure(folder, engine, many)
        engine.dispose()
        print(f"数据库 {(folder / 'store.db').stat().st_size / 1e6:.0f} MB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"内存最多 {peak / 1024:.0f} MB")
    return 0


def _measure(folder: Path, engine: Engine, many: int) -> None:
    ledger, actor = Ledger(engine), Actor("bench", datetime.now(UTC))
    readers = _write(folder / "readers.csv", many)
    importing = Importing(engine, open_keyring(folder / "keys"))
    with _timed(f"导入 {many:,} 位"):
        importing.run(Import(readers, "周报", actor), lambda _count: None, print)
    with _timed("清点名单"):
        ledger.survey(Audience())
    with _timed("按列表、标签和附加信息筛选"):
        print(f"  {ledger.survey(_NARROW).wanted:,} 位")
    with _timed("冻结名单"):
        print(f"  {ledger.begin('2025-04', '0' * 64, Audience(), actor).frozen:,} 位")


def _write(file: Path, many: int) -> Path:
    with file.open("w", encoding="utf-8") as opened:
        opened.write("邮箱,姓名,列表,标签,省份,单位\n")
        opened.writelines(_line(number) for number in range(many))
    return file


def _line(number: int) -> str:
    lists = "周报" if number % 3 else "周报;内参"
    tag = "处级" if number % 5 == 0 else ""
    place = _PLACES[number // 3 % len(_PLACES)]  # so that the narrow audience is not empty
    domain = _DOMAINS[number % len(_DOMAINS)]
    return f"u{number}@{domain},读者{number},{lists},{tag},{place},单位{number % 100}\n"


@contextmanager
def _timed(what: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    print(f"{what}：{time.perf_counter() - started:.1f} 秒", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
