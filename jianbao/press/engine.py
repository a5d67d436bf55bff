"""WeasyPrint, and the only place that imports it.

It gets HTML and the bytes of this issue's own assets; it can reach no file and no
network, and whatever it logs comes back as data.
"""

from __future__ import annotations

import ctypes.util
import gc
import importlib
import io
import logging
import os
import re
import sys
import zlib
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from jianbao.press.composition import chinese_lines
from jianbao.press.finishing import LinkWords, finish_sources, finish_tags, prepare_links
from jianbao.press.printing import Printing
from jianbao.press.sheets import finish_sheets
from jianbao.press.tree import remembered_boxes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.press.fonts import WorkingSet

#: Addresses of assets in the paged HTML; the name after it is a key of the assets.
SCHEME = "jianbao:"

_LOGGER = "weasyprint"
_LEVEL = 6

#: Needed only without HarfBuzz-Subset, and for variable fonts, of which the working set
#: has none.
_SELDOM_USED = ("fontTools.subset", "fontTools.varLib.instancer")


@dataclass(frozen=True, slots=True)
class Asset:
    """Bytes that a page may ask for."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Pages:
    """What is to be printed.

    ``sides`` are square drawings by their key, as the number of units a side: their
    size is known before they are drawn. ``first`` is the anchor on the page numbered 1.
    """

    html: str
    css: str
    assets: Mapping[str, Asset]
    sides: Mapping[str, int]
    printing: Printing = field(default_factory=Printing)
    words: LinkWords = field(default_factory=LinkWords)
    first: str = ""


#: Makes the drawings of `Pages.sides`: PDF operators by key, y downwards. It is asked
#: after the layout, so that another process can draw meanwhile.
Draw = Callable[[], Mapping[str, bytes]]

Progress = Callable[[str], None]


class _Drawing:
    """A drawing in the place of one of WeasyPrint's images.

    It reads an SVG path number by number: thirteen QR codes were a fifth of the time
    that it takes to write an issue.
    """

    def __init__(self, side: int) -> None:
        self.side = side
        self.operators = b""

    def get_intrinsic_size(self, _resolution: object, _font_size: object) -> tuple[int, int, int]:
        """Width, height and ratio."""
        return self.side, self.side, 1

    def draw(self, stream: Any, width: float, height: float, _style: object) -> None:  # noqa: ANN401
        """Paint at the origin of ``stream``."""
        stream.transform(a=width / self.side, d=height / self.side)
        stream.stream.append(self.operators)


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, the page (from 0) on which each anchor lies, its fonts, and what was logged."""

    pdf: bytes
    pages: int
    anchors: Mapping[str, int]
    fonts: tuple[str, ...]
    log: tuple[str, ...]


class _Log(logging.Handler):
    """Keeps warnings and errors."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def print_pdf(pages: Pages, draw: Draw, fonts: WorkingSet, progress: Progress) -> Printed:
    """Lay out ``pages`` and write them as `Pages.printing` says.

    They may ask for their assets and drawings, by `SCHEME` and the key, and for
    nothing else.
    """
    drawings = {SCHEME + key: _Drawing(side) for key, side in pages.sides.items()}
    weasyprint = import_weasyprint()
    with _fontconfig(fonts), _collect_log() as log, _no_collection(), _quick_compression():
        progress("排版")
        document = _lay_out(weasyprint, pages, drawings)
        for key, operators in draw().items():
            drawings[SCHEME + key].operators = operators
        progress("写入 PDF")
        prepare_links(document)
        with remembered_boxes(weasyprint) as boxes:
            finisher = _Finisher(pages, boxes)
            pdf = document.write_pdf(
                pdf_variant=pages.printing.variant,
                attachments=list(_attachments(weasyprint, pages.printing)),
                finisher=finisher,
            )
    return Printed(pdf, finisher.pages, finisher.anchors, finisher.fonts, tuple(log))


class _Finisher:
    """What is done to a PDF before it is written, and what was seen of it then."""

    def __init__(self, pages: Pages, boxes: Mapping[int, Any]) -> None:
        self._asked = pages
        self._boxes = boxes
        self.pages = 0
        self.anchors: dict[str, int] = {}
        self.fonts: tuple[str, ...] = ()

    def __call__(self, document: Any, pdf: Any) -> None:  # noqa: ANN401  (WeasyPrint has no types)
        asked = self._asked
        self.fonts = tuple(sorted(set(_font_names(pdf))))
        self.anchors = {a: n for n, page in enumerate(document.pages) for a in page.anchors}
        self.pages = len(document.pages)
        first = self.anchors.get(asked.first, 0)
        if asked.printing.tagged:
            finish_tags(document, pdf, self._boxes, asked.words, first)
        if asked.printing.sources:
            finish_sources(pdf, asked.printing)
        if asked.printing.bleed:
            self.pages = finish_sheets(pdf, asked.printing, first)


def _attachments(weasyprint: Any, printing: Printing) -> Iterator[Any]:  # noqa: ANN401  (likewise)
    """The sources of the pages, dated as the issue is and not as the files are."""
    dated = datetime.combine(printing.dated or date.min, time(), UTC)
    for source in printing.sources:
        yield weasyprint.Attachment(
            file_obj=io.BytesIO(source.content),
            name=source.name,
            description=source.description,
            created=dated,
            modified=dated,
            relationship="Source",
        )


def lay_out(pages: Pages, fonts: WorkingSet) -> Any:  # noqa: ANN401  (WeasyPrint has no types)
    """WeasyPrint's document of ``pages``, for those who measure its boxes."""
    drawings = {SCHEME + key: _Drawing(side) for key, side in pages.sides.items()}
    with _fontconfig(fonts), _collect_log(), _no_collection():
        return _lay_out(import_weasyprint(), pages, drawings)


