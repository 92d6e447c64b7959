"""Data structure definitions and code lists of SDMX (SDMX-ML 2.1 and 3.0, SDMX-JSON 1 and 2): order, roles and labels.

Standard: SDMX Technical Specifications, section 3 (information model, structure messages).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

from ingest.messages.json_text import load_json
from ingest.messages.table import LABEL, VALUE, Document, MessageRefusedError, TableBuilder, structure_documents
from ingest.messages.xml_text import child, children, elements, local_name, text

#: ``urn:sdmx:org.sdmx.infomodel.codelist.Codelist=ESTAT:CL_GEO(1.0)`` → agency and identifier.
URN = re.compile(r"=(?P<agency>[^:]+):(?P<id>[^(]+)\(")
#: The measure of SDMX up to 2.1, and by habit of most of 3.0; it is the table's column of values.
OBS_VALUE = "OBS_VALUE"


@dataclass
class DataStructure:
    """What is known of a data set's structure. Any part may be empty: labels are a gift, not a condition."""

    identifier: str = ""
    dimensions: list[str] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def label(self, component: str, code: str | None) -> str | None:
        return self.codes.get(component, {}).get(code) if code is not None else None

    def with_labels(self, row: Mapping[str, str | None]) -> dict[str, str | None]:
        """The row with a label behind each code that has a list, and OBS_VALUE under the name ``value``."""
        labelled: dict[str, str | None] = {}
        for component, code in row.items():
            labelled[VALUE if component == OBS_VALUE else component] = code
            if component in self.codes:
                labelled[component + LABEL] = self.label(component, code)
        return labelled

    def declare(self, table: TableBuilder) -> None:
        """Fix the order of columns: dimensions as the structure orders them, whatever order the message uses."""
        for component in self.dimensions:
            table.declare([component, component + LABEL] if component in self.codes else [component])
        if self.measures == [OBS_VALUE]:
            table.declare([VALUE])

    def check(self, row: Mapping[str, str | None], place: str, document: Document, table: TableBuilder) -> None:
        """Refuse an observation without its whole key; report codes that their list does not have."""
        absent = [dimension for dimension in self.dimensions if row.get(dimension) is None]
        if absent:
            raise MessageRefusedError(
                document.name,
                place,
                f"khóa của quan sát thiếu {', '.join(absent)}.",
                f"the observation's key lacks {', '.join(absent)}.",
            )
        for component in self.dimensions:
            code = row[component]
            if component in self.codes and code not in self.codes[component]:
                table.find(
                    "unknown_code",
                    f"{component}: mã «{code}» không có trong danh mục mã.",
                    f"{component}: code «{code}» is not in its code list.",
                )


@dataclass
class _Component:
    role: str
    identifier: str
    position: int
    code_list: str | None
    concept: str | None


@dataclass
class _Collected:
    """Everything the structure documents declare, before it is put together."""

    code_lists: dict[str, dict[str, str]] = field(default_factory=dict)
    concept_lists: dict[str, str] = field(default_factory=dict)
    structures: dict[str, list[_Component]] = field(default_factory=dict)


def read_structure(documents: Sequence[Document], *, language: str, identifier: str | None = None) -> DataStructure:
    """The structure among the documents of role ``structure`` that the message names, or the only one there is.

    Raises ``MessageRefusedError`` if several could be meant, or a document is no structure message.
    """
    collected = _Collected()
    sources = structure_documents(documents)
    for document in sources:
        if document.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
            _collect_xml(document, language, collected)
        else:
            _collect_json(document, language, collected)
    if not collected.structures:
        return DataStructure()
    name = identifier if identifier in collected.structures else None
    if name is None and len(collected.structures) == 1:
        name = next(iter(collected.structures))
    if name is None:
        named = ", ".join(sorted(collected.structures))
        raise MessageRefusedError(
            sources[0].name,
            "",
            f"có nhiều cấu trúc ({named}), không rõ dùng cái nào.",
            f"has several structures ({named}) and the message names none of them.",
        )
    return _assemble(name, collected)


def _assemble(name: str, collected: _Collected) -> DataStructure:
    structure = DataStructure(name)
    roles = {"dimension": structure.dimensions, "measure": structure.measures, "attribute": structure.attributes}
    for component in sorted(collected.structures[name], key=lambda item: item.position):
        roles[component.role].append(component.identifier)
        code_list = component.code_list or collected.concept_lists.get(component.concept or "")
        if code_list in collected.code_lists:
            structure.codes[component.identifier] = collected.code_lists[code_list]
    return structure


def reference(urn: str | None) -> str | None:
    """Identifier that a URN names; versions are left out, because 3.0 refers to ranges of them (2.0+)."""
    match = URN.search(urn or "")
    return match["id"] if match else None


# --- SDMX-ML -------------------------------------------------------------------------------------------------------

ROLES = {
    "Dimension": "dimension",
    "TimeDimension": "dimension",
    "MeasureDimension": "dimension",
    "Attribute": "attribute",
    "PrimaryMeasure": "measure",
    "Measure": "measure",
}


