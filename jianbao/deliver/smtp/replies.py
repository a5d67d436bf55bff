"""What a mail server's reply means: what to do with the message, the connection and the domain.

By code, enhanced code (RFC 3463) and text. The large Chinese mailboxes answer 550 where
somebody writes too often, so no 550 means that a reader is not there unless its text or its
enhanced code says so. Mail that comes back is read by the same table: it quotes a reply, or
says the same in a letter. What they write: the help of QQ Mail (退信), NetEase's table of
codes, Coremail's and 263's lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jianbao.deliver.smtp.wire import Reply


class Fate(StrEnum):
    """Of the message."""

    ACCEPTED = "accepted"
    RETRY = "retry"  # later
    HARD = "hard"  # the reader's mailbox is not there
    REFUSED = "refused"  # this message, or us, for good; says nothing about the reader
    TOO_BIG = "too-big"


class Reason(StrEnum):
    """What it says of the reader."""

    NO_SUCH = "no-such"  # nobody has the address any more
    FULL = "full"  # the mailbox is full
    PASSING = "passing"  # busy, a limit, a server that cannot be reached
    REFUSED = "refused"  # content, size or the sender's reputation: nothing of the reader
    COMPLAINT = "complaint"
    UNKNOWN = "unknown"


REASON_NAMES = {
    Reason.NO_SUCH: "收件人不存在",
    Reason.FULL: "邮箱已满",
    Reason.PASSING: "暂时送不到",
    Reason.REFUSED: "对方不收（内容、大小或信誉）",
    Reason.COMPLAINT: "读者投诉",
    Reason.UNKNOWN: "没有说原因",
}
_REASONS = {
    Fate.ACCEPTED: Reason.UNKNOWN,
    Fate.RETRY: Reason.PASSING,
    Fate.HARD: Reason.NO_SUCH,
    Fate.REFUSED: Reason.REFUSED,
    Fate.TOO_BIG: Reason.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do. ``after``: not before; ``rest``: for how long to leave the domain alone."""

    fate: Fate
    after: timedelta = timedelta()
    rest: timedelta = timedelta()
    close: bool = False  # go on, on another connection
    meaning: str = ""  # for people
    queue_id: str = ""
    says: Reason | None = None  # of the reader, where the fate does not tell

    @property
    def reason(self) -> Reason:
        """What it says of the reader."""
        return self.says or _REASONS[self.fate]


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
    _Row("5..", r"\bDT:SP[MC]\b(?!.*try again)", Verdict(Fate.REFUSED, meaning="被当作垃圾邮件")),
    _Row(
        "5..", r"\b(?:MI:SPB|MI:STC|DT:SUM)\b", Verdict(Fate.REFUSED, meaning="邮件不合对方的规定")
    ),
    _Row("5..", r"\bMI:SPF\b", Verdict(Fate.REFUSED, meaning="发件域名的 SPF 不允许这台服务器")),
    # -- Tencent: QQ, exmail --
    _Row(
        "4..|5..",
        r"frequency limit|过于频繁|频率",
        _too_often("送得太频繁"),
    ),
    _Row(
        "550",
        r"mailbox unavailable or access denied",
        Verdict(Fate.RETRY, 6 * _HOUR, meaning="收件人今天收得太多，或邮箱不可用"),
    ),
    _Row(
        "4..|5..",
        r"daily (?:sending )?(?:quota|limit)|(?:exceeds?|over) (?:the )?daily"
        r"|sending quota|quota of sending|发送.{0,6}(?:上限|超限)",
        _too_often("今天的发送额度用完了", 6 * _HOUR),
    ),
    # -- of any server --
    _Row("421", r"", Verdict(Fate.RETRY, _DEFAULT, close=True, meaning="服务器要断开连接")),
    _Row(
        "4..|5..",
        r"too many (?:connections|concurrent|sessions|messages|e?mails?|recipients|errors)"
        r"|too (?:much|fast|frequent|quickly)|rate[ -]?limit|throttl|try (?:again )?later",
        _too_often("送得太快", _HASTE),
    ),
    _Row(
        "4..", r"gr[ea]y-?list", Verdict(Fate.RETRY, _GREYLISTED, meaning="第一次来，过几分钟再试")
    ),
    _Row(
        "55.",
        r"\b5\.(?:2\.3|3\.4)\b|message size|mailsize|size limit|too (?:big|large)"
        r"|exceed(?:s|ed)? .{0,30}\bsize|邮件.{0,4}(?:太大|过大)",
        Verdict(Fate.TOO_BIG, meaning="邮件太大"),
    ),
    _Row(
        "4..|55.",
        r"\b[45]\.2\.2\b|(?:mailbox|quota|inbox|storage).{0,30}(?:full|exceed)"
        r"|exceed(?:s|ed)? (?:the )?quota|over ?quota|insufficient storage"
        r"|邮箱.{0,4}满|空间不足|容量已?满",
        Verdict(Fate.RETRY, _MAILBOX_FULL, meaning="收件人的邮箱满了", says=Reason.FULL),
    ),
    _Row(
        "4..|5..",
        r"try again|temporar|busy|timed? ?out|lost connection"
        r"|connection (?:refused|reset|closed)|超时|繁忙|暂时|(?:稍后|稍候)再?[重试]",
        Verdict(Fate.RETRY, _DEFAULT, meaning="对方现在收不了"),
    ),
    _Row(
        "5..",
        r"\b5\.1\.[78]\b|\bsender (?:address|domain)|发件人.{0,6}(?:不存在|无效)",
        Verdict(Fate.REFUSED, meaning="发件人的地址被拒绝"),
    ),
    _Row(
        "5..",
        r"spam|junk|content (?:reject|denied)|reject(?:ed)? (?:due|because|for) |black ?list"
        r"|block(?:ed)? ?list|reputation|\b5\.7\.\d+\b|polic(?:y|ies)"
        r"|\b(?:RBL|SPF|DKIM|DMARC)\b|拒收|垃圾|黑名单|邮件内容|策略",
        Verdict(Fate.REFUSED, meaning="被对方的规则拒绝"),
    ),
    _Row("5..", r"\b5\.1\.(?:1|2|3|6|10)\b|\b5\.2\.1\b|\b5\.4\.4\b", _NOBODY),
    _Row(
        "5..",
        r"(?:user|mailbox|recipient|account|address|alias|domain|host)\b[^.;]{0,40}"
        r"(?:not (?:be )?(?:found|known|exist)|does ?n.t exist|does not exist|unknown|disabled"
        r"|inactive|invalid|suspended)"
        r"|(?:unknown|invalid|no such|bad|non-?existent) (?:user|mailbox|recipient|account|address)"
        r"|no mailbox|dns query error|nxdomain"
        r"|(?:用户|帐号|账号|邮箱|收件人|地址|域名)[^，。；]{0,10}"
        r"(?:不存在|无效|停用|注销|禁用|冻结)"
        r"|(?:无此|没有此)(?:用户|邮箱)|未开通|查无此人",
        _NOBODY,
    ),
)
_QUEUED = re.compile(r"queued (?:mail )?as (\S+)", re.IGNORECASE)
_REFUSED_PLAINLY = Verdict(Fate.REFUSED, meaning="对方拒收，没有说原因", says=Reason.UNKNOWN)


def judge(reply: Reply) -> Verdict:
    """What ``reply`` to a message means."""
    return judge_words(reply.code, str(reply)[4:])


def judge_words(code: int, text: str) -> Verdict:
    """What ``text`` with the reply code ``code`` means."""
    if code < 400:  # noqa: PLR2004  (the classes of RFC 5321, 4.2.1)
        queued = _QUEUED.search(text)
        return Verdict(Fate.ACCEPTED, queue_id=queued[1].rstrip(".,;") if queued else "")
    for row in _ROWS:
        if row.fits(code, text):
            return _within_class(row.verdict, code)
    if code < 500:  # noqa: PLR2004  (likewise)
        return Verdict(Fate.RETRY, _DEFAULT, meaning="对方现在收不了")
    return _REFUSED_PLAINLY


def _within_class(verdict: Verdict, code: int) -> Verdict:
    """A 4xx is never for good, whatever its text."""
    for_good = verdict.fate in {Fate.HARD, Fate.REFUSED, Fate.TOO_BIG}
    if code < 500 and for_good:  # noqa: PLR2004  (likewise)
        return replace(verdict, fate=Fate.RETRY, after=_DEFAULT)
    return verdict
