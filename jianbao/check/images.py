"""Images: there, in the workspace, and fit for print."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code, Diagnostic
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jianbao.check.rule import Context
    from jianbao.model import Body, Image, Issue

_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
#: What may stand before the first mark of an XML file.
_BEFORE_XML = b"\xef\xbb\xbf \t\r\n"
#: A scheme or a drive of Windows, on whatever system this runs.
_ABSOLUTE = pattern(r"[A-Za-z][A-Za-z0-9+.\-]*:|[/\\]")


def images(text: Body, issue: Issue) -> Iterator[Diagnostic]:
    """Each image of a text."""
    for image in text.images:
        problem = _problem(image, issue.root)
        if problem:
            code, message, hint = problem
            yield Diagnostic(code, text.path, image.span, message, hint)


def cover(issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """The picture on the cover."""
    shown = issue.head.cover if issue.head else None
    problem = _problem(shown.image, issue.root) if shown else None
    if shown and problem:
        code, message, hint = problem
        yield Diagnostic(code, issue.path, shown.image.span, message, hint)


def _problem(image: Image, root: Path) -> tuple[Code, str, str] | None:
    outside = "把图片放到这一期的文件夹里，用相对路径引用"
    name = image.source or "（空）"
    if image.file is None or _ABSOLUTE.match(image.source):
        return Code.IMAGE_OUTSIDE, f"图片不能用网址或绝对路径：{name}", outside
    try:
        file = image.file.resolve()
        if not file.is_relative_to(root):
            return Code.IMAGE_OUTSIDE, f"图片在工作区之外：{name}", outside
        there = file.is_file()
    except (OSError, ValueError):  # a name that no file can have
        there = False
    if not there:
        return Code.IMAGE_MISSING, f"找不到图片 {name[:80]}", "检查文件名和大小写"
    return _content_problem(file, name)


def _content_problem(file: Path, name: str) -> tuple[Code, str, str] | None:
    data = file.read_bytes()
    if data.startswith(_SIGNATURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        if not _can_decode(data):
            message, hint = f"{name} 已损坏，不能完整读出", "重新导出或重新下载这张图片"
            return Code.IMAGE_INVALID, message, hint
    elif data.lstrip(_BEFORE_XML).startswith(b"<") and b"<svg" in data:
        from jianbao.check.svg import svg_problem  # noqa: PLC0415  (few have one; it parses XML)

        problem = svg_problem(data)
        if problem:
            message, hint = f"{name} 不能付印：{problem}", "另存为“普通 SVG”，或改用 PNG"
            return Code.IMAGE_INVALID, message, hint
    else:
        hint = "用 PNG、JPEG、WebP、GIF 或 SVG"
        return Code.IMAGE_INVALID, f"{name} 不是可用的图片", hint
    return None


def _can_decode(data: bytes) -> bool:
    """Whether all pixels of ``data`` can be read: a picture cut short has a good head."""
    from PIL import Image, ImageFile  # noqa: PLC0415  (40 ms, for issues with pictures alone)

    # WeasyPrint switches this on in its process, and prints the rest of a picture grey.
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(data)) as picture:
            picture.draft(picture.mode, (1, 1))  # a JPEG's smallest size, but all of its data
            picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False  # Pillow's ways to say so
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    return True
