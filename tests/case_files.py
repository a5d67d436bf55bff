"""Cases as text: a sentence on what is wrong, then blocks that begin with ``=== name``.

A block is a file's text; ``(gb18030)`` or another codec behind the path encodes it,
``(crlf)`` gives it Windows line ends, ``(escaped)`` turns ``{U+2028}`` into that character,
``(hex)`` is for bytes and ``(gone)`` leaves the file out. ``=== expected`` is what the
command prints; ``=== exit 2`` is its exit code where that is not 1 for errors and 0 without.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workspaces import Content

_HEADER = re.compile(r"=== (?P<name>.+?)(?: \((?P<kinds>[a-z0-9 -]+)\))?")
_ESCAPE = re.compile(r"\{U\+([0-9A-F]{4,6})\}")


@dataclass(frozen=True, slots=True)
class Case:
    """What a file of cases says."""

    sentence: str
    files: dict[str, Content]
    expected: str
    code: int


def read_case(file: Path) -> Case:
    """Part a case into its blocks."""
    sentence, _, text = file.read_text("utf-8").partition("\n")
    files: dict[str, Content] = {}
    expected, code = "", None
    for name, kinds, content in _blocks(text):
        if name == "expected":
            expected = content
        elif name.startswith("exit "):
            code = int(name.removeprefix("exit "))
        else:
            files[name] = _content(content, kinds)
    errors = int(" error[" in expected)
    return Case(sentence, files, expected, errors if code is None else code)


def _blocks(text: str) -> Iterator[tuple[str, list[str], str]]:
    name, kinds, lines = "", list[str](), list[str]()
    for line in [*text.splitlines(keepends=True), "=== end\n"]:
        header = _HEADER.fullmatch(line.rstrip("\n"))
        if header is None:
            lines.append(line)
            continue
        if name:
            yield name, kinds, "".join(lines)
        name, kinds, lines = header["name"], (header["kinds"] or "").split(), []


def _content(text: str, kinds: list[str]) -> Content:
    codec = "utf-8"
    for kind in kinds:
        match kind:
            case "gone":
                return None
            case "hex":
                return bytes.fromhex(text)
            case "crlf":
                text = text.replace("\n", "\r\n")
            case "escaped":
                text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
            case _:
                codec = kind
    return text.encode(codec)
