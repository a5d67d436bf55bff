"""``jianbao explain``, with what it prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jianbao.diagnostics import CODES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import Ran

    Jianbao = Callable[..., Ran]


def test_a_rule_of_the_desk_is_explained_with_examples(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(tmp_path, "explain", "latin-word")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "latin-word  汉字之间夹着英文虚词\n"
        "\n"
        "警告：照样付印；稿件可以用 ignore 略过它。\n"
        "依据：体例\n"
        "\n"
        "会报：\n"
        "\n"
        "    各地制定扶持政策 and 激励措施。\n"
        "\n"
        "不报：\n"
        "\n"
        "    各地制定扶持政策和激励措施，采用AND门电路。\n"
    )


def test_a_rule_for_wechat_is_explained_with_its_basis(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(tmp_path, "explain", "wechat-text-align")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "wechat-text-align  text-align 的 start、end 在各种手机上对齐不一\n"
        "\n"
        "错误：发到公众号会被删去、拒收或变形。\n"
        "依据：官方（规范 · text-align）\n"
        "\n"
        "会报：\n"
        "\n"
        '    <p style="text-align:start">正文</p>\n'
        "\n"
        "不报：\n"
        "\n"
        '    <p style="text-align:left">正文</p>\n'
    )


def test_several_codes_are_explained_one_after_the_other(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(tmp_path, "explain", "source-missing", "glyph-fallback")

    assert ran.out == (
        "source-missing  每条稿件都要写明来源\n"
        "\n"
        "错误：不改正就不能付印。\n"
        "\n"
        "glyph-fallback  常用字集里没有这个字，改用完整字库排印\n"
        "\n"
        "提示：只供参考；稿件可以用 ignore 略过它。\n"
    )


@pytest.mark.parametrize("slug", CODES)
def test_every_code_is_explained(slug: str, jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(tmp_path, "explain", slug)

    assert ran.code == 0
    assert ran.out.startswith(f"{slug}  {CODES[slug].explanation}\n")


@pytest.mark.parametrize(
    ("slug", "message"),
    [
        ("Source-Mising", "错误：没有 Source-Mising 这个代号\n怎么办：是不是 source-missing？\n"),
        ("甲", "错误：没有 甲 这个代号\n怎么办：代号都列在 docs/diagnostics.md 里\n"),
    ],
    ids=["near", "far"],
)
def test_an_unknown_code_suggests_the_near_one(
    slug: str, message: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    ran = jianbao(tmp_path, "explain", slug)

    assert (2, "", message) == (ran.code, ran.out, ran.err)
