"""The mail server that jianbao.toml names, and where its password comes from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jianbao.deliver.endpoint import PASSWORD, endpoint_of
from jianbao.delivery import DeliverySettings, MailServer
from jianbao.errors import UsageProblem

ROOT = Path("/w")
SUBMISSION = MailServer(host="smtp.example.org", port=587, user="brief")
RELAY = MailServer(host="relay.example.org", port=25)
LOCAL = MailServer(host="127.0.0.1", port=25)
GIVEN = {PASSWORD: "from the environment"}


@pytest.mark.parametrize(
    ("server", "plaintext", "encrypted"),
    [
        (SUBMISSION, False, True),
        (replace(SUBMISSION, implicit_tls=True), False, True),
        (replace(SUBMISSION, implicit_tls=True), True, True),
        (RELAY, False, True),
        (RELAY, True, False),
        (LOCAL, False, False),
        (replace(LOCAL, user="brief"), False, False),
        (replace(LOCAL, implicit_tls=True), False, True),
    ],
)
def test_only_this_machine_or_a_relay_that_was_named_is_spoken_to_in_the_clear(
    server: MailServer, plaintext: object, encrypted: object
) -> None:
    settings = DeliverySettings(server=server, plaintext=bool(plaintext))

    endpoint, warning = endpoint_of(settings, ROOT, GIVEN)

    assert (endpoint.server, endpoint.encrypted, warning) == (server, encrypted, None)


def test_a_password_never_goes_in_the_clear() -> None:
    settings = DeliverySettings(server=SUBMISSION, plaintext=True)

    with pytest.raises(UsageProblem) as problem:
        endpoint_of(settings, ROOT, GIVEN)

    assert problem.value.message == "不加密就登录，密码会明文传送"
    assert problem.value.hint == "去掉 plaintext，或用不必登录的服务器"


def test_without_a_server_it_says_where_to_write_it() -> None:
    with pytest.raises(UsageProblem) as problem:
        endpoint_of(DeliverySettings(), ROOT, GIVEN)

    assert problem.value.message == "没有写邮件服务器"
    assert problem.value.hint == '在 jianbao.toml 的 [delivery] 里写 smtp = "smtp://用户@主机:端口"'


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("from the file\n", "utf-8")
    (tmp_path / "password").chmod(0o600)
    settings = DeliverySettings(server=SUBMISSION, password_file="password")  # noqa: S106  (a file's name)

    given, _ = endpoint_of(settings, tmp_path, GIVEN)
    found, _ = endpoint_of(settings, tmp_path, {PASSWORD: ""})

    assert (given.password, found.password) == ("from the environment", "from the file")
    assert "from the" not in repr((given, found))


def test_nobody_asks_for_a_password_without_a_user() -> None:
    endpoint, _ = endpoint_of(DeliverySettings(server=RELAY), ROOT, {})

    assert endpoint.password == ""


def test_without_a_password_it_says_where_it_may_lie() -> None:
    with pytest.raises(UsageProblem) as problem:
        endpoint_of(DeliverySettings(server=SUBMISSION), ROOT, {})

    assert problem.value.message == "没有邮箱的密码"
    assert problem.value.hint == (
        "设置环境变量 JIANBAO_SMTP_PASSWORD，或在 [delivery] 里用 password_file 指明存放它的文件"
    )


def test_the_institutes_own_authority_lies_in_the_workspace() -> None:
    settings = DeliverySettings(server=RELAY, ca_file="ca.pem")

    endpoint, _ = endpoint_of(settings, ROOT, {})

    assert endpoint.ca_file == ROOT / "ca.pem"
