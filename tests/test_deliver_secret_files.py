"""Secrets in files of one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jianbao.deliver.secret_files import read_secret
from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "s3cret"  # noqa: S105  (of the test)


def read(file: Path, *, spaces: bool = False) -> tuple[str, str | None]:
    """The secret in ``file``, as it is asked for everywhere."""
    return read_secret(file, "secret.txt", "密码", "password_file", spaces=spaces)


@pytest.mark.parametrize("text", [SECRET, f"{SECRET}\n", f"{SECRET}\r\n", f"  {SECRET}\n\n"])
def test_a_secret_is_what_stands_on_the_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "secret.txt"
    file.write_bytes(text.encode())
    file.chmod(0o600)

    assert read(file) == (SECRET, None)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_that_others_can_read_is_warned_of(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "secret.txt"
    file.write_text(SECRET, "utf-8")
    file.chmod(mode)

    assert read(file) == (SECRET, "secret.txt 别人也能读；运行 chmod 600 secret.txt")


def test_spaces_are_part_of_a_password_that_may_have_them(tmp_path: Path) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("two words\n", "utf-8")
    file.chmod(0o600)

    assert read(file, spaces=True) == ("two words", None)
    with pytest.raises(UsageProblem):
        read(file)


@pytest.mark.parametrize("text", ["", "\n", "one\ntwo\n", "x" * 257])
def test_a_file_that_holds_no_secret_is_refused_without_being_shown(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "secret.txt"
    file.write_text(text, "utf-8")

    with pytest.raises(UsageProblem) as problem:
        read(file, spaces=True)

    assert problem.value.message == "secret.txt 里不是一行密码"
    assert problem.value.hint == "文件里只写密码一行"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "secret.txt"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(UsageProblem) as problem:
        read(file)

    assert problem.value.message == "读不到存放密码的文件 secret.txt"
    assert problem.value.hint == "检查 password_file 的路径；文件里只写密码一行"
