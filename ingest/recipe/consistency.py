"""What the parts of a source must satisfy together: every fact has its components, words are of their vocabularies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.contract import Accumulation, MeasureKind, ObsStatus
from ingest.recipe.components import SINGLE_COMPONENTS, Components, LabelSource, labels_of
from ingest.recipe.model import Source, Table, Values
from ingest.recipe.selection import SheetSelection

REQUIRED = ("indicator", "organisation", "period")
TOTALS_OF = ("organisation", "target_group", "period")
_TOTAL_OF_INDICATORS_VI = (
    "tổng của nhiều chỉ tiêu là một chỉ tiêu riêng: hãy đăng ký nó trong registry/indicators, đọc nó như các số khác "
    "và ghi đẳng thức với các phần trong rules/ (SUM-03); hoặc bỏ qua dòng (body.skip) hay cột đó"
)
_TOTAL_OF_INDICATORS_EN = (
    "a total of indicators is an indicator of its own: register it in registry/indicators, read it like other figures "
    "and state its identity with the parts in rules/ (SUM-03); or skip the row (body.skip) or leave the column out"
)
_GROUP = re.compile(r"\(\?P<(\w+)>")
_VOCABULARIES = {"measure_kind": MeasureKind, "accumulation": Accumulation, "status": ObsStatus}

Field = tuple[str | int, ...]
Inconsistency = tuple[Field, str, str]  # field, sentence in Vietnamese, in English


def inconsistencies(source: Source) -> Iterator[Inconsistency]:
    """Every inconsistency of a source, with the path of keys it stands at."""
    yield from _words(source, source.constants, ("constants",))
    for number, table in enumerate(source.tables):
        here: Field = ("tables", number)
        yield from _missing_components(source, table, here)
        yield from _group_names(table, here)
        yield from _totals(table, here)
        yield from _outline(source, table, here)
        yield from _single_cells(source, table, here)
        yield from _header_levels(table, here)
        for holder, place in ((table, here), *((v, (*here, "values", n)) for n, v in enumerate(table.values))):
            yield from _words(source, holder, place)


def _missing_components(source: Source, table: Table, here: Field) -> Iterator[Inconsistency]:
    for component in REQUIRED:
        without = [
            n for n, values in enumerate(table.values, 1) if not _given(component, values, table, source.constants)
        ]
        if without:
            which = ", ".join(map(str, without))
            yield (
                here,
                f"không có nguồn cho thành phần {component} (values số {which})",
                f"the component {component} is taken from nowhere (values number {which})",
            )


def _given(component: str, values: Values, table: Table, constants: Components) -> bool:
    """Whether a component is declared, or is a named group of a pattern that selects columns or sheets."""
    names = (component, "organisation_code") if component == "organisation" else (component,)
    if any(getattr(holder, name) is not None for holder in (values, table, constants) for name in names):
        return True
    return component in _GROUP.findall(values.named_groups) + _GROUP.findall(_sheet_pattern(table))


def _sheet_pattern(table: Table) -> str:
    return (table.sheets.matching or "") if isinstance(table.sheets, SheetSelection) else ""


def _group_names(table: Table, here: Field) -> Iterator[Inconsistency]:
    places = [((*here, "sheets"), _sheet_pattern(table))]
    places += [((*here, "values", n, "columns"), values.named_groups) for n, values in enumerate(table.values)]
    for place, pattern in places:
        for name in _GROUP.findall(pattern):
            if name not in SINGLE_COMPONENTS and not name.isupper():
                yield (
                    place,
                    f"nhóm «{name}» không phải là thành phần ({', '.join(SINGLE_COMPONENTS)}) hay phân tổ (viết hoa)",
                    f"the group «{name}» is no component ({', '.join(SINGLE_COMPONENTS)}) or dimension (upper case)",
                )


def _totals(table: Table, here: Field) -> Iterator[Inconsistency]:
    places = [((*here, "totals", n, "of"), total.of) for n, total in enumerate(table.totals)]
    places += [((*here, "values", n, "total_of"), values.total_of or "") for n, values in enumerate(table.values)]
    for place, what in places:
        if what == "indicator":
            yield place, _TOTAL_OF_INDICATORS_VI, _TOTAL_OF_INDICATORS_EN
        elif what and what not in TOTALS_OF:
            allowed = ", ".join(TOTALS_OF)
            yield (
                place,
                f"phải là một trong: {allowed}; ở đây là «{what}»",
                f"must be one of: {allowed}; here it is «{what}»",
            )


def _outline(source: Source, table: Table, here: Field) -> Iterator[Inconsistency]:
    holders: list[Components] = [*table.values, *table.totals, table, source.constants]
    if table.outline is None and any(label.outline is not None for holder in holders for label in labels_of(holder)):
        yield here, "có dùng outline nhưng bảng không khai báo outline", "outline is used, but the table declares none"


def _header_levels(table: Table, here: Field) -> Iterator[Inconsistency]:
    """A level that the header does not have gives no label, and a figure of men would be one of everybody."""
    if table.header is None:
        return
    rows = table.header.rows
    holders: list[tuple[Components, Field]] = [(table, here)]
    holders += [(values, (*here, "values", n)) for n, values in enumerate(table.values)]
    for holder, place in holders:
        for label in labels_of(holder):
            level = label.header
            if isinstance(level, int) and not isinstance(level, bool) and not 1 <= abs(level) <= rows:
                yield (
                    place,
                    f"header: {level}, nhưng tiêu đề của bảng có {rows} dòng (header: rows)",
                    f"header: {level}, but the table's header is of {rows} row{'s' if rows > 1 else ''} (header: rows)",
                )


_OF_A_ROW = ("column", "beside", "header", "section", "outline")


def _single_cells(source: Source, table: Table, here: Field) -> Iterator[Inconsistency]:
    """A figure that stands alone has no row and no heading to take a label from."""
    for number, values in enumerate(table.values):
        if values.cell is None:
            continue
        for component in (*SINGLE_COMPONENTS, "target_group"):
            holder = next((h for h in (values, table, source.constants) if getattr(h, component)), None)
            if holder is None:
                continue
            found = getattr(holder, component)
            labels = found.values() if isinstance(found, dict) else (found,)
            origin = next((o for label in labels for o in _OF_A_ROW if getattr(label, o) is not None), None)
            if origin is not None:
                yield (
                    (*here, "values", number),
                    f"{component} lấy từ {origin}, nhưng số ở một ô riêng (cell) không có dòng hay tiêu đề",
                    f"{component} is taken from {origin}, but a single cell has neither row nor header",
                )


def _words(source: Source, holder: Components, place: Field) -> Iterator[Inconsistency]:
    for name, vocabulary in _VOCABULARIES.items():
        label: LabelSource | None = getattr(holder, name)
        mapped = [*(label.map.values() if label else ()), *([label.constant] if label and label.constant else [])]
        for word in mapped:
            if word not in set(vocabulary) and word not in source.labels.get(name, {}):
                allowed = ", ".join(vocabulary)
                yield (
                    (*place, name),
                    f"«{word}» không phải là {name}: {allowed}",
                    f"«{word}» is no {name}: {allowed}",
                )
