"""Why a message came back, from a status (RFC 3463) and from words.

Words first: the large Chinese mailboxes answer 550 for a full mailbox, for a limit that
passes and for content alike. What they write: the help of QQ Mail (退信), NetEase's table of
codes, Coremail's and 263's lists.
"""

from __future__ import annotations

import re
from enum import StrEnum


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

_WHO = "(?:user|mailbox|recipient|account|address|alias|domain|host)"
_WHO_IN_CHINESE = "(?:用户|帐号|账号|邮箱|收件人|地址|域名)"

#: In this order: "quota of sending exceeded" is a limit that passes, no full mailbox.
_WORDS: dict[Reason, tuple[str, ...]] = {
    Reason.PASSING: (
        "frequency limit",
        "rate limit",
        "throttl",
        "quota of sending",
        "sending quota",
        "too (?:many|much)",
        "try again",
        "temporar",
        "greylist",
        "busy",
        "timed? ?out",
        "lost connection",
        "connection (?:refused|reset|closed)",
        "频率|过于频繁|(?:稍后|稍候)再?[重试]|超时|繁忙|暂时",
    ),
    Reason.FULL: (
        "mailbox (?:is )?full",
        "over ?quota",
        "quota exceeded",
        "exceed(?:s|ed)? (?:the )?quota",
        "insufficient (?:system )?storage",
        "storage (?:is )?exceed",
        "空间不足|容量已?满|邮箱已满",
    ),
    Reason.REFUSED: (
        "spam|junk",
        "content (?:reject|denied)",
        "reject(?:ed)? (?:due|because|for) ",
        "block(?:ed)? list|black ?list",
        r"\b(?:rbl|spf|dkim|dmarc)\b",
        "polic(?:y|ies)",
        "size limit|mailsize|too large",
        "exceed(?:s|ed)? .{0,20}size",
        "拒收|垃圾|黑名单|邮件内容|邮件过大|策略",
    ),
    Reason.NO_SUCH: (
        rf"{_WHO}[^.;]{{0,40}}(?:not (?:be )?(?:found|known)|(?:doesn't|does not|not) exist)",
        rf"{_WHO}[^.;]{{0,40}}(?:unknown|unavailable|disabled|suspended|inactive|invalid)",
        "(?:no such|unknown|invalid|bad|non-?existent) (?:user|recipient|mailbox|address|account)",
        "no mailbox|address rejected|dns query error|nxdomain",
        rf"{_WHO_IN_CHINESE}[^，。；]{{0,10}}(?:不存在|无效|停用|注销|禁用|冻结)",
        "未开通|查无此人",
    ),
}
_PATTERNS = {reason: re.compile("|".join(words), re.IGNORECASE) for reason, words in _WORDS.items()}
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
#: RFC 3463: subject and detail of a lasting failure.
_LASTING = {
    (1, 1): Reason.NO_SUCH,  # bad destination mailbox address
    (1, 2): Reason.NO_SUCH,  # bad destination system address
    (1, 3): Reason.NO_SUCH,  # bad syntax
    (1, 6): Reason.NO_SUCH,  # mailbox has moved
    (1, 10): Reason.NO_SUCH,  # null MX (RFC 7505)
    (2, 1): Reason.NO_SUCH,  # mailbox disabled
    (2, 2): Reason.FULL,
    (2, 3): Reason.REFUSED,  # message too long for the mailbox
    (3, 4): Reason.REFUSED,  # message too big for the system
    (4, 4): Reason.NO_SUCH,  # no route: the domain has no mail server
}
_POLICY = 7


def reason_of(said: str, status: str) -> Reason:
    """Why, from what a server ``said`` and an enhanced status such as ``5.1.1`` or ""."""
    for reason, words in _PATTERNS.items():
        if words.search(said):
            return reason
    found = _STATUS.search(status) or _STATUS.search(said)
    if found is None:
        return Reason.UNKNOWN
    kind, subject, detail = (int(number) for number in found.groups())
    if kind != 5:  # noqa: PLR2004  (RFC 3463: 5 is lasting)
        return Reason.PASSING
    if subject == _POLICY:
        return Reason.REFUSED
    return _LASTING.get((subject, detail), Reason.UNKNOWN)
