"""What a message that came back says: about whom, of which message, and why. Pure.

flufl.bounce knows the forms of some twenty programs; the standard reports (RFC 3464, RFC 5965)
are read here as well, for their status and the Message-ID that it does not give. Then come
the forms of Chinese mailboxes, which are letters to a person.
"""

from __future__ import annotations

import email
import re
from email.header import decode_header, make_header
from typing import TYPE_CHECKING

from flufl.bounce import all_failures

from jianbao.deliver.bounces.reasons import reason_of
from jianbao.deliver.bounces.returned import Kind, Returned
from jianbao.deliver.bounces.texts import plain_text
from jianbao.deliver.smtp.replies import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message


_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_MESSAGE_ID = re.compile(r"(?im)^Message-ID:\s*(<[^<>\s]+>)")
_RETURN_SUBJECT = re.compile(
    r"退信|被退回|退回|投递失败|发送失败|无法(?:投递|送达)|未送达|系统退"
    r"|undeliver|delivery (?:status|failure)|returned mail|failure notice|mail failure",
    re.IGNORECASE,
)
_ROBOTS = re.compile(r"postmaster|mailer-daemon|mail-?daemon|noreply-?bounce", re.IGNORECASE)
_AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(?:自动回复|自动答复|外出|休假|auto(?:matic)?[ -]?(?:reply|response)|out of office)",
    re.IGNORECASE,
)
_LEAVE_SUBJECT = re.compile(r"\s*(?:(?:re|回复)[:：]\s*)?(?:unsubscribe|退订)\s*", re.IGNORECASE)
#: Characters of what a server said that are kept.
_SAID = 300


def read_returned(raw: bytes) -> Returned:
    """What ``raw``, a message as it lies in a mailbox, says. Never raises."""
    message = email.message_from_bytes(raw)
    for read in (_complaint, _report, _by_flufl, _letter, _automatic, _leaving):
        found = read(message)
        if found is not None:
            return found
    return Returned(kind=Kind.OTHER)


def _complaint(message: Message) -> Returned | None:
    """An abuse report (RFC 5965)."""
    for part in message.walk():
        if part.get_content_type() == "message/feedback-report":
            fields = _fields(_inside(part).strip())
            if fields.get("feedback-type", "abuse").lower() in {"not-spam", "auth-failure"}:
                return Returned(kind=Kind.OTHER)
            return Returned(
                kind=Kind.COMPLAINT,
                addresses=_addresses(fields.get("original-rcpt-to", "")),
                message_id=_original_id(message),
                reason=Reason.COMPLAINT,
                said=fields.get("feedback-type", ""),
            )
    return None


def _report(message: Message) -> Returned | None:
    """A delivery status notification (RFC 3464)."""
    blocks = [block for part in message.walk() for block in _status_blocks(part)]
    if not blocks:
        return None
    wanted = [one for one in blocks if one.get("action", "").lower() in {"failed", "delayed"}]
    if not wanted:
        return Returned(kind=Kind.OTHER)
    failed = [one for one in wanted if one["action"].lower() == "failed"]
    told = failed or wanted
    addresses = [
        address
        for one in told
        for address in _addresses(one.get("original-recipient") or one.get("final-recipient", ""))
    ]
    said = _one_line(told[0].get("diagnostic-code", ""))
    return Returned(
        kind=Kind.FAILED if failed else Kind.DELAYED,
        addresses=tuple(dict.fromkeys(addresses)),
        message_id=_original_id(message),
        reason=reason_of(said, told[0].get("status", "")),
        said=said,
    )


def _by_flufl(message: Message) -> Returned | None:
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001  (its detectors raise what they like on damaged messages)
        return None
    found = permanent or temporary
    if not found:
        return None
    said = _reason_line(plain_text(message))
    return Returned(
        kind=Kind.FAILED,
        addresses=tuple(sorted(_lower(address) for address in found)),
        message_id=_original_id(message),
        reason=reason_of(said, "") if permanent else Reason.PASSING,
        said=said,
    )


