"""What a build needs of the machine, whether it is there, and what mends it."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from jianbao.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: What this project needs, by Debian's package.
_LIBRARIES = (
    ("libpango-1.0-0", "libpango-1.0.so.0", "Pango", "排版文字"),
    ("libpangoft2-1.0-0", "libpangoft2-1.0.so.0", "PangoFT2", "取用字体"),
    ("libharfbuzz0b", "libharfbuzz.so.0", "HarfBuzz", "文字造形"),
    ("libharfbuzz-subset0", "libharfbuzz-subset.so.0", "HarfBuzz-Subset", "字体子集"),
    ("libfontconfig1", "libfontconfig.so.1", "fontconfig", "查找字体"),
)
_NO_PRESS = "不能生成 PDF"
#: What is different without a library; without any other nothing can be printed.
_WITHOUT = {"HarfBuzz-Subset": "仍能生成，但慢十几倍"}
_FC_MATCH = "fc-match"
_FONT_PACKAGE = "fonts-noto-cjk"
#: What each face is for. None has a substitute: a heading in the weight of the text, or
#: one thickened by a program, would be another publication.
_FACES = (
    ("Noto Serif CJK SC", "Regular", "正文，以及工作集里没有的罕见字"),
    ("Noto Serif CJK SC", "Bold", "刊名，正文里的着重"),
    ("Noto Sans CJK SC", "Regular", "页眉、页码、表格和二维码旁的说明"),
    ("Noto Sans CJK SC", "Bold", "标题、栏目名"),
)
_NO_FACE = f"做不出字体工作集，{_NO_PRESS}；不用别的字体代替，也不用算出来的假粗体"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing, whether it is ``there``, what it is for, and the package that has it.

    ``without`` is what cannot be done without it.
    """

    name: str
    there: bool
    purpose: str
    package: str
    without: str = _NO_PRESS


def requirements(loads: Callable[[str], bool] | None = None) -> tuple[Requirement, ...]:
    """Libraries, programs and font faces of a build, in the order in which they are used."""
    program = Requirement(_FC_MATCH, shutil.which(_FC_MATCH) is not None, "查找字体", "fontconfig")
    fonts = (
        Requirement(
            f"{family} {style}",
            find_face(family, style) is not None,
            purpose,
            _FONT_PACKAGE,
            _NO_FACE,
        )
        for family, style, purpose in _FACES
    )
    return (*_libraries(loads or _loads), program, *fonts)


def missing_libraries() -> tuple[Requirement, ...]:
    """The libraries that cannot be opened: what a build asks before it starts."""
    if not sys.platform.startswith("linux"):
        return ()  # other systems name them otherwise; WeasyPrint finds out
    return tuple(library for library in _libraries(_loads) if not library.there)


def _libraries(loads: Callable[[str], bool]) -> Iterator[Requirement]:
    for package, file, name, purpose in _LIBRARIES:
        yield Requirement(name, loads(file), purpose, package, _WITHOUT.get(name, _NO_PRESS))


def mend(missing: tuple[Requirement, ...]) -> str:
    """The one line to type on this system."""
    packages = " ".join(dict.fromkeys(requirement.package for requirement in missing))
    if sys.platform == "darwin":
        fonts = "font-noto-serif-cjk-sc font-noto-sans-cjk-sc"
        return f"brew install pango fontconfig && brew install --cask {fonts}"
    if os.name == "nt":
        return "在 MSYS2 UCRT64 里运行 pacman -S mingw-w64-ucrt-x86_64-pango，并安装 Noto CJK 字体"
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get install -y --no-install-recommends {packages}"


def _loads(file: str) -> bool:
    if not sys.platform.startswith("linux"):
        # libpango-1.0.so.0 is found as pango-1.0 elsewhere.
        name = file.removeprefix("lib").partition(".so")[0]
        return ctypes.util.find_library(name) is not None
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def find_face(family: str, style: str) -> tuple[str, int] | None:
    """File and index of an installed face; None where fontconfig would give another."""
    if shutil.which(_FC_MATCH) is None:
        return None
    pattern = f"{family}:style={style}"
    command = [_FC_MATCH, "-f", "%{file}|%{index}|%{family}|%{style}", pattern]
    # The press's own fontconfig file must not hide the fonts that its set is made from.
    surroundings = {k: v for k, v in os.environ.items() if k != "FONTCONFIG_FILE"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=surroundings)  # noqa: S603  (a fixed command)
    file, index, found_family, found_style = done.stdout.split("|", 3)
    there = family in found_family and style in found_style
    return (file, int(index)) if there else None
