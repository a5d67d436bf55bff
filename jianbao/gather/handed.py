"""What an editor hands over instead of an address: a saved page, a Word file, or bare text.

Each becomes a `Page`, so that one way of reading serves all.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

import mammoth

from jianbao.candidates import Page
from jianbao.errors import UsageProblem
from jianbao.gather.charset import decode_page
from jianbao.gather.cleaning import PICTURE_PLACES
from jianbao.gather.lines import absolute
from jianbao.gather.tree import base_of, parse_page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from email.message import EmailMessage

    from lxml.html import HtmlElement

_HTML = "text/html"
_UTF8 = "text/html; charset=utf-8"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MHTML = "multipart/related"
_OLE, _PDF, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-", b"PK\x03\x04"
_IS_MHTML = re.compile(
    rb"\A(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE
)
_IS_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|p|table|h1|span)\b", re.IGNORECASE
)
#: What Chromium and its kin write above a page that they save, and what SingleFile does.
_SAVED_FROM = re.compile(
    r"<!--\s*(?:saved from url=\([0-9]+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s>]+)"
)
_HEAD = 20_000
#: 原文链接：<https://…>, as editors paste it.
_WRITTEN_ADDRESS = re.compile(
    r"^.{0,3}(?:原文|全文)?(?:链接|网址|地址)\s*[：:]\s*<?(https?://[^\s<>）)]+)>?.{0,2}$"
)
_TITLE = 60
_STYLES = "\n".join(f"p[style-name='{name}'] => h1:fresh" for name in ("Title", "标题"))
#: A packed Word file of a few kilobytes can hold gigabytes.
_WORD_LIMIT = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Handed:
    """A page with the pictures that came along, by their addresses; ``media_type`` of the file.

    ``page.url`` is empty where neither the file nor the editor tells it.
    """

    page: Page
    media_type: str
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def read_handed(
    data: bytes, when: datetime, url: str = "", beside: Mapping[str, bytes] | None = None
) -> Handed:
    """What ``data`` is, by its bytes alone.

    Args:
        data: Of a file, or pasted.
        when: It was handed over.
        url: Of the original, where the editor gives it; it overrules what the file says.
        beside: Files that a browser saved with the page, by their paths from it.

    Raises:
        UsageProblem: It is of a kind that cannot be read; the hint says what to do.
    """
    if data.startswith(_OLE):
        raise UsageProblem("这是旧的 .doc 格式，读不了", "在 Word 或 WPS 里另存为 .docx，再导入")
    if data.startswith(_PDF):
        hint = "在阅读器里复制文字，再用 jianbao import - 粘贴进来"
        raise UsageProblem("不能导入 PDF", hint)
    if data.startswith(_ZIP):
        return _word(data, when, url)
    if _IS_MHTML.match(data[:_HEAD]):
        return _mhtml(data, when, url)
    if _IS_HTML.search(data[:_HEAD]):
        return _html(data, when, url, beside or {})
    return _text(data, when, url)


def _html(data: bytes, when: datetime, url: str, beside: Mapping[str, bytes]) -> Handed:
    text = decode_page(data)
    root = parse_page(text)
    saved_from = _SAVED_FROM.search(text[:_HEAD])
    address = url or (saved_from[1] if saved_from else "")
    if not address and root is not None:
        places = root.xpath("//link[@rel='canonical']/@href|//meta[@property='og:url']/@content")
        address = next((one for place in places if (one := absolute(place, ""))), "")
    page = Page(url=address, content_type=_HTML, body=data, fetched=when)
    base = base_of(root, address or "http://localhost/") if root is not None else address
    pictures = {
        absolute(form, base): content
        for path, content in beside.items()
        for form in (f"./{path}", f"./{quote(path)}")
    }
    if root is not None:
        pictures |= _loaded_late(root, base, pictures)
    return Handed(page, _HTML, pictures)


def _loaded_late(root: HtmlElement, base: str, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """``pictures`` by the addresses that the page itself gives beside that of the saved file."""
    return {
        absolute(picture.get(name), base): pictures[saved]
        for picture in root.iter("img")
        if (saved := absolute(picture.get("src") or "", base)) in pictures
        for name in PICTURE_PLACES
        if picture.get(name)
    }


def _mhtml(data: bytes, when: datetime, url: str) -> Handed:
    """RFC 2557, as browsers write it."""
    message = message_from_bytes(data, policy=policy.default)
    parts = [part for part in message.walk() if not part.is_multipart()]
    main = next((part for part in parts if part.get_content_type() == _HTML), None)
    if main is None:
        raise UsageProblem("这个 MHTML 文件里没有网页", "在浏览器里重新保存网页")
    address = url or message.get("Snapshot-Content-Location") or main.get("Content-Location") or ""
    charset = main.get_content_charset() or ""
    page = Page(
        url=absolute(address, ""),
        content_type=f"{_HTML}; charset={charset}" if charset else _HTML,
        body=_payload(main),
        fetched=when,
    )
    pictures = {name: _payload(part) for part in parts if part is not main for name in _names(part)}
    return Handed(page, _MHTML, pictures)


def _payload(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _names(part: EmailMessage) -> list[str]:
    number = (part.get("Content-ID") or "").strip("<> ")
    places = [part.get("Content-Location") or "", f"cid:{number}" if number else ""]
    return [place for place in places if place]


def _word(data: bytes, when: datetime, url: str) -> Handed:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            sizes = {one.filename: one.file_size for one in packed.infolist()}
        if "word/document.xml" not in sizes or sum(sizes.values()) > _WORD_LIMIT:
            raise UsageProblem("这不是能读的 Word 文件", "用 Word 或 WPS 打开它，另存为 .docx")
        inner = mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLES).value
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise UsageProblem(
            "Word 文件已损坏，读不出来", "用 Word 或 WPS 打开它，另存一份"
        ) from error
    page = Page(url=url, content_type=_UTF8, body=_framed(inner).encode(), fetched=when)
    return Handed(page, _WORD)


def _text(data: bytes, when: datetime, url: str) -> Handed:
    lines = [line.strip() for line in decode_page(data).replace("\0", "").splitlines()]
    found = next((one for line in lines if (one := _WRITTEN_ADDRESS.match(line))), None)
    if found:
        lines = [line for line in lines if line != found.string]
    inner = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    address = url or (found[1] if found else "")
    page = Page(url=address, content_type=_UTF8, body=_framed(inner).encode(), fetched=when)
    return Handed(page, "text/plain")


def _framed(inner: str) -> str:
    """A page of ``inner``; a short first line without a full stop is taken for the title."""
    first = re.match(r"\s*<p>((?:(?!</p>).)*)</p>", inner)
    words = re.sub(r"<[^<>]*>", "", first[1]).strip() if first else ""
    if first and words and len(words) <= _TITLE and words[-1] not in "。；，：！？":
        inner = f"<h1>{words}</h1>{inner[first.end() :]}"
    return f'<div id="jianbao-content">{inner}</div>'
