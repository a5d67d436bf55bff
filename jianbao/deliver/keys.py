"""The keys that marks, links and Message-IDs are made with: a file for its owner alone.

A line is a key: its id, one letter of `reader_codes.ALPHABET`, and 32 bytes in hex. The last
line is the one in use; the others still answer for what was made with them.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from pathlib import Path

_LINE = re.compile(r"(?P<id>[2-9A-HJKMNP-Z]) (?P<secret>[0-9a-f]{64})")
_FIRST = "A"
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A key by its id; the secret is never shown."""

    id: str
    secret: bytes = field(repr=False)

    def digest(self, purpose: str, *parts: str) -> bytes:
        """32 bytes of ``parts`` that nobody makes without the key; no two purposes agree."""
        # Lengths first: ("a", "bc") and ("ab", "c") must not come to the same.
        message = "".join(f"{len(part)}:{part}" for part in (purpose, *parts))
        return hmac.new(self.secret, message.encode(), hashlib.sha256).digest()


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys, the one in use last; there is at least one."""

    keys: tuple[Key, ...]

    @property
    def current(self) -> Key:
        """The key that new things are made with."""
        return self.keys[-1]

    def find(self, key_id: str) -> Key | None:
        """The key that is called ``key_id``."""
        return next((key for key in self.keys if key.id == key_id), None)


def open_keyring(file: Path) -> Keyring:
    """The keys in ``file``, which is made with one key where there is none.

    Raises:
        UsageProblem: It cannot be read or written, others can read it, or a line is no key.
    """
    file = file.expanduser()
    try:
        _make(file)
        text = file.read_text("ascii")
        mode = file.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        hint = "检查 [delivery] 的 key_file 和它所在文件夹的权限"
        raise UsageProblem(f"读写不了密钥文件 {file.name}", hint) from error
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UsageProblem(f"密钥文件 {file.name} 别人也能读", f"运行 chmod 600 {file.name}")
    return _parse(text, file.name)


def _make(file: Path) -> None:
    """Write the first key, unless another process was quicker."""
    file.parent.mkdir(parents=True, exist_ok=True)
    line = f"{_FIRST} {secrets.token_hex(_BYTES)}\n".encode()
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as opened:
        opened.write(line)
        opened.flush()
        os.fsync(opened.fileno())


def _parse(text: str, name: str) -> Keyring:
    found = [_LINE.fullmatch(line) for line in text.splitlines() if line.strip()]
    keys = tuple(Key(one["id"], bytes.fromhex(one["secret"])) for one in found if one)
    if not keys or len(keys) < len(found) or len({key.id for key in keys}) < len(keys):
        hint = "从备份恢复它；换密钥是在最后加一行，旧的行不动"
        raise UsageProblem(f"密钥文件 {name} 里有一行读不懂，或编号重复", hint)
    return Keyring(keys)
