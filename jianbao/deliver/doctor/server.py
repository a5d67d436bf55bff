"""The mail server that messages are handed in at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from jianbao.deliver.doctor.observations import Observation, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from jianbao.delivery import MailServer

_SUBJECT, _SIZE, _CLOCK = "邮件服务器", "大小", "时钟"
#: What is left of SIZE for the fields that servers add on the way (RFC 1870, 5).
_ROOM = 4096
_OFF = timedelta(minutes=5)
#: As Exim, Sendmail and Exchange end their greeting.
_DATE = re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """How a server received us: ``size_limit`` is 0 where it did not name one."""

    greeting: str
    encrypted: bool
    size_limit: int


def assess_server(server: MailServer, welcome: Welcome | str) -> Observation:
    """Whether messages can be handed in; ``welcome`` is why not where they cannot."""
    place = f"{server.host}:{server.port}"
    if isinstance(welcome, str):
        remedy = "查 [delivery] 的 smtp、密码和 ca_file，以及这台机器的网络"
        return Observation(_SUBJECT, State.BAD, f"{place} 用不了：{welcome}", remedy)
    how = ("从头加密" if server.implicit_tls else "STARTTLS") if welcome.encrypted else "不加密"
    login = "登录成功" if server.user else "不用登录"
    state = State.GOOD if welcome.encrypted or server.is_local else State.NOTE
    remedy = "" if state is State.GOOD else "能加密的，从 [delivery] 里删去 plaintext"
    return Observation(_SUBJECT, state, f"{place} 接得通，{how}，{login}", remedy)


def assess_size(welcome: Welcome, size: int) -> Observation:
    """Whether the server takes a message of ``size`` bytes."""
    if not welcome.size_limit:
        return Observation(_SIZE, State.NOTE, f"每封 {size:,} 字节；邮件服务器没有说最多多大")
    said = f"每封 {size:,} 字节，邮件服务器最多收 {welcome.size_limit:,}"
    if size + _ROOM <= welcome.size_limit:
        return Observation(_SIZE, State.GOOD, said)
    remedy = '在 [delivery] 里写 attach = "link"，只送下载链接；或请服务商放宽'
    return Observation(_SIZE, State.BAD, said, remedy)


def assess_clock(now: datetime, welcome: Welcome | str, built: datetime | None) -> Observation:
    """Whether this machine's clock is right, as far as the server and the PDF tell."""
    remedy = "打开自动对时：timedatectl set-ntp true"
    if built is not None and built - now > _OFF:
        said = f"时钟是 {now:%Y-%m-%d %H:%M}，PDF 却是 {built:%Y-%m-%d %H:%M} 生成的"
        return Observation(_CLOCK, State.BAD, said, remedy)
    for there in _dates(welcome):
        off = abs(there - now)
        if off > _OFF:
            minutes = int(off.total_seconds() // 60)
            said = f"时钟与邮件服务器的差 {minutes} 分钟，邮件的日期会不对"
            return Observation(_CLOCK, State.BAD, said, remedy)
        return Observation(_CLOCK, State.GOOD, "与邮件服务器的时间相符")
    return Observation(
        _CLOCK, State.GOOD, f"{now:%Y-%m-%d %H:%M}（邮件服务器没有报时，请看一眼对不对）"
    )


def _dates(welcome: Welcome | str) -> Iterator[datetime]:
    found = None if isinstance(welcome, str) else _DATE.search(welcome.greeting)
    if found:
        yield parsedate_to_datetime(found[0])
