"""What indicators, groups, objectives, targets, peers and scorecards must satisfy together (5.1, 7.1, 8.1)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ingest.problem import Problem
from ingest.registry.models import Indicator, Ratio
from ingest.registry.rows import RegistryTable, Row
from ingest.registry.trees import check_tree, overlap

if TYPE_CHECKING:
    from ingest.registry.registry import Registry

TOTAL_GROUP = "_T"
WEIGHT_TOLERANCE = Decimal("1e-9")


def check_indicators(registry: Registry) -> Iterator[Problem]:
    """A version once, definitions of a code one after the other, bounds the right way round, known levels."""
    table, rows = registry.sources["indicators"], registry.indicators
    yield from _check_unique(table, rows, "version", lambda row: (row.code, row.version))
    levels = {organisation.level for organisation in registry.organisations}
    earlier: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        for other_index in earlier.setdefault(row.code, []):
            other = rows[other_index]
            apart = other.version == row.version  # reported as a version that occurs twice
            if not apart and overlap(row.valid_from, row.valid_to, other.valid_from, other.valid_to):
                number = table.row_numbers[other_index]
                yield table.problem(
                    index,
                    "valid_from",
                    f"{row.code}: phiên bản {row.version} và {other.version} (dòng {number}) có hiệu lực cùng lúc",
                    f"{row.code}: versions {row.version} and {other.version} (row {number}) are valid at the same time",
                )
        earlier[row.code].append(index)
        for low, high in (("hard_min", "hard_max"), ("soft_min", "soft_max")):
            least, greatest = getattr(row, low), getattr(row, high)
            if least is not None and greatest is not None and least > greatest:
                yield table.problem(
                    index, high, f"{greatest} nhỏ hơn {low} {least}", f"{greatest} is below {low} {least}"
                )
        if row.reporting_level is not None and row.reporting_level not in levels:
            yield table.problem(
                index,
                "reporting_level",
                f"không có tổ chức nào ở cấp «{row.reporting_level}»",
                f"no organisation has the level «{row.reporting_level}»",
            )


def check_codes_of_measures(registry: Registry) -> Iterator[Problem]:
    """A code means one measure: a ratio has no code of an indicator, and no code twice."""
    table, rows = registry.sources["ratios"], registry.ratios
    yield from _check_unique(table, rows, "code", lambda row: row.code)
    indicators = {row.code for row in registry.indicators}
    for index, row in enumerate(rows):
        if row.code in indicators:
            yield table.problem(
                index, "code", f"«{row.code}» đã là mã của một chỉ tiêu", f"«{row.code}» is already an indicator's code"
            )


def check_target_groups(registry: Registry) -> Iterator[Problem]:
    """A member once in its dimension, under a member of the same dimension."""
    table, rows = registry.sources["target_groups"], registry.target_groups
    yield from _check_unique(table, rows, "code", lambda row: (row.dimension, row.code))
    yield from check_tree(
        _as(table, rows),
        "parent",
        lambda row: f"{row.dimension}={row.code}",
        lambda row: f"{row.dimension}={row.parent}" if row.parent else None,
    )


def check_mix_dimensions(registry: Registry) -> Iterator[Problem]:
    """Dimensions to standardise over are declared."""
    dimensions = {row.dimension for row in registry.target_groups}
    for table, index, row in _indicators_and_ratios(registry):
        if row.mix_dimension is not None and row.mix_dimension not in dimensions:
            yield table.problem(
                index,
                "mix_dimension",
                f"bảng target_groups không có chiều «{row.mix_dimension}»",
                f"the table target_groups has no dimension «{row.mix_dimension}»",
            )


def check_disaggregations(registry: Registry) -> Iterator[Problem]:
    """Dimensions that an indicator must be broken down by are declared; crossed ones are joined by *."""
    dimensions = {row.dimension for row in registry.target_groups}
    for index, row in enumerate(registry.indicators):
        expected = row.disaggregations.split("|") if row.disaggregations else []
        for crossing in expected:
            if crossing.count("*") > 1:
                yield registry.sources["indicators"].problem(
                    index,
                    "disaggregations",
                    f"«{crossing}»: chỉ ghép hai chiều với nhau",
                    f"«{crossing}»: two dimensions are crossed at most",
                )
        for dimension in dict.fromkeys(part.strip() for crossing in expected for part in crossing.split("*")):
            if dimension not in dimensions:
                yield registry.sources["indicators"].problem(
                    index,
                    "disaggregations",
                    f"bảng target_groups không có chiều «{dimension}»; viết như SEX|AGE|SEX*AGE",
                    f"the table target_groups has no dimension «{dimension}»; write as in SEX|AGE|SEX*AGE",
                )


def check_objectives(registry: Registry) -> Iterator[Problem]:
    """A tree of objectives, each owned by a known organisation."""
    table, rows = registry.sources["objectives"], registry.objectives
    yield from _check_unique(table, rows, "code", lambda row: row.code)
    yield from check_tree(
        _as(table, rows), "parent_code", lambda row: row.code, lambda row: row.parent_code, rule="CHAIN-01"
    )
    organisations = {row.code for row in registry.organisations}
    for index, row in enumerate(rows):
        if row.owner_code is not None and row.owner_code not in organisations:
            yield _unknown_organisation(table, index, "owner_code", row.owner_code)


def check_objectives_of_measures(registry: Registry) -> Iterator[Problem]:
    """Objectives that measures name exist, once a workspace has any."""
    objectives = {row.code for row in registry.objectives}
    for table, index, row in _indicators_and_ratios(registry):
        if row.objective is not None and row.objective not in objectives:
            yield table.problem(
                index,
                "objective",
                f"bảng objectives không có «{row.objective}»",
                f"the table objectives has no «{row.objective}»",
            )


def check_targets(registry: Registry) -> Iterator[Problem]:
    """Targets bind known measures, organisations and groups, and say a value or a range, once."""
    table, rows = registry.sources["targets"], registry.targets
    measures = _measures(registry)
    organisations = {row.code for row in registry.organisations}
    groups = {f"{row.dimension}={row.code}" for row in registry.target_groups}
    yield from _check_unique(
        table,
        rows,
        "period_code",
        lambda row: (
            row.measure_code,
            row.organisation_code,
            row.period_code,
            row.target_group_code,
            row.kind,
            row.recorded_at,
        ),
    )
    for index, row in enumerate(rows):
        if row.measure_code not in measures:
            yield _unknown_measure(table, index, row.measure_code)
        if row.organisation_code not in organisations:
            yield _unknown_organisation(table, index, "organisation_code", row.organisation_code)
        if row.value is None and row.low is None and row.high is None:
            yield table.problem(index, "value", "ghi value, hoặc low và high", "write a value, or low and high")
        if row.low is not None and row.high is not None and row.low > row.high:
            yield table.problem(
                index, "high", f"{row.high} nhỏ hơn low {row.low}", f"{row.high} is below low {row.low}"
            )
        members = row.target_group_code.split("|")
        if row.target_group_code != TOTAL_GROUP and not set(members) <= groups:
            yield table.problem(
                index,
                "target_group_code",
                f"không có nhóm «{row.target_group_code}»",
                f"there is no group «{row.target_group_code}»",
            )
        elif members != sorted(members):
            ordered = "|".join(sorted(members))
            yield table.problem(
                index, "target_group_code", f"viết theo thứ tự: {ordered}", f"write it in order: {ordered}"
            )


def check_peer_groups(registry: Registry) -> Iterator[Problem]:
    """Peers are known organisations."""
    organisations = {row.code for row in registry.organisations}
    for index, row in enumerate(registry.peer_groups):
        if row.organisation_code not in organisations:
            yield _unknown_organisation(
                registry.sources["peer_groups"], index, "organisation_code", row.organisation_code
            )


def check_scorecards(registry: Registry) -> Iterator[Problem]:
    """Nodes make trees, leaves name measures, and the weights of siblings add to 1 (domain.md 8.3)."""
    table, rows = registry.sources["scorecards"], registry.scorecards
    measures = _measures(registry)
    yield from _check_unique(table, rows, "code", lambda row: (row.scorecard, row.code))
    yield from check_tree(
        _as(table, rows),
        "parent",
        lambda row: f"{row.scorecard}/{row.code}",
        lambda row: f"{row.scorecard}/{row.parent}" if row.parent else None,
    )
    siblings: dict[tuple[str, str], list[int]] = {}
    for index, row in enumerate(rows):
        siblings.setdefault((row.scorecard, row.parent or ""), []).append(index)
        if row.node_type == "measure" and row.measure_code is None:
            yield table.problem(
                index, "measure_code", "nút measure phải có mã chỉ tiêu hoặc tỷ số", "a measure node names its measure"
            )
        elif row.measure_code is not None and row.measure_code not in measures:
            yield _unknown_measure(table, index, row.measure_code)
    for (scorecard, parent), members in siblings.items():
        total = sum((rows[index].weight for index in members), Decimal(0))
        if abs(total - 1) > WEIGHT_TOLERANCE:
            under = f"{scorecard}/{parent}" if parent else scorecard
            numbers = ", ".join(str(table.row_numbers[index]) for index in members)
            yield table.problem(
                members[0],
                "weight",
                f"tổng trọng số dưới {under} là {total}, phải bằng 1; các dòng {numbers}",
                f"the weights under {under} add to {total}, not 1; rows {numbers}",
            )


def _as(table: RegistryTable[Any], rows: tuple[Row, ...]) -> RegistryTable[Row]:
    return RegistryTable(table.name, table.file, rows, table.row_numbers)


def _check_unique(
    table: RegistryTable[Any], rows: tuple[Row, ...], column: str, key_of: Callable[[Row], Hashable]
) -> Iterator[Problem]:
    seen: dict[Hashable, int] = {}
    for index, row in enumerate(rows):
        key = key_of(row)
        if key in seen:
            number = table.row_numbers[seen[key]]
            shown = ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
            yield table.problem(
                index, column, f"«{shown}» đã có ở dòng {number}", f"«{shown}» already stands in row {number}"
            )
        else:
            seen[key] = index


def _indicators_and_ratios(registry: Registry) -> Iterator[tuple[RegistryTable[Any], int, Indicator | Ratio]]:
    for index, indicator in enumerate(registry.indicators):
        yield registry.sources["indicators"], index, indicator
    for index, ratio in enumerate(registry.ratios):
        yield registry.sources["ratios"], index, ratio


def _measures(registry: Registry) -> set[str]:
    return {row.code for row in registry.indicators} | {row.code for row in registry.ratios}


def _unknown_measure(table: RegistryTable[Any], index: int, code: str) -> Problem:
    return table.problem(
        index, "measure_code", f"không có chỉ tiêu hay tỷ số «{code}»", f"there is no indicator or ratio «{code}»"
    )


def _unknown_organisation(table: RegistryTable[Any], index: int, column: str, code: str) -> Problem:
    return table.problem(
        index, column, f"không có tổ chức nào mang mã «{code}»", f"no organisation has the code «{code}»"
    )
