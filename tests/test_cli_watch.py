"""``--watch``, in processes of their own."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from workspaces import BAD_ITEM, CONFIGURATION, ITEM, PUBLICATION, contents, item_text, start
from workspaces import make_workspace as workspace_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import IO

    from workspaces import Ran

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent there")

_WAITING = "等待改动；按 Ctrl-C 结束\n"
_SECONDS = 30.0


class Watcher:
    """A command that is watching, and the lines that it prints."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines = Queue[str]()
        assert process.stdout is not None
        Thread(target=self._read, args=(process.stdout,), daemon=True).start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self._lines.put(line)

    def until(self, end: str) -> list[str]:
        """The lines up to one that ends with ``end``."""
        lines: list[str] = []
        while not (lines and lines[-1].endswith(end)):
            lines.append(self._lines.get(timeout=_SECONDS))
        return lines

    def interrupt(self) -> int:
        """Press Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(_SECONDS)


@contextmanager
def watching(folder: Path, *arguments: str) -> Iterator[Watcher]:
    """Start ``jianbao ARGUMENTS --watch``; end it at the latest with the test."""
    # One stream, so that lines come in the order in which they were written.
    process = start(folder, *arguments, "--watch", stderr=subprocess.STDOUT)
    try:
        yield Watcher(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(_SECONDS)
        assert process.stdout is not None
        with suppress(OSError):
            process.stdout.close()


def test_check_is_done_again_after_each_change(tmp_path: Path) -> None:
    workspace_at(tmp_path)
    item = tmp_path / ITEM
    with watching(tmp_path, "check", "2025-04") as watcher:
        watcher.until("2025-04：没有问题，可以付印\n")
        item.write_text("---\ntitle: [", "utf-8")
        watcher.until("不能付印\n")
        item.write_text(item_text(), "utf-8")
        watcher.until("2025-04：没有问题，可以付印\n")
        (tmp_path / CONFIGURATION).unlink()
        watcher.until("1 个错误，不能付印\n")
        scratch = tmp_path / "scratch"
        scratch.write_text(PUBLICATION, "utf-8")
        scratch.replace(tmp_path / CONFIGURATION)
        watcher.until("2025-04：没有问题，可以付印\n")
        watcher.until(_WAITING)

        assert watcher.interrupt() == 130


def test_what_is_built_or_hidden_is_no_change(tmp_path: Path) -> None:
    workspace_at(tmp_path)
    with watching(tmp_path, "check", "2025-04", "--format", "concise") as watcher:
        watcher.until(_WAITING)
        for name in ("output/2025-04/build.json", ".git/index", "issues/2025-04/.01-a.md.swp"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("x", "utf-8")
        time.sleep(1)
        (tmp_path / ITEM).write_text(BAD_ITEM, "utf-8")

        assert watcher.until(_WAITING)[:2] == [
            f"{ITEM}:3:10: error[section-unknown] 没有“国策要轮”这个栏目\n",
            f"{ITEM}:8:4: error[placeholder-text] 有没写完的占位文字：TODO\n",
        ]


def test_many_changes_at_once_are_one(tmp_path: Path) -> None:
    workspace_at(tmp_path)
    with watching(tmp_path, "check", "2025-04") as watcher:
        watcher.until(_WAITING)
        for number in range(20):
            text = item_text(title=f"标题{number}", url=f"https://www.nda.gov.cn/x{number}.html")
            (tmp_path / f"issues/2025-04/{number:02}-x.md").write_text(text, "utf-8")
        time.sleep(2)
        (tmp_path / ITEM).write_text(BAD_ITEM, "utf-8")
        lines = watcher.until("2025-04：2 个错误，不能付印\n")

    assert lines.count("2025-04：没有问题，可以付印\n") == 1


def test_a_build_that_is_watched_keeps_the_last_good_one(tmp_path: Path) -> None:
    workspace_at(tmp_path)
    output = tmp_path / "output"
    with watching(tmp_path, "build", "2025-04", "--quiet") as watcher:
        watcher.until(_WAITING)
        good = contents(output)
        (tmp_path / ITEM).write_text(BAD_ITEM, "utf-8")
        watcher.until("没有生成；上一次的文件保持原样\n")
        watcher.until(_WAITING)
        assert contents(output) == good
        (tmp_path / ITEM).write_text(item_text("另写。\n"), "utf-8")
        watcher.until(_WAITING)

        assert contents(output).keys() == good.keys()
        assert contents(output) != good
        assert watcher.interrupt() == 130


def test_a_terminal_is_cleared_before_each_check(tmp_path: Path) -> None:
    workspace_at(tmp_path)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "jianbao", "check", "2025-04", "--watch"],
        cwd=tmp_path,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while b"Ctrl-C" not in shown:
        shown += os.read(ours, 1000)
    process.send_signal(signal.SIGINT)
    process.wait(_SECONDS)
    os.close(ours)

    assert shown.startswith(b"\x1b[2J")
    assert "2025-04：没有问题，可以付印".encode() in shown


def test_fixing_is_not_watched(jianbao: Callable[..., Ran], tmp_path: Path) -> None:
    ran = jianbao(workspace_at(tmp_path), "check", "2025-04", "--fix", "--watch")

    assert ran.code == 2
    assert ran.err == "错误：--fix、--undo、--watch 不能一起用\n怎么办：只写一个\n"
