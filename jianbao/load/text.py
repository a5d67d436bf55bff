"""Bytes to text: the one place where files of the workspace are decoded."""

from __future__ import annotations

from codecs import BOM_UTF8
from pathlib import Path
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code, Diagnostic
from jianbao.patterns import pattern
from jianbao.spans import START, Span, span_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: C0 and C1 controls, surrogates and noncharacters, which XML 1.0 and YAML forbid in text,
#: and the invisible line separators, at which YAML and editors count lines differently.
_CONTROL = pattern(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def read_text(
    file: Path, path: str, read: Callable[[Path], bytes] = Path.read_bytes
) -> tuple[str, tuple[Diagnostic, ...]]:
    """Text of ``file`` with LF line ends and without a BOM.

    Args:
        file: Where it lies.
        path: How diagnostics name it.
        read: Gives its bytes; see `Workspace`.

    Returns:
        The text (empty when it cannot be read) and what is wrong with it.
    """
    try:
        data = read(file)
    except OSError as error:
        message = f"读不到文件 {path}：{_reason(error)}"
        return "", (Diagnostic(Code.FILE_UNREADABLE, path, START, message),)
    return decode(data, path)


def read_sheet(
    file: Path, path: str, read: Callable[[Path], bytes] = Path.read_bytes
) -> tuple[str, tuple[Diagnostic, ...]]:
    """As `read_text`, of what Excel saves as CSV: in GB18030 too, on a Chinese system."""
    text, problems = read_text(file, path, read)
    if [problem.code for problem in problems] != [Code.ENCODING_INVALID]:
        return text, problems
    try:
        return decode(read(file).decode("gb18030").encode(), path)
    except (OSError, UnicodeDecodeError):
        return "", problems


def decode(data: bytes, path: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """``data`` as text; see `read_text`."""
    data = data.removeprefix(BOM_UTF8)
    try:
        text = line_feeds(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        return "", (_not_utf8(data, error, path),)
    problems = tuple(_controls(text, path))
    return ("" if problems else text), problems


def find_controls(text: str) -> tuple[str, ...]:
    """The characters of ``text`` that cannot be printed."""
    return tuple(found.group() for found in _CONTROL.finditer(text))


def without_controls(text: str) -> str:
    """``text`` as a message can show it."""
    return _CONTROL.sub("\ufffd", text)


def control_problem(char: str, path: str, span: Span) -> Diagnostic:
    """``char`` stands at ``span``, itself or as an escape."""
    message = f"这里有不能排印的控制字符 U+{ord(char):04X}"
    return Diagnostic(Code.CONTROL_CHARACTER, path, span, message, "删去这个字符")


def _controls(text: str, path: str) -> Iterator[Diagnostic]:
    if not _CONTROL.search(text):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        for found in _CONTROL.finditer(line):
            span = Span.on_line(number, found.start() + 1, 1)
            yield control_problem(found.group(), path, span)


def line_feeds(text: str) -> str:
    """``text`` with LF line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _not_utf8(data: bytes, error: UnicodeDecodeError, path: str) -> Diagnostic:
    before = line_feeds(data[: error.start].decode("utf-8"))
    start = span_at(before, len(before), 0)
    span = Span.on_line(start.line, start.column, 1)
    guess = _guess(data)
    message = f"{path} 不是 UTF-8 编码" + (f"，看起来是 {guess}" if guess else "")
    hint = "用编辑器另存为 UTF-8 编码"
    return Diagnostic(Code.ENCODING_INVALID, path, span, message, hint)


def _guess(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return "GB18030（GBK）"


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "文件不存在"
    if isinstance(error, IsADirectoryError):
        return "它是一个文件夹"
    if isinstance(error, PermissionError):
        return "没有读取权限"
    return error.strerror or "系统错误"
