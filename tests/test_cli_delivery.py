"""``jianbao delivery doctor``, with a mail server and a name server of the test's own."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

import pytest
from fakes.mail_server import MailServer
from fakes.name_server import NameServer, Zone
from workspaces import CONFIGURATION, ITEM, PUBLICATION, item_text, make_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from workspaces import Ran

pytestmark = pytest.mark.usefixtures("loopback")

_NAME = "简报-2025年第4期-总第217期.pdf"
_ZONE = """\
example.org TXT v=spf1 ip4:203.0.113.0/24 -all
_dmarc.example.org TXT v=DMARC1; p=none; rua=mailto:d@example.org
example.org MX 10 mail.example.org
mail.example.org A 203.0.113.5
5.113.0.203.in-addr.arpa PTR mail.example.org
xyz._domainkey.example.org TXT v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
"""

_ALL_IS_WELL = """\
好    SPF                    example.org 许可 203.0.113.5 发信（ip4:203.0.113.0/24）
好    DKIM                   xyz._domainkey.example.org 是 256 位的 Ed25519 公钥，由邮件服务器签名
好    DMARC                  _dmarc.example.org 写着 p=none
好    From 对齐              发件人的域名 example.org 与 SPF 的域名一致
好    MX                     example.org 由 mail.example.org 收信
好    反向解析               203.0.113.5 是 mail.example.org，mail.example.org 也指向它
好    邮件服务器             127.0.0.1:PORT 接得通，不加密，不用登录
好    大小                   每封 N 字节，邮件服务器最多收 20,000
好    From                   简报 <ID@example.org>
好    Subject                简报 2025年第4期（总第217期）：标题
好    To                     简报 <ID@example.org>
好    Date                   DATE
好    Message-ID             <ID@example.org>
好    List-Id                简报 <brief.example.org>
好    List-Unsubscribe       有网址，也有邮箱
好    List-Unsubscribe-Post  一键退订；要邮件服务器的签名盖住它和 List-Unsubscribe 才算数
好    时钟                   TIME（邮件服务器没有报时，请看一眼对不对）
要改 0 项，要留意 0 项。
"""


@pytest.fixture
def server() -> Iterator[MailServer]:
    """Takes messages of 20 KB."""
    with MailServer(offers=("PIPELINING", "SIZE 20000")) as server:
        yield server


def workspace(folder: Path, server: MailServer, pdf: bytes = b"%PDF-1.7") -> Path:
    """One with an issue that is built."""
    settings = (
        f'[delivery]\nsmtp = "smtp://127.0.0.1:{server.port}"\n'
        'sender = "简报 <brief@example.org>"\nbase_url = "https://brief.example.org"\n'
    )
    output = make_workspace(folder, {CONFIGURATION: PUBLICATION + settings}) / "output" / "2025-04"
    output.mkdir(parents=True)
    (output / _NAME).write_bytes(pdf)
    entry = {"edition": "pdf", "path": _NAME, "sha256": hashlib.sha256(pdf).hexdigest()}
    (output / "build.json").write_text(json.dumps({"artifacts": [entry], "items": []}))
    return folder


@pytest.fixture
def folder(tmp_path: Path, server: MailServer) -> Path:
    """A workspace with an issue that is built."""
    return workspace(tmp_path, server)


def constant(shown: str, server: MailServer) -> str:
    """``shown`` without what differs each time."""
    shown = shown.replace(str(server.port), "PORT")
    shown = re.sub(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} [+-]\d{4}", "DATE", shown)
    shown = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME", shown)
    shown = re.sub(r"每封 [\d,]+ 字节", "每封 N 字节", shown)
    return re.sub(r"<\w+@", "<ID@", shown)


def test_everything_is_looked_over_and_nothing_is_sent(
    folder: Path, server: MailServer, jianbao: Callable[..., Ran]
) -> None:
    with NameServer(Zone.read(_ZONE)) as names:
        told = ("--from-ip", "203.0.113.5", "--selector", "xyz", "--dns", names.address)
        ran = jianbao(folder, "delivery", "doctor", "2025-04", *told)

    assert (ran.code, ran.err) == (0, "")
    assert constant(ran.out, server) == _ALL_IS_WELL
    assert server.commands == ["EHLO [127.0.0.1]", "QUIT"]


def test_what_is_to_be_changed_is_said_with_what_to_type(
    tmp_path: Path, server: MailServer, jianbao: Callable[..., Ran]
) -> None:
    folder = workspace(tmp_path, server, b"%PDF-1.7" + b"x" * 30_000)
    with NameServer(Zone.read("example.org TXT v=spf1 -all\n")) as names:
        told = ("--from-ip", "203.0.113.5", "--dns", names.address)
        ran = jianbao(folder, "delivery", "doctor", "2025-04", *told)

    assert ran.code == 2
    assert '值为 "v=spf1 ip4:203.0.113.5 -all"' in ran.out
    assert '怎么办：在 [delivery] 里写 attach = "link"，只送下载链接' in ran.out
    assert ran.out.endswith("要改 5 项，要留意 1 项。\n")


def test_without_an_issue_only_names_and_server_are_looked_at(
    folder: Path, jianbao: Callable[..., Ran]
) -> None:
    with NameServer(Zone.read(_ZONE)) as names:
        ran = jianbao(folder, "delivery", "doctor", "--dns", names.address)

    assert ran.code == 0
    assert "List-Id" not in ran.out
    assert "没有写期，没有看邮件的大小和头部：jianbao delivery doctor 2025-04" in ran.out


def test_a_server_that_is_not_there_and_names_that_are_not_answered(
    folder: Path, server: MailServer, jianbao: Callable[..., Ran]
) -> None:
    server.greeting = "554 go away"
    with NameServer(Zone.read("example.org TXT\n")) as names:
        ran = jianbao(folder, "delivery", "doctor", "--dns", names.address)

    assert ran.code == 2
    assert "查不到 example.org 的 TXT 记录：域名服务器没有答复" in ran.out
    assert "用不了：邮件服务器现在不接待（554 go away）" in ran.out


@pytest.mark.parametrize(
    ("change", "arguments", "problem"),
    [
        (("sender = ", "# "), (), "没有写发件人"),
        (("smtp = ", "# "), (), "没有写邮件服务器"),
        (("", ""), ("--from-ip", "mail"), "mail 不是 IP 地址"),
        (("", ""), ("--dns", "名:x"), "名:x 不是域名服务器的地址"),
    ],
)
def test_what_is_missing_is_said_at_once(
    folder: Path,
    jianbao: Callable[..., Ran],
    change: tuple[str, str],
    arguments: tuple[str, ...],
    problem: str,
) -> None:
    file = folder / CONFIGURATION
    file.write_text(file.read_text("utf-8").replace(*change), "utf-8")

    ran = jianbao(folder, "delivery", "doctor", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"错误：{problem}\n怎么办：")


def test_an_issue_with_errors_gives_no_sample(folder: Path, jianbao: Callable[..., Ran]) -> None:
    (folder / ITEM).write_text(item_text(source=None), "utf-8")

    ran = jianbao(folder, "delivery", "doctor", "2025-04")

    assert (ran.code, ran.out) == (1, "")
    assert "2025-04 不能付印，做不出样信" in ran.err
