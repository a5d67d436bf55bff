"""A letter: encoded once for all readers, with a few small pieces for each.

``copy_for`` gives the data of an SMTP DATA command in pieces: CRLF line ends, and no line
begins with a dot, since bodies are base64 and boundaries and fields begin otherwise. Building
an ``EmailMessage`` for each reader takes 30 ms for 1 MB, most of it base64 and refolding.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from jianbao.deliver.letters.headers import (
    checked_link,
    file_fields,
    mailbox_field,
    phrase_field,
    raw_field,
    text_field,
)
from jianbao.deliver.letters.letter_templates import Means, word_letter
from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import jinja2

    from jianbao.deliver.keys import Key
    from jianbao.deliver.letters.contents import Contents
    from jianbao.deliver.letters.dkim import Signer
    from jianbao.deliver.letters.letter_templates import Wording
    from jianbao.deliver.letters.stamp import Mark, MarkedPdf
    from jianbao.delivery import DeliverySettings, Mailbox

#: What is sent: bytes-like, in order.
Pieces = tuple[bytes | memoryview, ...]

#: Base64 has no underscore, so no body holds them.
_MIXED, _ALTERNATIVE = "=_jianbao_mixed", "=_jianbao_alternative"
#: Bytes that a base64 line of 76 characters holds (RFC 2045, 6.8).
_LINE, _LINE_ENCODED = 57, 78
#: Stands for the reader's own address in what templates give.
_UNSUBSCRIBE = "https://unsubscribe.invalid/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What is one reader's own: ``code`` is "" without a stamp, ``unsubscribe_url`` likewise."""

    to: Mailbox
    message_id: str
    date: datetime
    unsubscribe_url: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """The PDF as it is attached."""

    file_name: str
    media_type: str = "application/pdf"
    pdf: MarkedPdf


class _Part(Protocol):
    def pieces_for(self, copy: Copy) -> Sequence[bytes | memoryview]: ...


@dataclass(frozen=True, slots=True)
class _Fixed:
    """The same for all."""

    content: bytes

    def pieces_for(self, copy: Copy) -> Sequence[bytes | memoryview]:
        del copy
        return (self.content,)


@dataclass(frozen=True, slots=True)
class _Worded:
    """Text in which the reader's way off the list stands between ``stretches``."""

    stretches: tuple[str, ...]
    escaped: bool
    otherwise: str

    def pieces_for(self, copy: Copy) -> Sequence[bytes | memoryview]:
        url = copy.unsubscribe_url or self.otherwise
        text = (escape(url) if self.escaped else url).join(self.stretches)
        return (_base64(text.encode()),)


@dataclass(frozen=True, slots=True)
class _Region:
    """Base64 lines ``first`` up to ``last`` of an attachment, and the marks in them."""

    first: int
    last: int
    content: bytes
    marks: tuple[Mark, ...]

    def written(self, code: str) -> bytes:
        content, start = bytearray(self.content), self.first * _LINE
        for mark in self.marks:
            content[mark.start - start : mark.end - start] = mark.written(code)
        return _base64(content)


@dataclass(frozen=True, slots=True)
class _Marked:
    """An attachment in base64, of which the lines that hold marks are made for each reader."""

    encoded: memoryview = field(repr=False)
    regions: tuple[_Region, ...]

    def pieces_for(self, copy: Copy) -> Sequence[bytes | memoryview]:
        pieces: list[bytes | memoryview] = []
        done = 0
        for region in self.regions:
            pieces.append(self.encoded[done : region.first * _LINE_ENCODED])
            pieces.append(region.written(copy.code))
            done = region.last * _LINE_ENCODED
        pieces.append(self.encoded[done:])
        return pieces