def _collect_xml(document: Document, language: str, collected: _Collected) -> None:
    for event, element in elements(document):
        if event == "start":
            continue
        name = local_name(element)
        if name in {"Codelist", "CodeList", "GeoCodelist", "GeographicCodelist"}:
            collected.code_lists[element.get("id", "")] = {
                identifier: _name_xml(code, language) or identifier
                for code in element
                if (identifier := code.get("id"))
            }
        elif name == "Concept":
            core = child(element, "CoreRepresentation")
            if core is not None and (code_list := _enumeration(core)):
                collected.concept_lists[element.get("id", "")] = code_list
        elif name == "DataStructure" and child(element, "DataStructureComponents") is not None:
            collected.structures[element.get("id", "")] = list(_components_xml(element))


def _components_xml(structure: ET.Element) -> Iterable[_Component]:
    for number, element in enumerate(structure.iter()):
        role = ROLES.get(local_name(element))
        concept = child(element, "ConceptIdentity")
        if role is None or concept is None:
            continue
        concept_id = _referenced(concept)
        local = child(element, "LocalRepresentation")
        position = int(element.get("position") or 0) if role == "dimension" else 0
        if local_name(element) == "TimeDimension":
            position = 10_000  # 3.0 gives it no position; it stands last by the standard
        yield _Component(
            role,
            element.get("id") or concept_id or "",
            position * 100_000 + number,
            _enumeration(local) if local is not None else None,
            concept_id,
        )


def _enumeration(representation: ET.Element) -> str | None:
    enumeration = child(representation, "Enumeration")
    return _referenced(enumeration) if enumeration is not None else None


def _referenced(holder: ET.Element) -> str | None:
    """2.1 refers by ``<Ref id=…/>`` or ``<URN>``, 3.0 by the URN as text. The last dotted part is a concept's id."""
    ref = child(holder, "Ref")
    if ref is not None:
        return ref.get("id")
    urn = text(holder) or ""
    return urn.rpartition(").")[2] if ")." in urn else reference(urn)


def _name_xml(element: ET.Element, language: str) -> str | None:
    names: dict[str, str | None] = {
        name.get("{http://www.w3.org/XML/1998/namespace}lang", "en"): text(name)
        for name in [*children(element, "Name"), *children(element, "Description")][::-1]
    }
    return names.get(language) or names.get("en") or next(iter(names.values()), None)


# --- SDMX-JSON -----------------------------------------------------------------------------------------------------


def _collect_json(document: Document, language: str, collected: _Collected) -> None:
    message = load_json(document)
    data = message.get("data", message) if isinstance(message, dict) else {}
    for code_list in _list(data, "codelists"):
        codes = {code["id"]: name_json(code, language) or code["id"] for code in _list(code_list, "codes")}
        collected.code_lists[code_list["id"]] = codes
    for scheme in _list(data, "conceptSchemes"):
        for concept in _list(scheme, "concepts"):
            if name := reference((concept.get("coreRepresentation") or {}).get("enumeration")):
                collected.concept_lists[concept["id"]] = name
    for structure in _list(data, "dataStructures"):
        collected.structures[structure["id"]] = list(_components_json(structure.get("dataStructureComponents") or {}))


def _components_json(components: Mapping[str, Any]) -> Iterable[_Component]:
    dimension_list = components.get("dimensionList") or {}
    time = [*_list(dimension_list, "timeDimensions"), *filter(None, [dimension_list.get("timeDimension")])]
    measure_list = components.get("measureList") or {}
    measures = [*_list(measure_list, "measures"), *filter(None, [measure_list.get("primaryMeasure")])]
    groups = (
        ("dimension", [*_list(dimension_list, "dimensions"), *_list(dimension_list, "measureDimensions")], 0),
        ("dimension", time, 10_000),
        ("measure", measures, 0),
        ("attribute", _list(components.get("attributeList") or {}, "attributes"), 0),
    )
    for role, items, offset in groups:
        for number, item in enumerate(items):
            position = offset or (int(item.get("position") or 0) if role == "dimension" else 0)
            local = item.get("localRepresentation") or {}
            yield _Component(
                role,
                item["id"],
                position * 100_000 + number,
                reference(local.get("enumeration")),
                (item.get("conceptIdentity") or "").rpartition(").")[2] or None,
            )


def _list(holder: Mapping[str, Any], key: str) -> list[Any]:
    value = holder.get(key)
    return value if isinstance(value, list) else []


def name_json(item: Mapping[str, Any], language: str) -> str | None:
    """A thing's name in a language: ``names`` by language, ``name`` as text, or (drafts) ``name`` by language."""
    names = item.get("names") if isinstance(item.get("names"), dict) else item.get("name")
    if isinstance(names, dict):
        return names.get(language) or names.get("en") or next(iter(names.values()), None)
    return str(names) if names is not None else None
