"""Images: there, in the workspace, and really images."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jianbao.model import Body, Image, Issue

_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_HEAD = 1024
#: A scheme or a drive of Windows, on whatever system this runs.
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|[/\\]")


def images(text: Body, issue: Issue) -> Iterator[Diagnostic]:
    """Each image of a text."""
    for image in text.images:
        problem = _problem(image, issue.root)
        if problem:
            code, message, hint = problem
            yield Diagnostic(code, text.path, image.span, message, hint)


def _problem(image: Image, root: Path) -> tuple[Code, str, str] | None:
    outside = "把图片放到稿件旁边，用相对路径引用"
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
    if not _is_image(file):
        return Code.IMAGE_INVALID, f"{name} 不是可用的图片", "用 PNG、JPEG、WebP、GIF 或 SVG"
    return None


def _is_image(file: Path) -> bool:
    with file.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith(_SIGNATURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return True
    return b"<svg" in head
