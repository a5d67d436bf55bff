"""A proof: a picture of all pages, and what a typographer would measure on them.

Measured in the printed PDF by another program than set it (pdfium), against the text
of the issue. Nothing is taken from the theme: the right edge of the type area is where
most lines end, and codes and colours are those that are on the pages.
"""

from __future__ import annotations

import json
import math
import shutil
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jianbao.errors import MachineProblem, UsageProblem
from jianbao.press.characters import (
    end_error,
    find_paragraphs,
    line_text,
    mark_runs,
    opened,
    part_lines,
    read_chars,
)
from jianbao.press.contrast import TextColour, text_colours
from jianbao.press.printed_codes import PrintedCode, find_codes
from jianbao.qr_measures import SMALLEST_MODULE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jianbao.model import CheckedIssue
    from jianbao.press.characters import Char, Line, Paragraph

SHEET = "contact-sheet.png"
REPORT = "report.json"
TEXT = "report.txt"

#: In em: a line that ends further from the edge than this is seen to.
SHORT = 0.1
#: In em: a line whose gaps were opened by more than this looks loose.
LOOSE = 0.25
#: In em: what a run of marks may be wider than squeezed.
SLACK = 0.05

#: In millimetres: how far a module's size may be rounded.
_ROUNDED = 0.005

_DPI = 50
_COLUMNS = 6
_GUTTER = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Something to look at, on a physical page from 1."""

    page: int
    text: str
    em: float | None = None


@dataclass(frozen=True, slots=True)
class FontUse:
    """A font and how many stretches of text are set in it."""

    name: str
    weight: int
    uses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was measured; paragraphs that were not found verbatim were not measured."""

    pages: int
    paragraphs: int
    lines: int
    unread: tuple[str, ...]
    worst_edge: float
    short_lines: tuple[Place, ...]
    loose_lines: tuple[Place, ...]
    squeezed_pairs: int
    unsqueezed: tuple[Place, ...]
    lone_characters: tuple[Place, ...]
    orphans: tuple[Place, ...]
    widows: tuple[Place, ...]
    fonts: tuple[FontUse, ...]
    codes: tuple[PrintedCode, ...]
    colours: tuple[TextColour, ...]

    @property
    def smallest_module(self) -> float | None:
        """The smallest QR module in millimetres."""
        return min((code.module for code in self.codes), default=None)

    @property
    def look_at(self) -> tuple[int, ...]:
        """Pages that have something to look at."""
        pages = {place.page for places in self.findings().values() for place in places}
        return tuple(sorted(pages))

    def findings(self) -> dict[str, tuple[Place, ...]]:
        """Places by what editors call their kind."""
        return {
            "未与右边对齐的行": self.short_lines,
            "拉得太开的行": self.loose_lines,
            "没有挤压的标点": self.unsqueezed,
            "孤字": self.lone_characters,
            "页末孤行": self.orphans,
            "页首孤行": self.widows,
            "模块太小的二维码": tuple(_small(self.codes)),
            "对比度不够的文字": tuple(_pale(self.colours)),
        }


def need_proof_libraries() -> None:
    """Make sure that pages can be read and drawn.

    Raises:
        MachineProblem: A library of the extra is missing.
    """
    missing = [name for name in ("pypdfium2", "PIL") if find_spec(name) is None]
    if missing:
        names = "、".join("Pillow" if name == "PIL" else name for name in missing)
        raise MachineProblem(f"缺少看样用的库 {names}", '运行 pip install "jianbao[proof]"')


