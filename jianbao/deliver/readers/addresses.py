"""Addresses of readers, in the one form that the store keeps."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

#: RFC 5321, 4.5.3.1: octets of the part before @, and of the whole path without its brackets.
_LOCAL, _WHOLE = 64, 254
#: RFC 5322's dot-atom. A quoted local part is legal too, and no mailbox here gives one out.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
#: ``张三 <zhang@example.org>``, as mail programs copy it.
_NAMED = re.compile(r"[^<>]*<(?P<address>[^<>]+)>")


@dataclass(frozen=True, slots=True)
class Address:
    """``local`` as it was written; ``domain`` in lower case and ASCII."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def key(self) -> str:
        """By which a reader is known: no mailbox in use tells Wang@ from wang@."""
        return f"{self.local.lower()}@{self.domain}"


@dataclass(frozen=True, slots=True)
class NoAddress:
    """Why a text is none."""

    reason: str


def read_address(text: str) -> Address | NoAddress:
    """The address that ``text`` is, alone or as ``名称 <地址>``."""
    named = _NAMED.fullmatch(text.strip())
    written = (named["address"] if named else text).strip()
    if not written:
        return NoAddress("没有邮箱地址")
    local, _, domain = written.rpartition("@")
    wrong = _wrong_with(written, local)
    ascii_domain = _ascii_domain(domain)
    if wrong is None and ascii_domain is None:
        wrong = "的 @ 后面不是域名"
    address = Address(local, ascii_domain or "")
    if wrong is None and (len(local) > _LOCAL or len(str(address)) > _WHOLE):
        wrong = "太长"
    return NoAddress(f"{_shown(written)} {wrong}") if wrong else address


def _wrong_with(written: str, local: str) -> str | None:
    """What is wrong before the domain."""
    narrow = unicodedata.normalize("NFKC", written)
    if narrow != written:
        return f"里有全角字符，是不是 {_shown(narrow)}？"
    if not local:
        return "不是邮箱地址"
    if not local.isascii():
        return "的 @ 前面有非英文的字符，多数邮箱收不到"
    return None if _LOCAL_PART.fullmatch(local) else "的 @ 前面不合邮箱地址的写法"


def _ascii_domain(domain: str) -> str | None:
    """Lower case, and A-labels for Chinese domains (RFC 3490); None where it is no domain."""
    lower = domain.lower()
    if not lower.isascii():
        try:
            lower = lower.encode("idna").decode()
        except UnicodeError:
            return None
    labels = lower.split(".")
    usable = len(labels) > 1 and all(map(_LABEL.fullmatch, labels))
    return lower if usable and not labels[-1].isdigit() else None


def _shown(text: str) -> str:
    """Short, and without what would break the line of a report."""
    plain = "".join(char if char.isprintable() else "?" for char in text)
    return plain if len(plain) <= _LOCAL else f"{plain[:_LOCAL]}…"
