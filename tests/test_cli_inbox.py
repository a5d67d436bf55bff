"""``jianbao inbox`` as editors see it."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from polls import NOW, entry, poll
from workspaces import CONFIGURATION, ITEM, PUBLICATION, Ran, item_text, make_workspace

from jianbao.choosing import open_inbox
from jianbao.reporting import cells
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Jianbao = Callable[..., Ran]

_SOURCE = 'level = "{}"\nhosts = []\nsection = "{}"\nkind = "manual"\n'
FILES = {
    CONFIGURATION: f'{PUBLICATION}\n[gather]\nwords = ["数据产业"]\n'
    '\n[[gather.topics]]\nsection = "地方新政"\nwords = ["我市"]\n',
    "sources/nda.toml": 'name = "国家数据局"\n' + _SOURCE.format("national", "国策要论"),
    "sources/js.toml": 'name = "江苏省数据局"\n' + _SOURCE.format("provincial", "地方新政"),
    ITEM: item_text(url="https://www.nda.gov.cn/9.html", title="《数据流通指引（第一批）》发布"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with five candidates, of which an issue has one."""
    folder = make_workspace(tmp_path, FILES)
    with open_inbox(Workspace(folder.resolve())) as choosing:
        choosing.inbox.record(
            poll(
                "国家数据局",
                entry(
                    1, "国家数据局等六部门印发《关于促进数据产业高质量发展的指导意见》", NOW.date()
                ),
                entry(2, "国家数据局机关招聘公告", date(2025, 2, 7)),
                entry(9, "《数据流通指引（第一批）》发布", date(2025, 2, 8)),
                entry(3, "关于印发《数据流通指引（第一批）》的通知", date(2025, 2, 10)),
            )
        )
        choosing.inbox.record(
            poll("江苏省数据局", entry(4, "关于促进数据产业高质量发展的指导意见"))
        )
    return folder


LIST = """\
国策要论
  1   80  02-11  国家数据局    国家数据局等六部门印发《关于促进数据产业高质量发展的指导意见》
  3   70  02-08  国家数据局    《数据流通指引（第一批）》发布  成稿 2025-04
  4   70  02-10  国家数据局    关于印发《数据流通指引（第一批）》的通知  同 3  像 2025-04 的一条
  2   30  02-07  国家数据局    国家数据局机关招聘公告
地方新政
  5   60    -    江苏省数据局  关于促进数据产业高质量发展的指导意见  同 1
共 5 条。各列：编号、得分、发布日期、来源、标题
细看：jianbao inbox show 编号；选用：jianbao inbox take 编号
"""


def test_the_list_goes_by_section_and_score(folder: Path, jianbao: Jianbao) -> None:
    ran = jianbao(folder, "inbox", "--since", "all")

    assert ran.out == LIST
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("width", [80, 100, 120])
def test_no_line_is_wider_than_the_terminal(
    width: int, folder: Path, jianbao: Jianbao, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))

    ran = jianbao(folder, "inbox", "--since", "all")

    assert max(cells(line) for line in ran.out.splitlines()) <= width


SHOWN = f"""\
1  国家数据局等六部门印发《关于促进数据产业高质量发展的指导意见》
  网址  https://www.nda.gov.cn/1.html
  来源  国家数据局
  发布  2025-02-11
  发现  {NOW.astimezone():%Y-%m-%d %H:%M}
  状态  新
  栏目  国策要论
  得分  80
        栏目：国家数据局登记的是“国策要论”
        起始 30
        国家级来源 +20
        关注的词“数据产业” +10
        像一份文件（印发） +10
        三天以内发布 +10
  同一件事  5  江苏省数据局：关于促进数据产业高质量发展的指导意见
"""


def test_one_candidate_is_shown_with_its_reasons_and_twins(folder: Path, jianbao: Jianbao) -> None:
    ran = jianbao(folder, "inbox", "show", "1")

    assert ran.out == SHOWN


def test_an_editor_takes_drops_notes_and_undoes(folder: Path, jianbao: Jianbao) -> None:
    def say(*words: str) -> tuple[int, str, str]:
        ran = jianbao(folder, "inbox", *words)
        return ran.code, ran.out, ran.err

    assert say("take", "1", "4-5") == (
        0,
        "已选用 3 条：1、4、5\n写成稿件：jianbao draft 1 --issue 期\n",
        "",
    )
    assert say("take", "1,2") == (
        0,
        "已选用 1 条：2\n写成稿件：jianbao draft 2 --issue 期\n本来就是这样：1\n",
        "",
    )
    assert say("drop", "2、3", "--why", "与本刊无关") == (
        1,
        "已丢弃 1 条：2\n",
        "3 没有丢弃：已经写成 2025-04 的稿件；不用它，先移走稿件\n",
    )
    assert say("note", "1", "等", "全文") == (0, "已记注 1 条：1\n", "")
    assert "  注    等 全文" in say("show", "1")[1].splitlines()
    assert "  状态  丢弃 与本刊无关" in say("show", "2")[1].splitlines()
    assert say("undo") == (0, "已撤销记注：1\n", "")
    assert say("undo") == (0, "已撤销丢弃：2\n", "")
    assert say("undo", "--by", "别人") == (0, "没有可以撤销的\n", "")


def test_an_issue_that_was_built_has_used_its_candidates(folder: Path, jianbao: Jianbao) -> None:
    built = folder / "output/2025-04/build.json"
    built.parent.mkdir(parents=True)
    built.write_text("{}")

    ran = jianbao(folder, "inbox", "--since", "all", "--state", "used", "--format", "json")
    refused = jianbao(folder, "inbox", "take", "3")

    (used,) = json.loads(ran.out)
    assert (used["number"], used["state"], used["issue"]) == (3, "used", "2025-04")
    assert used["url"] == "https://www.nda.gov.cn/9.html"
    assert (refused.code, refused.err) == (1, "3 没有选用：已经登在 2025-04\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["take", "99"], "没有 99 号候选稿"),
        (["take", "1", "甲"], "甲 不是编号"),
        (["take", "7-3"], "7-3 不是一段编号"),
        (["take"], "缺少 编号…"),
        (["--section", "国策"], "没有“国策”这个栏目"),
        (["--since", "昨天"], "--since 的 昨天 不是一个日期"),
        (["tkae", "1"], "没有 tkae 这个命令，是不是 take？"),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(
    words: list[str], message: str, folder: Path, jianbao: Jianbao
) -> None:
    ran = jianbao(folder, "inbox", *words)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"错误：{message}\n怎么办：")


def test_an_empty_inbox_says_what_to_do(tmp_path: Path, jianbao: Jianbao) -> None:
    ran = jianbao(make_workspace(tmp_path), "inbox")

    assert ran.out == "没有候选稿。jianbao fetch 采集；--state all --since all 列出全部\n"


def test_a_configuration_with_errors_opens_nothing(tmp_path: Path, jianbao: Jianbao) -> None:
    ran = jianbao(make_workspace(tmp_path, {CONFIGURATION: "[publication]\n"}), "inbox")

    assert (ran.code, ran.err.splitlines()[0]) == (2, "错误：jianbao.toml 有错误")
    assert not (tmp_path / ".jianbao").exists()
