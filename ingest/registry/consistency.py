"""What the rows of the registry must satisfy together: every check, and the tables it needs to be readable.

A check runs only where every row of its tables could be read: otherwise one misspelt date would also be reported as
dozens of unknown codes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from ingest.problem import Problem
from ingest.registry.cost_consistency import check_constant_prices, check_cost_allocations, check_deflators
from ingest.registry.measure_consistency import (
    check_codes_of_measures,
    check_disaggregations,
    check_indicators,
    check_mix_dimensions,
    check_objectives,
    check_objectives_of_measures,
    check_peer_groups,
    check_scorecards,
    check_target_groups,
    check_targets,
)
from ingest.registry.organisation_consistency import check_events, check_organisations
from ingest.registry.ratio_consistency import check_ratios
from ingest.registry.regulation_consistency import check_regulations
from ingest.registry.scorecard_consistency import (
    check_score_bands,
    check_scorecard_depth,
    check_scorecard_links,
    check_scorecard_methods,
    check_scorecard_periods,
)
from ingest.registry.steering_consistency import (
    check_budget_lines,
    check_norms,
    check_portfolio,
    check_programmes,
    check_results_chains,
    check_targets_accumulate,
)

if TYPE_CHECKING:
    from ingest.registry.registry import Registry

Check = Callable[["Registry"], Iterator[Problem]]

CHECKS: tuple[tuple[Check, tuple[str, ...]], ...] = (
    (check_organisations, ("organisations",)),
    (check_events, ("organisations", "organisation_events")),
    (check_indicators, ("organisations", "indicators")),
    (check_codes_of_measures, ("indicators", "ratios")),
    (check_ratios, ("indicators", "ratios")),
    (check_target_groups, ("target_groups",)),
    (check_mix_dimensions, ("indicators", "ratios", "target_groups")),
    (check_disaggregations, ("indicators", "target_groups")),
    (check_deflators, ("deflators",)),
    (check_constant_prices, ("indicators", "deflators")),
    (check_cost_allocations, ("cost_allocations", "indicators", "target_groups")),
    (check_objectives, ("objectives", "organisations")),
    (check_objectives_of_measures, ("indicators", "ratios", "objectives")),
    (check_targets, ("targets", "organisations", "indicators", "ratios", "target_groups")),
    (check_peer_groups, ("peer_groups", "organisations")),
    (check_scorecards, ("scorecards", "indicators", "ratios")),
    (check_scorecard_methods, ("scorecards", "score_bands")),
    (check_scorecard_depth, ("scorecards",)),
    (check_scorecard_periods, ("scorecard_periods", "scorecards", "organisations")),
    (check_scorecard_links, ("scorecard_links", "scorecards", "objectives")),
    (check_score_bands, ("score_bands",)),
    (check_targets_accumulate, ("targets", "indicators")),
    (check_norms, ("norms", "organisations", "indicators", "ratios")),
    (check_programmes, ("programmes", "organisations", "objectives", "indicators", "ratios")),
    (check_results_chains, ("results_chains", "programmes", "indicators", "ratios")),
    (check_budget_lines, ("budget_lines", "programmes", "organisations", "indicators")),
    (check_portfolio, ("measure_reviews", "information_uses", "indicators", "ratios")),
    (
        check_regulations,
        (
            "regulations",
            "regulation_actions",
            "compliance_costs",
            "function_holders",
            "programmes",
            "organisations",
            "target_groups",
        ),
    ),
)


def check_consistency(registry: Registry, faulty: Collection[str]) -> Iterator[Problem]:
    """Every problem of rows together; ``faulty`` are tables some of whose rows could not be read."""
    for check, tables in CHECKS:
        if not set(tables) & set(faulty):
            yield from check(registry)
