"""A warehouse of a dozen figures, with the tables disclosure control reads, summed up from its leaves in plain Python.

The real warehouse is built by dbt; this one is made in milliseconds, so that hypothesis may draw many of them.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

Place = tuple[str, str, str]  # organisation, period, target group
FIRST_DAY, REFORM = date(2000, 1, 1), date(2025, 7, 1)

SCHEMA = """
create schema core; create schema marts; create schema quality;
create table core.dim_indicator (
    indicator_key bigint, indicator_code varchar, name_vi varchar, name_en varchar, unit varchar,
    time_aggregation varchar, organisation_aggregation varchar, group_aggregation varchar, frequency varchar,
    is_integer_only boolean, is_negative_allowed boolean, steward varchar, collection_cost decimal(38, 12)
);
create table core.dim_ratio (
    ratio_key bigint, ratio_code varchar, ratio_class varchar, frequency varchar, lag int, lagged_part varchar
);
create table core.bridge_ratio_indicator (
    ratio_key bigint, ratio_code varchar, part varchar, term_number int, sign int, factor_1_indicator_key bigint,
    factor_2_indicator_key bigint
);
create table core.dim_organisation (
    organisation_key bigint, organisation_code varchar, parent_organisation_code varchar, level varchar,
    valid_from date, valid_to date, is_current boolean
);
create table core.bridge_organisation (
    structure varchar, scope_code varchar, ancestor_organisation_key bigint, descendant_organisation_key bigint,
    distance int, weight decimal(28, 15), valid_from date, valid_to date
);
create table core.dim_time (
    time_key bigint, period_code varchar, calendar_code varchar, frequency varchar, sequence_number int,
    period_start date, period_end_exclusive date
);
create table core.bridge_time (
    ancestor_time_key bigint, descendant_time_key bigint, descendant_frequency varchar, descendant_start date,
    is_self boolean, is_tiled boolean
);
create table core.dim_target_group (
    target_group_key bigint, target_group_code varchar, dimension varchar, member_code varchar
);
create table core.bridge_target_group (
    ancestor_target_group_key bigint, descendant_target_group_key bigint, breakdown varchar,
    breakdown_dimensions int, is_additive boolean
);
create table marts.mart_indicator (
    indicator_key bigint, indicator_code varchar, organisation_key bigint, organisation_code varchar, time_key bigint,
    period_code varchar, target_group_key bigint, target_group_code varchar, value decimal(38, 12),
    value_low decimal(38, 12), value_high decimal(38, 12), obs_status varchar, value_state varchar,
    submission_id varchar, sheet varchar, cell varchar
);
create table marts.mart_ratio (
    ratio_key bigint, ratio_code varchar, structure varchar, organisation_key bigint, organisation_code varchar,
    time_key bigint, period_code varchar, target_group_key bigint, target_group_code varchar,
    numerator decimal(38, 12), denominator decimal(38, 12), value double, scale decimal(38, 12),
    coverage_numerator double, coverage_denominator double, lower double, upper double, status varchar, reason varchar
);
create table marts.mart_disaggregation (
    measure_kind varchar, measure_code varchar, organisation_key bigint, organisation_code varchar, time_key bigint,
    period_code varchar, target_group_key bigint, target_group_code varchar, dimension varchar, member_code varchar,
    value double, obs_status varchar, total_value double, share_of_total double, gap_to_total double,
    gap_to_best double, additivity varchar
);
"""


@dataclass
class Organisation:
    """``until`` is the first day on which it is no more; its figures then go to ``successor``."""

    parent: str | None
    successor: str | None = None
    since: date = FIRST_DAY
    until: date | None = None
    level: str = "unit"


@dataclass
class SmallWarehouse:
    """Leaves are given as ``facts[indicator][organisation, period, group]``; everything above them is summed.

    Groups are written as in the warehouse: ``SEX=F``, ``AGE=OLD|SEX=F``, ``_T``.
    """

    organisations: dict[str, Organisation] = field(default_factory=lambda: {"N": Organisation(None)})
    facts: dict[str, dict[Place, float | None]] = field(default_factory=dict)
    ratios: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    indicators: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Dimensions whose members do not add up.
    of_which: frozenset[str] = frozenset()
    #: Coarser periods that are there besides those of the leaves.
    periods: tuple[str, ...] = ()

    # ---- structure -------------------------------------------------------------------------------------------
    def groups(self) -> list[str]:
        found = {group for leaves in self.facts.values() for _, _, group in leaves} | {"_T"}
        for group in list(found):
            parts = [] if group == "_T" else group.split("|")
            for size in range(1, len(parts)):
                found |= {"|".join(kept) for kept in itertools.combinations(parts, size)}
        return sorted(found)

    def group_links(self) -> list[tuple[str, str, str, int, bool]]:
        """Group above, group below, dimensions that are dropped, how many, and whether the parts add up."""
        links = []
        for below in self.groups():
            parts = [] if below == "_T" else below.split("|")
            for size in range(len(parts)):
                for kept in itertools.combinations(parts, size):
                    above = "|".join(kept) or "_T"
                    dropped = sorted({part.split("=")[0] for part in parts} - {part.split("=")[0] for part in kept})
                    links.append((above, below, "|".join(dropped), len(dropped), not self.of_which & set(dropped)))
        return links

    def all_periods(self) -> list[str]:
        return sorted({period for leaves in self.facts.values() for _, period, _ in leaves} | set(self.periods))

    def ancestors(self, organisation: str, structure: str = "as_was") -> list[str]:
        """The organisation and those above it; under ``as_is`` those of its successor of today."""
        if structure == "as_is":
            while (successor := self.organisations[organisation].successor) is not None:
                organisation = successor
        found = []
        current: str | None = organisation
        while current is not None:
            found.append(current)
            current = self.organisations[current].parent
        return found

    # ---- figures ---------------------------------------------------------------------------------------------
    def cube(self, indicator: str, structure: str = "as_was") -> dict[Place, float]:
        """Every figure at every level. A figure given for a group or period that is a sum stays as it is given."""
        leaves = {place: value for place, value in self.facts[indicator].items() if value is not None}
        rule = self.indicators.get(indicator, {}).get("time_aggregation", "sum")
        by_group: dict[Place, float] = defaultdict(float)
        for (organisation, period, group), value in leaves.items():
            by_group[organisation, period, group] += value
        for above, below, _, size, adds in self.group_links():
            deepest = size == (0 if below == "_T" else len(below.split("|"))) - (
                0 if above == "_T" else len(above.split("|"))
            )
            for (organisation, period, group), value in leaves.items():
                if group == below and adds and deepest and (organisation, period, above) not in leaves:
                    by_group[organisation, period, above] += value
        by_time: dict[Place, float] = dict(by_group)
        for period in self.periods:
            inside = [shorter for shorter in self.all_periods() if shorter != period and within(shorter, period)]
            finest = [p for p in inside if not any(q != p and within(q, p) for q in inside)]
            for organisation, _, group in list(by_group):
                values = [by_group[organisation, p, group] for p in finest if (organisation, p, group) in by_group]
                if values and (organisation, period, group) not in by_group:
                    total = {"sum": sum(values), "last": values[-1], "average": sum(values) / len(values)}[rule]
                    by_time[organisation, period, group] = total
        result: dict[Place, float] = defaultdict(float)
        for (organisation, period, group), value in by_time.items():
            for above in self.ancestors(organisation, structure):
                result[above, period, group] += value
        return dict(result)

    # ---- the file --------------------------------------------------------------------------------------------
    def write(self, path: Path) -> Path:
        path.unlink(missing_ok=True)
        with duckdb.connect(str(path)) as connection:
            connection.execute(SCHEMA)
            self._write_core(connection)
            self._write_marts(connection)
        return path

    def _write_core(self, connection: duckdb.DuckDBPyConnection) -> None:
        insert = connection.execute
        for number, code in enumerate(self.facts, start=1):
            about = {"time_aggregation": "sum", "is_integer_only": True, "unit": "person"} | self.indicators.get(
                code, {}
            )
            insert(
                "insert into core.dim_indicator values (?, ?, ?, ?, ?, ?, 'sum', 'sum', 'Q', ?, false, 'X', 1)",
                [number, code, code, code, about["unit"], about["time_aggregation"], about["is_integer_only"]],
            )
        keys = {code: number for number, code in enumerate(self.facts, start=1)}
        for number, (code, (numerator, denominator)) in enumerate(self.ratios.items(), start=1):
            insert("insert into core.dim_ratio values (?, ?, 'proportion', 'Q', 0, null)", [number, code])
            for part, terms in (("numerator", numerator), ("denominator", denominator)):
                for place, term in enumerate(terms, start=1):
                    row = [number, code, part, place, -1 if term[0] == "-" else 1, keys[term.lstrip("-")]]
                    insert("insert into core.bridge_ratio_indicator values (?, ?, ?, ?, ?, ?, null)", row)
        for code, about in self.organisations.items():
            insert(
                "insert into core.dim_organisation values (?, ?, ?, ?, ?, ?, ?)",
                [self.key(code), code, about.parent, about.level, about.since, about.until, about.until is None],
            )
        for structure in ("as_was", "as_is"):
            for code, about in self.organisations.items():
                for distance, above in enumerate(self.ancestors(code, structure)):
                    insert(
                        "insert into core.bridge_organisation values (?, '*', ?, ?, ?, 1, ?, ?)",
                        [structure, self.key(above), self.key(code), distance, about.since, about.until],
                    )
        for number, period in enumerate(self.all_periods()):
            start, end = span(period)
            insert(
                "insert into core.dim_time values (?, ?, 'CAL', ?, ?, ?, ?)",
                [number, period, frequency(period), order(period), start, end],
            )
        periods = {period: number for number, period in enumerate(self.all_periods())}
        for above, below in itertools.product(periods, periods):
            if within(below, above):
                row = [periods[above], periods[below], frequency(below), span(below)[0], above == below]
                insert("insert into core.bridge_time values (?, ?, ?, ?, ?, true)", row)
        groups = {group: number for number, group in enumerate(self.groups())}
        for group, number in groups.items():
            dimension, _, member = group.partition("=")
            single = group != "_T" and "|" not in group
            row = [number, group, dimension if single else None, member if single else None]
            insert("insert into core.dim_target_group values (?, ?, ?, ?)", row)
            insert("insert into core.bridge_target_group values (?, ?, '', 0, true)", [number, number])
        for above, below, dropped, size, adds in self.group_links():
            row = [groups[above], groups[below], dropped, size, adds]
            insert("insert into core.bridge_target_group values (?, ?, ?, ?, ?)", row)

    def _write_marts(self, connection: duckdb.DuckDBPyConnection) -> None:
        periods = {period: number for number, period in enumerate(self.all_periods())}
        groups = {group: number for number, group in enumerate(self.groups())}
        indicator_rows, ratio_rows, member_rows = [], [], []
        for number, code in enumerate(self.facts, start=1):
            cube = self.cube(code)
            for (organisation, period, group), value in cube.items():
                place = [self.key(organisation), organisation, periods[period], period, groups[group], group]
                state = "zero" if value == 0 else "value"
                indicator_rows.append([number, code, *place, value, None, None, "A", state, "S1", "Sheet", "B7"])
                if group != "_T" and "|" not in group:
                    total = cube.get((organisation, period, "_T"))
                    share = value / total if total else None
                    gap = None if total is None else value - total
                    siblings = [
                        v
                        for (o, p, g), v in cube.items()
                        if (o, p) == (organisation, period) and g.split("=")[0] == group.split("=")[0] and "|" not in g
                    ]
                    member_rows.append(
                        [
                            "indicator",
                            code,
                            *place,
                            *group.split("="),
                            value,
                            "A",
                            total,
                            share,
                            gap,
                            value - max(siblings),
                            "partition",
                        ]
                    )
        for number, (code, parts) in enumerate(self.ratios.items(), start=1):
            for structure in ("as_was", "as_is"):
                numerator, denominator = (self._part(terms, structure) for terms in parts)
                for place, bottom in denominator.items():
                    if place not in numerator:
                        continue
                    organisation, period, group = place
                    top = numerator[place]
                    value = 100 * top / bottom if bottom else None
                    ratio_rows.append(
                        [
                            number,
                            code,
                            structure,
                            self.key(organisation),
                            organisation,
                            periods[period],
                            period,
                            groups[group],
                            group,
                            top,
                            bottom,
                            value,
                            100,
                            1.0,
                            1.0,
                            None if value is None else value * 0.9,
                            None if value is None else value * 1.1,
                            "A" if bottom else "M",
                            None if bottom else "ZERO_DENOMINATOR",
                        ]
                    )
        for table, rows in (
            ("mart_indicator", indicator_rows),
            ("mart_ratio", ratio_rows),
            ("mart_disaggregation", member_rows),
        ):
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(f"insert into marts.{table} values ({marks})", rows)

    def _part(self, terms: list[str], structure: str) -> dict[Place, float]:
        cubes = [(-1 if term[0] == "-" else 1, self.cube(term.lstrip("-"), structure)) for term in terms]
        common = set.intersection(*(set(cube) for _, cube in cubes))
        return {place: sum(sign * cube[place] for sign, cube in cubes) for place in common}

    def key(self, organisation: str) -> int:
        return list(self.organisations).index(organisation) + 1


def frequency(period: str) -> str:
    return "A" if len(period) == 4 else period[5]


def order(period: str) -> int:
    start, _ = span(period)
    return start.year * 12 + start.month


def span(period: str) -> tuple[date, date]:
    """First day of ``2025``, ``2025-S1``, ``2025-Q3`` or ``2025-M07`` and the first day after it."""
    months = {"A": 12, "S": 6, "Q": 3, "M": 1}[frequency(period)]
    year, number = int(period[:4]), int(period[6:] or 1) if len(period) > 4 else 1
    first = (number - 1) * months
    last = first + months
    return date(year, first + 1, 1), date(year + last // 12, last % 12 + 1, 1)


def within(period: str, longer: str) -> bool:
    (start, end), (first, last) = span(period), span(longer)
    return first <= start and end <= last
