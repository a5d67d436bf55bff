"""What the doctor finds, from zones and messages as text in ``cases/delivery-doctor``."""

from __future__ import annotations

import base64
import subprocess
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from case_files import read_case
from fakes.name_server import Zone
from workspaces import CONFIGURATION, PUBLICATION, make_workspace

from jianbao.deliver.dkim import read_signer
from jianbao.deliver.doctor.rounds import Domains, examine_domains
from jianbao.deliver.doctor.sample import assess_sample
from jianbao.deliver.doctor.server import (
    Welcome,
    assess_clock,
    assess_server,
    assess_size,
)
from jianbao.deliver.doctor.spf_macros import BadMacro, expand
from jianbao.delivery import MailServer
from jianbao.load import load_publication
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jianbao.deliver.doctor.observations import Observation

CASES = Path(__file__).parent / "cases" / "delivery-doctor"
NOW = datetime(2025, 2, 11, 9, 30, tzinfo=UTC)


def cases(kind: str) -> list[Path]:
    """Files of cases."""
    return sorted((CASES / kind).glob("*.txt"))


def shown(observations: Sequence[Observation]) -> str:
    """As the cases have it."""
    return "".join(
        f"{one.state} {one.subject}：{one.said}\n" + (f"  {one.remedy}\n" if one.remedy else "")
        for one in observations
    )


