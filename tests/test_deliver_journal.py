"""The mail server's own record: what it took, and nothing that it only began to take."""

from __future__ import annotations

from pathlib import Path

import pytest

from jianbao.deliver.campaigns.journal import taken
from jianbao.errors import UsageProblem

_CASES = Path(__file__).parent / "cases" / "journals"


@pytest.mark.parametrize("case", sorted(_CASES.glob("*.txt")), ids=lambda case: case.stem)
def test_what_was_taken_is_found(tmp_path: Path, case: Path) -> None:
    text, _, expected = case.read_text("utf-8").partition("=== taken\n")
    journal = tmp_path / "journal"
    journal.write_text(text, "utf-8")
    named = ("taken", "second", "cut-off", "refused", "in-the-body")

    found = taken(journal, frozenset(f"<{name}@brief.example.org>" for name in named))

    assert sorted(found) == expected.splitlines()


def test_a_maildir_holds_a_copy_of_each(tmp_path: Path) -> None:
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "1").write_text(f"Message-ID: <{folder}@x.org>\n\nx")

    found = taken(tmp_path, frozenset({"<new@x.org>", "<cur@x.org>", "<tmp@x.org>"}))

    assert found == {"<new@x.org>", "<cur@x.org>"}


def test_a_log_that_was_turned_over_meanwhile_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "mail.log.1").write_text("postfix/cleanup[2]: A1: message-id=<a@x.org>\n")
    (tmp_path / "mail.log").write_text("postfix/qmgr[3]: A1: from=<b@x.org>, size=9, nrcpt=1\n")

    assert taken(tmp_path / "mail.log", frozenset({"<a@x.org>"})) == {"<a@x.org>"}


def test_without_the_journal_nothing_is_called_missing(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="读不了邮件服务器的记录"):
        taken(tmp_path / "gone", frozenset())


def test_from_a_log_of_something_else_nothing_is_called_missing(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_text('127.0.0.1 - - [11/Feb/2025] "GET / HTTP/1.1" 200 1\n')

    with pytest.raises(UsageProblem, match="不像邮件服务器的记录"):
        taken(log, frozenset({"<a@x.org>"}))


@pytest.mark.parametrize("text", ["", "Feb 11 09:30:00 mx postfix/smtpd[7]: connect from x\n"])
def test_a_log_that_has_nothing_yet_says_that_nothing_was_taken(tmp_path: Path, text: str) -> None:
    (tmp_path / "mail.log").write_text(text)

    assert taken(tmp_path / "mail.log", frozenset({"<a@x.org>"})) == frozenset()
