"""Diagnostics as text: full with the source line, concise, JSON, GitHub's annotations, SARIF."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable

from jianbao.diagnostics import Diagnostic, Severity
from jianbao.frozen import dataclass

#: Reads the lines of a file of the workspace by its relative path; empty where it cannot.
Lines = Callable[[str], list[str]]

FORMATS = ("full", "concise", "json", "github", "sarif")

#: Those of which there is one for all issues.
DOCUMENTS = ("json", "sarif")

_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"}
_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Style:
    """How text is shown: ``colour`` for ANSI, ``width`` in cells."""

    colour: bool = False
    width: int = 100

    def paint(self, text: str, code: str) -> str:
        """``text`` in the colour of an ANSI ``code``."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text


def render(
    diagnostics: tuple[Diagnostic, ...], form: str, lines: Lines, style: Style | None = None
) -> str:
    """All ``diagnostics`` in one of `FORMATS`, ending in a line feed unless empty."""
    if form == "json":
        return json.dumps([as_object(d) for d in diagnostics], ensure_ascii=False, indent=2) + "\n"
    if form == "sarif":
        from jianbao.sarif import render_sarif  # noqa: PLC0415  (only this format pays for the rules)

        return render_sarif(diagnostics)
    if form == "github":
        return "".join(f"{_github(d)}\n" for d in diagnostics)
    if form == "concise":
        return "".join(f"{_concise(d)}\n" for d in diagnostics)
    return "".join(_full(d, lines, style or Style()) for d in diagnostics)


def summary(diagnostics: tuple[Diagnostic, ...]) -> str:
    """How many of each: ``2 个错误，1 个警告``; empty where there are none."""
    counts = count(diagnostics)
    return "，".join(f"{counts[s]} 个{_WORDS[s]}" for s in Severity if counts[s])


def count(diagnostics: tuple[Diagnostic, ...]) -> dict[Severity, int]:
    """Number of diagnostics by severity."""
    return {s: sum(d.severity is s for d in diagnostics) for s in Severity}


def as_object(diagnostic: Diagnostic) -> dict[str, object]:
    """The JSON object of the contract."""
    span, fix = diagnostic.span, diagnostic.fix
    return {
        "code": diagnostic.code.slug,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "path": diagnostic.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "hint": diagnostic.hint,
        "fix": fix
        and {
            "line": fix.span.line,
            "column": fix.span.column,
            "end_line": fix.span.end_line,
            "end_column": fix.span.end_column,
            "text": fix.text,
        },
    }


def _concise(d: Diagnostic) -> str:
    return f"{d.path}:{d.span.line}:{d.span.column}: {d.severity}[{d.code.slug}] {d.message}"


def _github(d: Diagnostic) -> str:
    """A workflow command; ``%``, line ends and, in properties, ``:`` and ``,`` are escaped."""
    level = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
    properties = {
        "file": d.path,
        "line": d.span.line,
        "col": d.span.column,
        "endLine": d.span.end_line,
        "endColumn": d.span.end_column,
        "title": d.code.slug,
    }
    shown = ",".join(f"{key}={_escape(str(value), ':,')}" for key, value in properties.items())
    text = d.message + (f"（{d.hint}）" if d.hint else "")
    return f"::{level[d.severity]} {shown}::{_escape(text)}"


def _escape(text: str, more: str = "") -> str:
    for char in f"%\r\n{more}":
        text = text.replace(char, f"%{ord(char):02X}")
    return text


def _full(d: Diagnostic, lines: Lines, style: Style) -> str:
    colour = _COLOURS[d.severity]
    head = style.paint(f"{_WORDS[d.severity]}[{d.code.slug}]", f"1;{colour}")
    number = str(d.span.line)
    margin = " " * len(number)
    out = [f"{head}: {d.message}", f"{margin}--> {d.path}:{d.span.line}:{d.span.column}"]
    source = lines(d.path)
    if d.span.line <= len(source):
        line, column, length = _window(source[d.span.line - 1], d, style.width - len(number) - 4)
        caret = " " * cells(line[:column]) + "^" * max(1, cells(line[column : column + length]))
        out += [f"{margin} |", f"{number} | {line}", f"{margin} | {style.paint(caret, colour)}"]
    if d.hint:
        out.append(f"{margin} = {style.paint('怎么办', '1')}：{d.hint}")
    return "\n".join(out) + "\n\n"


#: Characters that a cell may show: a letter and the marks that are put on it.
_MOST = 4


def _window(line: str, d: Diagnostic, width: int) -> tuple[str, int, int]:
    """The part of a long line around the problem, and the problem's place in it."""
    line = line.replace("\t", " ")
    start = min(d.span.column - 1, len(line))
    end = min(d.span.end_column - 1, len(line)) if d.span.end_line == d.span.line else len(line)
    length = max(end - start, 0)
    if len(line) <= width and cells(line) <= width:
        return line, start, length
    left = max(0, start - width // 6)
    head = _ELLIPSIS if left else ""
    shown, room = head, width - cells(head) - cells(_ELLIPSIS)
    # Long lines have many problems, so none of them may look at more than it shows.
    for char in line[left : left + _MOST * width]:
        room -= cells(char)
        if room < 0:
            break
        shown += char
    if left + len(shown) - len(head) < len(line):
        shown += _ELLIPSIS
    column = start - left + len(head)
    return shown, column, min(length, max(len(shown) - column, 1))


def cells(text: str) -> int:
    """Width on a terminal: a Han character or full-width mark takes two cells."""
    width = 0
    for char in text:
        if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
            continue
        width += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return width
