"""``jianbao bounces``: what is done about mail that came back, and undone."""

from __future__ import annotations

import mailbox
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from workspaces import CONFIGURATION, PUBLICATION, Ran, make_workspace

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = Path(__file__).parent / "cases/bounces"
READERS = "email,name,lists\nwang@example.com,王,周刊\nzhao@example.com,赵,周刊\n"


@dataclass(frozen=True)
class Office:
    """A post room with two readers."""

    folder: Path
    jianbao: Callable[..., Ran]

    def run(self, *words: str) -> Ran:
        """One command."""
        return self.jianbao(self.folder, *words)

    def read(self, *names: str) -> str:
        """What ``bounces read`` says to synthetic messages."""
        ran = self.run("bounces", "read", *[str(CASES / f"{name}.eml") for name in names])
        assert (ran.code, ran.err) == (0, "")
        return ran.out


@pytest.fixture
def office(tmp_path: Path, jianbao: Callable[..., Ran]) -> Office:
    """See `Office`."""
    settings = f'{PUBLICATION}\n[delivery]\nbounce_box = "maildir:back"\n'
    folder = make_workspace(tmp_path / "work", {CONFIGURATION: settings, "readers.csv": READERS})
    office = Office(folder, jianbao)
    assert office.run("subscribers", "import", "readers.csv", "--yes").code == 0
    return office


def test_who_does_not_exist_is_not_written_to_any_more(office: Office) -> None:
    assert office.read("report-without-original") == "退信：停发 1\n"

    assert "停发：退信" in office.run("subscribers", "list", "--search", "wang").out
    assert office.run("bounces", "list").out == (
        "2025-02-11  wang@example.com  收件人不存在  smtp; 550 5.1.1 User unknown\n"
    )


def test_a_message_counts_once(office: Office) -> None:
    assert office.read("report-full") == "退信：记下 1\n"
    assert office.read("report-full") == "退信：读过 1\n"


def test_what_says_nothing_of_the_reader_never_ends_it(office: Office) -> None:
    names = ("report-gmail-policy", "report-outlook-bulk", "report-too-big")
    assert office.read(*names) == "退信：记下 3\n"

    assert "停发" not in office.run("subscribers", "list").out


def test_a_complaint_ends_it(office: Office) -> None:
    assert office.read("report-of-a-junk-folder") == "退信：停发 1\n"
    assert "停发：投诉" in office.run("subscribers", "list", "--search", "wang").out


def test_a_letter_to_leave_is_leaving(office: Office, tmp_path: Path) -> None:
    letter = tmp_path / "leave.eml"
    letter.write_text("From: Zhao <zhao@example.com>\nSubject: unsubscribe\n\n(synthetic)\n")

    assert office.run("bounces", "read", str(letter)).out == "退信：退订 1\n"
    assert "停发：全部退订" in office.run("subscribers", "list", "--search", "zhao").out


def test_others_and_automatic_answers_are_left_alone(office: Office) -> None:
    assert office.read("letter-263", "out-of-office", "a-person-writes", "report-delayed") == (
        "退信：不是我们的读者 1，不必理会 3\n"
    )


def test_forgiving_starts_again(office: Office) -> None:
    office.read("report-without-original")

    assert office.run("bounces", "forgive", "wang@example.com").out == (
        "wang@example.com：1 封退信不再算，恢复发信\n"
    )
    assert "停发" not in office.run("subscribers", "list").out
    assert office.read("report-full") == "退信：记下 1\n"
    assert "收件人不存在（已不算）" in office.run("bounces", "list").out


def test_forgiving_does_not_bring_back_who_left(office: Office, tmp_path: Path) -> None:
    letter = tmp_path / "leave.eml"
    letter.write_text("From: wang@example.com\nSubject: 退订\n\n(synthetic)\n", "utf-8")
    office.run("bounces", "read", str(letter))

    ran = office.run("bounces", "forgive", "wang@example.com")

    assert ran.out == "wang@example.com：0 封退信不再算\n"
    assert "停发：全部退订" in office.run("subscribers", "list").out


def test_the_mailbox_is_read_and_marked(office: Office) -> None:
    box = mailbox.Maildir(office.folder / "back")
    for name in ("report-without-original", "report-full"):
        box.add((CASES / f"{name}.eml").read_bytes().partition(b"\n")[2])

    assert office.run("bounces", "read").out.startswith("退信：")
    assert office.run("bounces", "read").out == "没有新的退信\n"


def test_no_mailbox_is_told(office: Office) -> None:
    (office.folder / CONFIGURATION).write_text(PUBLICATION, "utf-8")

    assert office.run("bounces", "read") == Ran(
        2,
        "",
        "错误：jianbao.toml 没有写收退信的邮箱\n"
        '怎么办：在 [delivery] 里写 bounce_box = "maildir:文件夹"，或写出要读的文件\n',
    )
