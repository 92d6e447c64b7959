"""JSON-stat 1 and 2: a cube as one flat list of values, the last dimension fastest.

Standard: json-stat.org/full (2.0), json-stat.org/format (1.x, where id, size and role stand inside ``dimension``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

from ingest.messages.json_text import Number, escape, load_json, text_of, whole_number
from ingest.messages.table import (
    LABEL,
    VALUE,
    Document,
    MessageOptions,
    MessageRefusedError,
    MessageTable,
    TableBuilder,
    data_documents,
)

STATUS, UNIT = "status", "unit"


@dataclass
class _Dimension:
    """A dimension: codes in order of position, and by code its label and unit."""

    identifier: str
    codes: list[str]
    labels: dict[str, str] = field(default_factory=dict)
    units: dict[str, dict[str, str | None]] = field(default_factory=dict)


def read_json_stat(documents: Sequence[Document], options: MessageOptions) -> MessageTable:
    """Read JSON-stat datasets, alone, in a 1.x bundle or in a 2.0 collection. A null value is a row without a value.

    Raises ``MessageRefusedError`` if the number of values is not the product of the sizes, or a position is not named.
    """
    del options  # a JSON-stat answer is in one language, and leaves nothing open
    table = TableBuilder()
    for document in data_documents(documents):
        found = list(_datasets(load_json(document), ""))
        if not found:
            raise MessageRefusedError(document.name, "", "không có dữ liệu JSON-stat.", "has no JSON-stat dataset.")
        for name, place, dataset in found:
            _read(dataset, place, name if len(found) > 1 else None, document, table)
    return table.finish()


def _datasets(message: Any, place: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each dataset in the message, with its name and pointer."""
    if not isinstance(message, dict):
        return
    if "dimension" in message and ("value" in message or "size" in message):
        yield str(message.get("label") or place.rpartition("/")[2]), place, message
    elif message.get("class") == "collection":
        for number, item in enumerate((message.get("link") or {}).get("item") or []):
            yield from _datasets(item, f"{place}/link/item/{number}")
    else:
        for key, inner in message.items():
            if isinstance(inner, dict) and "dimension" in inner:
                yield key, f"{place}/{escape(key)}", inner


def _read(dataset: dict[str, Any], place: str, name: str | None, document: Document, table: TableBuilder) -> None:
    dimensions = list(_dimensions(dataset, place, document))
    sizes = [len(dimension.codes) for dimension in dimensions]
    cells = prod(sizes)
    _notes(dataset, table)
    for dimension in dimensions:
        table.declare([dimension.identifier, *([dimension.identifier + LABEL] if dimension.labels else [])])
    table.declare([VALUE])
    for position, value in _values(dataset, cells, place, document, table):
        row: dict[str, str | None] = {} if name is None else {"dataset": name}
        rest = position
        for dimension, size in zip(reversed(dimensions), reversed(sizes), strict=True):
            rest, index = divmod(rest, size)
            _place_on(row, dimension, dimension.codes[index])
        row[VALUE] = text_of(value)
        status = _status(dataset.get("status"), position)
        if status is not None:
            row[STATUS] = status
        table.add(row, f"{place}/value/{position}", document)


def _place_on(row: dict[str, str | None], dimension: _Dimension, code: str) -> None:
    row[dimension.identifier] = code
    if dimension.labels:
        row[dimension.identifier + LABEL] = dimension.labels.get(code)
    row.update(dimension.units.get(code, {}))


