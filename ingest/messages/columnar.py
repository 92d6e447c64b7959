"""JSON by columns, ``{"office": ["01", "04"], "n": [12, 3]}``: one list for each column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.messages.json_text import escape, find, path_steps, text_of
from ingest.messages.table import Document, MessageRefusedError, TableBuilder


def add_columns(message: Any, path: str, document: Document, table: TableBuilder) -> None:
    """Add the rows that the lists of an object make together; its plain members hold for each of them.

    Raises ``MessageRefusedError`` where no object of lists stands at ``path``, or where they differ in length.
    """
    lists, plain = columns_at(message, path, document)
    said = {name: text_of(value) for name, value in plain.items()}
    table.declare([*lists, *said])
    for number in range(row_count(lists, path, document)):
        row = said | {name: text_of(values[number]) for name, (values, _) in lists.items()}
        table.add(row, f"/{number}", document)
    table.places.update({name: place for name, (_, place) in lists.items()})


def columns_at(message: Any, path: str, document: Document) -> tuple[dict[str, tuple[list[Any], str]], dict[str, Any]]:
    """The lists below an object, each with its pointer, by names with a dot where they stand deeper; and the rest."""
    lists: dict[str, tuple[list[Any], str]] = {}
    plain: dict[str, Any] = {}
    found = find(message, path)
    if isinstance(found, dict):
        at = "".join(f"/{escape(step)}" for step in path_steps(path))
        for name, place, value in _leaves(found, "", at):
            if isinstance(value, list):
                lists[name] = (value, place)
            else:
                plain[name] = value
    odd = [place for values, place in lists.values() if any(isinstance(value, list | dict) for value in values)]
    if not lists or odd:
        raise MessageRefusedError(
            document.name,
            odd[0] if odd else path or "/",
            "ở đây phải là một đối tượng gồm các danh sách giá trị, mỗi cột một danh sách (message: columnar).",
            "an object of lists of plain values, one a column, must stand here (message: columnar).",
        )
    return lists, plain


def row_count(lists: dict[str, tuple[list[Any], str]], path: str, document: Document) -> int:
    """How many rows the lists make. Raises ``MessageRefusedError`` where they differ in length."""
    lengths = {name: len(values) for name, (values, _) in lists.items()}
    if len(set(lengths.values())) != 1:
        listed = ", ".join(f"{name}: {length}" for name, length in lengths.items())
        raise MessageRefusedError(
            document.name,
            path or "/",
            f"các cột dài ngắn khác nhau ({listed}), không biết giá trị nào thuộc dòng nào.",
            f"the columns differ in length ({listed}); which values belong together cannot be told.",
        )
    return next(iter(lengths.values()))


def _leaves(members: dict[str, Any], prefix: str, at: str) -> Iterator[tuple[str, str, Any]]:
    for key, value in members.items():
        name, place = f"{prefix}{key}", f"{at}/{escape(key)}"
        if isinstance(value, dict):
            yield from _leaves(value, f"{name}.", place)
        else:
            yield name, place, value
