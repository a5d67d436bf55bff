"""JSON Schemas of the files that people write, for the completion of any editor.

Nothing is described here: an item's keys stand in ``load.keys``, and the loaders of TOML
files say what they ask for when they are given an empty file. Draft 7, which is what
editors' extensions for YAML and TOML know.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jianbao.diagnostics import Code
from jianbao.load.issue import read_head
from jianbao.load.keys import CONFIGURATION_MEANINGS, ISSUE_MEANINGS, ITEM_KEYS, SOURCE_MEANINGS
from jianbao.load.publication import read_configuration
from jianbao.load.sources import read_source
from jianbao.load.table import Table
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jianbao.load.keys import ItemKey
    from jianbao.load.table import Asked

Schema = dict[str, Any]

_DRAFT = "http://json-schema.org/draft-07/schema#"


def item_schema() -> Schema:
    """Front matter. Values are texts however YAML reads them: ``no`` and 2025 too."""
    return {
        "$schema": _DRAFT,
        "title": "稿件的头部",
        "type": "object",
        "properties": {key.name: _item_key(key) for key in ITEM_KEYS},
        "required": [key.name for key in ITEM_KEYS if key.required],
        "oneOf": [{"required": ["url"]}, {"required": ["no_url"]}],
        "additionalProperties": False,
    }


def configuration_schema() -> Schema:
    """jianbao.toml."""
    # With one of each table that need not be there, whose keys are asked for.
    optional = {
        "back_matter": [{}],
        "wechat": {"account": [{}]},
        "delivery": {"dkim": {}, "domain": [{}]},
        "gather": {"topics": [{}]},
    }
    table = Table(optional, "", "")
    read_configuration(table, Workspace(Path()))
    return _file_schema("jianbao.toml：刊物的设置", table, CONFIGURATION_MEANINGS)


def issue_schema() -> Schema:
    """issue.toml."""
    table = Table({"cover": {}}, "", "")  # with a cover, whose keys are asked for
    read_head(table, "", Path())
    return _file_schema("issue.toml：一期", table, ISSUE_MEANINGS)


def source_schema() -> Schema:
    """A file of sources/."""
    table = Table({}, "", "")
    read_source(table, "")
    return _file_schema("sources/*.toml：一个来源", table, SOURCE_MEANINGS)


#: By the name of the schema's file.
SCHEMAS = {
    "item.json": item_schema,
    "jianbao.json": configuration_schema,
    "issue.json": issue_schema,
    "source.json": source_schema,
}


def _item_key(key: ItemKey) -> Schema:
    text: Schema = {"type": ["string", "number", "boolean"]}
    if key.pattern:
        text["pattern"] = key.pattern
    if key.name == "ignore":
        text = {"enum": [code.slug for code in Code if code.may_be_ignored]}
    value = {"type": "array", "items": text} if key.many else text
    return {"description": key.meaning, **value}


def _file_schema(title: str, table: Table, meanings: Mapping[str, str]) -> Schema:
    return {"$schema": _DRAFT, "title": title, **_object(table, "", meanings)}


def _object(table: Table, prefix: str, meanings: Mapping[str, str]) -> Schema:
    properties = {}
    for name, asked in table.asked.items():
        path = f"{prefix}{name}"
        schema: Schema = {"description": meanings[path], **asked.schema}
        for below in asked.below:
            inside = _object(below, f"{path}.", meanings)
            schema |= {"items": inside} if schema.get("type") == "array" else inside
        properties[name] = schema
    required = [name for name, asked in table.asked.items() if _is_required(asked)]
    return {
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _is_required(asked: Asked) -> bool:
    """Itself, or as a table for a key in it; there may be none of an array's."""
    return asked.required or (
        not asked.optional
        and asked.schema.get("type") == "object"
        and any(_is_required(key) for below in asked.below for key in below.asked.values())
    )
