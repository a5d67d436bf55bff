"""TOML with positions: tomllib gives values without places, so keys are found in the lines."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from jianbao.dates import iso_date
from jianbao.diagnostics import START, Code, Diagnostic, Span
from jianbao.load.item import unknown_key
from jianbao.load.text import control_problem, find_controls, without_controls
from jianbao.load.toml_problems import explain, unreadable
from jianbao.model import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADER = re.compile(r"^\s*(\[\[?)\s*(?P<name>[^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"^(?P<lead>\s*)(?P<key>[A-Za-z0-9_\-一-鿿]+|\"[^\"]*\"|'[^']*')\s*=\s*(?P<value>.*)$"
)


def read_toml(text: str, path: str) -> tuple[dict[str, Any], tuple[Diagnostic, ...]]:
    """Values of ``text``, or what is wrong with its syntax and where."""
    try:
        return tomllib.loads(text), ()
    except tomllib.TOMLDecodeError as error:
        return {}, (explain(error, text, path),)
    except (ValueError, RecursionError):
        # ValueError: a number of thousands of digits.
        return {}, (unreadable(path),)


class Table:
    """A TOML table read key by key, remembering what is wrong and what nobody asked for."""

    def __init__(self, values: Mapping[str, Any], text: str, path: str, name: str = "") -> None:
        self._values = values
        self._places = _places(text)
        self._text = text
        self._path = path
        self._name = name
        self._asked: list[str] = []
        self.problems: list[Diagnostic] = []

    def text(self, key: str, *, required: bool = False, default: str = "") -> str:
        """A string; a required one may not be blank."""
        value = self._take(key, required=required)
        if value is None:
            return default
        if not isinstance(value, str) or (required and not value.strip()):
            self._wrong(
                key, "一段文字" if not isinstance(value, str) else "不为空的文字", f'{key} = "……"'
            )
            return default
        return value.strip() if self._is_printable(key, value) else default

    def file_name(self, key: str) -> str:
        """A required name of a file, which no page shows; any text may turn out to be none."""
        value = self._values.get(key)
        if isinstance(value, str) and find_controls(value):
            self._asked.append(key)
            return value
        return self.text(key, required=True)

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        """One of ``choices``."""
        value = self.text(key, default=default)
        if value in choices:
            return value
        self._wrong(key, "、".join(choices) + " 之一", f'{key} = "{default}"')
        return default

    def integer(self, key: str, default: int | None = None) -> int | None:
        """A positive whole number, required where there is no ``default``."""
        value = self._take(key, required=default is None)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            self._wrong(key, "一个大于零的整数", f"{key} = {default or 4}")
            return default
        return value

    def date(self, key: str) -> date | None:
        """A required date, as TOML's date or a string of that form."""
        value = self._take(key, required=True)
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

    def texts(self, key: str, *, required: bool = False) -> tuple[Text, ...] | None:
        """A list of strings, each with its place."""
        value = self._take(key, required=required)
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
        value = self._take(key, required=False)
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
        return self._below(value or {}, key)

    def tables(self, key: str) -> tuple[Table, ...]:
        """An array of tables."""
        value = self._take(key, required=False)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self._wrong(key, "一组表", f"[[{key}]]")
            return ()
        return tuple(self._below(v, f"{key}#{n}") for n, v in enumerate(value))

    def _below(self, values: Mapping[str, Any], name: str) -> Table:
        below = Table(values, self._text, self._path, name)
        below.problems = self.problems
        return below

    def finish(self) -> None:
        """Report the keys that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                place = Text(without_controls(key), self.key_span(key))
                self.problems.append(unknown_key(place, tuple(self._asked), self._path))

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

    def _take(self, key: str, *, required: bool) -> Any:  # noqa: ANN401  (a TOML value before its shape is known)
        self._asked.append(key)
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
        span = self.value_span(key)
        self.problems.extend(control_problem(char, self._path, span) for char in found)
        return not found

    def _wrong(self, key: str, shape: str, example: str) -> None:
        span, hint = self.value_span(key), f"写成 {example}"
        self._report(Code.VALUE_INVALID, span, f"{key} 应是{shape}", hint)

    def _report(self, code: Code, span: Span, message: str, hint: str) -> None:
        self.problems.append(Diagnostic(code, self._path, span, message, hint))


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
