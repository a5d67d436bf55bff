"""One Markdown file to an `Item`: which keys there are, and what shape each has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.diagnostics import Code, Diagnostic, Edit
from jianbao.load.front_matter import split
from jianbao.load.keys import ITEM_KEYS
from jianbao.load.markdown import parse_body
from jianbao.load.text import read_text
from jianbao.misspelling import meant
from jianbao.model import Body, Item, Text
from jianbao.spans import START

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

    from jianbao.load.front_matter import Entry, FrontMatter
    from jianbao.workspace import Workspace

TEXT_KEYS = tuple(key.name for key in ITEM_KEYS if not key.many)
LIST_KEYS = tuple(key.name for key in ITEM_KEYS if key.many)

_MEANT = {word: key.name for key in ITEM_KEYS for word in key.meant}


def load_item(workspace: Workspace, file: Path) -> tuple[Item, tuple[Diagnostic, ...]]:
    """Read ``file`` of ``workspace``.

    Returns:
        The item, with None for what is not there, and what is wrong with its form.
    """
    path = workspace.relative(file)
    text, problems = read_text(file, path, workspace.read)
    if problems:
        return _empty(file, path), problems
    front, problems = split(text, path)
    if front is None:
        return _empty(file, path), problems
    body = parse_body(front.body, path, front.body_line, file.parent)
    fields, more = _fields(front, path)
    item = Item(path=path, stem=file.stem, front_matter=front.span, body=body, **fields)  # type: ignore[arg-type]  # the keys are TEXT_KEYS and LIST_KEYS
    return item, problems + more


def _empty(file: Path, path: str) -> Item:
    body = Body(path=path, source="", first_line=1, tokens=())
    return Item(path=path, stem=file.stem, front_matter=START, body=body)


def _fields(
    front: FrontMatter, path: str
) -> tuple[dict[str, Text | tuple[Text, ...]], tuple[Diagnostic, ...]]:
    fields: dict[str, Text | tuple[Text, ...]] = {}
    problems = []
    written = {entry.key.value for entry in front.entries}
    for entry in front.entries:
        name = entry.key.value
        value: Text | tuple[Text, ...] | None = None
        if name in TEXT_KEYS:
            value = entry.text
        elif name in LIST_KEYS:
            value = entry.texts
        else:
            problems.append(unknown_key(entry.key, (*TEXT_KEYS, *LIST_KEYS), path, written))
            continue
        if value is None:
            problems.append(_wrong_shape(entry, path))
        fields.setdefault(name, Text("", entry.span) if value is None else value)
    for name in LIST_KEYS:
        if isinstance(fields.get(name), Text):
            del fields[name]
    return fields, tuple(problems)


def unknown_key(
    key: Text, known: tuple[str, ...], path: str, written: Container[str]
) -> Diagnostic:
    """``key`` is none of ``known``; say which was meant.

    The fix is only for a name that is not among those ``written`` beside it.
    """
    near = meant(key.value.lower(), known)
    guess = _MEANT.get(key.value.lower()) or (near[0] if near else None)
    message = f"没有 {key.value} 这个键"
    if guess not in known:
        return Diagnostic(
            Code.KEY_UNKNOWN, path, key.span, message, f"可用的键：{'、'.join(known)}"
        )
    edit = None if guess in written else Edit(key.span, guess)
    return Diagnostic(Code.KEY_UNKNOWN, path, key.span, message, f"是不是 {guess}？", edit)


def _wrong_shape(entry: Entry, path: str) -> Diagnostic:
    name = entry.key.value
    if name in LIST_KEYS:
        message, hint = f"{name} 应是一个列表", f'写成 {name}: ["…", "…"]'
    else:
        message = f"{name} 应是一个值，不是列表或嵌套的键"
        hint = f"写成 {name}: …；值以 [ 或 {{ 开头时用英文双引号括起来"
    return Diagnostic(Code.VALUE_INVALID, path, entry.span, message, hint)
