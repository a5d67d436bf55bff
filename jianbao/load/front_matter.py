"""The YAML head of an item, with the place of every key and value.

ruamel.yaml's nodes carry marks, its constructed values do not; and no value is
converted here, since ``no``, ``0851`` or ``2025-01-20`` are all text to an editor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.main import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from jianbao.diagnostics import START, Code, Diagnostic, Span
from jianbao.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ruamel.yaml.error import StreamMark
    from ruamel.yaml.nodes import Node

_FENCE = re.compile(r"---[ \t]*\n(?:(?P<yaml>.*?)\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_NULLS = {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and what stands behind it: one text, a list of texts, or something else."""

    key: Text
    span: Span
    text: Text | None = None
    texts: tuple[Text, ...] | None = None


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The entries, where the block starts, and the line on which the body starts."""

    entries: tuple[Entry, ...]
    span: Span
    body_line: int
    body: str


def split(text: str, path: str) -> tuple[FrontMatter | None, tuple[Diagnostic, ...]]:
    """Part ``text`` into front matter and body.

    Returns:
        The front matter, or None where there is none to read, and what is wrong.
    """
    fence = _FENCE.match(text)
    if fence is None:
        return None, (_missing(text, path),)
    source = fence.group("yaml") or ""
    body = text[fence.end() :]
    body_line = text[: fence.end()].count("\n") + 1
    entries, problems = _entries(source, path)
    span = Span.on_line(1, 1, 3)
    return FrontMatter(entries, span, body_line, body), problems


def _missing(text: str, path: str) -> Diagnostic:
    if text.startswith("---"):
        message, hint = "稿件头部没有结束", "在头部最后一行之后另起一行写 ---"
    else:
        message, hint = (
            "稿件没有头部",
            "第一行写 ---，随后写 title、section、source、url，再写一行 ---",
        )
    return Diagnostic(Code.FRONT_MATTER_MISSING, path, START, message, hint)


def _entries(source: str, path: str) -> tuple[tuple[Entry, ...], tuple[Diagnostic, ...]]:
    try:
        node = YAML(typ="safe", pure=True).compose(source)
    except MarkedYAMLError as error:
        return (), (_syntax(error, source, path),)
    except (YAMLError, ValueError, RecursionError):
        # ValueError: an escape such as "\U00110000" that is no character.
        message = "稿件头部的 YAML 无法读取"
        return (), (Diagnostic(Code.YAML_INVALID, path, START, message),)
    if node is None:
        return (), ()
    if not isinstance(node, MappingNode):
        span = _span(node.start_mark, node.end_mark)
        message, hint = "稿件头部应是一行一个“键: 值”", "冒号用半角，后面空一格，例如 title: 标题"
        return (), (Diagnostic(Code.YAML_INVALID, path, span, message, hint),)
    entries = tuple(_entry(key, value) for key, value in node.value)
    return entries, tuple(_duplicates(entries, path))


def _entry(key: Node, value: Node) -> Entry:
    name = str(key.value) if isinstance(key, ScalarNode) else "?"
    label = Text(name, _span(key.start_mark, key.end_mark))
    span = _span(value.start_mark, value.end_mark)
    if isinstance(value, ScalarNode):
        return Entry(label, span, text=_text(value))
    if isinstance(value, SequenceNode) and all(isinstance(n, ScalarNode) for n in value.value):
        return Entry(label, span, texts=tuple(_text(n) for n in value.value))
    return Entry(label, span)


def _text(node: ScalarNode) -> Text:
    plain = node.style is None
    value = "" if plain and node.value in _NULLS else str(node.value).strip()
    return Text(value, _span(node.start_mark, node.end_mark))


def _duplicates(entries: tuple[Entry, ...], path: str) -> Iterator[Diagnostic]:
    first: dict[str, Span] = {}
    for entry in entries:
        name = entry.key.value
        if name in first:
            message = f"键 {name} 在第 {first[name].line} 行已经写过"
            yield Diagnostic(Code.KEY_DUPLICATE, path, entry.key.span, message, "只留一个")
        first.setdefault(name, entry.key.span)


def _span(start: StreamMark, end: StreamMark) -> Span:
    """Marks count from 0 and from the line after the opening fence."""
    return Span(start.line + 2, start.column + 1, end.line + 2, end.column + 1)


def _syntax(error: MarkedYAMLError, source: str, path: str) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = source.split("\n")
    line = min(line, len(lines) - 1)
    column = min(column, len(lines[line]))
    problem = str(error.problem or "")
    message, hint = _explain(problem, lines[line])
    span = Span.on_line(line + 2, column + 1, 1 if column < len(lines[line]) else 0)
    return Diagnostic(Code.YAML_INVALID, path, span, message, hint)


#: What ruamel.yaml says, by a part of its words, and what an editor should read.
_PROBLEMS = (
    (
        "mapping values are not allowed",
        "这一行有两个冒号",
        "值里有冒号时，把整个值用英文双引号括起来",
    ),
    ("found character '\\t'", "行首用了制表符", "改用空格"),
    ("found character", "值以不能直接使用的符号开头", "把整个值用英文双引号括起来"),
    ("found unexpected end of stream", "引号没有配对", "补上结尾的引号"),
    ("found unknown escape", "双引号里的反斜杠有特殊含义", "改用单引号，或写两个反斜杠"),
    ("could not find expected ':'", "这一行缺少冒号", "写成“键: 值”，冒号用半角，后面空一格"),
    ("found undefined alias", "值以 * 开头会被当作引用", "把整个值用英文双引号括起来"),
    (
        "expected <block end>",
        "缩进或引号不对",
        "键要顶格写；值里有引号时，把整个值用另一种引号括起来",
    ),
    ("expected ',' or ']'", "方括号列表没有写完整", "用英文逗号分隔，以 ] 结束"),
)


def _explain(problem: str, line: str) -> tuple[str, str]:
    if "：" in line and ": " not in line:
        return "冒号用了全角的“：”", "键后面的冒号要用半角，后面空一格"
    for words, message, hint in _PROBLEMS:
        if words in problem:
            return message, hint
    return "稿件头部的 YAML 写法有误", "检查这一行的引号、冒号和缩进"