def _letter(message: Message) -> Returned | None:
    """A letter from a Chinese mailbox that says in words what came back."""
    subject = _subject(message)
    sender = str(message.get("From", ""))
    if not _RETURN_SUBJECT.search(subject) or not (
        _ROBOTS.search(sender) or message.get("Return-Path", "").strip() == "<>"
    ):
        return None
    text = plain_text(message)
    own = set(_addresses(str(message.get("To", ""))) + _addresses(sender))
    addresses = tuple(address for address in dict.fromkeys(_addresses(text)) if address not in own)
    said = _reason_line(text)
    return Returned(
        kind=Kind.FAILED,
        addresses=addresses[:1],  # what follows is the sender, help pages, the letter itself
        message_id=_original_id(message),
        reason=reason_of(said, ""),
        said=said,
    )


def _automatic(message: Message) -> Returned | None:
    """An answer that nobody wrote (RFC 3834), Outlook's and the Chinese mailboxes' included."""
    marked = str(message.get("Auto-Submitted", "no")).lower() != "no"
    older = message.get("X-Autoreply") or message.get("X-Autorespond")
    if marked or older or _AUTOMATIC_SUBJECT.search(_subject(message)):
        return Returned(kind=Kind.AUTOMATIC)
    return None


def _leaving(message: Message) -> Returned | None:
    """What a mail program writes for us, or a reader in a word."""
    addresses = _addresses(str(message.get("From", "")))
    if not addresses or not _LEAVE_SUBJECT.fullmatch(_subject(message)):
        return None
    return Returned(kind=Kind.LEAVE, addresses=addresses[-1:])


def _status_blocks(part: Message) -> Iterator[dict[str, str]]:
    """The blocks of one recipient each; the first block of a report is of the whole message."""
    if part.get_content_type() == "message/delivery-status":
        for block in re.split(r"\r?\n\r?\n", _inside(part)):
            yield _fields(block)


def _inside(part: Message) -> str:
    """What lies in ``part``, which the parser takes for one message or several."""
    payload = part.get_payload()
    inner = payload if isinstance(payload, list) else [payload]
    return "\n\n".join(one if isinstance(one, str) else str(one) for one in inner)


def _fields(text: str) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in email.message_from_string(text).items()}


def _original_id(message: Message) -> str:
    """The Message-ID of what came back: attached, quoted as headers, or only in the text."""
    for part in message.walk():
        if part is not message and part.get("Message-ID"):
            return str(part["Message-ID"]).strip()
        if part.get_content_maintype() == "text":
            found = _MESSAGE_ID.search(plain_text(part))
            if found:
                return found[1]
    return ""


def _subject(message: Message) -> str:
    raw = next((value for name, value in message.raw_items() if name.lower() == "subject"), "")
    text = _unescaped(str(raw))
    try:
        return str(make_header(decode_header(text)))
    except (LookupError, ValueError, UnicodeError):
        return text


def _unescaped(text: str) -> str:
    """A header that was sent as it is, which RFC 5322 forbids and older programs do."""
    content = text.encode("utf-8", "surrogateescape")
    for charset in ("utf-8", "gb18030"):
        try:
            return content.decode(charset)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")


def _addresses(text: str) -> tuple[str, ...]:
    return tuple(found.lower().rstrip(".") for found in _ADDRESS.findall(text))


def _lower(address: bytes | str) -> str:
    text = address.decode("utf-8", "replace") if isinstance(address, bytes) else address
    return text.lower()


def _reason_line(text: str) -> str:
    """The line of a letter that says why: the first with a reply's number or a known reason."""
    lines = [_one_line(line) for line in text.splitlines()]
    known = (line for line in lines if line and reason_of(line, "") is not Reason.UNKNOWN)
    return next(known, "")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_SAID]
