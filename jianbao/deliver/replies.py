"""What a mail server's reply means: what to do with the message, the connection and the domain.

By code, enhanced code (RFC 3463) and text. The large Chinese mailboxes answer 550 where
somebody writes too often, so no 550 means that a reader is not there unless its text or its
enhanced code says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jianbao.deliver.wire import Reply


class Fate(StrEnum):
    """Of the message."""

    ACCEPTED = "accepted"
    RETRY = "retry"  # later
    HARD = "hard"  # the reader's mailbox is not there
    REFUSED = "refused"  # this message, or us, for good; says nothing about the reader
    TOO_BIG = "too-big"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do. ``after``: not before; ``rest``: for how long to leave the domain alone."""

    fate: Fate
    after: timedelta = timedelta()
    rest: timedelta = timedelta()
    close: bool = False  # go on, on another connection
    meaning: str = ""  # for people
    queue_id: str = ""


_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_GREYLISTED = 5 * _MINUTE
_MAILBOX_FULL = 4 * _HOUR
_HASTE = 15 * _MINUTE
_RATE = _HOUR
_SPAM = 2 * _MINUTE  # NetEase: "please try again after two minutes"
_DEFAULT = 2 * _MINUTE


@dataclass(frozen=True, slots=True)
class _Row:
    """A reply whose code is one of ``codes`` and whose text has ``pattern``."""

    codes: str  # a pattern
    pattern: str
    verdict: Verdict

    def fits(self, code: int, text: str) -> bool:
        return bool(
            re.fullmatch(self.codes, str(code)) and re.search(self.pattern, text, re.IGNORECASE)
        )


def _too_often(meaning: str, after: timedelta = _RATE) -> Verdict:
    return Verdict(Fate.RETRY, after, rest=after, close=True, meaning=meaning)


_NOBODY = Verdict(Fate.HARD, meaning="没有这个邮箱")

