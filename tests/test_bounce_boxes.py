"""Reading the mailbox that mail comes back to."""

from __future__ import annotations

import mailbox
from typing import TYPE_CHECKING

import pytest
from fakes.imap import PASSWORD, FakeImap, serving

from jianbao.deliver.bounces.boxes import open_box
from jianbao.errors import DeliveryProblem, UsageProblem

if TYPE_CHECKING:
    from pathlib import Path

ONE, TWO = b"Subject: 1\n\none\n", b"Subject: 2\n\ntwo\n"


def test_a_maildir_gives_what_was_not_read(tmp_path: Path) -> None:
    folder = mailbox.Maildir(tmp_path / "back")
    for message in (ONE, TWO):
        folder.add(message)

    with open_box("maildir:back", tmp_path, "") as box:
        first, second = box.unread()
        box.mark(first[0])
        (left,) = box.unread()

    assert {first[1], second[1]} == {ONE, TWO}
    assert left == second
    assert len(list((tmp_path / "back/cur").iterdir())) == 1


def test_an_mbox_is_read_and_not_written(tmp_path: Path) -> None:
    file = tmp_path / "mbox"
    file.write_bytes(b"From a@b Mon Feb 10 09:00:00 2025\n" + ONE + b"\n")
    before = file.read_bytes()

    with open_box("mbox:mbox", tmp_path, "") as box:
        ((key, message),) = box.unread()
        box.mark(key)

    assert message.strip() == ONE.strip()
    assert file.read_bytes() == before


@pytest.mark.usefixtures("loopback")
def test_imap_gives_what_was_not_seen_and_marks_what_is_kept(tmp_path: Path) -> None:
    fake = FakeImap(ONE, TWO)
    with serving(fake) as port:
        address = f"imap://brief%40example.org@127.0.0.1:{port}/INBOX"
        with open_box(address, tmp_path, PASSWORD) as box:
            found = dict(box.unread())
            assert fake.seen == set()  # until it is kept
            box.mark("7")
        with open_box(address, tmp_path, PASSWORD) as box:
            left = dict(box.unread())

    assert found == {"7": ONE, "8": TWO}
    assert left == {"8": TWO}


@pytest.mark.usefixtures("loopback")
def test_a_long_message_is_cut(tmp_path: Path) -> None:
    fake = FakeImap(b"Subject: x\n\n" + b"x" * 2_000_000)
    with serving(fake) as port:
        address = f"imap://brief%40example.org@127.0.0.1:{port}"
        with open_box(address, tmp_path, PASSWORD) as box:
            ((_, message),) = box.unread()

    assert len(message) == 256 * 1024


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    ("folder", "password", "message"),
    [
        ("INBOX", "wrong", "127.0.0.1 没有让我们登录，或中途断开"),
        ("Other", PASSWORD, "服务器上没有文件夹 Other"),
    ],
)
def test_a_server_that_refuses_is_told(
    tmp_path: Path, folder: str, password: str, message: str
) -> None:
    with serving(FakeImap()) as port:
        address = f"imap://brief%40example.org@127.0.0.1:{port}/{folder}"
        with pytest.raises(DeliveryProblem) as told, open_box(address, tmp_path, password):
            pass

    assert told.value.message == message


@pytest.mark.usefixtures("loopback")
def test_a_connection_that_breaks_is_told(tmp_path: Path) -> None:
    fake = FakeImap(ONE, TWO)
    fake.breaks_off_at = 8
    with serving(fake) as port:
        address = f"imap://brief%40example.org@127.0.0.1:{port}"
        with (
            pytest.raises(DeliveryProblem, match="中途断开"),
            open_box(address, tmp_path, PASSWORD) as box,
        ):
            list(box.unread())


@pytest.mark.parametrize(
    "address",
    ["", "maildir:", "pop3://a@b", "imap://a@mail.example.org", "imaps://mail.example.org", "x"],
)
def test_an_address_that_is_none_is_told(tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageProblem) as told, open_box(address, tmp_path, ""):
        pass

    assert told.value.hint == "写成 maildir:文件夹、mbox:文件 或 imaps://用户@主机/文件夹"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="没有 back"), open_box("maildir:back", tmp_path, ""):
        pass
