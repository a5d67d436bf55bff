"""``jianbao subscribers``: what goes in comes out, and who has not confirmed is asked."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from fakes.post_office import PostOffice
from workspaces import CONFIGURATION, PUBLICATION, make_workspace

from jianbao.deliver.keys import open_keyring
from jianbao.deliver.readers.asks import Turn, turn
from jianbao.deliver.readers.tokens import Purpose, read_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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
    assert again.out == ("新增 0，有改动 0，没有变化 2，跳过停发的 0，跳过有问题的 0\n没有要改的\n")


def test_who_is_suppressed_elsewhere_is_not_imported(
    folder: Path, jianbao: Callable[..., Ran]
) -> None:
    (folder / "list.csv").write_text("email,suppressed\na@qq.com,bounced\nb@163.com,\n")

    ran = jianbao(folder, "subscribers", "import", "list.csv", "--yes")

    assert (ran.code, ran.err) == (1, "list.csv:2：a@qq.com 在导出的地方已停发（bounced）\n")
    assert ran.out.startswith("新增 1，")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    """Knows nobody who is called bad, and is too busy for those who are called late."""
    replies = {"bad": "550 5.1.1 no such user", "late": "450 try again"}
    with PostOffice(
        tmp_path / "mail.log", reply_to=lambda to: replies.get(to.partition("@")[0], ""), keep=True
    ) as office:
        yield office


@pytest.fixture
def waiting(folder: Path, office: PostOffice, jianbao: Callable[..., Ran]) -> Path:
    """A workspace whose readers must confirm."""
    server = f'[delivery]\nsmtp = "smtp://127.0.0.1:{office.port}"\n'
    sender = 'sender = "简报 <brief@example.org>"\nbase_url = "https://brief.example.org"\n'
    (folder / CONFIGURATION).write_text(PUBLICATION + server + sender, "utf-8")
    rows = "email,name,lists\na@qq.com,甲,内参\nbad@x.cn,乙,内参\nlate@x.cn,丙,内参\n"
    (folder / "list.csv").write_text(rows + "other@x.cn,丁,周刊\n", "utf-8")
    jianbao(folder, "subscribers", "lists", "--confirm", "内参")
    jianbao(folder, "subscribers", "import", "list.csv", "--yes")
    return folder


@pytest.mark.usefixtures("loopback")
def test_who_has_not_confirmed_is_asked_once_a_week(
    waiting: Path, office: PostOffice, jianbao: Callable[..., Ran]
) -> None:
    dry = jianbao(waiting, "subscribers", "ask")
    assert (dry.code, office.by_address) == (0, {})
    assert dry.out.startswith("待确认 3 位：这次写给 3 位\n预演，什么也不发送。")

    ran = jianbao(waiting, "subscribers", "ask", "--send", "--yes")

    assert (ran.code, office.by_address) == (4, {"a@qq.com": 1})
    assert ran.out.splitlines()[1] == "已交出 1，没有写成，下次再写 1，退回 1"
    assert "停发：退信" in jianbao(waiting, "subscribers", "list", "--search", "bad").out
    again = jianbao(waiting, "subscribers", "ask", "--send", "--yes")
    assert again.out.startswith("待确认 2 位：这次写给 1 位，7 天内写过的 1 位\n")
    assert office.by_address == {"a@qq.com": 1}


@pytest.mark.usefixtures("loopback")
def test_the_letter_leads_to_the_page_that_confirms(
    waiting: Path, office: PostOffice, jianbao: Callable[..., Ran]
) -> None:
    jianbao(waiting, "subscribers", "ask", "--list", "内参", "--send", "--yes")

    message = email.message_from_bytes(office.messages[0], policy=email.policy.default)

    assert message["Subject"] == "请确认订阅《简报》"
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    token = re.search(r"https://brief\.example\.org/c/(\S+)", text)
    keys = open_keyring(waiting / ".jianbao/delivery.keys")
    assert token is not None
    assert read_token(keys, Purpose.CONFIRM, token[1]) == 1
    assert "（内参）" in text


def test_without_pages_nobody_is_asked(folder: Path, jianbao: Callable[..., Ran]) -> None:
    ran = jianbao(folder, "subscribers", "ask")

    assert ran.code == 2
    assert ran.err.startswith("错误：没有写 base_url，读者没有地方确认\n")


@pytest.mark.parametrize(
    ("times", "days", "expected"),
    [
        (0, None, Turn.NOW),
        (1, 6, Turn.LATER),
        (1, 7, Turn.NOW),
        (2, 7, Turn.NOW),
        (3, 400, Turn.NEVER),
    ],
)
def test_nobody_is_pestered(times: int, days: int | None, expected: Turn) -> None:
    now = datetime(2025, 2, 11, tzinfo=UTC)
    last = None if days is None else now - timedelta(days=days)

    assert turn(times, last, now) is expected
