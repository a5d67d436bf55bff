"""The sheets of a PDF for the press: boxes, crop marks, colours, and blanks to fold.

`finish_sheets` is a ``finisher`` of ``Document.write_pdf``. WeasyPrint draws its crop marks
inside the bleed and in RGB, and makes the box of the bleed ten points wide; so it is asked
for a margin as wide as the marks need, without marks, and they are drawn here.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jianbao.press.finishing import label_pages, pdf_text
from jianbao.press.printing import SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.press.printing import OutputIntent, Printing

_MM = 72 / 25.4
#: Millimetres from the trim at which a crop mark starts and ends, outside the bleed.
_MARK_FROM, _MARK_TO = 4.0, 9.0
#: A hairline in points.
_MARK_WIDTH = 0.25

_DOCUMENT_ID = re.compile(rb"xmp\.did:[0-9a-f-]{36}")


def finish_sheets(pdf: Any, printing: Printing, first_page: int) -> int:  # noqa: ANN401  (pydyf has no types)
    """Make sheets of the pages of ``pdf``; gives how many pages there are then."""
    label_pages(pdf, first_page)
    pages = [_object(pdf, reference) for reference in pdf.page_references]
    for page in pages:
        _drop_annotations(pdf, page)
        _set_boxes(page, printing)
        marks = list(_crop_marks(page["TrimBox"]))
        _object(pdf, page["Contents"]).stream.extend(marks)
    for _ in range(-len(pages) % SIGNATURE):
        _add_blank(pdf, pages[-1])
    if printing.intent:
        _declare(pdf, printing.intent)
    _define_rgb(pdf, pages[0])
    _fix_document_id(pdf)
    return int(pdf.pages["Count"])


def _object(pdf: Any, reference: bytes) -> Any:  # noqa: ANN401  (likewise)
    return pdf.objects[int(reference.split()[0])]


def _drop_annotations(pdf: Any, page: Any) -> None:  # noqa: ANN401  (likewise)
    """Nothing on paper can be clicked, and PDF/X wants no annotation inside the bleed."""
    for reference in page.pop("Annots", ()):
        _object(pdf, reference).clear()


def _set_boxes(page: Any, printing: Printing) -> None:  # noqa: ANN401  (likewise)
    left, bottom, right, top = page["TrimBox"]
    bleed = printing.bleed * _MM
    page["BleedBox"][:] = [left - bleed, bottom - bleed, right + bleed, top + bleed]


def _crop_marks(trim: tuple[float, float, float, float]) -> Iterator[bytes]:
    """Operators for two lines at each corner of ``trim``, in K."""
    left, bottom, right, top = trim
    near, far = _MARK_FROM * _MM, _MARK_TO * _MM
    yield b"q 0 0 0 1 K %.2f w" % _MARK_WIDTH
    for x, out in ((left, -1), (right, 1)):
        for y, up in ((bottom, -1), (top, 1)):
            yield _line(x + out * near, y, x + out * far, y)
            yield _line(x, y + up * near, x, y + up * far)
    yield b"Q"


def _line(x: float, y: float, to_x: float, to_y: float) -> bytes:
    return b"%.3f %.3f m %.3f %.3f l S" % (x, y, to_x, to_y)


def _add_blank(pdf: Any, like: Any) -> None:  # noqa: ANN401  (likewise)
    """Add an empty page with the boxes and marks of ``like`` at the end."""
    import pydyf  # noqa: PLC0415  (only a build pays for it)

    marks = pydyf.Stream(list(_crop_marks(like["TrimBox"])), compress=True)
    pdf.add_object(marks)
    kept = {key: like[key] for key in ("Type", "Parent", "MediaBox", "TrimBox", "BleedBox")}
    pdf.add_page(
        pydyf.Dictionary({**kept, "Contents": marks.reference, "Resources": pydyf.Dictionary()})
    )


def _declare(pdf: Any, intent: OutputIntent) -> None:  # noqa: ANN401  (likewise)
    """Name the printing condition, with its profile byte for byte."""
    profile = _profile(pdf, intent.profile, 4)
    condition = pdf_text(intent.condition).decode("latin-1")
    pdf.catalog["OutputIntents"] = (
        f"[<< /Type /OutputIntent /S /GTS_PDFX /OutputConditionIdentifier {condition} "
        f"/Info {condition} /DestOutputProfile {profile} >>]"
    ).encode("latin-1")


def _define_rgb(pdf: Any, page: Any) -> None:  # noqa: ANN401  (likewise)
    """Say what RGB is where a picture has it: PDF/X-4 has none of just any device."""
    resources = _object(pdf, page["Resources"])
    content = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
    spaces = _object(pdf, resources["ColorSpace"])
    spaces["DefaultRGB"] = f"[/ICCBased {_profile(pdf, content, 3)}]"


def _profile(pdf: Any, content: bytes, components: int) -> str:  # noqa: ANN401  (likewise)
    """Add an ICC profile; gives its reference."""
    import pydyf  # noqa: PLC0415  (only a build pays for it)

    stream = pydyf.Stream([content], {"N": components}, compress=True)
    pdf.add_object(stream)
    return str(stream.reference.decode())


def _fix_document_id(pdf: Any) -> None:  # noqa: ANN401  (likewise)
    """Name the document by what it says: WeasyPrint draws a random name for each run."""
    metadata = _object(pdf, pdf.catalog["Metadata"])
    digest = hashlib.sha256()
    for item in pdf.objects:
        if item is not metadata:
            digest.update(item.data if item.number else b"")
    name = uuid.uuid5(uuid.NAMESPACE_OID, digest.hexdigest())
    new = b"xmp.did:" + str(name).encode()
    metadata.stream = [_DOCUMENT_ID.sub(new, part) for part in metadata.stream]
