"""``jianbao worker`` and ``jianbao send --queue``, on a PostgreSQL of the test's own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from fakes.post_office import PostOffice
from fakes.site import CONFIGURATION_TEXT, all_pages, registry_files
from test_cli_send import build_for_test
from web_server import serve
from workspaces import CONFIGURATION, PUBLICATION, ROOT, make_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy.engine import URL
    from workspaces import Ran

pytestmark = pytest.mark.usefixtures("loopback")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    (tmp_path / "mail.log").touch()
    with PostOffice(tmp_path / "mail.log") as office:
        yield office


@pytest.fixture
def folder(tmp_path: Path, office: PostOffice, postgres_address: URL) -> Path:
    """A workspace with a built issue and a list of two, on PostgreSQL."""
    tables = (
        f'[delivery]\nsmtp = "smtp://127.0.0.1:{office.port}"\njournal = "../mail.log"\n'
        f'sender = "简报 <brief@example.org>"\n{store_table(postgres_address)}jobs = true\n'
    )
    folder = make_workspace(tmp_path / "w", {CONFIGURATION: PUBLICATION + tables})
    build_for_test(folder, b"%PDF-1.7 made for a test")
    (folder / "list.csv").write_text("email\na@qq.com\nb@163.com\n")
    return folder


def store_table(address: URL) -> str:
    """``[store]`` of jianbao.toml."""
    url = f"postgresql://{address.username}@/{address.database}?host={address.query['host']}"
    return f'[store]\nurl = "{url}"\n'


def start_worker(folder: Path, work: str, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "jianbao", "worker", "--only", work, *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_what_is_told_to_be_sent_is_sent_by_a_worker_elsewhere(
    folder: Path, office: PostOffice, jianbao: Callable[..., Ran]
) -> None:
    jianbao(folder, "subscribers", "import", "list.csv", "--yes")
    worker = start_worker(folder, "send")

    ran = jianbao(folder, "send", "2025-04", "--send", "--yes")
    worker.terminate()
    said, _ = worker.communicate(timeout=60)

    assert (ran.code, ran.out) == (0, "2025-04：名单 2 位，已交出 2\n")
    assert office.by_address == {"a@qq.com": 1, "b@163.com": 1}
    assert (worker.returncode, said.splitlines()[1][9:]) == (0, "2025-04：已交出 2，全部送完")


def test_a_worker_with_another_pdf_sends_nothing_and_says_so(
    folder: Path, office: PostOffice, jianbao: Callable[..., Ran]
) -> None:
    jianbao(folder, "subscribers", "import", "list.csv", "--yes")
    ran = jianbao(folder, "send", "2025-04", "--send", "--yes", "--at", "2099-01-01 09:00")
    assert (ran.code, office.taken) == (4, {})
    assert "还没有 worker：在任何一台机器上运行 jianbao worker" in ran.err
    build_for_test(folder, b"%PDF-1.7 another")

    said, _ = start_worker(folder, "send", "--once").communicate(timeout=60)

    assert "2025-04 在这台机器上的 PDF 与开始发送时的不同" in said
    assert office.taken == {}


def test_an_issue_is_built_by_a_worker_elsewhere(
    tmp_path: Path, postgres_address: URL, jianbao: Callable[..., Ran]
) -> None:
    tables = PUBLICATION + store_table(postgres_address)
    folder = make_workspace(tmp_path, {CONFIGURATION: tables})

    ran = jianbao(folder, "build", "2025-04", "--queue")
    said, _ = start_worker(folder, "build", "--once").communicate(timeout=120)

    assert (ran.code, ran.err) == (0, "1 期交给 worker 生成，现在有 0 个\n")
    assert "2025-04：已生成" in said
    assert (folder / "output" / "2025-04" / "build.json").exists()


def test_sources_that_are_due_are_asked_by_a_worker(tmp_path: Path, postgres_address: URL) -> None:
    with serve(all_pages()) as site:
        tables = CONFIGURATION_TEXT + store_table(postgres_address)
        folder = make_workspace(tmp_path, {CONFIGURATION: tables, **registry_files(site.address)})
        said, _ = start_worker(folder, "fetch", "--once").communicate(timeout=60)
        again, _ = start_worker(folder, "fetch", "--once").communicate(timeout=60)

    assert "采集：问了 8 个列表，新的 9 条\n" in said
    assert "采集" not in again


def test_on_sqlite_it_says_what_does_without(tmp_path: Path, jianbao: Callable[..., Ran]) -> None:
    folder = make_workspace(tmp_path)

    ran = jianbao(folder, "worker")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[0] == "错误：数据库是 SQLite，没有可以分给 worker 的任务"
    assert "jianbao send 期 --send、jianbao fetch --every 30m" in ran.err
