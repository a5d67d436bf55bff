"""The YAML head of an item, with the place of every key and value.

ruamel.yaml's nodes carry marks, its constructed values do not; and no value is
converted here, since ``no``, ``0851`` or ``2025-01-20`` are all text to an editor.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import ScalarEvent
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from jianbao.diagnostics import Code, Diagnostic
from jianbao.frozen import dataclass
from jianbao.load.text import control_problem, find_controls, without_controls
from jianbao.load.yaml_nodes import read_nodes
from jianbao.load.yaml_problems import FIRST_LINE, explain
from jianbao.model import Text
from jianbao.patterns import pattern
from jianbao.spans import START, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ruamel.yaml.error import StreamMark
    from ruamel.yaml.events import Event
    from ruamel.yaml.nodes import Node

_FENCE = pattern(r"---[ \t]*\n(?:(?P<yaml>.*?)\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
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
        node, events = read_nodes(source)
    except (YAMLError, ValueError, RecursionError) as error:
        return (), (explain(error, source, path),)
    if node is None:
        return (), ()
    if not isinstance(node, MappingNode):
        span = _span(node.start_mark, node.end_mark)
        message, hint = "稿件头部应是一行一个“键: 值”", "冒号用半角，后面空一格，例如 title: 标题"
        return (), (Diagnostic(Code.YAML_INVALID, path, span, message, hint),)
    entries = tuple(_entry(key, value, source) for key, value in node.value)
    return entries, (*_lost(events, path), *_cut(events, source, path), *_duplicates(entries, path))


def _entry(key: Node, value: Node, source: str) -> Entry:
    name = without_controls(str(key.value)) if isinstance(key, ScalarNode) else "?"
    label = Text(name, _span(key.start_mark, key.end_mark))
    span = _span(value.start_mark, value.end_mark)
    if isinstance(value, ScalarNode):
        # Where nothing is written ruamel.yaml points at the next key.
        empty = value.start_mark.index == value.end_mark.index
        span = _behind(key.end_mark, source) if empty else span
        return Entry(label, span, text=Text(_value(value), span))
    if isinstance(value, SequenceNode) and all(isinstance(n, ScalarNode) for n in value.value):
        return Entry(label, span, texts=tuple(_text(n) for n in value.value))
    return Entry(label, span)


def _behind(end: StreamMark, source: str) -> Span:
    """The place for a value: behind the colon of the key that ends at ``end``."""
    rest = source.split("\n")[end.line][end.column :]
    return Span.on_line(end.line + FIRST_LINE, end.column + rest.find(":") + 2, 0)


def _text(node: ScalarNode) -> Text:
    return Text(_value(node), _span(node.start_mark, node.end_mark))


def _value(node: ScalarNode) -> str:
    plain = node.style is None
    return "" if plain and node.value in _NULLS else without_controls(str(node.value)).strip()


def _lost(events: list[Event], path: str) -> Iterator[Diagnostic]:
    r"""Texts that would not be printed as they are written.

    YAML keeps an anchor (&AI) or a tag (!!str) to itself, and "\u0007" brings a control
    character past `read_text`.
    """
    for event in events:
        if not isinstance(event, ScalarEvent):
            continue
        span = _span(event.start_mark, event.end_mark)
        if event.anchor is not None or event.tag is not None:
            mark = "!" if event.anchor is None else "&"
            message, hint = f"值以 {mark} 开头会被当作标记", "把整个值用英文双引号括起来"
            yield Diagnostic(Code.YAML_INVALID, path, span, message, hint)
        for control in find_controls(str(event.value)):
            yield control_problem(control, path, span)


def _cut(events: list[Event], source: str, path: str) -> Iterator[Diagnostic]:
    """Plain values with a # behind them: to YAML a comment, to an editor perhaps 标题 #1."""
    lines = source.split("\n")
    for event in events:
        if not isinstance(event, ScalarEvent) or not event.implicit[0] or not event.value:
            continue
        line, column = event.end_mark.line, event.end_mark.column
        rest = lines[line][column:] if line < len(lines) else ""
        if rest.lstrip(" \t").startswith("#"):
            start = column + len(rest) - len(rest.lstrip(" \t"))
            span = Span.on_line(line + FIRST_LINE, start + 1, len(lines[line]) - start)
            message = f"“{lines[line][start:][:20]}”被当作注释，不会排印"
            hint = "要排印的，把整个值用英文双引号括起来"
            yield Diagnostic(Code.VALUE_CUT, path, span, message, hint)


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
    lines = start.line + FIRST_LINE, end.line + FIRST_LINE
    return Span(lines[0], start.column + 1, lines[1], end.column + 1)
