"""What is wrong with a TOML file, in an editor's words, where tomllib refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.diagnostics import Code, Diagnostic
from jianbao.patterns import pattern
from jianbao.spans import START, Span

if TYPE_CHECKING:
    from tomllib import TOMLDecodeError

_AT = pattern(r"\(at line (\d+), column (\d+)\)")

#: What may be meant as a date: 2025-2-3, 2025/02/10, 2025.02.10, 2025年2月10日, with a time.
_DATE = pattern(
    r"(?<![\w.])\d{4}(?:[-/.]\d{1,2}(?:[-/.]\d{1,2})?|年\d{1,2}月(?:\d{1,2}日)?)(?:[Tt][\w:.+-]*)?"
)

#: The marks of a Chinese input method that stand where TOML wants its own.
_FULL_WIDTH = {
    "，": ("逗号用了全角的“，”", "列表里用半角的逗号 , 隔开"),
    "、": ("列表里用了顿号“、”", "列表里用半角的逗号 , 隔开"),
    "【": ("方括号用了全角的“【”", "改用半角的 [ 和 ]"),
    "】": ("方括号用了全角的“】”", "改用半角的 [ 和 ]"),
    "［": ("方括号用了全角的“［”", "改用半角的 [ 和 ]"),
    "］": ("方括号用了全角的“］”", "改用半角的 [ 和 ]"),
    **dict.fromkeys("＝“”‘’＂＇", ("等号或引号用了全角", "等号和引号都要用半角")),
}

#: What tomllib says, by a part of its words, and what an editor should read.
_PROBLEMS = (
    ("Cannot overwrite a value", "同一个键或表写了两次", "只留一个"),
    ("Cannot declare", "同一个键或表写了两次", "只留一个"),
    ("Expected '='", "这一行缺少等号", "写成 键 = 值"),
    ("Invalid value", "值的写法有误", '文字要用英文双引号括起来，例如 headline = "……"'),
)


def explain(error: TOMLDecodeError, text: str, path: str) -> Diagnostic:
    """What is wrong in ``text``, where tomllib met it."""
    lines = text.split("\n")
    number, index = _position(str(error), lines)
    line = lines[number]
    day = next((m for m in _DATE.finditer(line) if m.start() <= index < m.end()), None)
    if day:
        span = Span.on_line(number + 1, day.start() + 1, len(day.group()))
        message, hint = f"{day.group()} 不是一个日期", "写成 2025-02-10 这样"
        return Diagnostic(Code.DATE_INVALID, path, span, message, hint)
    message, hint = _words(str(error), line, index)
    span = Span.on_line(number + 1, index + 1, len(line[index : index + 1]))
    return Diagnostic(Code.TOML_INVALID, path, span, message, hint)


def unreadable(path: str) -> Diagnostic:
    """What tomllib gives up on without a place: lists in lists without end, huge numbers."""
    message, hint = "TOML 无法读取", "检查有没有多余的方括号或过长的数字"
    return Diagnostic(Code.TOML_INVALID, path, START, message, hint)


def _position(problem: str, lines: list[str]) -> tuple[int, int]:
    """Line and character, from 0, that lie inside the file."""
    at = _AT.search(problem)
    if at:
        number = min(int(at.group(1)), len(lines)) - 1
        return number, min(int(at.group(2)) - 1, len(lines[number]))
    # "at end of document": behind the last thing written
    number = max((n for n, line in enumerate(lines) if line.strip()), default=0)
    return number, len(lines[number])


def _words(problem: str, line: str, index: int) -> tuple[str, str]:
    """Message and hint."""
    if line[index : index + 1] in _FULL_WIDTH:
        return _FULL_WIDTH[line[index]]
    for words, message, hint in _PROBLEMS:
        if words in problem:
            return message, hint
    # "要题” has no end, and tomllib finds out at the end of the line.
    if index >= len(line) and line.rstrip().endswith(("”", "’", "＂")):
        return _FULL_WIDTH["”"]
    return "TOML 写法有误", "检查这一行的引号、等号和方括号"
