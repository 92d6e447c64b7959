"""An outsider with all editions, the published bridges and a linear programming solver.

Written apart from the room it attacks: it reads only what was published, makes an equation of everything that is
printed there, and asks for each suppressed figure how low and how high it can be. It is stronger than life in one
respect: it knows which figures were not revised between two editions (``truth``), and takes them for one unknown.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

#: table letter, measure, structure, organisation, period, group (all keys but the letter).
Figure = tuple[str, int, str, int, int, int]
Term = tuple[Any, float]


@dataclass
class Knowledge:
    """Equations ``sum of coefficient x unknown = constant`` and bounds, over figures of one or several editions."""

    shown: dict[Any, float] = field(default_factory=dict)
    hidden: set[Any] = field(default_factory=set)
    equations: list[tuple[list[Term], float]] = field(default_factory=list)
    at_most: list[tuple[list[Term], float]] = field(default_factory=list)


class Edition:
    """What one edition prints, and what follows from its bridges."""

    def __init__(self, path: Path) -> None:
        self.connection = duckdb.connect(str(path), read_only=True)
        self.figures: dict[Figure, float | None] = {}
        self.ratio_values: dict[tuple[int, str, int, int, int], float] = {}
        for row in self._rows(
            "select indicator_key, organisation_key, time_key, target_group_key, value, obs_status "
            "from marts.mart_indicator"
        ):
            *key, value, status = row
            if value is not None or status == "Q":
                self.figures["I", key[0], "as_was", key[1], key[2], key[3]] = None if value is None else float(value)
        for row in self._rows(
            "select ratio_key, structure, organisation_key, time_key, target_group_key, numerator, denominator, value, "
            "scale, numerator_conf_status, denominator_conf_status from marts.mart_ratio"
        ):
            key = tuple(row[:5])
            for letter, value, conf in (("N", row[5], row[9]), ("D", row[6], row[10])):
                if value is not None or conf != "F":
                    self.figures[letter, key[0], key[1], *key[2:]] = None if value is None else float(value)
            if row[7] is not None:
                self.ratio_values[key] = row[7] / float(row[8])

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def equations(self) -> Iterator[tuple[list[tuple[Figure, float]], str]]:
        """Equations with right side 0, as terms, and whether they are equations (=) or hold as ≥ 0."""
        yield from self._groups()
        yield from self._organisations()
        yield from self._structures()
        yield from self._time()
        yield from self._terms()
        for (ratio, structure, *place), value in self.ratio_values.items():
            yield [(("N", ratio, structure, *place), 1.0), (("D", ratio, structure, *place), -value)], "="
        proportions = {
            key for (key,) in self._rows("select ratio_key from core.dim_ratio where ratio_class = 'proportion'")
        }
        for figure in self.figures:
            if figure[0] == "D" and figure[1] in proportions:
                yield [(figure, 1.0), (("N", *figure[1:]), -1.0)], ">"

    def _groups(self) -> Iterator[tuple[list[tuple[Figure, float]], str]]:
        links: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        depth: dict[tuple[int, int], int] = {}
        for above, below, breakdown, size, adds in self._rows(
            "select ancestor_target_group_key, descendant_target_group_key, breakdown, breakdown_dimensions, "
            "is_additive from core.bridge_target_group where breakdown_dimensions > 0"
        ):
            links[above][breakdown if adds else f"one:{below}"].append(below)
            depth[above, below] = size
        for figure in self.figures:
            for breakdown, below in links[figure[5]].items():
                parts = [(*figure[:5], group) for group in below if (*figure[:5], group) in self.figures]
                if parts:
                    yield (
                        [(figure, 1.0), *((part, -1.0) for part in parts)],
                        ">" if breakdown.startswith("one:") else "=",
                    )

    def _organisations(self) -> Iterator[tuple[list[tuple[Figure, float]], str]]:
        organisations = self._rows(
            "select organisation_key, organisation_code, parent_organisation_code, is_current "
            "from core.dim_organisation"
        )
        codes = {code: key for key, code, _, _ in organisations}
        below: dict[int, list[int]] = defaultdict(list)
        for key, _, above, _ in organisations:
            if above in codes:
                below[codes[above]].append(key)
        current = {key for key, _, _, is_current in organisations if is_current}
        for figure in self.figures:
            children = [
                (*figure[:3], child, *figure[4:])
                for child in below[figure[3]]
                if figure[2] == "as_was" or child in current
            ]
            parts = [child for child in children if child in self.figures]
            if parts:
                yield [(figure, 1.0), *((part, -1.0) for part in parts)], "="

    def _structures(self) -> Iterator[tuple[list[tuple[Figure, float]], str]]:
        origins: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for above, below, weight in self._rows(
            "select distinct ancestor_organisation_key, descendant_organisation_key, weight "
            "from core.bridge_organisation where structure = 'as_is' and distance = 0"
        ):
            origins[above].append((below, float(weight)))
        for figure in self.figures:
            if figure[2] == "as_is":
                parts = [
                    ((*figure[:2], "as_was", origin, *figure[4:]), weight) for origin, weight in origins[figure[3]]
                ]
                parts = [(part, weight) for part, weight in parts if part in self.figures]
                if parts:
                    yield [(figure, 1.0), *((part, -weight) for part, weight in parts)], "="

    def _time(self) -> Iterator[tuple[list[tuple[Figure, float]], str]]:
        rule = dict(self._rows("select indicator_key, time_aggregation from core.dim_indicator"))
        inside: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for above, below, name in self._rows(
            "select ancestor_time_key, descendant_time_key, descendant_frequency from core.bridge_time "
            "where is_tiled and not is_self order by descendant_start"
        ):
            inside[above][name].append(below)
        for figure in self.figures:
            for periods in inside[figure[4]].values():
                parts = [
                    (*figure[:4], period, figure[5])
                    for period in periods
                    if (*figure[:4], period, figure[5]) in self.figures
                ]
                aggregation = rule.get(figure[1], "sum") if figure[0] == "I" else "sum"
                if aggregation == "last":
                    parts = parts[-1:]
                share = 1 / len(parts) if parts and aggregation == "average" else 1.0
                if parts:
                    yield [(figure, 1.0), *((part, -share) for part in parts)], "="

    def _terms(self) -> Iterator[tuple[list[tuple[Figure, float]], str]]:
        terms: dict[tuple[str, int], list[tuple[int, float]]] = defaultdict(list)
        for ratio, part, sign, indicator in self._rows(
            "select ratio_key, part, sign, factor_1_indicator_key from core.bridge_ratio_indicator"
        ):
            terms["N" if part == "numerator" else "D", ratio].append((indicator, float(sign)))
        for figure in self.figures:
            own = terms.get(figure[:2], [])  # type: ignore[call-overload]
            parts = [(("I", indicator, "as_was", *figure[3:]), sign) for indicator, sign in own]
            if own and figure[2] == "as_was" and all(part in self.figures for part, _ in parts):
                yield [(figure, 1.0), *((part, -sign) for part, sign in parts)], "="


@dataclass(frozen=True)
class Interval:
    low: float
    high: float
    figure: Any

    @property
    def is_recovered(self) -> bool:
        """Known to the unit: one whole number fits, or one number at all."""
        return np.floor(self.high + 1e-6) - np.ceil(self.low - 1e-6) < 1


def attack(
    paths: Sequence[Path], truths: Sequence[Mapping[Figure, float]] | None = None, *, sample: int | None = None
) -> list[Interval]:
    """The interval of every figure that is suppressed in any of the editions, or of so many of them drawn by lot.

    ``truths``: the true figures behind each edition; equations that do not hold of them are left out, and figures that
    are equal in several editions are one unknown. Without it all equations are believed and no figure was revised.
    """
    knowledge = Knowledge()
    for number, path in enumerate(paths):
        edition = Edition(path)
        truth = truths[number] if truths else None

        def name(figure: Figure, truth: Mapping[Figure, float] | None = truth) -> Any:
            return (figure, round(truth[figure], 6)) if truth else figure

        for figure, value in edition.figures.items():
            if value is None:
                knowledge.hidden.add(name(figure))
            else:
                knowledge.shown[name(figure)] = value
        for terms, sign in edition.equations():
            if any(figure not in edition.figures for figure, _ in terms):
                continue
            if truth is not None:
                rest = sum(weight * truth[figure] for figure, weight in terms)
                if (sign == "=" and abs(rest) > 1e-6) or rest < -1e-6:
                    continue
            named = [(name(figure), weight) for figure, weight in terms]
            (knowledge.equations if sign == "=" else knowledge.at_most).append((named, 0.0))
    return _solve(knowledge, sample)


def _solve(knowledge: Knowledge, sample: int | None) -> list[Interval]:
    unknown = sorted(knowledge.hidden - set(knowledge.shown), key=str)
    place = {figure: number for number, figure in enumerate(unknown)}
    rows: list[tuple[dict[int, float], float, float]] = []
    for kind, equations in (("=", knowledge.equations), (">", knowledge.at_most)):
        for terms, _ in equations:
            row: dict[int, float] = defaultdict(float)
            constant = 0.0
            for figure, weight in terms:
                if figure in place:
                    row[place[figure]] += weight
                else:
                    constant += weight * knowledge.shown[figure]
            if row:
                rows.append((row, -constant, -constant if kind == "=" else np.inf))
    matrix = sparse.lil_matrix((len(rows), len(unknown)))
    for number, (row, _, _) in enumerate(rows):
        for column, weight in row.items():
            matrix[number, column] = weight
    tolerance = 1e-7
    low = np.array([row[1] for row in rows]) - tolerance
    high = np.array([row[2] for row in rows]) + tolerance
    constraints = [LinearConstraint(matrix.tocsr(), low, high)] if rows else []
    intervals = [
        Interval(value, value, figure)
        for figure in knowledge.hidden & set(knowledge.shown)
        for value in [knowledge.shown[figure]]
    ]
    asked = unknown if sample is None else random.Random(17).sample(unknown, min(sample, len(unknown)))
    for figure in asked:
        number, ends = place[figure], []
        for sign in (1.0, -1.0):
            objective = np.zeros(len(unknown))
            objective[number] = sign
            solution = milp(objective, constraints=constraints, bounds=Bounds(0, np.inf))
            assert solution.status in (0, 3), solution.message
            ends.append(np.inf if solution.status == 3 else solution.fun * sign)
        intervals.append(Interval(ends[0], ends[1], figure))
    return intervals


def figures_of(warehouse: Path) -> dict[Figure, float]:
    """The true figures of a warehouse, by the names the attack gives them."""
    found: dict[Figure, float] = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for indicator, organisation, period, group, value in connection.execute(
            "select indicator_key, organisation_key, time_key, target_group_key, "
            "coalesce(value, (value_low + value_high) / 2, 0) from marts.mart_indicator"
        ).fetchall():
            found["I", indicator, "as_was", organisation, period, group] = float(value)
        for ratio, structure, organisation, period, group, numerator, denominator in connection.execute(
            "select ratio_key, structure, organisation_key, time_key, target_group_key, numerator, denominator "
            "from marts.mart_ratio"
        ).fetchall():
            for letter, value in (("N", numerator), ("D", denominator)):
                if value is not None:
                    found[letter, ratio, structure, organisation, period, group] = float(value)
    return found
