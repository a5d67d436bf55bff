"""What is wrong with the YAML of an item's head, in an editor's words and on its line.

ruamel.yaml stops where it cannot go on, which is often a line or more behind the
mistake: a plain text, a quote and a bracket all run on over line ends.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.tokens import ScalarToken

from jianbao.diagnostics import Code, Diagnostic
from jianbao.frozen import dataclass
from jianbao.load.yaml_nodes import TOO_DEEP, read_tokens
from jianbao.patterns import pattern
from jianbao.spans import START, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ruamel.yaml.error import StreamMark

#: The YAML starts behind the opening fence, and its marks count from 0.
FIRST_LINE = 2

_KEY = pattern(r"[\w-]+:(?:\s|$)")
_CONTENT = pattern(r"\s*[^\s#]")
_NO_CHARACTER = pattern(r"\\U(?!000|0010)[0-9A-Fa-f]{8}")

_QUOTE_WHOLE = "把整个值用英文双引号括起来"


@dataclass(frozen=True, slots=True)
class _Mistake:
    """A place in the YAML, counted from 0, and what to say of it."""

    line: int
    column: int
    message: str
    hint: str
    length: int = 1


def explain(error: Exception, source: str, path: str) -> Diagnostic:
    """What is wrong in ``source``, which ruamel.yaml refused with ``error``."""
    lines = source.split("\n")
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return _unreadable(lines, path)
    found = _mistake(error, error.problem_mark, source, lines)
    line = min(found.line, len(lines) - 1)
    column = min(found.column, len(lines[line]))
    length = min(found.length, len(lines[line]) - column)
    span = Span.on_line(line + FIRST_LINE, column + 1, length)
    return Diagnostic(Code.YAML_INVALID, path, span, found.message, found.hint)


def _unreadable(lines: list[str], path: str) -> Diagnostic:
    r"""An escape such as "\U00110000" that is no character, or lists in lists without end."""
    span, hint = START, "检查有没有多余的方括号或花括号"
    for number, line in enumerate(lines, start=FIRST_LINE):
        if found := _NO_CHARACTER.search(line):
            span = Span.on_line(number, found.start() + 1, len(found.group()))
            hint = "改用单引号，或写两个反斜杠"
            break
    return Diagnostic(Code.YAML_INVALID, path, span, "稿件头部的 YAML 无法读取", hint)


def _mistake(error: MarkedYAMLError, mark: StreamMark, source: str, lines: list[str]) -> _Mistake:
    return (
        _runaway_quote(source, lines, mark)
        or _run_on(error, mark, lines)
        or _tab(error, mark, lines)
        or _by_words(error, mark)
    )


def _run_on(error: MarkedYAMLError, mark: StreamMark, lines: list[str]) -> _Mistake | None:
    """What was noticed behind the place where it is wrong."""
    problem, opened = str(error.problem), error.context_mark or mark
    if "unexpected end of stream" in problem:
        return _unclosed_quote(opened)
    if "could not find expected ':'" in problem:
        return _without_colon(opened.line, lines)
    if "mapping values are not allowed" in problem:
        return _second_colon(mark, lines)
    if "expected '<document start>'" in problem:
        return _bad_start(mark, lines)
    if "parsing a flow" in str(error.context) and problem.startswith("expected ','"):
        return _unclosed_bracket(opened, mark, lines)
    return None


def _runaway_quote(source: str, lines: list[str], mark: StreamMark) -> _Mistake | None:
    """A quote without end that was ended by the first quote of another line."""
    last = None
    for token in _tokens(source):
        if token.end_mark.index > mark.index:
            break
        last = token
    if last is None or last.plain or last.style not in {"'", '"'}:
        return None
    start, end = last.start_mark, last.end_mark
    eaten = lines[start.line + 1 : end.line + 1]
    return _unclosed_quote(start) if any(map(_KEY.match, eaten)) else None


def _tokens(source: str) -> Iterator[ScalarToken]:
    """The texts up to where reading stops."""
    try:
        for token in read_tokens(source):
            if isinstance(token, ScalarToken):
                yield token
    except (YAMLError, ValueError, RecursionError):
        return


def _unclosed_quote(opened: StreamMark) -> _Mistake:
    return _Mistake(opened.line, opened.column, "引号没有配对", "补上结尾的引号")


def _without_colon(number: int, lines: list[str]) -> _Mistake:
    """A line that should be a key and a value: what stands in the way of the colon."""
    line = lines[min(number, len(lines) - 1)]
    if found := re.match(r"\s*[\w-]+\s*(?=：)", line):
        message, hint = "冒号用了全角的“：”", "键后面的冒号要用半角，后面空一格"
        return _Mistake(number, found.end(), message, hint)
    if found := re.match(r"\s*[\w-]+(?=:(?!//)\S)", line):
        message, hint = "冒号后面缺少空格", "键后面的半角冒号之后空一格，例如 title: 标题"
        return _Mistake(number, found.end(), message, hint)
    hint = "写成“键: 值”，冒号用半角，后面空一格；接着上一行的文字，行首空两格"
    indent = len(line) - len(line.lstrip())
    return _Mistake(number, indent, "这一行缺少冒号", hint, len(line.strip()))


def _second_colon(mark: StreamMark, lines: list[str]) -> _Mistake:
    """A colon where no key can be, since the text before it did not end."""
    before = lines[mark.line][: mark.column]
    if re.search(r":\s", before):
        hint = "值里有冒号时，把整个值用英文双引号括起来"
        return _Mistake(mark.line, mark.column, "这一行有两个冒号", hint)
    if before[:1].isspace():
        return _indented(mark.line, lines)
    # A text without a key goes on from its first line to this one.
    number = mark.line
    while number > 0 and _CONTENT.match(lines[number - 1]) and not _KEY.match(lines[number - 1]):
        number -= 1
    return _without_colon(number, lines)


def _bad_start(mark: StreamMark, lines: list[str]) -> _Mistake:
    """What stands on the first line was taken for the whole."""
    first = next((n for n, line in enumerate(lines) if _CONTENT.match(line)), mark.line)
    if lines[first][:1].isspace():
        return _indented(first, lines)
    if first < mark.line and not _KEY.match(lines[first]):
        return _without_colon(first, lines)
    hint = "检查这一行的引号、冒号和缩进"
    return _Mistake(mark.line, mark.column, "稿件头部的 YAML 写法有误", hint)


def _indented(number: int, lines: list[str]) -> _Mistake:
    indent = len(lines[number]) - len(lines[number].lstrip())
    return _Mistake(number, 0, "键的前面有空格", "键要顶格写，删去行首的空格", indent)


def _unclosed_bracket(opened: StreamMark, mark: StreamMark, lines: list[str]) -> _Mistake:
    """The list ends at the latest where the next key starts, or with the last line."""
    line, column = mark.line, mark.column
    keys = (n for n in range(opened.line + 1, len(lines)) if _KEY.match(lines[n]))
    if (following := next(keys, len(lines))) <= line or not "".join(lines[line:])[column:].strip():
        line = min(following, line + 1, len(lines)) - 1
        while line > opened.line and not _CONTENT.match(lines[line]):
            line -= 1
        column = len(lines[line].rstrip())
    if lines[opened.line][opened.column] == "{":
        return _Mistake(line, column, "花括号没有写完整", f"值以 {{ 开头时，{_QUOTE_WHOLE}")
    hint = "用英文逗号分隔，以 ] 结束"
    return _Mistake(line, column, "方括号列表没有写完整", hint)


#: What ruamel.yaml says, by a part of its words, and what an editor should read.
_PROBLEMS = (
    (TOO_DEEP, "括号或缩进套得太深", f"检查有没有多余的括号；值以 [ 或 {{ 开头的，{_QUOTE_WHOLE}"),
    ("found character", "值以不能直接使用的符号开头", _QUOTE_WHOLE),
    ("found unknown escape", "双引号里的反斜杠有特殊含义", "改用单引号，或写两个反斜杠"),
    ("expected escape sequence", "双引号里的反斜杠有特殊含义", "改用单引号，或写两个反斜杠"),
    ("found undefined alias", "值以 * 开头会被当作引用", _QUOTE_WHOLE),
    ("entries are not allowed here", "值以 - 开头会被当作列表", _QUOTE_WHOLE),
    ("keys are not allowed here", "值以 ? 开头会被当作键", _QUOTE_WHOLE),
    (
        "expected <block end>",
        "缩进或引号不对",
        "键要顶格写；值里有引号时，把整个值用另一种引号括起来",
    ),
    ("expected the node content", "这里缺少一个值", f"删去多余的逗号或括号，或{_QUOTE_WHOLE}"),
)

#: The same by what it was reading, shown where that starts.
_CONTEXTS = (
    ("scanning a block scalar", "值以 | 或 > 开头会被当作多行文字", _QUOTE_WHOLE),
    ("scanning an anchor", "值以 & 开头会被当作标记", _QUOTE_WHOLE),
    ("scanning an alias", "值以 * 开头会被当作引用", _QUOTE_WHOLE),
    ("parsing a tag", "值以 ! 开头会被当作标记", _QUOTE_WHOLE),
    ("parsing an tag", "值以 ! 开头会被当作标记", _QUOTE_WHOLE),
    ("scanning a directive", "行首的 % 会被当作指令", "键要顶格写，写成“键: 值”"),
)


def _tab(error: MarkedYAMLError, mark: StreamMark, lines: list[str]) -> _Mistake | None:
    if "found character '\\t'" not in str(error.problem):
        return None
    where = "冒号后面" if lines[mark.line][: mark.column].strip() else "行首"
    return _Mistake(mark.line, mark.column, f"{where}用了制表符", "改用空格")


def _by_words(error: MarkedYAMLError, mark: StreamMark) -> _Mistake:
    opened = error.context_mark or mark
    for words, message, hint in _CONTEXTS:
        if words in str(error.context):
            return _Mistake(opened.line, opened.column, message, hint)
    for words, message, hint in _PROBLEMS:
        if words in str(error.problem):
            return _Mistake(mark.line, mark.column, message, hint)
    hint = "检查这一行的引号、冒号和缩进"
    return _Mistake(mark.line, mark.column, "稿件头部的 YAML 写法有误", hint)
