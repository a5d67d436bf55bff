"""WeasyPrint, and the only place that imports it.

It gets HTML and the bytes of this issue's own assets; it can reach no file and no
network, and whatever it logs comes back as data.
"""

from __future__ import annotations

import ctypes.util
import gc
import logging
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jianbao.press.composition import chinese_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jianbao.press.fonts import WorkingSet

#: Addresses of assets in the paged HTML; the name after it is a key of the assets.
SCHEME = "jianbao:"

_LOGGER = "weasyprint"


@dataclass(frozen=True, slots=True)
class Asset:
    """Bytes that a page may ask for."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A square picture given as PDF operators, in ``side`` units, y downwards.

    WeasyPrint reads an SVG path number by number: thirteen QR codes were a fifth of
    the time that it takes to write an issue.
    """

    operators: bytes
    side: int

    def get_intrinsic_size(self, _resolution: object, _font_size: object) -> tuple[int, int, int]:
        """Width, height and ratio, as WeasyPrint asks of an image."""
        return self.side, self.side, 1

    def draw(self, stream: Any, width: float, height: float, _style: object) -> None:  # noqa: ANN401
        """Paint at the origin of ``stream``, as WeasyPrint asks of an image."""
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


def print_pdf(
    html: str,
    css: str,
    assets: Mapping[str, Asset | Drawing],
    fonts: WorkingSet,
    progress: Callable[[str], None],
) -> Printed:
    """Lay out ``html`` with ``css`` and write a tagged PDF (pdf/ua-1).

    The pages may ask for ``assets`` by `SCHEME` and their key, and for nothing else.
    """
    files = {name: asset for name, asset in assets.items() if isinstance(asset, Asset)}
    drawings = {SCHEME + n: asset for n, asset in assets.items() if isinstance(asset, Drawing)}
    with _fontconfig(fonts), _collect_log() as log, _no_collection():
        weasyprint = import_weasyprint()
        fetcher = _make_fetcher(weasyprint, files)
        configuration = weasyprint.text.fonts.FontConfiguration()
        progress("排版")
        sheet = weasyprint.CSS(string=css, url_fetcher=fetcher, font_config=configuration)
        source = weasyprint.HTML(string=html, url_fetcher=fetcher)
        with chinese_lines(weasyprint):
            document = source.render(
                font_config=configuration,
                stylesheets=[sheet],
                pdf_variant="pdf/ua-1",
                cache=drawings,
            )
        progress("写入 PDF")
        names: list[str] = []
        pdf = document.write_pdf(
            pdf_variant="pdf/ua-1",
            pdf_identifier=None,
            finisher=lambda _document, pdf: names.extend(_font_names(pdf)),
        )
    anchors = {name: n for n, page in enumerate(document.pages) for name in page.anchors}
    return Printed(pdf, len(document.pages), anchors, tuple(sorted(set(names))), tuple(log))


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
            asset = assets.get(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
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


def import_weasyprint() -> Any:  # noqa: ANN401  (WeasyPrint has no types)
    """WeasyPrint without the compiler calls of its import.

    Its ``dlopen`` tries names that Debian does not have, and for each ctypes starts
    ldconfig and gcc: a fifth of a second. The names that do exist open directly.
    """
    find_library = ctypes.util.find_library
    if os.name == "posix" and os.uname().sysname == "Linux":
        ctypes.util.find_library = lambda name: None  # noqa: ARG005  (its signature)
    try:
        import weasyprint  # noqa: PLC0415  (only a build pays for it)
        import weasyprint.text.fonts  # noqa: PLC0415
        import weasyprint.urls  # noqa: PLC0415
    finally:
        ctypes.util.find_library = find_library
    return weasyprint
