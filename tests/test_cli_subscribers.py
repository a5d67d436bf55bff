"""``jianbao subscribers``: what goes in comes out, and who has not confirmed is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from workspaces import CONFIGURATION, PUBLICATION, make_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import Ran

LIST = "email,name,lists,单位,tags\na@qq.com,甲,周刊,研究院,内部\nb@163.com,乙,周刊,,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with a list of two."""
    return make_workspace(tmp_path / "w", {CONFIGURATION: PUBLICATION, "list.csv": LIST})


def test_what_is_exported_can_be_imported_again(folder: Path, jianbao: Callable[..., Ran]) -> None:
    jianbao(folder, "subscribers", "import", "list.csv", "--yes")

    assert jianbao(folder, "subscribers", "export", "--out", "out.csv").code == 0

    assert (folder / "out.csv").read_text("utf-8-sig").splitlines() == [
        "email,name,lists,tags,suppressed,单位",
        "a@qq.com,甲,周刊,内部,,研究院",
        "b@163.com,乙,周刊,,,",
    ]
    again = jianbao(folder, "subscribers", "import", "out.csv", "--yes")
    assert again.out == ("新增 0，有改动 0，没有变化 2，停发，跳过 0，有问题，跳过 0\n没有要改的\n")


def test_who_is_suppressed_elsewhere_is_not_imported(
    folder: Path, jianbao: Callable[..., Ran]
) -> None:
    (folder / "list.csv").write_text("email,suppressed\na@qq.com,bounced\nb@163.com,\n")

    ran = jianbao(folder, "subscribers", "import", "list.csv", "--yes")

    assert (ran.code, ran.err) == (1, "list.csv:2：a@qq.com 在导出的地方已停发（bounced）\n")
    assert ran.out.startswith("新增 1，")
