"""The header of a message as readers would get it."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from jianbao.deliver.doctor.observations import Observation, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from email.message import EmailMessage

_ID = re.compile(r"<[^<>@\s]+@[^<>@\s]+>")
_SOON = timedelta(minutes=5)
#: RFC 8058, 4: one click counts only where a signature covers both.
_ONE_CLICK = ("list-unsubscribe", "list-unsubscribe-post")


def assess_sample(content: bytes, now: datetime) -> tuple[Observation, ...]:
    """What stands in the header of the message ``content``, a line for each field."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    return tuple(
        observation
        for rule in (_single, _date, _message_id, _list_id, _unsubscribe, _one_click)
        for observation in rule(message, now)
    )


def _single(message: EmailMessage, _now: datetime) -> Iterator[Observation]:
    for name in ("From", "Subject", "To"):
        many = len(message.get_all(name, []))
        shown = "".join(str(message.get(name, "")).split("\n"))
        if many == 1 and shown.strip():
            yield Observation(name, State.GOOD, shown)
        else:
            said = ("样信没有 {0}", "样信的 {0} 是空的", "样信的 {0} 写了几次")[min(many, 2)]
            yield Observation(name, State.BAD, said.format(name), "查 [delivery] 和邮件的模板")


def _date(message: EmailMessage, now: datetime) -> Iterator[Observation]:
    try:
        written = parsedate_to_datetime(str(message["Date"]))
        is_right = abs(written - now) <= _SOON
    except (TypeError, ValueError):  # none, or without a zone
        is_right = False
    if is_right:
        yield Observation("Date", State.GOOD, str(message["Date"]))
    else:
        yield Observation(
            "Date", State.BAD, f"样信的日期不对：{message['Date']}", "查这台机器的时钟和时区"
        )


def _message_id(message: EmailMessage, _now: datetime) -> Iterator[Observation]:
    written = str(message["Message-ID"])
    if _ID.fullmatch(written):
        yield Observation("Message-ID", State.GOOD, written)
    else:
        yield Observation("Message-ID", State.BAD, f"样信的 Message-ID 不合格式：{written}")


def _list_id(message: EmailMessage, _now: datetime) -> Iterator[Observation]:
    written = " ".join(str(message["List-Id"]).split())
    if re.search(r"<[^<>@\s]+\.[^<>@\s]+>$", written):
        yield Observation("List-Id", State.GOOD, written)
    else:
        remedy = '在 [delivery] 里写 list_id = "brief.example.org" 这样的标识'
        yield Observation("List-Id", State.BAD, f"样信的 List-Id 不合格式：{written}", remedy)


def _unsubscribe(message: EmailMessage, _now: datetime) -> Iterator[Observation]:
    written = str(message.get("List-Unsubscribe", ""))
    ways = [name for name in ("https", "mailto") if f"<{name}:" in written]
    if len(ways) == 2:  # noqa: PLR2004  (both)
        yield Observation("List-Unsubscribe", State.GOOD, "有网址，也有邮箱")
    elif ways == ["mailto"]:
        remedy = '在 [delivery] 里写 base_url = "https://……"，退订的网址由它得出'
        said = "只能写信退订；Gmail 等要求大批发信的人给一键退订的网址"
        yield Observation("List-Unsubscribe", State.NOTE, said, remedy)
    else:
        said = f"样信里没有退订的办法：{written}"
        yield Observation("List-Unsubscribe", State.BAD, said)


def _one_click(message: EmailMessage, _now: datetime) -> Iterator[Observation]:
    name = "List-Unsubscribe-Post"
    if message.get(name) != "List-Unsubscribe=One-Click":
        if "<https:" in str(message.get("List-Unsubscribe", "")):
            yield Observation(name, State.BAD, "有退订的网址，却没有说一键就能退订")
        return
    signature = message.get("DKIM-Signature")
    if signature is None:
        said = "一键退订；要邮件服务器的签名盖住它和 List-Unsubscribe 才算数"
        yield Observation(name, State.GOOD, said)
        return
    signed = re.search(r"\bh=([^;]*)", "".join(str(signature).split()))
    names = signed[1].lower().split(":") if signed else []
    if all(one in names for one in _ONE_CLICK):
        yield Observation(name, State.GOOD, "一键退订，有签名")
    else:
        yield Observation(name, State.BAD, "签名没有盖住一键退订的两个字段，收信方不认")
