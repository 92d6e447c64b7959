"""SDMX-JSON data messages 1.0 and 2.0: keys are positions in lists of values, which give code and label alike.

Observations come flat (``"0:0:0": [value, …]``) or in series; attributes are positions too, or plain values (2.0).
Standard: SDMX-JSON data message 1.0 and 2.0 (sdmx-twg/sdmx-json).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.messages.json_text import Number, load_json, text_of, whole_number
from ingest.messages.sdmx_structure import OBS_VALUE, DataStructure, name_json, read_structure
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

Row = dict[str, str | None]


def read_sdmx_json(documents: Sequence[Document], options: MessageOptions) -> MessageTable:
    """Read SDMX-JSON data messages; the structure inside them suffices, a document of role ``structure`` is checked.

    Raises ``MessageRefusedError`` for an error message, and for a position outside its list of values.
    """
    table = TableBuilder()
    table.places[VALUE] = "/0"
    structure = read_structure(documents, language=options.language)
    structure.declare(table)
    for document in data_documents(documents):
        message = load_json(document)
        _refuse_errors(message, document)
        data, prefix = (message["data"], "/data") if isinstance(message.get("data"), dict) else (message, "")
        sets = data.get("dataSets")
        if not isinstance(sets, list):
            raise MessageRefusedError(
                document.name, f"{prefix}/dataSets", "không có tập dữ liệu.", "there are no data sets here."
            )
        structures = data.get("structures") or [data.get("structure") or message.get("structure")]
        for number, data_set in enumerate(sets):
            position = whole_number(data_set.get("structure")) or 0
            shape = _shape(structures, position, document, options)
            _DataSetReader(document, f"{prefix}/dataSets/{number}", shape, table, structure).read(data_set)
    return table.finish()


@dataclass(frozen=True)
class _Value:
    """One entry of a component's list: its code (or plain value) and its label."""

    code: str | None
    label: str | None


@dataclass(frozen=True)
class _Component:
    identifier: str
    values: list[_Value]
    labelled: bool
    coded: bool = True


@dataclass(frozen=True)
class _Shape:
    """The structure inside a message: components by level (dataSet, series, observation, dimensionGroup)."""

    dimensions: dict[str, list[_Component]]
    measures: list[_Component]
    attributes: dict[str, list[_Component]]
    annotated: bool

    def whole_key(self) -> list[_Component]:
        """All dimensions in the order of a group's key: those of the data set, of the series, of the observation."""
        return [component for level in self.dimensions.values() for component in level]


def _refuse_errors(message: Any, document: Document) -> None:
    if not isinstance(message, dict):
        raise MessageRefusedError(document.name, "", "không phải SDMX-JSON.", "is not SDMX-JSON.")
    errors = message.get("errors") or []
    if errors:
        said = "; ".join(str(error.get("detail") or error.get("title") or error.get("code")) for error in errors)
        raise MessageRefusedError(document.name, "/errors", f"máy chủ báo lỗi: {said}", f"the server reports: {said}")


def _shape(structures: Any, position: int, document: Document, options: MessageOptions) -> _Shape:
    inside = structures[position] if isinstance(structures, list) and position < len(structures) else None
    if not isinstance(inside, dict):
        raise MessageRefusedError(
            document.name, "/structure", "thiếu phần cấu trúc của thông điệp.", "the message has no structure part."
        )
    levels = inside.get("dimensions") or {}
    measures = _list_of((inside.get("measures") or {}).get("observation"), options)
    return _Shape(
        {level: _list_of(levels.get(level), options) for level in ("dataSet", "series", "observation")},
        [replace(measure, coded=bool(measure.values)) for measure in measures],
        {level: _list_of(items, options) for level, items in (inside.get("attributes") or {}).items()},
        annotated=bool(inside.get("annotations")),
    )


def _list_of(items: Any, options: MessageOptions) -> list[_Component]:
    components: list[_Component] = []
    for item in items or []:
        values = [_value(entry, options) for entry in item.get("values") or []]
        labelled = any(value.label is not None for value in values)
        components.append(_Component(item["id"], values, labelled, coded="values" in item))
    return components


def _value(entry: Any, options: MessageOptions) -> _Value:
    """``{id, name}`` of a code, ``{value}`` of a plain value, ``{ids}`` of several codes, or a bare text."""
    if not isinstance(entry, dict):
        return _Value(text_of(entry), None)
    if entry.get("id") is not None:
        return _Value(text_of(entry["id"]), name_json(entry, options.language))
    held = next((entry[key] for key in ("value", "values", "ids") if entry.get(key) is not None), None)
    return _Value(text_of(held), None) if held is not None else _Value(name_json(entry, options.language), None)


