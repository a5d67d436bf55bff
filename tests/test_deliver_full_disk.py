"""A disk that is full in the middle of sending."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from fakes.mail_server import MailServer
from workspaces import CONFIGURATION, PUBLICATION, ROOT, make_workspace

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files")

_READERS = [f"r{number}@example.org" for number in range(60)]
_NAME = "简报-2025年第4期-总第217期.pdf"


def jianbao(folder: Path, *arguments: str, blocks: str = "unlimited") -> tuple[int, str]:
    """Run the command in a process that may write files of so many KB."""
    script = f'ulimit -f {blocks}; exec "$@"'
    words = ["bash", "-c", script, "-", sys.executable, "-m", "jianbao", *arguments]
    ran = subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return ran.returncode, ran.stderr


def workspace(folder: Path, server: MailServer) -> Path:
    """One with an issue that is built, and readers."""
    settings = (
        f'[delivery]\nsmtp = "smtp://127.0.0.1:{server.port}"\nconnections = 2\n'
        'sender = "brief@example.org"\njournal = "mail.log"\njournal_delay = 1\n'
    )
    files = {CONFIGURATION: PUBLICATION + settings, "list.csv": "\n".join(["email", *_READERS])}
    output = make_workspace(folder, files) / "output" / "2025-04"
    output.mkdir(parents=True)
    pdf = b"%PDF-1.7"
    (output / _NAME).write_bytes(pdf)
    entry = {"edition": "pdf", "path": _NAME, "sha256": hashlib.sha256(pdf).hexdigest()}
    (output / "build.json").write_text(json.dumps({"artifacts": [entry], "items": []}))
    return folder


def test_what_was_sent_while_the_disk_was_full_is_not_sent_again(tmp_path: Path) -> None:
    (tmp_path / "mail.log").touch()
    with MailServer(journal=tmp_path / "mail.log") as server:
        folder = workspace(tmp_path, server)
        assert jianbao(folder, "subscribers", "import", "list.csv", "--yes")[0] == 0
        send = ("send", "2025-04", "--send", "--yes", "--quiet")

        code, said = jianbao(folder, *send, blocks="450")
        before = len(server.taken)
        after = jianbao(folder, *send)[0]

    assert (code, after) == (3, 0)
    assert "数据库" in said
    assert "没有写完的这一次不作数" in said
    assert 0 < before < len(_READERS)
    assert Counter(address for address, _ in server.taken) == Counter(_READERS)
