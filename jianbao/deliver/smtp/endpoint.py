"""The mail server as jianbao.toml names it, with the password from where it is kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jianbao.deliver.secret_files import read_secret
from jianbao.deliver.smtp.wire import Endpoint
from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jianbao.delivery import DeliverySettings

#: The environment variable that holds the password of the mail account.
PASSWORD = "JIANBAO_SMTP_PASSWORD"  # noqa: S105  (a name, not a secret)


def endpoint_of(
    settings: DeliverySettings, root: Path, environment: Mapping[str, str]
) -> tuple[Endpoint, str | None]:
    """Where to hand messages in, and a warning about the file that holds the password.

    Raises:
        UsageProblem: No server is named, its password is missing, or would go in the clear.
    """
    server = settings.server
    if server is None:
        hint = '在 jianbao.toml 的 [delivery] 里写 smtp = "smtp://用户@主机:端口"'
        raise UsageProblem("没有写邮件服务器", hint)
    encrypted = server.implicit_tls or not (settings.plaintext or server.is_local)
    if server.user and not encrypted and not server.is_local:
        hint = "去掉 plaintext，或用不必登录的服务器"
        raise UsageProblem("不加密就登录，密码会明文传送", hint)
    password, warning = _password(settings, root, environment) if server.user else ("", None)
    ca_file = root / Path(settings.ca_file).expanduser() if settings.ca_file else None
    endpoint = Endpoint(server=server, password=password, ca_file=ca_file, encrypted=encrypted)
    return endpoint, warning


def _password(
    settings: DeliverySettings, root: Path, environment: Mapping[str, str]
) -> tuple[str, str | None]:
    if given := environment.get(PASSWORD, ""):
        return given, None
    if not settings.password_file:
        hint = f"设置环境变量 {PASSWORD}，或在 [delivery] 里用 password_file 指明存放它的文件"
        raise UsageProblem("没有邮箱的密码", hint)
    file = root / Path(settings.password_file).expanduser()
    return read_secret(file, settings.password_file, "密码", "password_file", spaces=True)