class _DataSetReader:
    def __init__(
        self, document: Document, place: str, shape: _Shape, table: TableBuilder, structure: DataStructure
    ) -> None:
        self.document, self.place, self.shape, self.table, self.structure = document, place, shape, table, structure
        self.groups: list[tuple[Row, Row]] = []

    def read(self, data_set: Mapping[str, Any]) -> None:
        fixed = self._attributes("dataSet", data_set.get("attributes"), self.place)
        for component in self.shape.dimensions["dataSet"]:
            fixed |= self._at(component, "0", self.place)
        self._action(data_set, fixed)
        for key, positions in (data_set.get("dimensionGroupAttributes") or {}).items():
            place = f"{self.place}/dimensionGroupAttributes/{key}"
            self.groups.append((self._partial_key(key, place), self._attributes("dimensionGroup", positions, place)))
        for key, series in (data_set.get("series") or {}).items():
            place = f"{self.place}/series/{key}"
            known = fixed | self._key("series", key, place)
            known |= self._attributes("series", series.get("attributes"), place)
            self._observations(series.get("observations"), known, place)
        self._observations(data_set.get("observations"), fixed, self.place)

    def _action(self, data_set: Mapping[str, Any], fixed: Row) -> None:
        action = str(data_set.get("action") or "")
        if action.lower() == "delete":
            fixed["action"] = action
            self.table.find(
                "deletions",
                f"{self.document.name}: {self.place} là lệnh xóa quan sát (action={action}).",
                f"{self.document.name}: {self.place} withdraws observations (action={action}).",
            )

    def _observations(self, observations: Any, known: Row, above: str) -> None:
        for key, items in (observations or {}).items():
            place = f"{above}/observations/{key}"
            row = known | self._key("observation", key, place) | self._items(items, place)
            for name, value in self._of_groups(row).items():
                row.setdefault(name, value)
            self.structure.check(row, place, self.document, self.table)
            self.table.add(row, place, self.document)

    def _of_groups(self, row: Row) -> Row:
        """Attributes of every group that the observation belongs to."""
        said: Row = {}
        for key, attributes in self.groups:
            if all(row.get(name) == code for name, code in key.items()):
                said |= attributes
        return said

    def _partial_key(self, key: str, place: str) -> Row:
        """The part of the key that a group fixes: ``0:::1`` leaves two dimensions open."""
        components, steps = self.shape.whole_key(), key.split(":")
        if len(steps) != len(components):
            raise MessageRefusedError(
                self.document.name,
                place,
                f"khóa có {len(steps)} vị trí, có {len(components)} chiều.",
                f"the key has {len(steps)} positions for {len(components)} dimensions.",
            )
        return {
            component.identifier: self._at(component, step, place)[component.identifier]
            for component, step in zip(components, steps, strict=True)
            if step
        }

    def _key(self, level: str, key: str, place: str) -> Row:
        components, steps = self.shape.dimensions[level], key.split(":") if key else []
        if len(steps) != len(components):
            raise MessageRefusedError(
                self.document.name,
                place,
                f"khóa có {len(steps)} vị trí, cấu trúc có {len(components)} chiều.",
                f"the key has {len(steps)} positions for {len(components)} dimensions.",
            )
        row: Row = {}
        for component, step in zip(components, steps, strict=True):
            row |= self._at(component, step, place)
        return row

    def _at(self, component: _Component, step: str, place: str) -> Row:
        position = whole_number(step)
        if position is None or position >= len(component.values):
            raise MessageRefusedError(
                self.document.name,
                place,
                f"{component.identifier}: không có giá trị ở vị trí {step}.",
                f"{component.identifier} has no value at position {step}.",
            )
        return _named(component, component.values[position])

    def _items(self, items: Any, place: str) -> Row:
        """An observation: its measures, then its attributes. Trailing nulls may be left out."""
        values = items if isinstance(items, list) else [items]
        measures = self.shape.measures or [_Component(OBS_VALUE, [], labelled=False, coded=False)]
        attributes = self._stated("observation", len(values) - len(measures))
        if len(values) > len(measures) + len(attributes) and not self.shape.annotated:
            raise MessageRefusedError(
                self.document.name,
                place,
                "quan sát có nhiều phần tử hơn cấu trúc.",
                "the observation has more items than the structure names.",
            )
        row: Row = {}
        for number, component in enumerate([*measures, *attributes]):
            item = values[number] if number < len(values) else None
            if number < len(measures) or item is not None:
                row |= self._coded(component, item, f"{place}/{number}")
        return row

    def _attributes(self, level: str, items: Any, place: str) -> Row:
        row: Row = {}
        components = self._stated(level, len(items or []))
        for number, (component, item) in enumerate(zip(components, items or [], strict=False)):
            if item is not None:
                row |= self._coded(component, item, f"{place}/attributes/{number}")
        return row

    def _stated(self, level: str, count: int) -> list[_Component]:
        """Attributes that the items stand for: some servers (OECD) leave those out that no observation has."""
        components = self.shape.attributes.get(level, [])
        if count == len(components):
            return components
        return [component for component in components if component.values or not component.coded]

    def _coded(self, component: _Component, item: Any, place: str) -> Row:
        """A position in the component's list, where it has one, or the value itself."""
        if component.coded and isinstance(item, Number):
            return self._at(component, item, place)
        return _named(component, _Value(text_of(item), None))


def _named(component: _Component, value: _Value) -> Row:
    name = VALUE if component.identifier == OBS_VALUE else component.identifier
    return {name: value.code, name + LABEL: value.label} if component.labelled else {name: value.code}
