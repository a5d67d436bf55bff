"""The JSON Schemas, held against the cases of ``cases/broken`` and against good files."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml.error import YAMLError
from ruamel.yaml.main import YAML
from test_cases import CASES
from workspaces import MINIMAL, ROOT

from jianbao.load.keys import CONFIGURATION_MEANINGS, ISSUE_MEANINGS
from jianbao.schema import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from case_files import Case

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)", re.DOTALL | re.MULTILINE)

VALIDATORS = {name: Draft7Validator(schema()) for name, schema in SCHEMAS.items()}

#: What a schema can know of a file; other codes need the rules.
KNOWN = {
    "key-unknown",
    "key-missing",
    "value-invalid",
    "title-empty",
    "section-missing",
    "source-missing",
    "url-missing",
    "url-conflict",
    "url-scheme",
    "date-invalid",
    "ignore-unknown",
}

#: Where it cannot: what is written twice, what day there is none, what does not fit together.
BEYOND = (
    "configuration-section-twice",
    "configuration-measures-",
    "configuration-store-",
    "date-no-such-day",
)


def schema_for(path: str) -> str | None:
    if path.endswith(".md"):
        return "item.json" if path.startswith("issues/") else None
    return {"jianbao.toml": "jianbao.json", "issue.toml": "issue.json"}.get(Path(path).name)


def values_of(path: str, content: bytes) -> Any:  # noqa: ANN401  (whatever the file holds)
    """What an editor's extension would hold against the schema; None where it cannot read it."""
    try:
        text = content.decode("utf-8-sig")
        if path.endswith(".toml"):
            return plain(tomllib.loads(text))
        fence = _FRONT_MATTER.match(text.replace("\r\n", "\n"))
        if fence is None:
            return None
        values = YAML(typ="base", pure=True).load(fence[1] or "{}")
        if isinstance(values, dict):
            return {key: None if value == "~" else value for key, value in values.items()}
    except (ValueError, YAMLError):
        return None
    return values


def plain(value: Any) -> Any:  # noqa: ANN401  (likewise)
    """JSON's values: a day of TOML is a text."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def files_of(case: Case) -> Iterator[tuple[str, str, Any]]:
    """Path, schema and values of each file that has them."""
    for path, content in {**MINIMAL, **case.files}.items():
        schema = schema_for(path)
        if schema and content is not None:
            data = content.encode() if isinstance(content, str) else content
            values = values_of(path, data)
            if values is not None:
                yield path, schema, values


def found_in(case: Case, path: str) -> set[str]:
    lines = [line for line in case.expected.split("\n") if line.startswith(f"{path}:")]
    return {line.partition("[")[2].partition("]")[0] for line in lines}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_is_one(schema: str) -> None:
    Draft7Validator.check_schema(SCHEMAS[schema]())


@pytest.mark.parametrize("name", CASES)
def test_a_schema_refuses_what_it_can_know_and_nothing_else(name: str) -> None:
    for path, schema, values in files_of(CASES[name]):
        found = found_in(CASES[name], path)
        problems = [error.message for error in VALIDATORS[schema].iter_errors(values)]
        if found & KNOWN and not name.startswith(BEYOND):
            assert problems, (path, found)
        if not found:
            assert problems == [], path


def test_there_are_cases_that_a_schema_refuses() -> None:
    refused = [
        name
        for name, case in CASES.items()
        for path, _, _ in files_of(case)
        if found_in(case, path) & KNOWN
    ]

    assert len(refused) > 30


def test_the_publication_s_own_files_pass() -> None:
    for pattern in ("jianbao.toml", "issues/*/issue.toml", "issues/*/*.md"):
        for file in ROOT.glob(pattern):
            path = file.relative_to(ROOT).as_posix()
            values = values_of(path, file.read_bytes())
            schema = schema_for(path)
            assert schema
            assert list(VALIDATORS[schema].iter_errors(values)) == [], path


def test_every_meaning_is_that_of_a_key() -> None:
    text = "".join(json.dumps(schema(), ensure_ascii=False) for schema in SCHEMAS.values())

    for meaning in (*CONFIGURATION_MEANINGS.values(), *ISSUE_MEANINGS.values()):
        assert f'"description": "{meaning}"' in text


def test_every_value_has_a_description_and_a_shape() -> None:
    def look(schema: dict[str, Any]) -> None:
        for key, value in schema.get("properties", {}).items():
            assert value["description"], key
            assert {"type", "enum", "anyOf"} & value.keys(), key
            look(value)
            look(value.get("items", {}))

    for schema in SCHEMAS.values():
        look(schema())