@dataclass(frozen=True, slots=True)
class Letter:
    """An issue's message to all its readers; `compose` makes one."""

    subject: str
    fields: bytes = field(repr=False)  # below those of a copy
    parts: tuple[_Part, ...] = field(repr=False)
    unsubscribe_address: str
    signer: Signer | None = None

    def copy_for(self, copy: Copy) -> Pieces:
        """The message of one reader.

        Raises:
            UsageProblem: An address, a name or a link cannot stand in a header.
        """
        head = self._own_fields(copy) + self.fields
        body = [piece for part in self.parts for piece in part.pieces_for(copy)]
        signature = self.signer.sign(head, body) if self.signer else b""
        return (signature + head + b"\r\n", *body)

    def size_for(self, copy: Copy) -> int:
        """Bytes of a copy, as the SIZE of RFC 1870 counts them."""
        return sum(len(piece) for piece in self.copy_for(copy))

    def _own_fields(self, copy: Copy) -> bytes:
        ways = [f"<mailto:{self.unsubscribe_address}?subject=unsubscribe>"]
        fields = [
            raw_field("Date", format_datetime(copy.date)),
            mailbox_field("To", copy.to),
            raw_field("Message-ID", copy.message_id),
        ]
        if copy.unsubscribe_url.startswith("https://"):
            # RFC 8058: one click is a POST to the https address; without one it is not offered.
            fields.append(raw_field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
        if copy.unsubscribe_url:
            ways.insert(0, f"<{checked_link(copy.unsubscribe_url)}>")
        fields.append(raw_field("List-Unsubscribe", ", ".join(ways)))
        return b"".join(fields)


def compose(
    contents: Contents,
    settings: DeliverySettings,
    templates: jinja2.Environment,
    attachment: Attachment,
    *,
    signer: Signer | None = None,
) -> Letter:
    """The letter of an issue; with ``attach = "link"`` the attachment is only named.

    Raises:
        UsageProblem: The sender is missing, a template is wrong, or something in it cannot
            stand in a header.
    """
    sender = _sender(settings)
    reply_to = (settings.reply_to or sender).address
    is_link = settings.attach == "link"
    means = Means(
        file_name=attachment.file_name,
        download_url=_download_url(settings, contents, attachment) if is_link else "",
        unsubscribe_url=_UNSUBSCRIBE,
        reply_to=reply_to,
    )
    wording = word_letter(templates, contents, means)
    alternative = _alternative(wording, f"mailto:{reply_to}?subject=unsubscribe")
    kind, parts = (
        ("alternative", alternative) if is_link else ("mixed", _mixed(alternative, attachment))
    )
    head = _common_fields(contents.publication, settings, sender, wording.subject)
    return Letter(wording.subject, head + _multipart(kind), parts, reply_to, signer)


def compose_note(
    wording: Wording, publication: str, settings: DeliverySettings, *, signer: Signer | None = None
) -> Letter:
    """A letter without an attachment, whose ``wording`` is one reader's own.

    Raises:
        UsageProblem: The sender is missing, or something in it cannot stand in a header.
    """
    sender = _sender(settings)
    head = _common_fields(publication, settings, sender, wording.subject)
    parts = (
        _Fixed(_part_head("text/plain") + _base64(wording.text.encode())),
        _Fixed(_part_head("text/html") + _base64(wording.html.encode())),
        _Fixed(f"--{_ALTERNATIVE}--\r\n".encode()),
    )
    reply_to = (settings.reply_to or sender).address
    return Letter(wording.subject, head + _multipart("alternative"), parts, reply_to, signer)


def message_id(key: Key, campaign: str, reader: str, domain: str) -> str:
    """The Message-ID of a copy: the same each time, and it tells nobody whose it is."""
    digest = base64.b32encode(key.digest("message-id", campaign, reader)[:20]).decode().lower()
    return f"<{digest}@{domain}>"


def _sender(settings: DeliverySettings) -> Mailbox:
    if settings.sender is None:
        hint = '在 jianbao.toml 的 [delivery] 里写 sender = "简报 <brief@example.org>"'
        raise UsageProblem("没有写发件人", hint)
    return settings.sender


def _common_fields(
    publication: str, settings: DeliverySettings, sender: Mailbox, subject: str
) -> bytes:
    reply_to = settings.reply_to
    list_id = settings.list_id or sender.address.replace("@", ".")
    return b"".join(
        (
            mailbox_field("From", sender),
            mailbox_field("Reply-To", reply_to) if reply_to else b"",
            text_field("Subject", subject),
            phrase_field("List-Id", publication, f"<{list_id}>"),
            # People wrote it, so it is not Auto-Submitted (RFC 3834, 5); but away messages
            # are not wanted, and these two are what their senders look at.
            raw_field("Precedence", "bulk"),
            raw_field("X-Auto-Response-Suppress", "OOF, AutoReply"),
            raw_field("MIME-Version", "1.0"),
        )
    )


def _multipart(kind: str) -> bytes:
    boundary = _MIXED if kind == "mixed" else _ALTERNATIVE
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n'.encode()


def _part_head(media_type: str) -> bytes:
    return (
        f"--{_ALTERNATIVE}\r\nContent-Type: {media_type}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    ).encode()


def _alternative(wording: Wording, otherwise: str) -> tuple[_Part, ...]:
    return (
        _Fixed(_part_head("text/plain")),
        _worded(wording.text, otherwise, escaped=False),
        _Fixed(_part_head("text/html")),
        _worded(wording.html, otherwise, escaped=True),
        _Fixed(f"--{_ALTERNATIVE}--\r\n".encode()),
    )


def _mixed(alternative: tuple[_Part, ...], attachment: Attachment) -> tuple[_Part, ...]:
    between = f"--{_MIXED}\r\n".encode()
    fields = file_fields(attachment.media_type, attachment.file_name)
    return (
        _Fixed(between + _multipart("alternative") + b"\r\n"),
        *alternative,
        _Fixed(between + fields + b"Content-Transfer-Encoding: base64\r\n\r\n"),
        _marked(attachment.pdf),
        _Fixed(f"--{_MIXED}--\r\n".encode()),
    )


def _worded(text: str, otherwise: str, *, escaped: bool) -> _Worded:
    stretches = tuple(text.split(_UNSUBSCRIBE))
    if len(stretches) == 1:
        hint = "在 mail/letter.txt.j2 和 mail/letter.html.j2 里写上 {{ means.unsubscribe_url }}"
        raise UsageProblem("邮件的模板里没有退订的办法", hint)
    return _Worded(stretches, escaped, otherwise)


def _marked(pdf: MarkedPdf) -> _Marked:
    regions: list[_Region] = []
    for mark in pdf.marks:
        first, last = mark.start // _LINE, -(-mark.end // _LINE)
        marks: tuple[Mark, ...] = (mark,)
        if regions and first < regions[-1].last:  # lines in common
            before = regions.pop()
            first, marks = before.first, (*before.marks, mark)
        content = pdf.content[first * _LINE : last * _LINE]
        regions.append(_Region(first, last, content, marks))
    return _Marked(memoryview(_base64(pdf.content)), tuple(regions))


def _base64(content: bytes | bytearray) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def _download_url(settings: DeliverySettings, contents: Contents, attachment: Attachment) -> str:
    if not settings.base_url:
        hint = '在 [delivery] 里写 base_url = "https://……"，或改成 attach = "pdf"'
        raise UsageProblem("没有写 base_url，邮件里给不出下载链接", hint)
    return f"{settings.base_url}/{quote(contents.issue)}/{quote(attachment.file_name)}"
