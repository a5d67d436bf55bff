"""What can be typed at a place of an item, an issue.toml or a jianbao.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jianbao.diagnostics import Code
from jianbao.explanations import explain_in_markdown
from jianbao.load.keys import ITEM_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KEY = re.compile(r"[\w-]*")
_VALUE = re.compile(r"(?P<key>[\w-]+):\s+(?P<typed>.*)")
_LISTED = re.compile(r"\s*-\s+(?P<typed>.*)")
_WORD = re.compile(r"[\w-]*\Z")
_WRITTEN = re.compile(r"([\w-]+):")
_TABLE = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?")
_TOML_KEY = re.compile(r"\s*([\w-]*)")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may be typed in place of the ``typed`` characters before the cursor."""

    label: str
    text: str
    typed: int
    detail: str = ""
    explanation: str = ""  # Markdown


@dataclass(frozen=True, slots=True)
class Known:
    """The names that a workspace gives to choose from."""

    sections: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def front_matter(lines: list[str]) -> range:
    """Indices of the lines between the fences; to the end where the second is not there yet."""
    if not lines or lines[0].rstrip() != "---":
        return range(0)
    ends = (n for n, line in enumerate(lines[1:], start=1) if line.rstrip() in {"---", "..."})
    return range(1, next(ends, len(lines)))


def complete_item(lines: list[str], line: int, column: int, known: Known) -> Iterator[Proposal]:
    """Keys of the front matter, sections, sources and codes for ``ignore``."""
    within = front_matter(lines)
    if line not in within:
        return
    before = lines[line][:column]
    if _KEY.fullmatch(before):
        written = {m[1] for n in within if n != line and (m := _WRITTEN.match(lines[n]))}
        yield from _item_keys(before, written)
        return
    key, typed = _value_at(lines, line, before)
    match key:
        case "section":
            yield from (Proposal(name, name, len(typed), "栏目") for name in known.sections)
        case "source":
            yield from (Proposal(name, name, len(typed), "来源") for name in known.sources)
        case "ignore":
            word = _WORD.search(typed)
            yield from _codes(len(word.group()) if word else 0)


def _item_keys(typed: str, written: set[str]) -> Iterator[Proposal]:
    for key in ITEM_KEYS:
        if key.name not in written:
            text = f"{key.name}: []" if key.many else f"{key.name}: "
            yield Proposal(key.name, text, len(typed), key.meaning)


def _value_at(lines: list[str], line: int, before: str) -> tuple[str, str]:
    """The key whose value is being typed, and what of it stands before the cursor."""
    if found := _VALUE.fullmatch(before):
        return found["key"], found["typed"]
    listed = _LISTED.fullmatch(before)
    while listed and line > 0:
        line -= 1
        if found := _WRITTEN.match(lines[line]):
            return found[1], listed["typed"]
    return "", ""


def _codes(typed: int) -> Iterator[Proposal]:
    for code in Code:
        if code.may_be_ignored:
            explanation = explain_in_markdown(code)
            yield Proposal(code.slug, code.slug, typed, code.explanation, explanation)


def complete_toml(
    lines: list[str], line: int, column: int, schema: Mapping[str, Any]
) -> Iterator[Proposal]:
    """Keys of the table that the line lies in; tables at the start of a line."""
    before = lines[line][:column] if line < len(lines) else ""
    if not (found := _TOML_KEY.fullmatch(before)):
        return
    tables = [(n, m[1]) for n, text in enumerate(lines[:line]) if (m := _TABLE.match(text))]
    name = tables[-1][1] if tables else ""
    inside = schema["properties"].get(name, {}) if name else schema
    properties = inside.get("items", inside).get("properties", {})
    first = tables[-1][0] if tables else 0
    written = {m[1] for text in lines[first:line] if (m := _TOML_KEY.match(text))}
    for key, value in properties.items():
        if key not in written and not _is_table(value):
            yield Proposal(key, f"{key} = ", len(found[1]), value["description"])


def _is_table(schema: Mapping[str, Any]) -> bool:
    return "properties" in schema or "properties" in schema.get("items", {})
