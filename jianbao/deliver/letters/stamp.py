"""The place for a reader's code in a PDF: on every page, and in its metadata.

`place_marks` makes one copy of the PDF with a code of zeros; a reader's copy differs from it
in as many bytes as the code has, in two places. The line is one Form XObject that all pages
draw; as runs of RunLengthDecode its text stands in the file as it is, while qpdf would
compress a stream without a filter, or in one that it decodes. The document information would
lie in a compressed object stream, so the second place is ``dc:identifier`` of the XMP
metadata. An incremental update is no way: who cuts the file at the ``%%EOF`` before has the
unmarked original.

A mark deters; who wants to can remove it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pikepdf
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from pikepdf import Array, Dictionary, Name, Stream

from jianbao.deliver.letters.reader_codes import ALPHABET, LENGTH
from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What readers see before their code.
_LABEL = "仅供收件人阅读　编号 "
#: Has the length of a code, and stands in no PDF by chance.
_EMPTY = "0000-0000-0000-0000"
#: Points: the size of the line, and its base line above the edge of the trimmed page.
_SIZE, _RISE = 7.0, 17.0
#: Points of white at both ends of the line.
_PAD = 4.0
#: As light as the contrast of small text allows (WCAG 2.2, 1.4.3: 4.5 to 1).
_GREY = 0.45
_XOBJECT = "/JianbaoMark"
#: First of the codes for characters that ASCII has not.
_BEYOND = 0x80
#: Symbolic (ISO 32000-1, table 123): the codes are those of the font's own cmap.
_SYMBOLIC = 4
#: Of RunLengthDecode (ISO 32000-1, 7.4.5).
_END_OF_RUNS = 128


@dataclass(frozen=True, slots=True)
class Mark:
    """Bytes ``start`` up to ``end`` of a file, where a code goes."""

    start: int
    end: int

    def written(self, code: str) -> bytes:
        """``code`` as it stands there."""
        if len(code) != self.end - self.start:
            message = f"a code of {LENGTH} characters is wanted, not {len(code)}"
            raise ValueError(message)
        return code.encode("ascii")


@dataclass(frozen=True, slots=True)
class MarkedPdf:
    """A PDF and the places for codes in it, in order; without any, all copies are the same."""

    content: bytes = field(repr=False)
    marks: tuple[Mark, ...] = ()

    def copy_for(self, code: str) -> bytes:
        """The file of the reader with ``code``."""
        content = bytearray(self.content)
        for mark in self.marks:
            content[mark.start : mark.end] = mark.written(code)
        return bytes(content)


def place_marks(pdf: bytes, face: bytes) -> MarkedPdf:
    """``pdf`` with the place for a code, set in ``face``, a TrueType font with Chinese.

    Raises:
        UsageProblem: ``pdf`` is no PDF, or encrypted.
    """
    try:
        document = pikepdf.open(io.BytesIO(pdf))
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise UsageProblem("要盖编号的 PDF 打不开", "重新生成这一期") from error
    with document:
        _identify(document)
        font = _font(document, face)
        line, width = _line(document, font)
        for page in document.pages:
            _draw(document, page, line, width)
        content = _saved(document)
    return MarkedPdf(content, tuple(_marks(content)))


def _identify(document: pikepdf.Pdf) -> None:
    """Add ``dc:identifier`` to the metadata, as text: what else is there stays byte for byte."""
    end = b"</rdf:RDF>"
    metadata = document.Root.get("/Metadata")
    if metadata is None or end not in metadata.read_bytes():
        return
    element = (
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:identifier>{_EMPTY}</dc:identifier></rdf:Description>"
    )
    metadata.write(metadata.read_bytes().replace(end, element.encode() + end))


def _font(document: pikepdf.Pdf, face: bytes) -> pikepdf.Object:
    """The signs of codes and label from ``face``, a byte each."""
    codes = _codes()
    font = TTFont(io.BytesIO(face), recalcTimestamp=False)
    best, units = font.getBestCmap(), font["head"].unitsPerEm
    names = {code: best[ord(char)] for char, code in codes.items()}
    widths = {code: font["hmtx"][name][0] * 1000 / units for code, name in names.items()}
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/JIANBA+JianbaoMark"),
        Flags=_SYMBOLIC,
        FontBBox=Array([-200, -250, 1200, 950]),
        ItalicAngle=0,
        Ascent=880,
        Descent=-120,
        CapHeight=733,
        StemV=80,
        FontFile2=document.make_stream(_cut(font, names)),
    )
    first, last = min(widths), max(widths)
    return document.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name("/JIANBA+JianbaoMark"),
            FirstChar=first,
            LastChar=last,
            Widths=Array([round(widths.get(code, 0), 2) for code in range(first, last + 1)]),
            FontDescriptor=document.make_indirect(descriptor),
            ToUnicode=document.make_stream(_to_unicode(codes)),
        )
    )


def _codes() -> dict[str, int]:
    """The byte of each character that the line may show."""
    beyond = [char for char in dict.fromkeys(_LABEL) if not char.isascii()]
    plain = dict.fromkeys((*_LABEL, *ALPHABET, *_EMPTY))
    return {char: ord(char) for char in plain if char.isascii()} | {
        char: _BEYOND + number for number, char in enumerate(beyond)
    }


def _cut(font: TTFont, names: dict[int, str]) -> bytes:
    """The font file of ``names`` alone, with a cmap from bytes (Macintosh, format 0)."""
    options = Options()
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "vhea", "vmtx", "VORG", "BASE", "OS/2", "name"]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(glyphs=list(names.values()))
    subsetter.subset(font)
    table = newTable("cmap")
    table.tableVersion = 0
    subtable = CmapSubtable.newSubtable(0)
    subtable.platformID, subtable.platEncID, subtable.language = 1, 0, 0
    subtable.cmap = {code: names.get(code, ".notdef") for code in range(256)}
    table.tables = [subtable]
    font["cmap"] = table
    output = io.BytesIO()
    font.save(output)
    return output.getvalue()


def _to_unicode(codes: dict[str, int]) -> bytes:
    lines = "".join(f"<{code:02X}> <{ord(char):04X}>\n" for char, code in codes.items())
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CMapName /JianbaoMark def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        f"{len(codes)} beginbfchar\n{lines}endbfchar\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def _line(document: pikepdf.Pdf, font: pikepdf.Object) -> tuple[Stream, float]:
    """The form that shows the line from its left end, and its width in points."""
    codes, first, widths = _codes(), int(font.FirstChar), font.Widths
    label = bytes(codes[char] for char in _LABEL).hex()
    measures = {char: float(widths[code - first]) * _SIZE / 1000 for char, code in codes.items()}
    signs = [measures[sign] for sign in ALPHABET]
    label_width = sum(measures[char] for char in _LABEL)
    width = label_width + LENGTH * sum(signs) / len(signs)  # of most codes
    low, high = -_SIZE * 0.35, _SIZE * 1.1
    # White below it: a cover may be of any colour.
    white = f"1 g {-_PAD:g} {low:.2f} {width + 2 * _PAD:.2f} {high - low:.2f} re f"
    head = f"q {white} {_GREY} g BT /F {_SIZE:g} Tf <{label}> Tj "
    line = document.make_stream(
        b"",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([-_PAD, low, round(label_width + LENGTH * max(signs) + _PAD, 2), high]),
        Resources=Dictionary(Font=Dictionary(F=font)),
    )
    runs = _run(head) + _run(f"({_EMPTY}) Tj ET Q") + bytes([_END_OF_RUNS])
    line.write(runs, filter=Name.RunLengthDecode)
    return line, width


def _draw(document: pikepdf.Pdf, page: pikepdf.Page, line: Stream, width: float) -> None:
    """Draw ``line`` in the middle of the foot of ``page``; screen readers pass over it."""
    left, bottom, right, _ = (float(number) for number in page.trimbox)
    x, y = (left + right - width) / 2, bottom + _RISE
    resources = page.obj.get("/Resources", Dictionary())
    page.obj.Resources = resources
    resources.XObject = resources.get("/XObject", Dictionary())
    resources.XObject[_XOBJECT] = line
    # WeasyPrint turns the page upside down and leaves it so.
    page.contents_add(document.make_stream(b"q\n"), prepend=True)
    drawn = (
        "\nQ\n/Artifact <</Type /Pagination /Subtype /Footer>> BDC\n"
        f"q 1 0 0 1 {x:.2f} {y:.2f} cm {_XOBJECT} Do Q\nEMC\n"
    )
    page.contents_add(document.make_stream(drawn.encode("ascii")))


def _saved(document: pikepdf.Pdf) -> bytes:
    output = io.BytesIO()
    document.save(
        output,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        deterministic_id=True,
    )
    return output.getvalue()


def _marks(content: bytes) -> Iterator[Mark]:
    """The places of the empty code: in the metadata, if there are any, and in the line."""
    start = content.find(_EMPTY.encode())
    if start < 0:
        message = "the PDF was written without the place for a code"
        raise AssertionError(message)
    while start >= 0:
        yield Mark(start, start + LENGTH)
        start = content.find(_EMPTY.encode(), start + LENGTH)


def _run(text: str) -> bytes:
    """``text`` as a run of up to 128 bytes that are meant literally (ISO 32000-1, 7.4.5)."""
    content = text.encode("ascii")
    return bytes([len(content) - 1]) + content