#: The first that fits counts.
_ROWS = (
    # -- NetEase: 163, 126, yeah (codes in the text, of its help pages) --
    _Row("4..|5..", r"\bMI:DMC\b", Verdict(Fate.RETRY, close=True, meaning="一条连接上送得太多")),
    _Row("4..|5..", r"\bRP:DRC\b", Verdict(Fate.RETRY, close=True, meaning="一条连接上收件人太多")),
    _Row("4..|5..", r"\bMI:SFQ\b", _too_often("这个发件人在 15 分钟里送得太多", _HASTE)),
    _Row("4..|5..", r"\bRP:QRC\b", _too_often("短时间里收件人太多", _HASTE)),
    _Row("4..|5..", r"\bHL:(?:REP|ICC|IFC)\b", _too_often("这个 IP 送得太多，或信誉不好")),
    _Row(
        "4..|5..",
        r"\b(?:HL:ITC|RP:CEL|MI:CEL)\b",
        Verdict(Fate.RETRY, close=True, meaning="连接上的错误太多"),
    ),
    _Row("4..", r"\bDT:SP[MC]\b", Verdict(Fate.RETRY, _SPAM, meaning="疑似垃圾邮件，稍后再试")),
    _Row("5..", r"\bDT:SP[MC]\b", Verdict(Fate.REFUSED, meaning="被当作垃圾邮件")),
    _Row(
        "5..", r"\b(?:MI:SPB|MI:STC|DT:SUM)\b", Verdict(Fate.REFUSED, meaning="邮件不合对方的规定")
    ),
    _Row("5..", r"\bMI:SPF\b", Verdict(Fate.REFUSED, meaning="发件域名的 SPF 不允许这台服务器")),
    # -- Tencent: QQ, exmail --
    _Row(
        "4..|5..",
        r"(?:domain|sender|connection|ip|sending)\b.{0,20}\bfrequency limited",
        _too_often("送得太频繁"),
    ),
    _Row("4..|5..", r"frequency limited", _too_often("送得太频繁")),
    _Row(
        "550",
        r"mailbox unavailable or access denied",
        Verdict(Fate.RETRY, 6 * _HOUR, meaning="收件人今天收得太多，或邮箱不可用"),
    ),
    _Row(
        "4..|5..",
        r"daily (?:sending )?(?:quota|limit)|(?:exceeds?|over) (?:the )?daily"
        r"|发送.{0,6}(?:上限|超限)",
        _too_often("今天的发送额度用完了", 6 * _HOUR),
    ),
    # -- of any server --
    _Row("421", r"", Verdict(Fate.RETRY, _DEFAULT, close=True, meaning="服务器要断开连接")),
    _Row(
        "4..|5..",
        r"too many (?:connections|concurrent|sessions|messages)|too (?:fast|frequent|quickly)"
        r"|rate[ -]?limit|throttl|try (?:again )?later",
        _too_often("送得太快", _HASTE),
    ),
    _Row(
        "4..", r"gr[ea]y-?list", Verdict(Fate.RETRY, _GREYLISTED, meaning="第一次来，过几分钟再试")
    ),
    _Row(
        "55.",
        r"\b5\.3\.4\b|message size|too (?:big|large)|exceeds? .{0,30}\bsize"
        r"|邮件.{0,4}(?:太大|过大)",
        Verdict(Fate.TOO_BIG, meaning="邮件太大"),
    ),
    _Row(
        "4..|55.",
        r"\b[45]\.2\.2\b|(?:mailbox|quota|inbox|storage).{0,30}(?:full|exceed)"
        r"|over ?quota|邮箱.{0,4}满",
        Verdict(Fate.RETRY, _MAILBOX_FULL, meaning="收件人的邮箱满了"),
    ),
    _Row(
        "5..",
        r"spam|blacklist|block ?list|reputation|\b5\.7\.\d+\b|policy|SPF|DKIM|DMARC|垃圾邮件",
        Verdict(Fate.REFUSED, meaning="被对方的规则拒绝"),
    ),
    _Row("5..", r"\b5\.1\.(?:1|6|10)\b|\b5\.2\.1\b", _NOBODY),
    _Row(
        "5..",
        r"(?:user|mailbox|recipient|account|address|alias)\b.{0,40}"
        r"(?:not (?:found|exist)|does ?n.t exist|does not exist|unknown|disabled|inactive"
        r"|invalid|suspended)"
        r"|(?:unknown|invalid|no such|non-?existent) (?:user|mailbox|recipient|account|address)"
        r"|用户不存在|邮箱不存在|(?:无此|没有此)(?:用户|邮箱)",
        _NOBODY,
    ),
)
_QUEUED = re.compile(r"queued (?:mail )?as (\S+)", re.IGNORECASE)
_REFUSED_PLAINLY = Verdict(Fate.REFUSED, meaning="对方拒收，没有说原因")


def judge(reply: Reply) -> Verdict:
    """What ``reply`` to a message means."""
    text = str(reply)[4:]
    if reply.code < 400:  # noqa: PLR2004  (the classes of RFC 5321, 4.2.1)
        queued = _QUEUED.search(text)
        return Verdict(Fate.ACCEPTED, queue_id=queued[1].rstrip(".,;") if queued else "")
    for row in _ROWS:
        if row.fits(reply.code, text):
            return _within_class(row.verdict, reply.code)
    if reply.code < 500:  # noqa: PLR2004  (likewise)
        return Verdict(Fate.RETRY, _DEFAULT, meaning="对方现在收不了")
    return _REFUSED_PLAINLY


def _within_class(verdict: Verdict, code: int) -> Verdict:
    """A 4xx is never for good, whatever its text."""
    for_good = verdict.fate in {Fate.HARD, Fate.REFUSED, Fate.TOO_BIG}
    if code < 500 and for_good:  # noqa: PLR2004  (likewise)
        return replace(verdict, fate=Fate.RETRY, after=_DEFAULT)
    return verdict
