"""Header fields as they go over the wire: encoded, folded, and nothing smuggled in."""

from __future__ import annotations

import base64
import re
from email.header import Header
from typing import TYPE_CHECKING
from urllib.parse import quote

from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from jianbao.delivery import Mailbox

#: What ends a line somewhere, hides text or is no character; ``EmailMessage`` takes NUL.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
#: As in load.delivery: what SMTP carries without SMTPUTF8.
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}"
)
_LINK = re.compile(r"[!-;=?-~]+")
#: What a path or a command line could make of a file name.
_NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|]')
#: Bytes of a file name: systems forbid more than 255.
_LONGEST_NAME = 200


def text_field(name: str, text: str) -> bytes:
    """A field of free text, in encoded words (RFC 2047) where it is not ASCII.

    Raises:
        UsageProblem: ``text`` has a character that would end the line.
    """
    refuse_controls(text, name)
    value = Header(text, header_name=name).encode(linesep="\r\n")
    return f"{name}: {value}\r\n".encode("ascii")


def mailbox_field(name: str, mailbox: Mailbox) -> bytes:
    """From, To or Reply-To.

    Raises:
        UsageProblem: The address is none that SMTP carries, or the name would end the line.
    """
    address = checked_address(mailbox.address)
    if not mailbox.name:
        return f"{name}: {address}\r\n".encode("ascii")
    return phrase_field(name, mailbox.name, f"<{address}>")


def phrase_field(name: str, phrase: str, rest: str) -> bytes:
    """A field of a phrase for people, and behind it what is for programs.

    Raises:
        UsageProblem: ``phrase`` has a character that would end the line.
    """
    refuse_controls(phrase, name)
    shown = Header(_phrase(phrase), header_name=name).encode(linesep="\r\n")
    return f"{name}: {shown}\r\n {rest}\r\n".encode("ascii")


def raw_field(name: str, value: str) -> bytes:
    """A field whose value has its form already, and stays on one line.

    Raises:
        UsageProblem: ``value`` has a character that would end the line, or is not ASCII.
    """
    refuse_controls(value, name)
    if not value.isascii():
        raise UsageProblem(f"{name} 里只能是 ASCII 字符：{value[:60]}")
    return f"{name}: {value}\r\n".encode("ascii")


def file_fields(media_type: str, file_name: str) -> bytes:
    """Content-Type and Content-Disposition of an attachment.

    The name stands there twice. Newer programs read RFC 2231's ``filename*``, in one piece:
    its continuations, which Python's EmailMessage writes, come out as "AT00001.bin" in some.
    Outlook and the Chinese mailboxes read, and write, an encoded word in ``name`` and
    ``filename``, though RFC 2047, 5, forbids it.

    Raises:
        UsageProblem: The name could be a path, or would end the line.
    """
    word = f"=?UTF-8?B?{base64.b64encode(checked_file_name(file_name).encode()).decode()}?="
    return (
        f'Content-Type: {media_type};\r\n name="{word}"\r\n'
        f'Content-Disposition: attachment;\r\n filename="{word}";\r\n'
        f" filename*=UTF-8''{quote(file_name, safe='')}\r\n"
    ).encode("ascii")


def checked_address(address: str) -> str:
    """``address`` itself.

    Raises:
        UsageProblem: SMTP cannot carry it.
    """
    if not _ADDRESS.fullmatch(address):
        shown = _FORBIDDEN.sub("�", address)[:60]
        raise UsageProblem(f"邮箱地址不能用：{shown}", "地址里只能有 ASCII 字符，没有空格和换行")
    return address


def checked_link(url: str) -> str:
    """``url`` itself, which may stand between < and >.

    Raises:
        UsageProblem: It may not.
    """
    if not _LINK.fullmatch(url):
        raise UsageProblem(f"网址不能写进邮件的头部：{_FORBIDDEN.sub('�', url)[:60]}")
    return url


def checked_file_name(name: str) -> str:
    """``name`` itself.

    Raises:
        UsageProblem: It could be a path or hide something, or is too long.
    """
    refuse_controls(name, "附件的文件名")
    is_long = len(name.encode()) > _LONGEST_NAME
    if not name.strip(". ") or _NOT_IN_NAMES.search(name) or is_long:
        hint = r'文件名里不能有 / \ : * ? " < > |，不能太长'
        raise UsageProblem(f"附件的文件名不能用：{name[:60]}", hint)
    return name


def refuse_controls(text: str, what: str) -> None:
    """See that ``text`` stays on its line.

    Raises:
        UsageProblem: It would not.
    """
    found = _FORBIDDEN.search(text)
    if found:
        message = f"{what} 里有不能用的字符 U+{ord(found[0]):04X}"
        raise UsageProblem(message, "删去它；换行、NUL 等控制字符会改变邮件的头部")


def _phrase(name: str) -> str:
    """A display name, quoted where ASCII in it has a meaning (RFC 5322, 3.2.3)."""
    if not name.isascii() or re.fullmatch(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+", name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
