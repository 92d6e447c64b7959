"""What the register of regulations must satisfy: known programmes, types and functions, one holder at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ingest.problem import Problem
from ingest.registry.references import (
    check_known,
    check_unique,
    codes_of,
    organisation_codes,
    table_of,
)
from ingest.registry.rows import RegistryTable

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
    yield from _check_holders(holders)


def _check_holders(holders: RegistryTable[Any]) -> Iterator[Problem]:
    """One holder after the other, without a gap and up to today: else regulations would belong to nobody."""
    functions: dict[str, list[int]] = {}
    for index, row in enumerate(holders.rows):
        functions.setdefault(row.function, []).append(index)
    for function, members in functions.items():
        ordered = sorted(members, key=lambda index: holders.rows[index].valid_from)
        for before, after in pairwise(ordered):
            end, start = holders.rows[before].valid_to, holders.rows[after].valid_from
            number = holders.row_numbers[before]
            if end is None or end > start:
                yield holders.problem(
                    after,
                    "valid_from",
                    f"chức năng {function} có hai cơ quan cùng lúc (dòng {number})",
                    f"the function {function} has two holders at the same time (row {number})",
                )
            elif end < start:
                yield holders.problem(
                    after,
                    "valid_from",
                    f"chức năng {function} không có cơ quan nào từ {end} (dòng {number}) đến {start}",
                    f"nobody holds the function {function} from {end} (row {number}) to {start}",
                )
        if holders.rows[ordered[-1]].valid_to is not None:
            yield holders.problem(
                ordered[-1],
                "valid_to",
                f"chức năng {function} không có cơ quan nào sau ngày này",
                f"nobody holds the function {function} after this day",
            )
