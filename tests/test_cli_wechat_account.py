"""``jianbao wechat push``: the account that it uses, and the secret that nobody sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fakes.wechat import APPID, SECRET
from fakes.wechat_wire import Refusal
from push_desk import problem
from wechat_pushes import article
from workspaces import CONFIGURATION, PUBLICATION, contents

if TYPE_CHECKING:
    from push_desk import Desk

RECORD = "issues/2025-04/wechat.json"
ADD = "/cgi-bin/draft/add"


def test_without_an_account_it_says_where_to_write_it(desk: Desk) -> None:
    (desk.folder / CONFIGURATION).write_text(PUBLICATION, "utf-8")

    assert desk.push() == problem(
        2,
        "jianbao.toml 没有写公众号的 appid",
        '在 jianbao.toml 里写 [wechat] 和 appid = "wx……"，见 docs/wechat-push.md',
    )


def test_one_of_several_accounts_is_chosen_by_name(desk: Desk) -> None:
    file = desk.folder / CONFIGURATION
    other = '\n[[wechat.account]]\nname = "测试号"\nappid = "wxother"\n'
    file.write_text(file.read_text("utf-8") + other, "utf-8")

    assert "AppID 不对（错误码 40013）" in desk.push("--account", "测试号").err
    assert desk.push("--account", "别的") == problem(
        2, "没有 别的 这个公众号", f"jianbao.toml 里有：{APPID}、测试号"
    )


def test_without_a_secret_it_says_where_it_may_lie(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JIANBAO_WECHAT_SECRET")

    assert desk.push() == problem(
        2,
        "没有公众号的 AppSecret",
        "设置环境变量 JIANBAO_WECHAT_SECRET，或在 jianbao.toml 里用 secret_file 指明存放它的文件",
    )


@pytest.mark.parametrize(
    ("mode", "warning"),
    [
        (0o600, ""),
        (0o644, "注意：secret.txt 别人也能读；运行 chmod 600 secret.txt\n"),
    ],
)
def test_a_secret_in_a_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, mode: int, warning: str
) -> None:
    monkeypatch.delenv("JIANBAO_WECHAT_SECRET")
    file = desk.folder / CONFIGURATION
    file.write_text(file.read_text("utf-8") + 'secret_file = "secret.txt"\n', "utf-8")
    secret = desk.folder / "secret.txt"
    secret.write_text(f"{SECRET}\n", "utf-8")
    secret.chmod(mode)

    ran = desk.push()

    assert (ran.code, ran.err) == (0, warning)


@pytest.mark.parametrize("text", [None, "", "two words", "x" * 300])
def test_a_file_that_holds_no_secret(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    monkeypatch.delenv("JIANBAO_WECHAT_SECRET")
    file = desk.folder / CONFIGURATION
    file.write_text(file.read_text("utf-8") + 'secret_file = "secret.txt"\n', "utf-8")
    if text is not None:
        (desk.folder / "secret.txt").write_text(text, "utf-8")

    ran = desk.push()

    assert (ran.code, desk.fake.requests) == (2, [])
    assert "secret.txt" in ran.err
    assert "two words" not in ran.err


def test_a_configuration_with_errors_is_not_used(desk: Desk) -> None:
    file = desk.folder / CONFIGURATION
    file.write_text(file.read_text("utf-8") + 'apid = "wx"\n', "utf-8")

    ran = desk.push()

    assert (ran.code, desk.fake.requests) == (2, [])
    assert ran.err.endswith("错误：jianbao.toml 有错误，没有推送\n怎么办：先改好上面的错误\n")


@pytest.mark.parametrize("api", ["http://api.weixin.qq.com", "ftp://x", "weixin"])
def test_the_secret_does_not_travel_in_the_clear(desk: Desk, api: str) -> None:
    file = desk.folder / CONFIGURATION
    file.write_text(f'{PUBLICATION}\n[wechat]\napi = "{api}"\nappid = "{APPID}"\n', "utf-8")

    assert desk.push().err.startswith(
        "错误：[wechat] 的 api 要以 https:// 开头，密码不能明文传送\n"
    )


def test_nothing_that_is_written_or_shown_has_the_secret_or_a_token(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = [desk.push(), desk.push("--publish")]
    token = desk.fake.token
    desk.build([article(1, "改过。"), article(2)], [article(3)])
    (desk.folder / RECORD).unlink()
    for code in (1, 40001, 45002):
        desk.fake.refusals = {ADD: Refusal(code, f"{token} {SECRET}")}
        shown.append(desk.push())
    monkeypatch.setenv("JIANBAO_WECHAT_SECRET", SECRET[::-1])
    desk.fake.expire_token()
    shown.append(desk.push())

    written = contents(desk.folder)
    text = "".join(ran.out + ran.err for ran in shown)
    assert any(ran.code for ran in shown)
    for secret in (SECRET, SECRET[::-1], token):
        assert secret not in text
        assert not [name for name, content in written.items() if secret.encode() in content]
