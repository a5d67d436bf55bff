"""A workspace from which an issue is pushed to the fake WeChat, for the tests of the command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from fakes.wechat import APPID, SECRET, FakeWeChat
from wechat_pushes import article, write_package
from workspaces import CONFIGURATION, PUBLICATION, Ran, make_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Desk:
    """A workspace whose issue was built for WeChat, and a WeChat to push it to."""

    folder: Path
    fake: FakeWeChat
    jianbao: Callable[..., Ran]

    def build(self, *drafts: list[dict[str, object]]) -> None:
        """Build the issue anew."""
        write_package(self.folder / "output/2025-04/wechat", *drafts)

    def push(self, *options: str) -> Ran:
        """One push, without progress."""
        return self.jianbao(self.folder, "wechat", "push", "2025-04", "--quiet", *options)

    @property
    def media_id(self) -> str:
        """Of the only draft there is."""
        (media_id,) = self.fake.drafts
        return media_id


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jianbao: Callable[..., Ran], loopback: None
) -> Iterator[Desk]:
    """Two articles in one draft, the secret in the environment."""
    del loopback
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("JIANBAO_WECHAT_SECRET", SECRET)
    with FakeWeChat(publish_states=[0]) as fake:
        settings = f'{PUBLICATION}\n[wechat]\napi = "{fake.url}"\nappid = "{APPID}"\n'
        folder = make_workspace(tmp_path / "work", {CONFIGURATION: settings})
        desk = Desk(folder, fake, jianbao)
        desk.build([article(1), article(2)])
        yield desk


def problem(code: int, message: str, hint: str) -> Ran:
    """What a push that a person has to help along prints."""
    return Ran(code, "", f"错误：{message}\n怎么办：{hint}\n")
