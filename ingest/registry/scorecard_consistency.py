"""What scorecards must satisfy beyond their tree and weights: methods, bands, links, who is scored (8.1 to 8.3)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from ingest.problem import Problem
from ingest.registry.references import (
    check_known,
    check_unique,
    codes_of,
    missing,
    organisation_codes,
    table_of,
)
from ingest.registry.trees import cycle_through

if TYPE_CHECKING:
    from ingest.registry.registry import Registry


#: Levels of a scorecard that the warehouse adds up: the macro ``scorecard_levels``.
DEEPEST_SCORECARD = 6


def check_scorecard_periods(registry: Registry) -> Iterator[Problem]:
    """Who is scored exists, and is scored once a period."""
    table = table_of(registry, "scorecard_periods")
    yield from check_unique(table, "period_code", ("scorecard", "organisation_code", "period_code"))
    yield from check_known(table, "scorecard", _scorecards(registry), "scorecards")
    yield from check_known(table, "organisation_code", organisation_codes(registry), "organisations")
    for index, row in enumerate(table.rows):
        if row.missing_data == "floor_after_deadline" and row.deadline is None:
            yield table.problem(
                index, "deadline", "floor_after_deadline cần hạn nộp", "floor_after_deadline needs a deadline"
            )


def check_scorecard_methods(registry: Registry) -> Iterator[Problem]:
    """What a measure node states gives a score by its method (domain.md 8.2); the rest is read from targets."""
    table, bands = table_of(registry, "scorecards"), {row.band for row in registry.tables["score_bands"]}
    for index, row in enumerate(table.rows):
        if row.node_type != "measure":
            continue
        if row.method == "band" and row.band is None:
            yield table.problem(index, "band", "phương pháp band cần một bảng bậc", "the method band needs a band")
        if row.method in ("progress", "goalpost") and row.baseline is not None and row.baseline == row.target:
            yield table.problem(
                index,
                "target",
                "target bằng baseline thì không có quãng đường để đo; hãy dùng phương pháp band",
                "the target equals the baseline: there is no way to go; use the method band",
            )
        bounded = row.range_low is not None and row.range_high is not None
        if row.method == "range" and bounded and row.range_low >= row.range_high:
            yield table.problem(index, "range_high", "phải lớn hơn range_low", "must be greater than range_low")
        if row.method in ("attain_high", "attain_low_linear") and row.target == Decimal(0):
            yield table.problem(
                index, "target", f"{row.method} chia cho target nên không được là 0", f"{row.method} divides by target"
            )
        if row.band is not None and row.band not in bands:
            yield table.problem(
                index, "band", f"bảng score_bands không có «{row.band}»", f"the table score_bands has no «{row.band}»"
            )


def check_scorecard_depth(registry: Registry) -> Iterator[Problem]:
    """Scorecards are at most as deep as the warehouse adds up, and measures have nothing below them."""
    table = table_of(registry, "scorecards")
    parents = {(row.scorecard, row.code): (row.scorecard, row.parent) for row in table.rows}
    types = {(row.scorecard, row.code): row.node_type for row in table.rows}
    for index, row in enumerate(table.rows):
        depth, node = 0, (row.scorecard, row.code)
        while node in parents and depth <= DEEPEST_SCORECARD:
            depth, node = depth + 1, parents[node]
        if depth > DEEPEST_SCORECARD:
            yield table.problem(
                index,
                "parent",
                f"bảng điểm sâu quá {DEEPEST_SCORECARD} cấp",
                f"the scorecard is more than {DEEPEST_SCORECARD} levels deep",
            )
        if types.get((row.scorecard, row.parent or "")) == "measure":
            yield table.problem(
                index, "parent", "nút measure không thể có nút con", "a measure cannot have nodes below it"
            )


def check_score_bands(registry: Registry) -> Iterator[Problem]:
    """The steps of a band neither overlap nor leave a gap, so that every value earns one score."""
    table = table_of(registry, "score_bands")
    bands: dict[str, list[int]] = {}
    for index, row in enumerate(table.rows):
        bands.setdefault(row.band, []).append(index)
    for members in bands.values():
        ordered = sorted(members, key=lambda i: (table.rows[i].low is not None, table.rows[i].low or Decimal(0)))
        for before, after in itertools.pairwise(ordered):
            if table.rows[before].high is None or table.rows[before].high != table.rows[after].low:
                yield table.problem(
                    after,
                    "low",
                    f"bậc này phải bắt đầu ở {table.rows[before].high}, nơi bậc trước kết thúc",
                    f"the step must begin at {table.rows[before].high}, where the one before it ends",
                )


def check_scorecard_links(registry: Registry) -> Iterator[Problem]:
    """Links join known nodes with a known objective or node, and nodes form no circle."""
    table = table_of(registry, "scorecard_links")
    nodes = {(row.scorecard, row.code) for row in registry.scorecards}
    objectives = codes_of(registry, "objectives")
    above: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in table.rows:
        if row.to_code is not None:
            above.setdefault((row.scorecard, row.code), []).append((row.to_scorecard or row.scorecard, row.to_code))
    for index, row in enumerate(table.rows):
        if (row.scorecard, row.code) not in nodes:
            yield missing(table, index, "code", f"{row.scorecard}/{row.code}", "scorecards")
        if (row.to_objective is None) == (row.to_code is None):
            yield table.problem(
                index, "to_objective", "ghi to_objective hoặc to_code", "write to_objective or to_code, one of the two"
            )
        elif row.to_objective is not None and row.to_objective not in objectives:
            yield missing(table, index, "to_objective", row.to_objective, "objectives")
        elif row.to_code is not None and (row.to_scorecard or row.scorecard, row.to_code) not in nodes:
            yield missing(table, index, "to_code", f"{row.to_scorecard or row.scorecard}/{row.to_code}", "scorecards")
        elif cycle := cycle_through((row.scorecard, row.code), lambda node: above.get(node, [])):
            way = " → ".join("/".join(node) for node in cycle)
            yield table.problem(
                index, "to_code", f"liên kết đi vòng tròn: {way}", f"the links go round in a circle: {way}"
            )


def _scorecards(registry: Registry) -> set[str]:
    return {row.scorecard for row in registry.scorecards}
