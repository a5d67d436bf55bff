"""What a page says: its title, day, source and text, each with where it was found.

First what the page says of itself where it is bound to, then what it shows, then heuristics.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import html as lxml_html

from jianbao.gather.lists.tree import base_of, parse_page
from jianbao.gather.texts import fields
from jianbao.gather.texts.attachments import Attachment, attachments
from jianbao.gather.texts.cleaning import Clean, clean_content
from jianbao.gather.texts.contents import find_content
from jianbao.gather.texts.told import Told
from jianbao.gather.texts.visible import visible_text
from jianbao.gather.web.charset import decode_page

if TYPE_CHECKING:
    from datetime import date

    from jianbao.candidates import Page
    from jianbao.records import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What a page says of itself; None where it does not.

    ``content`` is its text as safe HTML with whole addresses, ``text`` the same with a line a
    paragraph. ``remarks`` say what an editor has to look at.
    """

    title: Told[str] | None = None
    published: Told[date] | None = None
    source: Told[str] | None = None
    author: Told[str] | None = None
    column: Told[str] | None = None
    original: Told[str] | None = None
    content: Told[str] | None = None
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def origins(self) -> str:
        """Where each was found and how sure it is: ``published: meta PubDate (sure); …``."""
        told = (
            ("title", self.title),
            ("published", self.published),
            ("source", self.source),
            ("author", self.author),
            ("content", self.content),
        )
        return "; ".join(f"{name}: {one.origin} ({one.sureness})" for name, one in told if one)


def extract(page: Page, source: Source | None, reference: date) -> Extract:
    """Read ``page``; of what is none, nothing.

    Args:
        page: As it was fetched or saved.
        source: Where it is registered, whose encoding then overrules the page's.
        reference: When it was read; see `read_date`.
    """
    declared = f"text/html; charset={source.encoding}" if source and source.encoding else ""
    text = decode_page(page.body, declared or page.content_type)
    root = parse_page(text)
    if root is None:
        return Extract()
    look = fields.look_at(root, text, page.url)
    title = fields.title(look)
    found = find_content(root, text)
    base = base_of(root, page.url)
    clean = Clean()
    if found is not None:
        clean = clean_content(found.element, base, title.value if title else "")
    words = visible_text(lxml_html.fragment_fromstring(clean.html, "div")) if clean.html else ""
    return Extract(
        title=title,
        published=fields.published(look, words, reference),
        source=fields.source(look),
        author=fields.author(look),
        column=fields.column(look),
        original=fields.original(look),
        content=Told(clean.html, found.origin, found.sureness) if found and words else None,
        text=words,
        attachments=attachments(root, base),
        remarks=clean.remarks,
    )