@pytest.fixture(scope="session")
def dkim_key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A private key, and its public half as openssl writes it."""
    file = tmp_path_factory.mktemp("dkim") / "dkim.pem"
    subprocess.run(f"openssl genrsa -traditional -out {file} 2048".split(), check=True)
    public = subprocess.run(
        f"openssl rsa -in {file} -pubout -outform DER".split(), check=True, capture_output=True
    ).stdout
    return file, base64.b64encode(public).decode()


@pytest.mark.parametrize("file", cases("domains"), ids=lambda file: file.stem)
def test_a_domain_is_examined(file: Path, tmp_path: Path, dkim_key: tuple[Path, str]) -> None:
    case = read_case(file)
    key_file, public = dkim_key
    settings = PUBLICATION + "[delivery]\n" + _text(case.files["settings"])
    workspace = make_workspace(tmp_path, {CONFIGURATION: settings})
    found = load_publication(Workspace(workspace))
    assert found.problems == ()
    delivery = found.delivery
    assert delivery.sender is not None
    options = dict(line.split() for line in _text(case.files.get("options", b"")).splitlines())
    dkim = delivery.dkim
    domains = Domains(
        sender=delivery.sender,
        bounces=delivery.bounces or delivery.sender.address,
        server=delivery.server,
        signer=read_signer(dkim, key_file, delivery.sender.domain) if dkim else None,
        from_ip=ip_address(options["from-ip"]) if "from-ip" in options else None,
        selector=options.get("selector", ""),
    )
    zone = Zone.read(_text(case.files["zone"]).replace("{public}", public))

    found_out = shown(examine_domains(zone, domains)).replace(public, "{public}")

    assert found_out == case.expected


@pytest.mark.parametrize("file", cases("messages"), ids=lambda file: file.stem)
def test_the_header_of_a_message_is_examined(file: Path) -> None:
    case = read_case(file)

    assert shown(assess_sample(_text(case.files["message"]).encode(), NOW)) == case.expected


def _text(content: object) -> str:
    assert isinstance(content, bytes)
    return content.decode()


@pytest.mark.parametrize(
    ("server", "welcome", "expected"),
    [
        (
            MailServer(host="smtp.x.cn", port=587, user="brief"),
            Welcome(greeting="", encrypted=True, size_limit=0),
            "好 邮件服务器：smtp.x.cn:587 接得通，STARTTLS，登录成功\n",
        ),
        (
            MailServer(host="smtp.x.cn", port=465, user="brief", implicit_tls=True),
            Welcome(greeting="", encrypted=True, size_limit=0),
            "好 邮件服务器：smtp.x.cn:465 接得通，从头加密，登录成功\n",
        ),
        (
            MailServer(host="127.0.0.1", port=25),
            Welcome(greeting="", encrypted=False, size_limit=0),
            "好 邮件服务器：127.0.0.1:25 接得通，不加密，不用登录\n",
        ),
        (
            MailServer(host="relay.x.cn", port=25),
            Welcome(greeting="", encrypted=False, size_limit=0),
            (
                "注意 邮件服务器：relay.x.cn:25 接得通，不加密，不用登录\n"
                "  能加密的，从 [delivery] 里删去 plaintext\n"
            ),
        ),
        (
            MailServer(host="smtp.x.cn", port=587, user="brief"),
            "登录不了邮件服务器（535 no）",
            (
                "要改 邮件服务器：smtp.x.cn:587 用不了：登录不了邮件服务器（535 no）\n"
                "  查 [delivery] 的 smtp、密码和 ca_file，以及这台机器的网络\n"
            ),
        ),
    ],
)
def test_how_the_mail_server_received_us(
    server: MailServer, welcome: Welcome | str, expected: str
) -> None:
    assert shown([assess_server(server, welcome)]) == expected


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (0, "注意 大小：每封 1,400,000 字节；邮件服务器没有说最多多大\n"),
        (50_000_000, "好 大小：每封 1,400,000 字节，邮件服务器最多收 50,000,000\n"),
        (1_404_096, "好 大小：每封 1,400,000 字节，邮件服务器最多收 1,404,096\n"),
        (
            1_404_095,
            (
                "要改 大小：每封 1,400,000 字节，邮件服务器最多收 1,404,095\n"
                '  在 [delivery] 里写 attach = "link"，只送下载链接；或请服务商放宽\n'
            ),
        ),
    ],
)
def test_a_message_must_fit_with_what_is_added_on_the_way(limit: int, expected: str) -> None:
    welcome = Welcome(greeting="", encrypted=True, size_limit=limit)

    assert shown([assess_size(welcome, 1_400_000)]) == expected


EXIM = "mx.x.cn ESMTP Exim 4.98 Tue, 11 Feb 2025 {} +0800"


@pytest.mark.parametrize(
    ("greeting", "built", "expected"),
    [
        (EXIM.format("17:33:00"), NOW, "好 时钟：与邮件服务器的时间相符\n"),
        (
            EXIM.format("18:30:00"),
            NOW,
            (
                "要改 时钟：时钟与邮件服务器的差 60 分钟，邮件的日期会不对\n"
                "  打开自动对时：timedatectl set-ntp true\n"
            ),
        ),
        (
            "mx.x.cn ESMTP",
            None,
            "好 时钟：2025-02-11 09:30（邮件服务器没有报时，请看一眼对不对）\n",
        ),
        (
            "mx.x.cn ESMTP",
            NOW.replace(year=2026),
            (
                "要改 时钟：时钟是 2025-02-11 09:30，PDF 却是 2026-02-11 09:30 生成的\n"
                "  打开自动对时：timedatectl set-ntp true\n"
            ),
        ),
    ],
)
def test_a_clock_that_is_wrong_is_noticed(
    greeting: str, built: datetime | None, expected: str
) -> None:
    welcome = Welcome(greeting=greeting, encrypted=True, size_limit=0)

    assert shown([assess_clock(NOW, welcome, built)]) == expected


@pytest.mark.parametrize(
    ("written", "address", "expected"),
    [
        # RFC 7208, 7.4: the examples for strong-bad@email.example.com.
        ("%{s}", "192.0.2.3", "strong-bad@email.example.com"),
        ("%{o}", "192.0.2.3", "email.example.com"),
        ("%{d4}", "192.0.2.3", "email.example.com"),
        ("%{d2}", "192.0.2.3", "example.com"),
        ("%{d1}", "192.0.2.3", "com"),
        ("%{dr}", "192.0.2.3", "com.example.email"),
        ("%{d2r}", "192.0.2.3", "example.email"),
        ("%{l}", "192.0.2.3", "strong-bad"),
        ("%{l-}", "192.0.2.3", "strong.bad"),
        ("%{lr}", "192.0.2.3", "strong-bad"),
        ("%{lr-}", "192.0.2.3", "bad.strong"),
        ("%{l1r-}", "192.0.2.3", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "192.0.2.3", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "192.0.2.3", "bad.strong.lp._spf.example.com"),
        (
            "%{ir}.%{v}._spf.%{d2}",
            "2001:db8::cb01",
            "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com",
        ),
        ("a%%b%_c%-", "192.0.2.3", "a%b c%20"),
    ],
)
def test_macros_are_expanded_as_the_standard_shows(
    written: str, address: str, expected: str
) -> None:
    sender, domain = "strong-bad@email.example.com", "email.example.com"

    assert expand(written, sender, domain, ip_address(address)) == expected


@pytest.mark.parametrize("written", ["%{x}", "%(d)", "%", "%{d"])
def test_a_macro_that_there_is_not_is_a_mistake(written: str) -> None:
    with pytest.raises(BadMacro):
        expand(written, "a@b.example", "b.example", None)
