"""The font working set: the SC faces of Noto CJK, cut and made TrueType, once a machine.

A build with Debian's collections takes twice the memory, and the PDF is twice the size
(docs/decisions/0005). The derived faces get names of our own (OFL) and never leave the
machine except as subsets in a PDF.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from jianbao.errors import MachineProblem
from jianbao.machine import find_face
from jianbao.press.gap_glyphs import add_gap_glyphs

if TYPE_CHECKING:
    from collections.abc import Callable

#: Raise it when the recipe changes: older sets are then not used.
RECIPE = 4

#: Where the working set is kept instead of the user's cache.
CACHE_VARIABLE = "JIANBAO_CACHE"

#: The time written into the faces (reproducible-builds.org), so that the same source
#: makes the same bytes on every machine.
_MADE = "1735689600"

#: GBK has it, the SC faces of Noto CJK do not.
_ABSENT = frozenset("≒")


@dataclass(frozen=True, slots=True)
class Face:
    """A face that themes may name, and what it is cut from."""

    family: str
    weight: int
    source: str
    style: str

    @property
    def file(self) -> str:
        """File name in the working set."""
        return f"{self.family.replace(' ', '')}-{self.style}.ttf"


#: Real weights only: there is no synthetic bold anywhere.
FACES = (
    Face("Jianbao Song", 400, "Noto Serif CJK SC", "Regular"),
    Face("Jianbao Song", 700, "Noto Serif CJK SC", "Bold"),
    Face("Jianbao Hei", 400, "Noto Sans CJK SC", "Regular"),
    Face("Jianbao Hei", 700, "Noto Sans CJK SC", "Bold"),
)

#: Full families that a character outside the working set is taken from.
FULL_FAMILIES = tuple(dict.fromkeys(face.source for face in FACES))

#: Besides the characters of GBK: letters, marks and symbols of Chinese print.
_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x370, 0x3FF),
    (0x2000, 0x206F),
    (0x20A0, 0x20BF),
    (0x2100, 0x21FF),
    (0x2460, 0x24FF),
    (0x2E80, 0x2FDF),
    (0x3000, 0x303F),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
)

#: Kerning of Latin, half widths of marks (chws is made of them), proportional quotes.
_FEATURES = ("kern", "halt", "pwid")

#: Marks sit in their squares as in mainland China.
_LANGUAGE = "ZHS"


@dataclass(frozen=True, slots=True)
class FontRecord:
    """A face as it lies in the working set; ``path`` is that of the font it was cut from."""

    file: str
    family: str
    sha256: str
    path: str


@dataclass(frozen=True, slots=True)
class WorkingSet:
    """The faces, their folder, and which characters they have."""

    folder: Path
    fonts: tuple[FontRecord, ...]

    @property
    def configuration(self) -> Path:
        """A fontconfig file under which only these faces and their full families exist."""
        return self.folder / "fonts.conf"

    @property
    def source_folders(self) -> tuple[str, ...]:
        """Folders of the full families."""
        return tuple(dict.fromkeys(str(Path(font.path).parent) for font in self.fonts))


def has_glyph(char: str) -> bool:
    """Whether the working set covers ``char``."""
    number = ord(char)
    if char in _ABSENT:
        return False
    if any(first <= number <= last for first, last in _RANGES):
        return True
    try:
        char.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def find_working_set() -> WorkingSet | None:
    """The working set of this machine if it is whole."""
    folder = _folder()
    try:
        records = json.loads((folder / "fonts.json").read_text("utf-8"))
        fonts = tuple(FontRecord(**record) for record in records)
    except (OSError, ValueError, TypeError):
        return None
    whole = len(fonts) == len(FACES) and all(
        (folder / font.file).is_file() and Path(font.path).is_file() for font in fonts
    )
    return WorkingSet(folder, fonts) if whole else None


def make_working_set(progress: Callable[[str], None] = lambda _text: None) -> WorkingSet:
    """Cut the faces into the cache; they appear together or not at all.

    Args:
        progress: Told of each step in Chinese.

    Raises:
        MachineProblem: Noto CJK or fontconfig is missing, or the cache cannot be written.
    """
    sources = [_find_source(face) for face in FACES]
    folder = _folder()
    progress(f"制作字体工作集（{len(FACES)} 款，约半分钟，每台机器一次）")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".fonts-", dir=folder.parent))
    except OSError as error:
        raise MachineProblem(
            f"不能写入缓存文件夹 {folder.parent}",
            f"用环境变量 {CACHE_VARIABLE} 指定一个可写的文件夹",
        ) from error
    try:
        fonts = _cut_all(sources, scratch, progress)
        made = WorkingSet(scratch, fonts)
        text = json.dumps([asdict(font) for font in fonts], ensure_ascii=False, indent=1)
        (scratch / "fonts.json").write_text(text, "utf-8")
        made.configuration.write_text(_configuration(made, folder), "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return WorkingSet(folder, fonts)


def _cut_all(
    sources: list[tuple[str, int]], scratch: Path, progress: Callable[[str], None]
) -> tuple[FontRecord, ...]:
    with ProcessPoolExecutor(max_workers=min(len(FACES), os.cpu_count() or 1)) as pool:
        jobs = [
            pool.submit(_cut, face, *source, scratch / face.file)
            for face, source in zip(FACES, sources, strict=True)
        ]
        fonts = []
        for face, (path, _), job in zip(FACES, sources, jobs, strict=True):
            job.result()
            data = (scratch / face.file).read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            fonts.append(FontRecord(face.file, face.family, digest, path))
            progress(f"  {face.family} {face.style}：{len(data) / 1e6:.1f} MB")
    return tuple(fonts)


def _folder() -> Path:
    chosen = os.environ.get(CACHE_VARIABLE)
    base = Path(chosen) if chosen else user_cache_path("jianbao")
    return base / f"fonts-{RECIPE}"


def _find_source(face: Face) -> tuple[str, int]:
    """File and index of the installed face."""
    found = find_face(face.source, face.style)
    if found is None:
        message = f"没有安装字体 {face.source} {face.style}（思源／Noto CJK），或没有 fontconfig"
        raise MachineProblem(message, "运行 jianbao doctor 查看装字体的命令")
    return found


def _characters() -> set[int]:
    found = {n for first, last in _RANGES for n in range(first, last + 1)}
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                found.add(ord(bytes((lead, trail)).decode("gbk")))
            except UnicodeDecodeError:
                continue
    return found


def _cut(face: Face, file: str, index: int, target: Path) -> None:
    """Make ``face``: HarfBuzz cuts, fontTools converts the outlines, chws is added."""
    import uharfbuzz as hb  # noqa: PLC0415  (only the machine that makes the set needs it)

    os.environ["SOURCE_DATE_EPOCH"] = _MADE  # in a worker's own environment
    source = hb.Face(hb.Blob.from_file_path(file), index & 0xFFFF)
    request = hb.SubsetInput()
    request.sets(hb.SubsetInputSets.UNICODE).set(_characters())
    features = request.sets(hb.SubsetInputSets.LAYOUT_FEATURE_TAG)
    features.clear()
    features.update(int.from_bytes(tag.encode(), "big") for tag in _FEATURES)
    request.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    target.write_bytes(_to_truetype(hb.subset(source, request).blob.data, face))
    _add_squeeze(target)


def _add_squeeze(target: Path) -> None:
    """Adjacent marks share their white: 》、《 and ）， and ”。 (CLREQ 3.1.6.1).

    As ``chws`` in the font, so that lines are broken by the squeezed widths and the
    text extracts clean; negative placement, as other engines do it, scatters it.
    """
    import asyncio  # noqa: PLC0415

    from east_asian_spacing import Builder, Config  # noqa: PLC0415

    builder = Builder(target, Config.default.with_language(_LANGUAGE))
    asyncio.run(builder.build_and_save(target))


def _to_truetype(data: bytes, face: Face) -> bytes:
    import io  # noqa: PLC0415

    import uharfbuzz as hb  # noqa: PLC0415
    from fontTools.pens.cu2quPen import Cu2QuPen  # noqa: PLC0415
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415
    from fontTools.ttLib import TTFont, newTable  # noqa: PLC0415

    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    drawer = hb.Font(hb.Face(data))
    order = font.getGlyphOrder()
    glyphs = {}
    for number, name in enumerate(order):
        pen = TTGlyphPen(None)
        # One unit of a thousand: invisible in print, half the file of CFF.
        drawer.draw_glyph_with_pen(number, Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    for tag in ("CFF ", "VORG"):
        if tag in font:
            del font[tag]
    add_gap_glyphs(font)
    _to_version_one(font["maxp"])
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"
    _rename(font["name"], face)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _to_version_one(maxp: object) -> None:
    """The limits that a TrueType font states and a CFF font does not."""
    names = (
        "maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements"
        " maxSizeOfInstructions maxComponentElements"
    )
    for name in names.split():
        setattr(maxp, name, 0)
    maxp.maxZones = 1  # type: ignore[attr-defined]  # fontTools tables grow attributes
    maxp.tableVersion = 0x00010000  # type: ignore[attr-defined]


def _rename(names: object, face: Face) -> None:
    postscript = f"{face.family.replace(' ', '')}-{face.style}"
    full = f"{face.family} {face.style}"
    for number, text in (
        (1, face.family),
        (2, face.style),
        (3, postscript),
        (4, full),
        (6, postscript),
    ):
        names.removeNames(nameID=number)  # type: ignore[attr-defined]  # fontTools has no types
        names.setName(text, number, 3, 1, 0x409)  # type: ignore[attr-defined]
    for number in (16, 17):
        names.removeNames(nameID=number)  # type: ignore[attr-defined]


def _configuration(fonts: WorkingSet, folder: Path) -> str:
    """Only known fonts: what else is installed must not change a page."""
    folders = "".join(f"  <dir>{path}</dir>\n" for path in (folder, *fonts.source_folders))
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        f"<fontconfig>\n{folders}  <cachedir>{folder.parent / 'fontconfig'}</cachedir>\n"
        "</fontconfig>\n"
    )
