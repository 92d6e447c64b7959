"""SDMX-ML data messages, generic and structure-specific, 2.1 and 3.0 (and the like-built 2.0 and time-series forms).

A series, an observation and a group each say a part of the key and of the attributes; here each observation gets all
that holds for it. Standard: SDMX-ML, schemas 2.1 (section 3A) and 3.0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from ingest.messages.sdmx_structure import OBS_VALUE, DataStructure, read_structure, reference
from ingest.messages.table import (
    VALUE,
    Document,
    MessageOptions,
    MessageRefusedError,
    MessageTable,
    TableBuilder,
    data_documents,
)
from ingest.messages.xml_text import child, children, elements, local_name, text

#: Attributes of a structure-specific data set that describe the set, not the data.
NOT_COMPONENTS = {
    "action",
    "structureRef",
    "setID",
    "dataScope",
    "REPORTING_BEGIN_DATE",
    "REPORTING_END_DATE",
    "validFromDate",
    "validToDate",
    "publicationYear",
    "publicationPeriod",
}
DELETIONS = {"delete"}


@dataclass
class _Header:
    """What the header says of the data sets: by structureID, the observation's dimension and the structure's id."""

    observation_dimension: dict[str, str] = field(default_factory=dict)
    structure: dict[str, str] = field(default_factory=dict)
    explicit_measures: set[str] = field(default_factory=set)
    action: str | None = None


@dataclass
class _DataSet:
    """The data set being read, and where its rows begin in the table."""

    element: ET.Element
    number: int
    first_row: int
    attributes: dict[str, str] = field(default_factory=dict)
    groups: list[dict[str, str]] = field(default_factory=list)
    series: int = 0
    observations: int = 0


def read_sdmx_ml(documents: Sequence[Document], options: MessageOptions) -> MessageTable:
    """Read SDMX-ML data messages; documents of role ``structure`` give labels, the order and the check of keys.

    Raises ``MessageRefusedError`` for XML that is unsafe or cut off, an error message, or an incomplete key.
    """
    table = TableBuilder()
    for document in data_documents(documents):
        _Reader(document, documents, options, table).read()
    return table.finish()


class _Reader:
    def __init__(
        self, document: Document, documents: Sequence[Document], options: MessageOptions, table: TableBuilder
    ) -> None:
        self.document, self.documents, self.options, self.table = document, documents, options, table
        self.header = _Header()
        self.structure = DataStructure()
        self.generic = False
        self.root = ""

    def read(self) -> None:
        data_set: _DataSet | None = None
        count = 0
        for event, element in elements(self.document):
            name = local_name(element)
            if event == "start":
                if not self.root:
                    self._begin(name)
                elif name == "DataSet" and data_set is None:
                    count += 1
                    data_set = self._open(element, count)
            elif name == "DataSet" and data_set and element is data_set.element:
                self._close(data_set)
                data_set = None
                element.clear()
            elif data_set and name in {"Series", "Group", "Obs", "Attributes", "Atts", "Comp"}:
                self._part(data_set, name, element)
            elif data_set is None:
                self._outside(name, element)

    def _begin(self, name: str) -> None:
        self.root = name
        self.generic = name.startswith("Generic")
        self.table.places[VALUE] = "/ObsValue/@value" if self.generic else f"/@{OBS_VALUE}"
        known = (
            "GenericData",
            "GenericTimeSeriesData",
            "StructureSpecificData",
            "StructureSpecificTimeSeriesData",
            "CompactData",
            "Error",
        )
        if name not in known:
            raise MessageRefusedError(
                self.document.name,
                f"/{name}",
                "không phải thông điệp dữ liệu SDMX-ML.",
                "is no SDMX-ML data message (a structure message, or another kind of XML).",
            )

    def _outside(self, name: str, element: ET.Element) -> None:
        if name == "Header":
            self._read_header(element)
        elif name == "ErrorMessage" or (name == "Message" and element.get("severity") == "Error"):
            said = text(element) or element.get("code") or ""
            if element.get("code") == "100":  # "no results found": an empty answer, not a failure
                self.table.note(said)
                return
            raise MessageRefusedError(
                self.document.name,
                f"/{self.root}",
                f"máy chủ báo lỗi {element.get('code')}: {said}",
                f"the server reports error {element.get('code')}: {said}",
            )
        elif name == "Message":
            self.table.note(text(element))

    def _read_header(self, header: ET.Element) -> None:
        for item in children(header, "Structure"):
            key = item.get("structureID", "")
            self.header.observation_dimension[key] = item.get("dimensionAtObservation", "TIME_PERIOD")
            if item.get("explicitMeasures") == "true":
                self.header.explicit_measures.add(key)
            inner = next((e for e in item if local_name(e) in {"Structure", "StructureUsage"}), None)
            if inner is not None:
                ref = child(inner, "Ref")
                self.header.structure[key] = (ref.get("id") if ref is not None else reference(text(inner))) or ""
        self.header.action = text(child(header, "DataSetAction"))

    def _open(self, element: ET.Element, number: int) -> _DataSet:
        key = self._structure_key(element)
        self.structure = read_structure(
            self.documents, language=self.options.language, identifier=self.header.structure.get(key)
        )
        self.structure.declare(self.table)
        data_set = _DataSet(element, number, len(self.table))
        if not self.generic:
            data_set.attributes = {n: v for n, v in _components(element).items() if n not in NOT_COMPONENTS}
        action = next((v for n, v in element.attrib.items() if n.rpartition("}")[2] == "action"), self.header.action)
        if action and action.lower() in DELETIONS:
            data_set.attributes["action"] = action
            self.table.find(
                "deletions",
                f"{self.document.name}: tập dữ liệu {number} là lệnh xóa quan sát (action={action}).",
                f"{self.document.name}: data set {number} withdraws observations (action={action}).",
            )
        return data_set

    def _structure_key(self, element: ET.Element) -> str:
        return next((v for n, v in element.attrib.items() if n.rpartition("}")[2] == "structureRef"), "")

    def _part(self, data_set: _DataSet, name: str, element: ET.Element) -> None:
        """A child of the data set that has been read to its end; parts of a series come with the series."""
        if element not in list(data_set.element):
            return
        if name == "Series":
            data_set.series += 1
            self._series(data_set, element)
        elif name == "Obs":
            data_set.observations += 1
            place = f"/{self.root}/DataSet[{data_set.number}]/Obs[{data_set.observations}]"
            self._observation(data_set, {}, element, place)
        elif name == "Group":
            data_set.groups.append(self._group(element))
        elif self.generic:
            data_set.attributes |= _values(element)
        else:
            data_set.attributes |= _components(element) | _multiple([element] if name == "Comp" else element)
        data_set.element.remove(element)

    def _series(self, data_set: _DataSet, series: ET.Element) -> None:
        if self.generic:
            known = _values(child(series, "SeriesKey")) | _values(child(series, "Attributes"))
        else:
            known = _components(series) | _multiple(series)
        place = f"/{self.root}/DataSet[{data_set.number}]/Series[{data_set.series}]"
        for number, observation in enumerate(children(series, "Obs"), start=1):
            self._observation(data_set, known, observation, f"{place}/Obs[{number}]")

    def _observation(self, data_set: _DataSet, known: dict[str, str], element: ET.Element, place: str) -> None:
        if self.generic:
            own = self._generic_observation(data_set, element)
        else:
            own = self._explicit_measure(data_set, element) | _components(element) | _multiple(element)
        twice = [name for name in own if name in known and known[name] != own[name]]
        if twice:
            raise MessageRefusedError(
                self.document.name,
                place,
                f"{twice[0]} có giá trị khác ở cấp chuỗi.",
                f"{twice[0]} has another value at the level of the series.",
            )
        row: dict[str, str | None] = {**data_set.attributes, **known, **own}
        self.structure.check(row, place, self.document, self.table)
        self.table.add(self.structure.with_labels(row), place, self.document)

    def _explicit_measure(self, data_set: _DataSet, element: ET.Element) -> dict[str, str]:
        """2.1 may say the measure by the observation's type (``xsi:type="ns:DEATHS"``) instead of by an attribute."""
        key = self._structure_key(data_set.element)
        measure = element.get("{http://www.w3.org/2001/XMLSchema-instance}type")
        if measure is None or key not in self.header.explicit_measures:
            return {}
        return {self.header.observation_dimension[key]: measure.rpartition(":")[2]}

    def _generic_observation(self, data_set: _DataSet, element: ET.Element) -> dict[str, str]:
        key = self._structure_key(data_set.element)
        own = _values(child(element, "ObsKey")) | _values(child(element, "Attributes"))
        dimension = child(element, "ObsDimension")
        if dimension is not None and (code := dimension.get("value")) is not None:
            own[dimension.get("id") or self.header.observation_dimension.get(key) or "TIME_PERIOD"] = code
        elif (time := text(child(element, "Time"))) is not None:
            own["TIME_PERIOD"] = time
        for value in children(element, "ObsValue"):
            if (figure := value.get("value")) is not None:
                own[value.get("id") or OBS_VALUE] = figure
        return own

    def _group(self, element: ET.Element) -> dict[str, str]:
        if self.generic:
            return _values(child(element, "GroupKey")) | _values(child(element, "Attributes"))
        return _components(element) | _multiple(element)

    def _close(self, data_set: _DataSet) -> None:
        """Give the attributes of each group to the observations whose keys it names.

        A structure-specific group does not tell its key from its attributes: without a data structure definition,
        its key is what the observations know too.
        """
        rows = range(data_set.first_row, len(self.table))
        observed = {
            name
            for name, column in self.table.columns.items()
            if any(text is not None for text in column[data_set.first_row :])
        }
        dimensions = set(self.structure.dimensions) or observed
        by_key: dict[tuple[str, ...], dict[tuple[str, ...], dict[str, str]]] = {}
        for group in data_set.groups:
            names = tuple(sorted(name for name in group if name in dimensions))
            rest = {name: value for name, value in group.items() if name not in names}
            by_key.setdefault(names, {}).setdefault(tuple(group[name] for name in names), {}).update(rest)
        for names, groups in by_key.items():
            columns = [self.table.columns[name] for name in names]
            for row in rows:
                said = groups.get(tuple(column[row] or "" for column in columns), {})
                for name, value in self.structure.with_labels(said).items():
                    if value is not None:
                        self.table.set(row, name, value)


def _values(holder: ET.Element | None) -> dict[str, str]:
    """``<Value id="GEO" value="AT"/>`` of a generic key or attribute list; 2.0 says ``concept`` for ``id``."""
    found: dict[str, list[str]] = {}
    for item in children(holder, "Value") if holder is not None else []:
        name, value = item.get("id") or item.get("concept"), item.get("value")
        if name and value is not None:
            found.setdefault(name, []).append(value)
    return {name: _one_text(values) for name, values in found.items()}


def _components(element: ET.Element) -> dict[str, str]:
    """Components that stand as XML attributes; those in a namespace describe the message."""
    return {name: value for name, value in element.attrib.items() if "}" not in name}


def _multiple(holder: Iterator[ET.Element] | ET.Element | list[ET.Element]) -> dict[str, str]:
    """``<Comp id="…"><Value>…</Value></Comp>`` of 3.0: components that may have several values."""
    return {
        item.get("id", ""): _one_text([text(value) or "" for value in children(item, "Value")])
        for item in holder
        if local_name(item) == "Comp"
    }


def _one_text(values: list[str]) -> str:
    return values[0] if len(values) == 1 else json.dumps(values, ensure_ascii=False)