def _dimensions(dataset: dict[str, Any], place: str, document: Document) -> Iterator[_Dimension]:
    described = dataset["dimension"]
    identifiers = dataset.get("id") or described.get("id")
    sizes = dataset.get("size") or described.get("size")
    if not isinstance(identifiers, list) or not isinstance(sizes, list) or len(identifiers) != len(sizes):
        raise MessageRefusedError(
            document.name, f"{place}/id", "id và size không khớp nhau.", "id and size do not go together."
        )
    for identifier, size in zip(identifiers, sizes, strict=True):
        below = f"{place}/dimension/{escape(identifier)}"
        category = (described.get(identifier) or {}).get("category") or {}
        codes = _codes(category, below, document)
        if len(codes) != whole_number(size):
            raise MessageRefusedError(
                document.name,
                below,
                f"chiều có {len(codes)} mục, size ghi {size}.",
                f"the dimension has {len(codes)} categories where size says {size}.",
            )
        labels = {code: str(label) for code, label in (category.get("label") or {}).items()}
        yield _Dimension(str(identifier), codes, labels, {c: _unit(u) for c, u in (category.get("unit") or {}).items()})


def _codes(category: dict[str, Any], place: str, document: Document) -> list[str]:
    """Codes by position: from a list, from positions by code, or (one category only) from its label."""
    index = category.get("index")
    if isinstance(index, list):
        return [str(code) for code in index]
    if index is None:
        return list(category.get("label") or {})
    positions = {whole_number(position): code for code, position in index.items()}
    if sorted(p for p in positions if p is not None) != list(range(len(index))):
        raise MessageRefusedError(
            document.name,
            f"{place}/category/index",
            "vị trí các mục bị trùng hoặc bị thiếu.",
            "positions of categories repeat or leave gaps.",
        )
    return [positions[position] for position in range(len(index))]


def _unit(unit: Any) -> dict[str, str | None]:
    """The unit's name (label, base or symbol) as ``unit``; multiplier, decimals and the like as ``unit.KEY``."""
    if not isinstance(unit, dict):
        return {UNIT: text_of(unit)}
    name = next((key for key in ("label", "base", "symbol") if unit.get(key) is not None), "label")
    return {UNIT: text_of(unit.get(name))} | {f"{UNIT}.{k}": text_of(value) for k, value in unit.items() if k != name}


def _values(
    dataset: dict[str, Any], cells: int, place: str, document: Document, table: TableBuilder
) -> Iterator[tuple[int, Any]]:
    values = dataset.get("value")
    if isinstance(values, list):
        if len(values) != cells:
            raise MessageRefusedError(
                document.name,
                f"{place}/value",
                f"có {len(values)} giá trị, các chiều cần {cells}.",
                f"has {len(values)} values where the dimensions need {cells}.",
            )
        yield from enumerate(values)
        return
    if not isinstance(values, dict):
        raise MessageRefusedError(document.name, f"{place}/value", "thiếu giá trị.", "there are no values.")
    status = dataset.get("status")
    given = {*values, *(status if isinstance(status, dict) else ())}
    positions = {key: whole_number(key) for key in given}
    beyond = [key for key, position in positions.items() if position is None or position >= cells]
    if beyond:
        raise MessageRefusedError(
            document.name, f"{place}/value/{beyond[0]}", "vị trí nằm ngoài khối dữ liệu.", "stands outside the cube."
        )
    if len(given) < cells:
        table.find(
            "sparse",
            f"{document.name}: khối có {cells} ô, thông điệp chỉ nêu {len(given)} ô.",
            f"{document.name}: the cube has {cells} cells, the message states {len(given)}.",
        )
    for key in sorted(given, key=lambda item: positions[item] or 0):
        yield positions[key] or 0, values.get(key)


def _status(status: Any, position: int) -> str | None:
    if isinstance(status, list):
        return text_of(status[position]) if position < len(status) else None
    if isinstance(status, Mapping):
        return text_of(status.get(str(position)))
    return text_of(status)


def _notes(dataset: dict[str, Any], table: TableBuilder) -> None:
    for key in ("label", "source", "updated"):
        if isinstance(dataset.get(key), str) and not isinstance(dataset[key], Number):
            table.note(dataset[key])
    for note in dataset.get("note") or []:
        table.note(text_of(note))
