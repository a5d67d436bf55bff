"""Whose copy a PDF is: the codes in it, whatever program has saved it since."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf

from jianbao.deliver.reader_codes import find_codes

if TYPE_CHECKING:
    from collections.abc import Iterator

_PDF = b"%PDF-"
#: Where a PDF's header may begin (ISO 32000-1, annex H.3.4.1).
_HEADER = 1024


def is_pdf(content: bytes) -> bool:
    """Whether ``content`` is a PDF and not, say, a picture of one."""
    return _PDF in content[:_HEADER]


def trace(content: bytes) -> tuple[str, ...]:
    """The codes in a PDF: as they were written, else in metadata and on pages."""
    return tuple(dict.fromkeys(code for text in _texts(content) for code in find_codes(text)))


def _texts(content: bytes) -> Iterator[str]:
    yield from _metadata(content)
    yield from _pages(content)


def _metadata(content: bytes) -> Iterator[str]:
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            metadata = document.Root.get("/Metadata")
            if metadata is not None:
                yield metadata.read_bytes().decode("utf-8", "replace")
            yield from (str(value) for value in document.docinfo.values())
    except (pikepdf.PdfError, pikepdf.PasswordError):
        return  # the pages may still be read


def _pages(content: bytes) -> Iterator[str]:
    import pypdfium2  # noqa: PLC0415  (only who traces a copy pays for it)

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return
    for page in document:
        yield page.get_textpage().get_text_range()
