"""TOML with positions: tomllib gives values without places, so keys are found in the lines."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jianbao.dates import DATE_PATTERN, iso_date
from jianbao.diagnostics import Code, Diagnostic
from jianbao.frozen import dataclass
from jianbao.load.item import unknown_key
from jianbao.load.text import control_problem, find_controls, without_controls
from jianbao.load.toml_problems import explain, unreadable
from jianbao.model import Text
from jianbao.patterns import pattern
from jianbao.spans import START, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADER = pattern(r"^\s*(\[\[?)\s*(?P<name>[^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = pattern(r"^(?P<lead>\s*)(?P<key>[\w\-]+|\"[^\"]*\"|'[^']*')\s*=\s*(?P<value>.*)$")


def read_toml(text: str, path: str) -> tuple[dict[str, Any], tuple[Diagnostic, ...]]:
    """Values of ``text``, or what is wrong with its syntax and where."""
    try:
        return tomllib.loads(text), ()
    except tomllib.TOMLDecodeError as error:
        return {}, (explain(error, text, path),)
    except (ValueError, RecursionError):
        # ValueError: a number of thousands of digits.
        return {}, (unreadable(path),)


#: JSON Schema of a text that is not blank.
_TEXT = {"type": "string", "pattern": r"\S"}

#: JSON Schema of ``[["主编", ["……"]], …]``.
_CREDITS = {
    "type": "array",
    "items": {
        "type": "array",
        "items": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        "minItems": 2,
        "additionalItems": False,
    },
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A key that a loader asked for: the JSON Schema of its value, and the tables below it."""

    required: bool
    schema: Mapping[str, Any]
    below: tuple[Table, ...] = ()
    optional: bool = False  # a table that may be left out, whatever keys it must have


