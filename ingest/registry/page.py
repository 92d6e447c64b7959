"""The reference page of the registry's tables, from their models: ``python -m ingest.registry.page``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from ingest.registry.models import REGISTRY_TABLES, REQUIRED_TABLES, RegistryRow

PAGE = Path(__file__).parents[2] / "docs" / "registry.md"
_HEAD = """# The registry: every table and column

One table a file in `registry/`, as CSV or as sheets of one `registry.xlsx`; how they are checked together is in
[workspace.md](workspace.md#registry). Columns in bold are required; a column that is left out, or an
empty cell, has the default. A column with another name is refused, so that a misspelt one is seen.

This page is made from the models (`python -m ingest.registry.page`).
"""
_REFERENCE = re.compile(r"\s*\((?:domain\.md|SD-)[^()]*\)")


def registry_page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(_table(name, model) for name, model in REGISTRY_TABLES.items())])


def _table(name: str, model: type[RegistryRow]) -> str:
    about = _plain((model.__doc__ or "").strip().split("\n\n")[0].replace("\n", " "))
    rows = [_row(column, field) for column, field in model.model_fields.items()]
    needed = "" if name in REQUIRED_TABLES else " (optional)"
    return "\n".join(
        [f"## `{name}`{needed}", "", about, "", "| column | what it says | default |", "|---|---|---|", *rows, ""]
    )


def _row(column: str, field: Any) -> str:
    text = _plain(field.description or "").replace("|", "\\|")
    words = [word for word in _words(field.annotation) if word not in text]
    if words:
        text = f"{text.rstrip('.')}: {', '.join(f'`{word}`' for word in _words(field.annotation))}."
    default = "" if field.default is None or field.is_required() else str(field.default)
    default = default.lower() if isinstance(field.default, bool) else default
    return f"| {f'**`{column}`**' if field.is_required() else f'`{column}`'} | {text} | {default} |"


def _words(annotation: Any) -> list[str]:
    """The words that a column of fixed vocabulary may hold."""
    if get_origin(annotation) is Literal:
        return [str(word) for word in get_args(annotation)]
    return [word for part in get_args(annotation) for word in _words(part)]


def _plain(text: str) -> str:
    return " ".join(_REFERENCE.sub("", text).replace("``", "`").split())


if __name__ == "__main__":
    PAGE.write_text(registry_page(), encoding="utf-8")
