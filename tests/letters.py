"""Letters for the tests of delivery."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from jianbao.deliver.letters.contents import Contents, EntriesOfSection, Entry
from jianbao.deliver.letters.letter_templates import mail_templates
from jianbao.deliver.letters.message import Attachment, Copy, compose
from jianbao.deliver.letters.stamp import MarkedPdf
from jianbao.delivery import DeliverySettings, Mailbox

if TYPE_CHECKING:
    from jianbao.deliver.letters.dkim import Signer
    from jianbao.deliver.letters.message import Letter

SETTINGS = DeliverySettings(
    sender=Mailbox(address="brief@example.org", name="大数据发展动态"),
    reply_to=Mailbox(address="editors@example.org"),
)

ENTRY = Entry(
    title="国家数据局<发布>《数据条例》",
    source="国家数据局",
    url="https://www.nda.gov.cn/1.html?a=1&b=2",
    summary="摘要一句。",
    page=3,
)

CONTENTS = Contents(
    issue="2025-04",
    publication="大数据发展动态",
    tagline="",
    number=4,
    total=217,
    date=date(2025, 2, 10),
    headline="三份公共数据资源政策文件出台",
    sections=(EntriesOfSection(name="国策要论", entries=(ENTRY,)),),
)

PDF = Attachment(
    file_name="大数据发展动态-2025年第4期-总第217期.pdf",
    pdf=MarkedPdf(b"%PDF-1.7\n" + bytes(range(256)) * 8),
)

READER = Copy(
    to=Mailbox(address="reader@example.com", name="熊晚秋"),
    message_id="<0123456789abcdef@example.org>",
    date=datetime(2025, 2, 10, 1, 30, tzinfo=UTC),
    unsubscribe_url="https://brief.example.org/u/abc?t=1&k=2",
)


def letter(
    settings: DeliverySettings = SETTINGS,
    attachment: Attachment = PDF,
    *,
    signer: Signer | None = None,
    **changes: Any,  # noqa: ANN401  (fields of Contents)
) -> Letter:
    """The letter of ``CONTENTS`` with other ``changes``."""
    contents = replace(CONTENTS, **changes)
    return compose(contents, settings, mail_templates(()), attachment, signer=signer)


def data(letter: Letter, copy: Copy = READER) -> bytes:
    """A copy in one piece."""
    return b"".join(letter.copy_for(copy))
