"""What the register of regulations must satisfy: known programmes, types and functions, one holder at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.problem import Problem
from ingest.registry.references import (
    check_known,
    check_unique,
    codes_of,
    organisation_codes,
    table_of,
)
from ingest.registry.trees import overlap

if TYPE_CHECKING:
    from ingest.registry.registry import Registry


def check_regulations(registry: Registry) -> Iterator[Problem]:
    """Regulations have a known programme, type and function; steps and costs are of known regulations, once each."""
    regulations, actions = table_of(registry, "regulations"), table_of(registry, "regulation_actions")
    costs, holders = table_of(registry, "compliance_costs"), table_of(registry, "function_holders")
    codes = codes_of(registry, "regulations")
    groups = {f"{row.dimension}={row.code}" for row in registry.target_groups}
    baselines = {row.code: row.baseline_date for row in registry.tables["programmes"]}
    yield from check_unique(regulations, "code", ("code",))
    yield from check_known(regulations, "programme", baselines, "programmes")
    yield from check_known(regulations, "function", {row.function for row in holders.rows}, "function_holders")
    yield from check_known(regulations, "regulation_type", groups, "target_groups")
    for index, row in enumerate(regulations.rows):
        if row.programme in baselines and baselines[row.programme] is None:
            yield regulations.problem(
                index,
                "programme",
                f"chương trình {row.programme} chưa có baseline_date nên không biết quy định nào thuộc số gốc",
                f"the programme {row.programme} has no baseline_date, so nothing tells which regulations are its stock",
            )
    yield from check_unique(actions, "stage", ("regulation", "stage", "action", "effective_on"))
    yield from check_known(actions, "regulation", codes, "regulations")
    yield from check_known(actions, "replaced_by", codes, "regulations")
    yield from check_unique(costs, "state", ("regulation", "state"))
    yield from check_known(costs, "regulation", codes, "regulations")
    yield from check_known(holders, "organisation_code", organisation_codes(registry), "organisations")
    earlier: dict[str, list[int]] = {}
    for index, row in enumerate(holders.rows):
        for other in earlier.setdefault(row.function, []):
            before = holders.rows[other]
            if overlap(row.valid_from, row.valid_to, before.valid_from, before.valid_to):
                number = holders.row_numbers[other]
                yield holders.problem(
                    index,
                    "valid_from",
                    f"chức năng {row.function} có hai cơ quan cùng lúc (dòng {number})",
                    f"the function {row.function} has two holders at the same time (row {number})",
                )
        earlier[row.function].append(index)