class Table:
    """A TOML table read key by key, remembering what is wrong and what nobody asked for.

    ``asked`` is what the loader asked for: the only description of a file's keys, from
    which their schema is written.
    """

    def __init__(self, values: Mapping[str, Any], text: str, path: str, name: str = "") -> None:
        self._values = values
        self._text = text
        self._path = path
        self._name = name
        self.asked: dict[str, Asked] = {}
        self.problems: list[Diagnostic] = []

    @cached_property
    def _places(self) -> dict[tuple[str, str], tuple[Span, Span]]:
        """Where keys and values stand, which is seldom asked of a file without a fault."""
        return _places(self._text)

    def text(self, key: str, *, required: bool = False, default: str = "") -> str:
        """A string; a required one may not be blank."""
        schema = _TEXT if required else {"type": "string"}
        value = self._take(key, required=required, schema=_with(schema, default))
        if value is None:
            return default
        if not isinstance(value, str) or (required and not value.strip()):
            self._wrong(
                key, "一段文字" if not isinstance(value, str) else "不为空的文字", f'{key} = "……"'
            )
            return default
        return value.strip() if self._is_printable(key, value) else default

    def word(self, key: str, pattern: str, example: str, *, required: bool = False) -> str:
        """A string that matches ``pattern`` whole, such as ``example``."""
        value = self.text(key, required=required)
        schema = {"type": "string", "pattern": f"^(?:{pattern})$"}
        self.asked[key] = Asked(required=required, schema=schema)
        if not value or re.fullmatch(pattern, value):
            return value
        self._wrong(key, f"像 {example} 这样的字母和数字", f'{key} = "{example}"')
        return ""

    def file_name(self, key: str) -> str:
        """A required name of a file, which no page shows; any text may turn out to be none."""
        value = self._values.get(key)
        if isinstance(value, str) and find_controls(value):
            self.asked[key] = Asked(required=True, schema=_TEXT)
            return value
        return self.text(key, required=True)

    def choice(
        self, key: str, choices: tuple[str, ...], default: str, *, required: bool = False
    ) -> str:
        """One of ``choices``; a required one has ``default`` only as its example."""
        value = self.text(key, required=required, default=default)
        schema = _with({"enum": list(choices)}, "" if required else default)
        self.asked[key] = Asked(required=required, schema=schema)
        if value in choices:
            return value
        self._wrong(key, "、".join(choices) + " 之一", f'{key} = "{default}"')
        return default

    def flag(self, key: str) -> bool:
        """Whether ``key`` is ``true``; false where it is not written."""
        value = self._take(key, required=False, schema={"type": "boolean", "default": False})
        if value is not None and not isinstance(value, bool):
            self._wrong(key, "true 或 false", f"{key} = true")
        return value is True

    def choices(self, key: str, choices: tuple[str, ...]) -> tuple[str, ...]:
        """Some of ``choices`` as a list; ``true`` is all of them, ``false`` none."""
        some = {"type": "array", "items": {"enum": list(choices)}}
        schema = {"anyOf": [{"type": "boolean"}, some]}
        value = self._take(key, required=False, schema=schema)
        if isinstance(value, bool) or value is None:
            return choices if value else ()
        if not isinstance(value, list) or not all(v in choices for v in value):
            shape = f"true、false，或者 {'、'.join(choices)} 中的几个"
            self._wrong(key, shape, f'{key} = ["{choices[0]}", "{choices[-1]}"]')
            return ()
        return tuple(value)

    def number(self, key: str, least: float, most: float, default: float) -> float:
        """A number between two others; a whole one where ``default`` is a whole number."""
        kind = "integer" if isinstance(default, int) else "number"
        schema = {"type": kind, "minimum": least, "maximum": most, "default": default}
        value = self._take(key, required=False, schema=schema)
        if value is None:
            return default
        shapes = (int,) if isinstance(default, int) else (int, float)
        if not isinstance(value, shapes) or isinstance(value, bool) or not least <= value <= most:
            word = "整数" if isinstance(default, int) else "数"
            self._wrong(key, f" {least:.12g} 到 {most:.12g} 之间的{word}", f"{key} = {default:g}")
            return default
        return value

    def integer(self, key: str, default: int | None = None) -> int | None:
        """A positive whole number, required where there is no ``default``."""
        schema = {"type": "integer", "minimum": 1}
        if default is not None:
            schema["default"] = default
        value = self._take(key, required=default is None, schema=schema)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            self._wrong(key, "一个大于零的整数", f"{key} = {default or 4}")
            return default
        return value

    def date(self, key: str) -> date | None:
        """A required date, as TOML's date or a string of that form."""
        value = self._take(key, required=True, schema={"type": "string", "pattern": DATE_PATTERN})
        if isinstance(value, datetime):
            value = value.date()
        if value is None or isinstance(value, date):
            return value
        try:
            return iso_date(value if isinstance(value, str) else "")
        except ValueError:
            message, hint = f"{key} 不是一个日期", f"写成 {key} = 2025-02-10"
            self._report(Code.DATE_INVALID, self.value_span(key), message, hint)
            return None

    def texts(
        self, key: str, *, required: bool = False, pattern: str = ""
    ) -> tuple[Text, ...] | None:
        """A list of strings, each with its place; that they match ``pattern``, the caller sees."""
        text = {"type": "string", "pattern": pattern} if pattern else _TEXT
        schema = {"type": "array", "items": text, **({"minItems": 1} if required else {})}
        value = self._take(key, required=required, schema=schema)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            self._wrong(key, "一个文字列表", f'{key} = ["……", "……"]')
            return None
        if required and not value:
            self._wrong(key, "不为空的文字列表", f'{key} = ["……", "……"]')
            return None
        if not self._is_printable(key, *value):
            return None
        spans = _element_spans(self._text, self.value_span(key), value)
        return tuple(Text(v.strip(), span) for v, span in zip(value, spans, strict=True))

    def credits(self, key: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Pairs of a label and names: ``[["主编", ["……"]], …]``."""
        value = self._take(key, required=False, schema=_CREDITS)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(_is_credit(pair) for pair in value):
            self._wrong(
                key, "一列“职务、姓名列表”", f'{key} = [["主编", ["……"]], ["邮箱", ["……"]]]'
            )
            return ()
        if not self._is_printable(
            key, *(text for label, names in value for text in (label, *names))
        ):
            return ()
        return tuple((label, tuple(names)) for label, names in value)

    def table(self, key: str) -> Table:
        """A table below this one; empty where it is not written."""
        value = self._take(key, required=False)
        if value is not None and not isinstance(value, dict):
            self._wrong(key, "一个表", f"[{key}]")
            value = None
        below = self._below(value or {}, key)
        self.asked[key] = Asked(required=False, schema={"type": "object"}, below=(below,))
        return below

    def optional_table(self, key: str) -> Table | None:
        """A table below this one, which must have its required keys if it is there."""
        below = self.table(key)
        self.asked[key] = replace(self.asked[key], optional=True)
        return below if self.is_written(key) else None

    def tables(self, key: str) -> tuple[Table, ...]:
        """An array of tables."""
        value = self._take(key, required=False)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self._wrong(key, "一组表", f"[[{key}]]")
            return ()
        below = tuple(self._below(v, f"{key}#{n}") for n, v in enumerate(value))
        self.asked[key] = Asked(required=False, schema={"type": "array"}, below=below)
        return below

    def _below(self, values: Mapping[str, Any], name: str) -> Table:
        whole = f"{self._name}.{name}" if self._name else name
        below = Table(values, self._text, self._path, whole)
        below.problems = self.problems
        return below

    def is_written(self, key: str) -> bool:
        """Whether there is ``key``, whatever its value."""
        return key in self._values

    def finish(self) -> None:
        """Report the keys that nobody asked for."""
        for key in self._values:
            if key not in self.asked:
                place = Text(without_controls(key), self.key_span(key))
                found = unknown_key(place, tuple(self.asked), self._path, self._values)
                # The place of a table, or of a dotted key, is no place for another name.
                known = (self._name, key) in self._places
                self.problems.append(found if known else replace(found, fix=None))

    def key_span(self, key: str) -> Span:
        """Where ``key`` is written; the table's header or the start where it is not."""
        place = self._places.get((self._name, key)) or self._places.get((self._name, ""))
        if place is None and key in self._values:
            place = self._places.get((key, "")) or self._places.get((f"{key}#0", ""))
        return place[0] if place else START

    def value_span(self, key: str) -> Span:
        """Where the value of ``key`` starts, to the end of its line."""
        place = self._places.get((self._name, key))
        return place[1] if place else self.key_span(key)

    def _take(self, key: str, *, required: bool, schema: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401  (a TOML value before its shape is known)
        self.asked[key] = Asked(required, schema or {})
        if key not in self._values:
            if required:
                where = f"[{self._name.split('#')[0]}] 里" if self._name else ""
                self._report(
                    Code.KEY_MISSING, self.key_span(key), f"{where}缺少 {key}", f"加一行 {key} = …"
                )
            return None
        return self._values[key]

    def _is_printable(self, key: str, *texts: str) -> bool:
        r"""Whether ``texts`` have no control character, which "\u0007" brings past `read_text`."""
        found = [char for text in texts for char in find_controls(text)]
        self.problems += (control_problem(one, self._path, self.value_span(key)) for one in found)
        return not found

    def _wrong(self, key: str, shape: str, example: str) -> None:
        span, hint = self.value_span(key), f"写成 {example}"
        self._report(Code.VALUE_INVALID, span, f"{key} 应是{shape}", hint)

    def _report(self, code: Code, span: Span, message: str, hint: str) -> None:
        self.problems.append(Diagnostic(code, self._path, span, message, hint))


def _with(schema: Mapping[str, Any], default: str) -> Mapping[str, Any]:
    return {**schema, "default": default} if default else schema


def _is_credit(pair: object) -> bool:
    if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004  (a pair)
        return False
    label, names = pair
    return (
        isinstance(label, str)
        and isinstance(names, list)
        and all(isinstance(n, str) for n in names)
    )


def _places(text: str) -> dict[tuple[str, str], tuple[Span, Span]]:
    """Spans of key and value by (table, key); the header itself is the key ``""``.

    The n-th ``[[name]]`` is the table ``name#n``. Lines inside multi-line strings that
    look like keys can mislead it, never the values: tomllib reads those.
    """
    places: dict[tuple[str, str], tuple[Span, Span]] = {}
    table, counts = "", dict[str, int]()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            table = header.group("name").strip()
            if header.group(1) == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = f"{table}#{counts[table]}"
            span = Span.on_line(number, 1 + len(line) - len(line.lstrip()), len(line.strip()))
            places.setdefault((table, ""), (span, span))
        elif pair := _KEY.match(line):
            key = Span.on_line(number, pair.start("key") + 1, len(pair.group("key")))
            value = Span.on_line(number, pair.start("value") + 1, len(pair.group("value").rstrip()))
            places.setdefault((table, pair.group("key").strip("\"'")), (key, value))
    return places


def _element_spans(text: str, value: Span, elements: list[str]) -> list[Span]:
    """Spans of a list's strings, found one after the other behind the key."""
    lines = text.split("\n")
    line, cursor = value.line, value.column - 1
    spans = []
    for element in elements:
        found = _next(lines, line, cursor, element)
        if found is None:
            spans.append(value)
            continue
        line, column = found
        cursor = column + len(element)
        spans.append(Span.on_line(line, column + 1, len(element)))
    return spans


def _next(lines: list[str], line: int, cursor: int, word: str) -> tuple[int, int] | None:
    for number in range(line, len(lines) + 1):
        column = lines[number - 1].find(word, cursor if number == line else 0)
        if column >= 0:
            return number, column
    return None
