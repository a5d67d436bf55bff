"""What mailboxes take of an attachment, by what their help pages say; the only place for it.

None of them tells what its servers take from others, so a warning says "may not".
"""

from __future__ import annotations

from dataclasses import dataclass

_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class SizeLimit:
    """The largest attachment in bytes, before base64 makes a third more of it."""

    whose: str
    attachment: int
    source: str


#: The smallest first.
SIZE_LIMITS = (
    SizeLimit(
        "Microsoft 365",
        25 * _MB,  # 35 MB of a message as it travels, unless its administrator allows more
        "https://developer.nylas.com/docs/v3/email/send-large-attachments/",
    ),
    SizeLimit("QQ 邮箱", 50 * _MB, "https://www.chaxiaohao.com/read-1751065318l3272860.html"),
    SizeLimit("网易邮箱", 50 * _MB, "http://www.cdcyxx.cn/mail/18399.html"),
    SizeLimit("腾讯企业邮箱", 50 * _MB, "https://service.rtxmail.net/help/243.html"),
)


def size_warning(attachment: int) -> str:
    """Who may not take an attachment of so many bytes, in words; "" where all take it."""
    small = [limit for limit in SIZE_LIMITS if attachment > limit.attachment]
    if not small:
        return ""
    told = "、".join(f"{limit.whose}（{limit.attachment // _MB} MB）" for limit in small)
    return f'PDF 有 {attachment / _MB:.1f} MB，{told}可能不收；可以改成 attach = "link"'
