"""The JSON schema of a source file, for editors: ``python -m ingest.recipe.json_schema > docs/recipe.schema.json``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from functools import cache, partial
from typing import Any

from ingest.recipe.model import Source


def recipe_schema() -> dict[str, Any]:
    """JSON schema (draft 2020-12) of ``sources/NAME.yml``, shorthands included."""
    schema = Source.model_json_schema(by_alias=True)
    _allow_one_for_many(schema)
    definitions = schema["$defs"]
    for name, shorthand in _SHORTHANDS.items():
        definitions[f"{name}Block"] = definitions[name]
        definitions[name] = {"anyOf": [*deepcopy(shorthand), {"$ref": f"#/$defs/{name}Block"}]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Outturn source", **schema}


_TEXT: list[dict[str, Any]] = [{"type": "string"}, {"type": "number"}]
_TEXT_OR_TEXTS: list[dict[str, Any]] = [*_TEXT, {"type": "array", "items": {"anyOf": _TEXT}}]
#: Models that a plain text (or list of texts) may stand for.
_SHORTHANDS: dict[str, list[dict[str, Any]]] = {
    "ColumnSelection": _TEXT_OR_TEXTS,
    "RowTest": _TEXT_OR_TEXTS,
    "CellSelection": _TEXT_OR_TEXTS,
    "Header": _TEXT_OR_TEXTS,
    "LabelSource": _TEXT,
    "PeriodLabel": _TEXT,
    "OrganisationLabel": _TEXT,
    "Values": [{"type": "string"}],
    "Section": [{"const": True}, {"type": "string"}],
}


def _allow_one_for_many(node: Any) -> None:
    """Where a list of texts is asked for, one text or number will do; where a list of values, one block."""
    if isinstance(node, list):
        for item in node:
            _allow_one_for_many(item)
    elif isinstance(node, dict):
        for value in list(node.values()):
            _allow_one_for_many(value)
        items = node.get("items")
        if node.get("type") == "array" and isinstance(items, dict):
            one = {key: node.pop(key) for key in ("type", "items", "minItems", "maxItems") if key in node}
            node["anyOf"] = [{"type": ["string", "number"]} if items.get("type") == "string" else items, one]
        elif node.get("type") == "string" and "enum" not in node:
            node["type"] = ["string", "number"]


@cache
def keys_of_a_source() -> Callable[[Sequence[Any]], list[str]]:
    """The keys that may stand in the block at a path of a source file, for suggestions."""
    return partial(keys_at, recipe_schema())


def keys_at(schema: dict[str, Any], path: Sequence[Any]) -> list[str]:
    """The keys that a JSON schema allows in the block at a path."""
    nodes = [schema]
    for part in path:
        nodes = [inner for node in nodes for inner in _within(node, part)]
        nodes = [choice for node in nodes for choice in _choices(node, schema.get("$defs", {}))]
    return sorted({key for node in nodes for key in node.get("properties", {})})


def _within(node: dict[str, Any], part: Any) -> list[dict[str, Any]]:
    inner = node.get("items") if isinstance(part, int) else node.get("properties", {}).get(part)
    inner = inner if isinstance(inner, dict) else node.get("additionalProperties")
    return [inner] if isinstance(inner, dict) else []


def _choices(node: dict[str, Any], definitions: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A part of the schema, with references followed and alternatives told apart."""
    if "$ref" in node:
        yield from _choices(definitions[node["$ref"].rpartition("/")[2]], definitions)
    elif "anyOf" in node:
        for choice in node["anyOf"]:
            yield from _choices(choice, definitions)
    else:
        yield node


def main() -> None:
    json.dump(recipe_schema(), sys.stdout, ensure_ascii=False, indent=2, sort_keys=True)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
