"""What programmes, results chains, norms, reviews, budget lines and accumulating targets must satisfy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.problem import Problem
from ingest.registry.references import (
    check_known,
    check_unique,
    codes_of,
    measure_codes,
    organisation_codes,
    table_of,
)
from ingest.registry.trees import cycle_through

if TYPE_CHECKING:
    from ingest.registry.models import Indicator
    from ingest.registry.registry import Registry


def check_programmes(registry: Registry) -> Iterator[Problem]:
    """A programme once, its owner and objective known; measures name programmes that exist, once there are any."""
    table = table_of(registry, "programmes")
    yield from check_unique(table, "code", ("code",))
    yield from check_known(table, "owner_code", organisation_codes(registry), "organisations")
    yield from check_known(table, "objective", codes_of(registry, "objectives"), "objectives")
    programmes = codes_of(registry, "programmes")
    if programmes:
        for name in ("indicators", "ratios"):
            yield from check_known(table_of(registry, name), "programme", programmes, "programmes")


def check_results_chains(registry: Registry) -> Iterator[Problem]:
    """CHAIN-01: links of a programme join known measures and form no circle (domain.md 11.2)."""
    table = table_of(registry, "results_chains")
    yield from check_unique(table, "to_measure", ("programme", "from_measure", "to_measure"))
    yield from check_known(table, "programme", codes_of(registry, "programmes"), "programmes")
    for column in ("from_measure", "to_measure"):
        yield from check_known(table, column, measure_codes(registry), "indicators, ratios")
    followers: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in table.rows:
        followers.setdefault((row.programme, row.from_measure), []).append((row.programme, row.to_measure))
    reported: set[tuple[str, str]] = set()
    for index, row in enumerate(table.rows):
        start = (row.programme, row.from_measure)
        if start in reported:
            continue
        cycle = cycle_through(start, lambda node: followers.get(node, []))
        if cycle:
            reported.update(cycle)
            way = " → ".join(measure for _, measure in cycle)
            yield table.problem(
                index,
                "to_measure",
                f"CHAIN-01: chuỗi kết quả đi vòng tròn: {way}; hãy bỏ một liên kết",
                f"CHAIN-01: the results chain goes round in a circle: {way}; take one of the links out",
            )


def check_norms(registry: Registry) -> Iterator[Problem]:
    """A norm is a value or the figure of another measure or organisation, never both and never nothing."""
    table = table_of(registry, "norms")
    yield from check_unique(table, "code", ("code", "measure_code", "organisation_code", "period_code"))
    for column in ("measure_code", "reference_measure"):
        yield from check_known(table, column, measure_codes(registry), "indicators, ratios")
    for column in ("organisation_code", "reference_organisation"):
        yield from check_known(table, column, organisation_codes(registry), "organisations")
    for index, row in enumerate(table.rows):
        refers = row.reference_measure is not None or row.reference_organisation is not None
        if (row.value is None) != refers:
            yield table.problem(
                index,
                "value",
                "ghi value, hoặc reference_measure / reference_organisation, không ghi cả hai",
                "write a value, or reference_measure or reference_organisation, and not both",
            )


def check_portfolio(registry: Registry) -> Iterator[Problem]:
    """Reviews and uses are of known measures; a measure is reviewed once a day."""
    reviews, uses = table_of(registry, "measure_reviews"), table_of(registry, "information_uses")
    yield from check_unique(reviews, "measure_code", ("measure_code", "reviewed_on"))
    for table in (reviews, uses):
        yield from check_known(table, "measure_code", measure_codes(registry), "indicators, ratios")


def check_budget_lines(registry: Registry) -> Iterator[Problem]:
    """Budget lines are of known programmes and organisations and are followed by known indicators."""
    table, indicators = table_of(registry, "budget_lines"), codes_of(registry, "indicators")
    yield from check_unique(
        table, "period_code", ("programme", "code", "organisation_code", "period_code", "recorded_at")
    )
    yield from check_known(table, "programme", codes_of(registry, "programmes"), "programmes")
    yield from check_known(table, "organisation_code", organisation_codes(registry), "organisations")
    yield from check_known(table, "spending_indicator", indicators, "indicators")
    yield from check_known(table, "result_indicator", indicators, "indicators")


def check_targets_accumulate(registry: Registry) -> Iterator[Problem]:
    """Only what adds up over time can have a target that accumulates; increments are values, not ranges."""
    table = table_of(registry, "targets")
    indicators: dict[str, Indicator] = {row.code: row for row in registry.indicators}
    started = {
        (row.measure_code, row.organisation_code, row.target_group_code)
        for row in registry.targets
        if row.kind == "baseline"
    }
    for index, row in enumerate(registry.targets):
        indicator = indicators.get(row.measure_code)
        adds_up = indicator is not None and indicator.time_aggregation == "sum"
        if row.accumulation == "cumulative" and not adds_up:
            yield table.problem(
                index,
                "accumulation",
                f"«{row.measure_code}» không cộng được theo thời gian nên không có mục tiêu lũy kế",
                f"«{row.measure_code}» does not add up over time and so has no cumulative target",
            )
        key = (row.measure_code, row.organisation_code, row.target_group_code)
        if row.accumulation != "level" and key not in started:
            yield table.problem(
                index,
                "accumulation",
                f"mục tiêu {row.accumulation} cần một dòng baseline: cộng từ đó",
                f"a target that is {row.accumulation} needs a baseline to add up from",
            )
        if row.accumulation != "level" and row.value is None:
            yield table.problem(
                index,
                "value",
                f"mục tiêu {row.accumulation} cần một value",
                f"a target that is {row.accumulation} needs a value",
            )