def measure(pdf: Path, issue: CheckedIssue) -> Proof:
    """Measure the printed ``pdf`` of ``issue``."""
    paragraphs, unread = find_paragraphs(_body_chars(pdf), issue.articles)
    pages, fonts = _fonts(pdf)
    full = [line for paragraph in paragraphs for line in paragraph.lines[:-1]]
    lines = [line for paragraph in paragraphs for line in paragraph.lines]
    errors = _edge_errors(full)
    worst: float = max(errors, key=abs, default=0.0)
    runs = [run for line in lines for run in mark_runs(line)]
    squeezed = [run for run in runs if run.wide <= run.expected + SLACK]
    return Proof(
        pages=pages,
        paragraphs=len(paragraphs),
        lines=len(lines),
        unread=tuple(unread),
        worst_edge=round(worst, 4),
        short_lines=tuple(_wide(full, errors, SHORT)),
        loose_lines=tuple(_wide(full, [opened(line) / line[0].size for line in full], LOOSE)),
        squeezed_pairs=sum(run.pairs for run in squeezed),
        unsqueezed=tuple(Place(r.page + 1, r.text) for r in runs if r not in squeezed),
        lone_characters=tuple(_lone(paragraphs)),
        orphans=tuple(_torn(paragraphs, 0)),
        widows=tuple(_torn(paragraphs, -1)),
        fonts=fonts,
        codes=tuple(find_codes(pdf)),
        colours=text_colours(pdf),
    )


def _body_chars(pdf: Path) -> list[Char]:
    """Characters of the size of the text from the top of each page to its foot.

    No running head parts a paragraph then, and no section's name, which is painted last.
    """
    chars = list(read_chars(pdf))
    sizes = Counter(round(char.size, 1) for char in chars)
    body = max(sizes, key=lambda size: sizes[size], default=0.0)
    lines = part_lines(char for char in chars if round(char.size, 1) == body)
    lines.sort(key=lambda line: (line[0].page, -line[0].y))
    return [char for line in lines for char in line]


def _edge_errors(lines: list[Line]) -> list[float]:
    """How many em each line ends past the edge at which most do."""
    ends = Counter(round(line[-1].right, 1) for line in lines)
    edge = max(ends, key=lambda end: ends[end], default=0.0)
    return [end_error(line, edge) for line in lines]


def _wide(lines: list[Line], values: list[float], limit: float) -> Iterator[Place]:
    for line, value in zip(lines, values, strict=True):
        if abs(value) > limit:
            yield _place(line, value)


def _place(line: Line, value: float | None = None) -> Place:
    return Place(line[0].page + 1, line_text(line), None if value is None else round(value, 3))


def _lone(paragraphs: Iterable[Paragraph]) -> Iterator[Place]:
    """Last lines with a single character beside marks (孤字)."""
    for paragraph in paragraphs:
        last = paragraph.lines[-1]
        if len(paragraph.lines) > 1 and sum(char.text.isalnum() for char in last) == 1:
            yield _place(last)


def _torn(paragraphs: Iterable[Paragraph], end: int) -> Iterator[Place]:
    """Paragraphs whose first (``end`` 0) or last (-1) line stands alone on its page."""
    for paragraph in paragraphs:
        pages = [line[0].page for line in paragraph.lines]
        if len(set(pages)) > 1 and pages.count(pages[end]) == 1:
            yield _place(paragraph.lines[end])


def _small(codes: Iterable[PrintedCode]) -> Iterator[Place]:
    for code in codes:
        if code.module < SMALLEST_MODULE - _ROUNDED:
            yield Place(code.page, f"边长 {code.side:g} 毫米，模块 {code.module:g} 毫米")


def _pale(colours: Iterable[TextColour]) -> Iterator[Place]:
    for colour in colours:
        if not colour.enough:
            text = f"{_shown(colour)}，{colour.size:g} 点：{colour.sample[:20]}"
            yield from (Place(page, text) for page in colour.pages)


def _fonts(pdf: Path) -> tuple[int, tuple[FontUse, ...]]:
    """The number of pages, and the fonts of all their text without a subset's tag."""
    import pypdfium2  # noqa: PLC0415  (an extra)

    uses: Counter[str] = Counter()
    with pypdfium2.PdfDocument(pdf) as document:
        count = len(document)
        for number in range(count):
            for text in document[number].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
                uses[text.get_font().get_base_name().split("+")[-1]] += 1
    return count, tuple(FontUse(name, _weight(name), n) for name, n in sorted(uses.items()))


