"""What money must satisfy: constant prices, allocated costs, and amounts stated on one basis (2.9, 2.10, RAT-05)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ingest.problem import Problem
from ingest.registry.models import CostAllocation, Indicator
from ingest.registry.ratio_type import is_money
from ingest.registry.rows import RegistryTable
from ingest.registry.trees import overlap

if TYPE_CHECKING:
    from ingest.registry.registry import Registry

#: Services of an allocation that are the units directly below, not members of a target-group dimension.
UNITS_BELOW = "ORGANISATION"
#: What a derived series has in common with the one it comes from.
SAME_SERIES = ("unit", "frequency", "calendar", "accumulation", "time_aggregation")
PARTS = ("indicator", "direct", "overhead", "driver")
#: What must hold for each part of an allocation alike.
SAME_PERIODS = ("frequency", "calendar")


def check_deflators(registry: Registry) -> Iterator[Problem]:
    """A level once for each period; one name for one deflator."""
    table = registry.sources["deflators"]
    seen: dict[tuple[str, str], int] = {}
    names: dict[str, tuple[str, str]] = {}
    for index, row in enumerate(registry.deflators):
        key = (row.code, row.period_code)
        if key in seen:
            number = table.row_numbers[seen[key]]
            yield table.problem(
                index,
                "period_code",
                f"{row.code}: kỳ {row.period_code} đã có ở dòng {number}",
                f"{row.code}: the period {row.period_code} already stands in row {number}",
            )
        seen.setdefault(key, index)
        name = names.setdefault(row.code, (row.name_vi, row.name_en))
        if name != (row.name_vi, row.name_en):
            yield table.problem(
                index,
                "name_en",
                f"{row.code} đã có tên «{name[0]}»; một chỉ số giá chỉ có một tên",
                f"{row.code} is already named «{name[1]}»; a deflator has one name",
            )


def check_constant_prices(registry: Registry) -> Iterator[Problem]:
    """A series in constant prices says what it restates, with which deflator, in the prices of which period."""
    table, indicators = registry.sources["indicators"], {row.code: row for row in registry.indicators}
    levels = {(row.code, row.period_code) for row in registry.deflators}
    deflators = {row.code for row in registry.deflators}
    for index, row in enumerate(registry.indicators):
        stated = (row.derived_from, row.deflator, row.price_base_period)
        if not any(stated):
            continue
        if not all(stated):
            yield table.problem(
                index,
                "derived_from",
                f"{row.code}: ghi đủ derived_from, deflator và price_base_period, hoặc để trống cả ba",
                f"{row.code}: write derived_from, deflator and price_base_period, or none of the three",
            )
            continue
        if row.price_basis != "constant":
            yield table.problem(
                index,
                "price_basis",
                f"{row.code}: chỉ tiêu tính lại theo giá so sánh phải có price_basis là constant",
                f"{row.code}: a series restated in constant prices has the price_basis constant",
            )
        nominal = indicators.get(row.derived_from or "")
        if nominal is None:
            yield _unknown(table, index, "derived_from", row.derived_from)
        else:
            yield from _check_nominal(table, index, row, nominal)
        if row.deflator not in deflators:
            yield table.problem(
                index,
                "deflator",
                f"bảng deflators không có «{row.deflator}»",
                f"the table deflators has no «{row.deflator}»",
            )
        elif (row.deflator, row.price_base_period) not in levels:
            yield table.problem(
                index,
                "price_base_period",
                f"chỉ số {row.deflator} không có mức của kỳ {row.price_base_period}",
                f"the deflator {row.deflator} has no level for {row.price_base_period}",
            )


def _check_nominal(table: RegistryTable[Any], index: int, row: Indicator, nominal: Indicator) -> Iterator[Problem]:
    if nominal.derived_from is not None or nominal.price_basis == "constant" or not is_money(nominal.unit):
        yield table.problem(
            index,
            "derived_from",
            f"{row.code}: {nominal.code} phải là số tiền theo giá hiện hành",
            f"{row.code}: {nominal.code} must be an amount of money in current prices",
        )
    for field in SAME_SERIES:
        if getattr(row, field) != getattr(nominal, field):
            yield table.problem(
                index,
                field,
                f"{row.code}: {field} phải là {getattr(nominal, field)} như của {nominal.code}",
                f"{row.code}: {field} must be {getattr(nominal, field)}, as that of {nominal.code} is",
            )


def check_cost_allocations(registry: Registry) -> Iterator[Problem]:
    """Full cost, direct cost and pool are money in one unit, all parts of the same periods; services are declared."""
    table, indicators = registry.sources["cost_allocations"], {row.code: row for row in registry.indicators}
    dimensions = {row.dimension for row in registry.target_groups}
    for index, row in enumerate(registry.cost_allocations):
        named = [part for part in PARTS if getattr(row, part) is not None]
        parts = {part: indicators.get(getattr(row, part)) for part in named}
        for part, found in parts.items():
            if found is None:
                yield _unknown(table, index, part, getattr(row, part))
        if row.across != UNITS_BELOW and row.across not in dimensions:
            yield table.problem(
                index,
                "across",
                f"bảng target_groups không có chiều «{row.across}»; ghi một chiều, hoặc {UNITS_BELOW}",
                f"the table target_groups has no dimension «{row.across}»; write one, or {UNITS_BELOW}",
            )
        known = {part: found for part, found in parts.items() if found is not None}
        if len(known) == len(parts):
            yield from _check_parts(table, index, known)
        yield from _check_pools(table, index, row, registry.cost_allocations)


def _check_parts(table: RegistryTable[Any], index: int, parts: dict[str, Indicator]) -> Iterator[Problem]:
    full, direct = parts["indicator"], parts.get("direct")
    if full.cost_scope != "full":
        yield table.problem(
            index, "indicator", f"{full.code} phải có cost_scope là full", f"{full.code} must have the cost_scope full"
        )
    if direct is not None and direct.cost_scope == "full":
        yield table.problem(
            index,
            "direct",
            f"{direct.code} đã là chi phí đầy đủ (cost_scope full)",
            f"{direct.code} is a full cost already (cost_scope full)",
        )
    for part in [part for part in parts if part != "driver"]:
        if not is_money(parts[part].unit) or parts[part].unit != full.unit:
            yield table.problem(
                index,
                part,
                f"{parts[part].code} ({parts[part].unit}) phải là số tiền cùng đơn vị với {full.code} ({full.unit})",
                f"{parts[part].code} ({parts[part].unit}) must be money in the unit of {full.code} ({full.unit})",
            )
    for part in [part for part in parts if part != "indicator"]:
        for field in SAME_PERIODS:
            if getattr(parts[part], field) != getattr(full, field):
                yield table.problem(
                    index,
                    part,
                    f"{parts[part].code}: {field} phải là {getattr(full, field)} như của {full.code}",
                    f"{parts[part].code}: {field} must be {getattr(full, field)}, as that of {full.code} is",
                )


def _check_pools(
    table: RegistryTable[Any], index: int, row: CostAllocation, rows: tuple[CostAllocation, ...]
) -> Iterator[Problem]:
    """One direct cost and one set of services for a full cost; a pool once at a time."""
    for other_index, other in enumerate(rows[:index]):
        if other.indicator != row.indicator:
            continue
        number = table.row_numbers[other_index]
        if (other.direct, other.across) != (row.direct, row.across):
            yield table.problem(
                index,
                "direct",
                f"{row.indicator}: direct và across phải như ở dòng {number}",
                f"{row.indicator}: direct and across must be those of row {number}",
            )
        elif other.overhead == row.overhead and overlap(row.valid_from, row.valid_to, other.valid_from, other.valid_to):
            yield table.problem(
                index,
                "overhead",
                f"{row.indicator}: {row.overhead} đã được phân bổ ở dòng {number} trong cùng thời gian",
                f"{row.indicator}: {row.overhead} is allocated in row {number} at the same time",
            )


def _unknown(table: RegistryTable[Any], index: int, column: str, code: str | None) -> Problem:
    return table.problem(index, column, f"không có chỉ tiêu «{code}»", f"there is no indicator «{code}»")
