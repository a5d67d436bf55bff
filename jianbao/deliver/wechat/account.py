"""The account to push to, and its secret: from the environment or a private file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jianbao.addresses import is_loopback
from jianbao.deliver.secret_files import read_secret
from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jianbao.settings import WechatAccount, WechatSettings

#: The environment variable that holds the AppSecret.
SECRET = "JIANBAO_WECHAT_SECRET"  # noqa: S105  (a name, not a secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What the API asks for; the secret is never shown."""

    appid: str
    secret: str = field(repr=False)


def choose_account(settings: WechatSettings, name: str | None) -> WechatAccount:
    """The account that is called ``name``, or the first.

    Raises:
        UsageProblem: There is none.
    """
    if not settings.accounts:
        hint = '在 jianbao.toml 里写 [wechat] 和 appid = "wx……"，见 docs/wechat-push.md'
        raise UsageProblem("jianbao.toml 没有写公众号的 appid", hint)
    if name is None:
        return settings.accounts[0]
    found = next((one for one in settings.accounts if one.name == name), None)
    if found is None:
        known = "、".join(one.name for one in settings.accounts)
        raise UsageProblem(f"没有 {name} 这个公众号", f"jianbao.toml 里有：{known}")
    return found


def read_credentials(
    account: WechatAccount, root: Path, environment: Mapping[str, str]
) -> tuple[Credentials, str | None]:
    """The credentials of ``account``, and a warning about the file that holds its secret.

    Raises:
        UsageProblem: There is no secret, or its file cannot be read.
    """
    if given := environment.get(SECRET, "").strip():
        return Credentials(appid=account.appid, secret=given), None
    if not account.secret_file:
        hint = f"设置环境变量 {SECRET}，或在 jianbao.toml 里用 secret_file 指明存放它的文件"
        raise UsageProblem("没有公众号的 AppSecret", hint)
    secret, warning = read_secret(
        root / Path(account.secret_file).expanduser(),
        account.secret_file,
        " AppSecret ",
        "secret_file",
    )
    return Credentials(appid=account.appid, secret=secret), warning


def checked_api(api: str) -> str:
    """The address of the API, without a slash at its end.

    Raises:
        UsageProblem: It is none, or the secret would travel in the clear.
    """
    parts = urlsplit(api)
    if parts.scheme == "https" and parts.hostname and not parts.query:
        return api.rstrip("/")
    if parts.scheme == "http" and is_loopback(parts.hostname or ""):
        return api.rstrip("/")
    hint = 'api = "https://api.weixin.qq.com"，或您自己的转发服务器'
    raise UsageProblem("[wechat] 的 api 要以 https:// 开头，密码不能明文传送", hint)
