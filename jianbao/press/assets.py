"""What pages may ask the engine for: pictures, files beside the templates, and QR codes."""

from __future__ import annotations

import mimetypes
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from jianbao.press.engine import SCHEME, Asset
from jianbao.press.environment import find_file
from jianbao.press.qr import draw_qr, qr_modules
from jianbao.qr_measures import QUIET_ZONE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jianbao.model import Body, CheckedIssue

Assets = dict[str, Asset]

_FILE = re.compile(rf"{SCHEME}file/([^\"')\s]+)")


def image_address(body: Body, assets: Assets) -> Callable[[str], str]:
    """Bring the body's images among the assets; check saw that they are there."""
    files = {image.source: image.file for image in body.images}

    def address(source: str) -> str:
        file = files[unquote(source)]
        assert file is not None  # noqa: S101  (narrowing: check refuses images without a file)
        return add_image(file, assets)

    return address


def add_image(file: Path, assets: Assets) -> str:
    """Bring ``file`` among the assets; gives the address under which a page asks for it."""
    name = f"image/{len(assets)}"
    assets[name] = _read_asset(file)
    return f"{SCHEME}{name}"


def add_files(pages: str, folders: tuple[Path, ...], assets: Assets) -> None:
    """Bring the files that templates show, ``jianbao:file/NAME``, among the assets."""
    for name in dict.fromkeys(_FILE.findall(pages)):
        file = find_file(unquote(name), folders)
        if file is not None:
            assets[f"file/{unquote(name)}"] = _read_asset(file)


def _read_asset(file: Path) -> Asset:
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Asset(file.read_bytes(), media_type)


def qr_urls(issue: CheckedIssue) -> dict[str, str]:
    """What each QR code says, by the key of its drawing."""
    numbered = enumerate(issue.articles, start=1)
    return {f"qr/a{n}": a.attribution.url for n, a in numbered if a.attribution.url}


def qr_sides(issue: CheckedIssue) -> dict[str, int]:
    """Modules a side of each QR code with its quiet zone, by the key of its drawing."""
    return {key: qr_modules(url) + 2 * QUIET_ZONE for key, url in qr_urls(issue).items()}


def draw_codes(urls: dict[str, str]) -> dict[str, bytes]:
    """PDF operators of each QR code."""
    return {key: draw_qr(url).operators() for key, url in urls.items()}
