"""``jianbao subscribers serve`` as a process of its own, on loopback."""

from __future__ import annotations

import http.client
import signal
import socket
import time
from typing import TYPE_CHECKING

import pytest
from workspaces import CONFIGURATION, PUBLICATION, Ran, finish, make_workspace, start

from jianbao.deliver.keys import open_keyring
from jianbao.deliver.readers.tokens import Purpose, make_token

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SERVED = '[delivery]\nbase_url = "https://brief.example.org"\n'


def workspace(tmp_path: Path, delivery: str = _SERVED) -> Path:
    """A workspace with one reader in a file."""
    files = {CONFIGURATION: PUBLICATION + delivery, "readers.csv": "email\nwang@example.com\n"}
    return make_workspace(tmp_path / "work", files)


def free_port() -> int:
    """One that nobody has now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def ask(port: int, path: str) -> tuple[int, str]:
    """Status and text of a page, once the server answers."""
    for _ in range(200):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except ConnectionRefusedError:
            time.sleep(0.1)
        finally:
            connection.close()
    pytest.fail("the server did not come up")


@pytest.mark.usefixtures("loopback")
def test_pages_are_served_until_ctrl_c(tmp_path: Path, jianbao: Callable[..., Ran]) -> None:
    folder, port = workspace(tmp_path), free_port()
    assert jianbao(folder, "subscribers", "import", "readers.csv", "--yes").code == 0
    key = open_keyring(folder / ".jianbao/delivery.keys").current

    server = start(folder, "subscribers", "serve", "--port", str(port))
    status, page = ask(port, f"/r/{make_token(key, Purpose.READER, 1)}")
    server.send_signal(signal.SIGINT)
    ran = finish(server)

    assert (status, "wang@example.com" in page) == (200, True)
    assert ran.code == 0
    assert ran.out == (
        f"读者网页在 http://127.0.0.1:{port}/，对外的地址是 https://brief.example.org/r/……\n"
    )
    assert ran.err == ""


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = finish(start(workspace(tmp_path), "subscribers", "serve", "--port", str(port)))

    assert ran.code == 3
    assert f"错误：端口 {port} 用不了，可能有别的程序占着\n怎么办：换一个：--port 8026\n" in ran.err


def test_no_public_address_is_told(tmp_path: Path, jianbao: Callable[..., Ran]) -> None:
    assert jianbao(workspace(tmp_path, ""), "subscribers", "serve") == Ran(
        2,
        "",
        "错误：没有写 base_url\n"
        '怎么办：在 [delivery] 里写 base_url = "https://……"，邮件里的链接由它得出\n',
    )
