"""Files that a page links: its annexes, and where they lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jianbao.gather.lists.lines import absolute

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ENDING = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|ofd|wps|et|dps|ceb|zip|rar|7z|csv|rtf)(?:[?#].*)?$", re.IGNORECASE
)
#: What the name says where the address does not: download.jsp?id=1.
_NAMED = re.compile(r"^附件\s*[0-9一二三四五六七八九十]*\s*[：:.]")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the page links."""

    address: str
    name: str


def attachments(root: HtmlElement, base: str) -> tuple[Attachment, ...]:
    """Those of the whole page, in their order: systems put them below the text's container."""
    found: dict[str, Attachment] = {}
    for link in root.iter("a"):
        address, name = (
            absolute(link.get("href") or "", base),
            " ".join(link.text_content().split()),
        )
        if address and name and (_ENDING.search(address) or _NAMED.match(name)):
            found.setdefault(address, Attachment(address, name))
    return tuple(found.values())