def _weight(name: str) -> int:
    """The weight that the name of a face tells; pdfium says 400 of every subset."""
    return 700 if name.endswith("-Bold") else 400


# -- the picture --


def draw_sheet(pdf: Path) -> Any:  # noqa: ANN401  (Pillow's image, an extra)
    """All pages of ``pdf``, six in a row, as one picture."""
    import pypdfium2  # noqa: PLC0415  (an extra)
    from PIL import Image  # noqa: PLC0415  (likewise)

    with pypdfium2.PdfDocument(pdf) as document:
        pages = [document[n].render(scale=_DPI / 72).to_pil() for n in range(len(document))]
    wide, high = max(p.width for p in pages) + _GUTTER, max(p.height for p in pages) + _GUTTER
    rows = math.ceil(len(pages) / _COLUMNS)
    size = (min(len(pages), _COLUMNS) * wide + _GUTTER, rows * high + _GUTTER)
    sheet = Image.new("RGB", size, "#888888")
    for number, page in enumerate(pages):
        at = (number % _COLUMNS * wide + _GUTTER, number // _COLUMNS * high + _GUTTER)
        sheet.paste(page, at)
    return sheet


# -- the files --


def write_proof(proof: Proof, pdf: Path, folder: Path) -> str:
    """Write the picture and the report into ``folder``, in place of those before.

    Returns:
        The report for people.

    Raises:
        UsageProblem: The folder cannot be written.
    """
    text = describe(proof)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise UsageProblem(f"不能写入 {folder}：{error.strerror}") from error
    try:
        scratch.chmod(0o755)  # mkdtemp's is for its owner alone
        draw_sheet(pdf).save(scratch / SHEET)
        (scratch / REPORT).write_text(_json(proof), "utf-8")
        (scratch / TEXT).write_text(text, "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return text


def _json(proof: Proof) -> str:
    content = asdict(proof) | {
        "smallest_module": proof.smallest_module,
        "look_at": proof.look_at,
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def describe(proof: Proof) -> str:
    """The report for people; pages are counted from the cover."""
    lines = [
        f"共 {proof.pages} 页，量了 {proof.paragraphs} 段 {proof.lines} 行",
        f"右边误差最大 {proof.worst_edge:+.3f} 字",
        f"标点挤压 {proof.squeezed_pairs} 处",
        *_listed(proof),
        "字体 " + "、".join(f"{f.name}（{f.weight}）" for f in proof.fonts),
        *_code_lines(proof),
        *_colour_lines(proof),
        "请看第 " + "、".join(map(str, proof.look_at)) + " 页（从封面数起）"
        if proof.look_at
        else "没有要特别看的页",
    ]
    return "\n".join(lines) + "\n"


def _listed(proof: Proof) -> Iterator[str]:
    for name, places in proof.findings().items():
        yield f"{name} {len(places)} 处"
        for place in places:
            measured = "" if place.em is None else f"（{place.em:+.2f} 字）"
            yield f"  第 {place.page} 页{measured}：{place.text}"
    if proof.unread:
        yield f"没有逐字找到、因而没有量的段落 {len(proof.unread)} 个"
        yield from (f"  {text[:40]}" for text in proof.unread)


def _code_lines(proof: Proof) -> Iterator[str]:
    if proof.codes:
        sides = sorted({code.side for code in proof.codes})
        shown = "、".join(f"{side:g}" for side in sides)
        smallest = f"最小模块 {proof.smallest_module:g} 毫米"
        yield f"二维码 {len(proof.codes)} 个，边长 {shown} 毫米，{smallest}"


def _colour_lines(proof: Proof) -> Iterator[str]:
    """Each pair of colours once, at the size where it is shown first."""
    yield "文字的颜色与底色的对比度"
    yield from (f"  {shown}" for shown in dict.fromkeys(map(_shown, proof.colours)))


def _shown(colour: TextColour) -> str:
    return f"{colour.colour} 在 {colour.ground} 上 {colour.contrast:g}"