def _lay_out(weasyprint: Any, pages: Pages, drawings: dict[str, _Drawing]) -> Any:  # noqa: ANN401  (WeasyPrint has no types)
    fetcher = _make_fetcher(weasyprint, pages.assets)
    configuration = weasyprint.text.fonts.FontConfiguration()
    sheet = weasyprint.CSS(string=pages.css, url_fetcher=fetcher, font_config=configuration)
    source = weasyprint.HTML(string=pages.html, url_fetcher=fetcher)
    with chinese_lines(weasyprint):
        return source.render(
            font_config=configuration,
            stylesheets=[sheet],
            pdf_variant=pages.printing.variant,
            output_intent="device-cmyk" if pages.printing.intent else None,
            cache=drawings,
        )


def _font_names(pdf: Any) -> Iterator[str]:  # noqa: ANN401  (pydyf has no types)
    """Names of the embedded fonts without the subset's tag ``ABCDEF+``."""
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Type") == "/Font" and "BaseFont" in item:
            name = item["BaseFont"]
            text = name.decode() if isinstance(name, bytes) else str(name)
            yield re.sub(r"^/(?:[A-Z]{6}\+)?", "", text)


def _make_fetcher(weasyprint: Any, assets: Mapping[str, Asset]) -> Any:  # noqa: ANN401  (WeasyPrint has no types)
    """A fetcher that knows ``assets`` and nothing else.

    WeasyPrint's own opens file: and http: addresses, of attachments too.
    """
    urls: Any = weasyprint.urls
    base: Any = urls.URLFetcher

    class KnownAssets(base):  # type: ignore[misc]  # untyped base
        def fetch(self, url: str, headers: object = None) -> object:  # noqa: ARG002  (the base's signature)
            key = unquote(url.removeprefix(SCHEME))  # WeasyPrint encodes what is not ASCII
            asset = assets.get(key) if url.startswith(SCHEME) else None
            if asset is None:
                raise ValueError(f"不允许读取 {url[:100]}")
            return urls.URLFetcherResponse(url, asset.content, {"Content-Type": asset.media_type})

    return KnownAssets()


@contextmanager
def _collect_log() -> Iterator[list[str]]:
    logger = logging.getLogger(_LOGGER)
    handler = _Log()
    before = logger.propagate, logger.level
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    try:
        yield handler.lines
    finally:
        logger.removeHandler(handler)
        logger.propagate, logger.level = before


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without the cycle collector: a layout keeps all that it makes, so it finds nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _quick_compression() -> Iterator[None]:
    """Zlib's usual level in the place of pydyf's highest: half the time, one percent more."""
    import pydyf  # noqa: PLC0415  (only a build pays for it)

    quick = SimpleNamespace(
        compressobj=lambda level: zlib.compressobj(min(level, _LEVEL)), compress=zlib.compress
    )
    before, pydyf.zlib = pydyf.zlib, quick
    try:
        yield
    finally:
        pydyf.zlib = before


@contextmanager
def _fontconfig(fonts: WorkingSet) -> Iterator[None]:
    """Let fontconfig see the working set and its full families alone."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(fonts.configuration)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


class _Late(ModuleType):
    """A module that is read when something of it is called."""

    def __getattr__(self, name: str) -> Callable[..., object]:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*args: object, **kwargs: object) -> object:
            return getattr(importlib.import_module(self.__name__), name)(*args, **kwargs)

        return call


@contextmanager
def _seldom_used_late() -> Iterator[None]:
    """Stand-ins for what WeasyPrint imports but does not use here, while it is imported."""
    late = {name: _Late(name) for name in _SELDOM_USED if name not in sys.modules}
    sys.modules.update(late)
    try:
        yield
    finally:
        for name in late:
            del sys.modules[name]


def import_weasyprint() -> Any:  # noqa: ANN401  (WeasyPrint has no types)
    """WeasyPrint without the compiler calls of its import, and without a fifth of its modules.

    Its ``dlopen`` tries names that Debian does not have, and for each ctypes starts
    ldconfig and gcc: a fifth of a second. The names that do exist open directly.
    """
    find_library = ctypes.util.find_library
    if os.name == "posix" and os.uname().sysname == "Linux":
        ctypes.util.find_library = lambda name: None  # noqa: ARG005  (its signature)
    try:
        with _seldom_used_late():
            import weasyprint  # noqa: PLC0415  (only a build pays for it)
            import weasyprint.text.fonts  # noqa: PLC0415
            import weasyprint.urls  # noqa: PLC0415
    finally:
        ctypes.util.find_library = find_library
    return weasyprint
