"""Pictures that go with the articles: those of the items, and QR codes, as WeChat takes them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote

from PIL import Image, UnidentifiedImageError

from jianbao.diagnostics import Code, Diagnostic
from jianbao.press.qr import qr_matrix
from jianbao.qr_measures import QUIET_ZONE
from jianbao.wechat.limits import BODY_IMAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jianbao.model import Body

#: Pixels a module: whole ones, so that every edge is sharp.
_MODULE = 8
#: Twice the widest column: no screen shows more.
_WIDEST = 1354
_QUALITIES = (90, 80, 65, 50)
_KINDS = {"PNG": "png", "JPEG": "jpg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of an edition; ``file`` is relative to draft.json, sizes are pixels."""

    file: str
    content: bytes
    use: str  # "body" or "cover"
    width: int
    height: int

    @property
    def ratio(self) -> str:
        """Height over width, as the editor writes it."""
        return f"{self.height / self.width:.4g}"

    @property
    def sha256(self) -> str:
        """Of the content."""
        return hashlib.sha256(self.content).hexdigest()


class Pictures:
    """Collects the pictures of an edition, the same one once."""

    def __init__(self) -> None:
        self._by_content: dict[bytes, Picture] = {}
        self._counts: dict[str, int] = {}
        self._made: dict[object, Picture] = {}
        self._files: dict[Path, Picture | None] = {}
        self.problems: list[Diagnostic] = []

    @property
    def every(self) -> tuple[Picture, ...]:
        """In the order in which they were asked for."""
        return tuple(self._by_content.values())

    def add(self, stem: str, content: bytes, use: str = "body") -> Picture:
        """``content`` as images/STEM-NN, or what it was called before."""
        if content not in self._by_content:
            number = self._counts[stem] = self._counts.get(stem, 0) + 1
            with Image.open(BytesIO(content)) as picture:
                kind, (width, height) = _KINDS[picture.format or "PNG"], picture.size
            self._by_content[content] = Picture(
                file=f"images/{stem}-{number:02}.{kind}",
                content=content,
                use=use,
                width=width,
                height=height,
            )
        return self._by_content[content]

    def add_qr(self, url: str) -> Picture:
        """The QR code of ``url``."""
        return self.made(url, "qr", lambda: qr_png(url))

    def made(self, key: object, stem: str, make: Callable[[], bytes], use: str = "body") -> Picture:
        """What ``make`` paints, painted once for ``key``: a piece may be written twice."""
        if key not in self._made:
            self._made[key] = self.add(stem, make(), use)
        return self._made[key]

    def of_body(self, body: Body) -> Callable[[str], Picture | None]:
        """Brings pictures of ``body`` in, by source as written; None for a drawing (SVG)."""
        images = {image.source: image for image in body.images}

        def picture(source: str) -> Picture | None:
            image = images[unquote(source)]
            assert image.file is not None  # noqa: S101  (narrowing: check refuses those without)
            if shown := self._uploaded(image.file):
                return shown
            message, hint = f"公众号不收 SVG 图片：{source[:60]}", "另存为 PNG，PDF 里也用它"
            problem = Diagnostic(Code.WECHAT_IMAGE_KIND, body.path, image.span, message, hint)
            self.problems.append(problem)
            return None

        return picture

    def _uploaded(self, file: Path) -> Picture | None:
        if file not in self._files:
            content = as_uploaded(file)
            self._files[file] = self.add("picture", content) if content else None
        return self._files[file]


def qr_png(url: str) -> bytes:
    """The QR code of ``url``, two colours, `_MODULE` pixels a module, quiet zone included."""
    matrix = qr_matrix(url)
    side = len(matrix) + 2 * QUIET_ZONE
    code = Image.new("1", (side, side), 1)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                code.putpixel((x + QUIET_ZONE, y + QUIET_ZONE), 0)
    return png(code.resize((side * _MODULE, side * _MODULE), Image.Resampling.NEAREST))


def png(picture: Image.Image) -> bytes:
    """``picture`` as PNG, without the time or anything else that changes."""
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def as_uploaded(file: Path) -> bytes | None:
    """The picture in ``file`` as uploadimg takes it; None where it has no pixels."""
    content = file.read_bytes()
    try:
        with Image.open(BytesIO(content)) as picture:
            if picture.format in _KINDS and len(content) < BODY_IMAGE_BYTES:
                return content
            return _reduced(picture)
    except UnidentifiedImageError:
        return None


def _reduced(picture: Image.Image) -> bytes:
    """PNG where that is small enough, else JPEG on white, as good as fits."""
    shown = picture.convert("RGBA")
    shown.thumbnail((_WIDEST, _WIDEST * 8))
    content = png(shown)
    if len(content) < BODY_IMAGE_BYTES:
        return content
    ground = Image.new("RGB", shown.size, "white")
    ground.paste(shown, mask=shown.getchannel("A"))
    for quality in _QUALITIES:
        out = BytesIO()
        ground.save(out, "JPEG", quality=quality)
        if out.tell() < BODY_IMAGE_BYTES:
            break
    return out.getvalue()
