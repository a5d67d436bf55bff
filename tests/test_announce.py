"""``jianbao announce`` against fakes of the three messengers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from fakes.robots import KEY, SECRET, FakeRobots, serving
from workspaces import CONFIGURATION, PUBLICATION, Ran, make_workspace

from jianbao.deliver.robots.card import Card
from jianbao.deliver.robots.channels import CHANNELS
from jianbao.delivery import RobotKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_PATHS = {
    "wecom": f"/cgi-bin/webhook/send?key={KEY}",
    "dingtalk": f"/robot/send?access_token={KEY}",
    "feishu": f"/open-apis/bot/v2/hook/{KEY}",
}
_ROBOT = """
[[delivery.robot]]
name = "{name}"
kind = "{kind}"
webhook_file = "hook-{kind}"
link = "https://example.org/{{issue}}/"
"""


@dataclass(frozen=True)
class Group:
    """A workspace with a built issue and one robot of each kind."""

    folder: Path
    fake: FakeRobots
    jianbao: Callable[..., Ran]

    def announce(self, *options: str) -> Ran:
        """One run of the command."""
        return self.jianbao(self.folder, "announce", "2025-04", *options)

    @property
    def record(self) -> dict[str, str]:
        """What is noted of the robots."""
        file = self.folder / "issues/2025-04/announced.json"
        return json.loads(file.read_text("utf-8"))  # type: ignore[no-any-return]

    def write_hook(self, kind: str, *lines: str) -> None:
        """Put ``lines`` into the file of the robot ``kind``."""
        (self.folder / f"hook-{kind}").write_text("\n".join(lines) + "\n", "utf-8")


@pytest.fixture
def group(tmp_path: Path, jianbao: Callable[..., Ran], loopback: None) -> Iterator[Group]:
    """Robots that take what they are sent."""
    del loopback
    names = {"wecom": "编辑部", "dingtalk": "院内", "feishu": "读者"}
    robots = "".join(_ROBOT.format(name=name, kind=kind) for kind, name in names.items())
    folder = make_workspace(tmp_path / "work", {CONFIGURATION: PUBLICATION + robots})
    write_built(folder, ("国策要论", "甲"), ("国策要论", "乙"), ("地方新政", "丙"))
    fake = FakeRobots()
    with serving(fake) as address:
        group = Group(folder, fake, jianbao)
        for kind, path in _PATHS.items():
            group.write_hook(kind, address + path)
        yield group


def write_built(folder: Path, *items: tuple[str, str]) -> None:
    """A build.json, as far as a card reads it."""
    built: dict[str, Any] = {
        "issue": "2025-04",
        "number": 4,
        "total": 217,
        "date": "2025-02-10",
        "items": [{"section": section, "title": title} for section, title in items],
    }
    (folder / "output/2025-04").mkdir(parents=True, exist_ok=True)
    (folder / "output/2025-04/build.json").write_text(json.dumps(built), "utf-8")


def test_nothing_is_sent_unasked(group: Group) -> None:
    ran = group.announce()

    assert ran == Ran(
        0,
        "会通知 编辑部（企业微信）：简报2025年第4期（总第217期），3 条要目\n"
        "  阅读全文：https://example.org/2025-04/\n"
        "会通知 院内（钉钉）：简报2025年第4期（总第217期），3 条要目\n"
        "  阅读全文：https://example.org/2025-04/\n"
        "会通知 读者（飞书）：简报2025年第4期（总第217期），3 条要目\n"
        "  阅读全文：https://example.org/2025-04/\n"
        "这是预演，什么也没有发。要发，请加 --send。\n",
        "",
    )
    assert group.fake.said == []


def test_each_group_sees_the_contents_and_where_to_read(group: Group) -> None:
    ran = group.announce("--send")

    assert ran == Ran(
        0, "2025-04：编辑部已经通知\n2025-04：院内已经通知\n2025-04：读者已经通知\n", ""
    )
    wecom, dingtalk, feishu = group.fake.said
    contents = ["**国策要论**", "1. 甲", "2. 乙", "**地方新政**", "3. 丙"]
    assert wecom["markdown"]["content"].split("\n") == [
        "### 简报2025年第4期（总第217期）",
        "2025-02-10",
        *contents,
        "[阅读全文](https://example.org/2025-04/)",
    ]
    card = dingtalk["actionCard"]
    assert card["text"].split("\n\n")[2:] == contents
    assert (card["singleTitle"], card["singleURL"]) == (
        "阅读全文",
        "https://example.org/2025-04/",
    )
    text, button = feishu["card"]["elements"]
    assert text["text"]["content"].split("\n")[1:] == contents
    assert button["actions"][0]["url"] == "https://example.org/2025-04/"


def test_a_group_is_told_once(group: Group) -> None:
    group.announce("--send", "--robot", "院内")

    ran = group.announce("--send")
    assert ran.out == (
        "2025-04：院内：已经通知过，不再发；要再发用 --again\n"
        "2025-04：编辑部已经通知\n2025-04：读者已经通知\n"
    )
    assert len(group.fake.said) == 3
    assert group.record == {"编辑部": "sent", "院内": "sent", "读者": "sent"}
    assert group.announce("--send", "--again", "--robot", "院内").code == 0
    assert len(group.fake.said) == 4


def test_signatures_are_those_of_the_documents(group: Group) -> None:
    group.fake.signed = True
    for kind in ("dingtalk", "feishu"):
        hook = (group.folder / f"hook-{kind}").read_text("utf-8").strip()
        group.write_hook(kind, hook, SECRET)

    assert group.announce("--send").code == 0
    assert len(group.fake.said) == 3


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("dingtalk", "院内", "钉钉没有通过机器人的安全设置（关键词、加签或 IP 地址）（310000）"),
        ("feishu", "读者", "飞书签名不对，或本机时间差了一小时以上（19021）"),
    ],
)
def test_a_wrong_secret_is_told_with_what_to_do(
    group: Group, kind: str, name: str, message: str
) -> None:
    group.fake.signed = True
    hook = (group.folder / f"hook-{kind}").read_text("utf-8").strip()
    group.write_hook(kind, hook, "wrong")

    ran = group.announce("--send", "--robot", name)

    assert ran.code == 4
    assert ran.err.startswith(f"错误：2025-04：{name}：{message}\n怎么办：")
    assert group.record == {}


def test_one_refusal_does_not_keep_the_others_from_speaking(group: Group) -> None:
    group.write_hook("wecom", (group.folder / "hook-wecom").read_text().strip() + "x")

    ran = group.announce("--send")

    assert ran.code == 4
    assert ran.out == "2025-04：院内已经通知\n2025-04：读者已经通知\n"
    assert "Webhook 地址无效，或者机器人已被移出群（93000）" in ran.err


def test_too_many_in_a_minute_is_told(group: Group) -> None:
    for _ in range(20):
        group.announce("--send", "--again", "--robot", "编辑部")

    ran = group.announce("--send", "--again", "--robot", "编辑部")

    assert "发得太频繁，每个机器人每分钟最多 20 条（45009）" in ran.err
    assert len(group.fake.said) == 20


@pytest.mark.parametrize(("drop", "count"), [("before", 0), ("after", 1)])
def test_a_lost_answer_is_not_followed_by_a_second_message(
    group: Group, drop: str, count: int
) -> None:
    group.fake.drop = drop
    ran = group.announce("--send", "--robot", "读者")
    group.fake.drop = ""

    again = group.announce("--send", "--robot", "读者")

    assert ran.code == 4
    assert "没有得到飞书的答复，不知道发出了没有" in ran.err
    assert again.out == (
        "2025-04：读者：上次不知道发出了没有，请到群里看看；确实没有，用 --again 再发\n"
    )
    assert len(group.fake.said) == count


def test_a_robot_that_cannot_be_reached_was_not_told(group: Group) -> None:
    group.write_hook("wecom", "http://127.0.0.1:1/cgi-bin/webhook/send?key=x")

    ran = group.announce("--send", "--robot", "编辑部")

    assert ran == Ran(
        4, "", "错误：2025-04：编辑部：连接不上，没有发出\n怎么办：检查网络，再运行一次\n"
    )
    assert group.record == {}


@pytest.mark.parametrize(
    "lines",
    [["http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"], ["ftp://a/b"], ["a", "b", "c"], []],
)
def test_a_webhook_that_is_none_is_refused_and_not_shown(group: Group, lines: list[str]) -> None:
    group.write_hook("wecom", *lines)

    ran = group.announce("--send", "--robot", "编辑部")

    assert ran == Ran(
        2,
        "",
        "错误：hook-wecom 里不是企业微信机器人的 Webhook 地址\n"
        "怎么办：地址以 https://qyapi.weixin.qq.com/ 开头\n",
    )


@pytest.mark.parametrize("kind", list(RobotKind))
@pytest.mark.parametrize("count", [1, 14, 60, 400])
def test_what_does_not_fit_is_counted(kind: RobotKind, count: int) -> None:
    titles = tuple(f"国家数据局发布关于第{number}批数据要素的通知" for number in range(count))
    card = Card(
        title="简报", date="2025-02-10", sections=(("国策要论", titles),), link="https://a/"
    )

    request, left_out = CHANNELS[kind].request(card, "", 0)

    text = request.body.decode()
    assert sum(title in text for title in titles) == count - left_out
    assert ("……另有" in text) == (left_out > 0)
    assert "https://a/" in text
    limit = 20_000 if kind is not RobotKind.WECOM else 4096 + 64  # and its JSON around it
    assert len(request.body) <= limit + text.count("\\n")


def test_a_title_is_no_markup(group: Group) -> None:
    write_built(group.folder, ("国策要论", "[点击](http://evil.example) <@all> **急**"))

    group.announce("--send", "--robot", "编辑部")

    (said,) = group.fake.said
    assert "1. ［点击］(http://evil.example) ＜@all＞ ＊＊急＊＊" in said["markdown"]["content"]


def test_an_issue_that_was_not_built_is_told(group: Group) -> None:
    (group.folder / "output/2025-04/build.json").unlink()

    assert group.announce("--send") == Ran(
        2, "", "错误：2025-04 还没有生成\n怎么办：运行 jianbao build 2025-04\n"
    )


def test_a_name_that_no_robot_has_is_told(group: Group) -> None:
    assert group.announce("--robot", "谁") == Ran(
        2, "", "错误：没有机器人“谁”\n怎么办：jianbao.toml 里有：编辑部、院内、读者\n"
    )
