"""How often each integrity signal sees what was planted, and how often it sees what is not there.

    python -m benchmarks.integrity --worlds 200

Each world is a small warehouse of an honest administration; half of the worlds are then gamed in the one way that a
signal is there to see. Printed for each signal: power (share of gamed worlds with the signal) and false alarms (share
of honest worlds with it), both with the number of worlds. The seed is fixed.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from expectations.enforcement.validation import memory_database
from expectations.integrity.judge import ask
from expectations.rules import load_rule_book

SCHEMA = """
create schema core; create schema marts;
create table core.dim_indicator (indicator_code varchar, name_vi varchar, name_en varchar, is_integer_only boolean,
    unit varchar, direction varchar);
create table core.dim_ratio (ratio_code varchar, name_vi varchar, name_en varchar, unit varchar, direction varchar,
    guardrail_ratio_code varchar);
create table core.dim_organisation (organisation_code varchar, name_vi varchar, name_en varchar);
create table core.dim_time as
    select q as time_key, printf('%d-Q%d', 2018 + q // 4, q % 4 + 1) as period_code,
        (date '2018-01-01' + to_months(3 * q::int))::date as period_start,
        (date '2018-01-01' + to_months(3 * q::int + 3))::date as period_end_exclusive
    from range(0, 24) as quarter(q);
create table core.fct_observation (indicator_code varchar, organisation_key bigint, organisation_code varchar,
    time_key bigint, period_code varchar, target_group_key bigint, target_group_code varchar, accumulation varchar,
    value decimal(38, 12), unit varchar, measure_kind varchar, is_preferred boolean, source_code varchar,
    vintage_no int, recorded_at timestamptz);
create table core.fct_target (measure_code varchar, organisation_key bigint, organisation_code varchar,
    time_key bigint, period_code varchar, target_group_key bigint, kind varchar, value decimal(38, 12),
    recorded_at date);
create table marts.mart_ratio (ratio_code varchar, organisation_key bigint, organisation_code varchar,
    time_key bigint, period_code varchar, target_group_key bigint, target_group_code varchar, structure varchar,
    ratio_class varchar, numerator decimal(38, 12), denominator decimal(38, 12), value double);
create table marts.mart_indicator (indicator_code varchar, organisation_code varchar, period_code varchar,
    target_group_code varchar, value decimal(38, 12));
"""
_FIGURE = """
    indicator_code, target_group_code, accumulation, value, 'dossier' as unit, 'ACTUAL' as measure_kind, is_preferred,
    'source' as source_code, vintage_no, timestamptz '2024-01-01 00:00:00+00' + to_days(day::int) as recorded_at
"""
_RATIO = """
    ratio_code, '_T' as target_group_code, 'as_was' as structure, 'proportion' as ratio_class, numerator, denominator,
    100 * numerator / denominator as value
"""
_TARGET = "measure_code, 'final' as kind, value, recorded_at::date as recorded_at"
Random = np.random.Generator
Rows = list[dict[str, object]]


@dataclass(frozen=True)
class World:
    """Figures, ratios, targets of one administration; the keys are those of the tables above."""

    figures: Rows
    ratios: Rows
    targets: Rows


def figure(indicator: str, organisation: int, quarter: int, value: float, **more: object) -> dict[str, object]:
    row: dict[str, object] = {
        "indicator_code": indicator,
        "organisation_key": organisation,
        "time_key": quarter,
        "target_group_code": "_T",
        "accumulation": "IN_PERIOD",
        "value": value,
        "vintage_no": 1,
        "day": 0,
        "is_preferred": True,
    }
    return row | more


def proportion(code: str, organisation: int, quarter: int, numerator: float, denominator: float) -> dict[str, object]:
    return {
        "ratio_code": code,
        "organisation_key": organisation,
        "time_key": quarter,
        "numerator": numerator,
        "denominator": denominator,
    }


def counts(random: Random, gamed: bool, spoil: Callable[[Random, float], float]) -> World:
    """Three hundred units of very different size, one count each; a third of them made up where gamed."""
    sizes = np.exp(random.normal(6.5, 1.6, 400))
    values = [float(max(random.poisson(size), 1)) for size in sizes]
    if gamed:
        values = [spoil(random, value) if random.random() < 0.5 else value for value in values]
    return World([figure("COUNT", n, n % 24, value) for n, value in enumerate(values)], [], [])


def heaping(random: Random, gamed: bool) -> World:
    return counts(random, gamed, lambda _, value: 5.0 * round(value / 5))


def made_up_first(random: Random, gamed: bool) -> World:
    return counts(
        random, gamed, lambda r, value: float(r.integers(1, 10) * 10 ** int(np.log10(value)) + r.integers(0, 7))
    )


def made_up_last(random: Random, gamed: bool) -> World:
    return counts(random, gamed, lambda r, value: 10.0 * (value // 10) + float(r.choice([3, 4, 6, 7, 8])))


def bunching(random: Random, gamed: bool) -> World:
    """On-time shares of sixty units around a target of 95 per cent; gamed: those just below are lifted over it."""
    ratios = []
    for unit in range(60):
        denominator = int(random.integers(800, 3000))
        share = min(0.999, float(random.normal(0.95, 0.012)))
        if gamed and 0.94 <= share < 0.95 and random.random() < 0.8:
            share = 0.95 + float(random.random()) * 0.004
        ratios.append(proportion("ON_TIME", unit, 20, round(share * denominator), denominator))
    target = {
        "measure_code": "ON_TIME",
        "organisation_key": 0,
        "time_key": 20,
        "value": 95,
        "recorded_at": "2022-01-05",
    }
    return World([], ratios, [target])


def copying(random: Random, gamed: bool) -> World:
    """Twelve flows of twenty units over two quarters; gamed: one unit hands in the first quarter again."""
    rows = []
    for unit in range(20):
        level = np.exp(random.normal(5, 1, 12))
        first = random.poisson(level)
        second = first if gamed and unit == 7 else random.poisson(level)
        for number in range(12):
            rows.append(figure(f"F{number}", unit, 10, float(first[number])))
            rows.append(figure(f"F{number}", unit, 11, float(second[number])))
    return World(rows, [], [])


def deadline(random: Random, gamed: bool) -> World:
    """Dossiers by day before the limit; gamed: a share of what was late is dated on the last day."""
    rows = []
    for unit in range(20):
        daily = random.poisson(60, 3)
        if gamed and unit < 5:
            daily[2] += random.poisson(150)
        rows += [
            figure("DOSSIERS", unit, 12, float(daily[2 + day]), target_group_code=f"DAYS_TO_DEADLINE={day}")
            for day in (-2, -1, 0)
        ]
    return World(rows, [], [])


def shrinking(random: Random, gamed: bool) -> World:
    """Shares and volumes of thirty units over eight quarters; gamed: three of them turn hard cases away at the end."""
    ratios = []
    for unit in range(30):
        volume, share = float(np.exp(random.normal(6.5, 0.5))), float(random.uniform(0.6, 0.85))
        for quarter in range(8):
            denominator = max(int(random.poisson(volume)), 1)
            rate = share
            if gamed and unit < 3 and quarter == 7:
                denominator, rate = int(0.65 * denominator), min(0.99, share + 0.12)
            ratios.append(proportion("PLACED", unit, quarter, float(random.binomial(denominator, rate)), denominator))
    return World([], ratios, [])


def pending(random: Random, gamed: bool) -> World:
    """On-time shares, strict and loose; gamed: two units leave a pile undecided."""
    ratios = []
    for unit in range(20):
        resolved = int(random.integers(500, 3000))
        on_time = float(random.binomial(resolved, 0.95))
        overdue = int(random.poisson(resolved * (0.25 if gamed and unit < 2 else 0.015)))
        ratios.append(proportion("ON_TIME", unit, 20, on_time, resolved))
        ratios.append(proportion("ON_TIME_STRICT", unit, 20, on_time, resolved + overdue))
    return World([], ratios, [])


def perfection(random: Random, gamed: bool) -> World:
    """Good work of twenty units over eight quarters; gamed: two of them report nothing but success."""
    ratios = []
    for unit in range(20):
        for quarter in range(8):
            denominator = int(random.integers(500, 2000))
            perfect = gamed and unit < 2
            ratios.append(
                proportion(
                    "DONE",
                    unit,
                    quarter,
                    denominator if perfect else float(random.binomial(denominator, 0.99)),
                    denominator,
                )
            )
    return World([], ratios, [])


def late_target(random: Random, gamed: bool) -> World:
    """Targets set before the year, some revised early in it; gamed: one is lowered in its last weeks."""
    rows = []
    for unit in range(20):
        common = {"measure_code": "ON_TIME", "organisation_key": unit, "time_key": 20, "value": 95}
        rows.append(common | {"recorded_at": "2022-12-10"})
        if random.random() < 0.2:
            rows.append(common | {"value": 94, "recorded_at": "2023-01-20"})
        elif gamed and unit == 3:
            rows.append(common | {"value": 90, "recorded_at": "2023-03-25"})
    return World([], [], rows)


def late_edits(random: Random, gamed: bool) -> World:
    """Corrections three months later, up as often as down; gamed: one unit's go up only."""
    rows = []
    for unit in range(15):
        for number in range(24):
            first = float(random.poisson(500))
            rows.append(figure("GOOD", unit, number, first, is_preferred=False))
            step = float(random.integers(5, 40)) * (1 if (gamed and unit == 2) or random.random() < 0.5 else -1)
            rows.append(figure("GOOD", unit, number, first + step, vintage_no=2, day=90))
    return World(rows, [], [])


WORLDS: Mapping[str, Callable[[Random, bool], World]] = {
    "HEAP-01": heaping,
    "DIG-01": made_up_first,
    "DIG-02": made_up_last,
    "BUNCH-01": bunching,
    "BUNCH-02": deadline,
    "COPY-03": copying,
    "GAME-01": shrinking,
    "GAME-02": pending,
    "GAME-03": perfection,
    "TGT-01": late_target,
    "LATE-01": late_edits,
}


def build(path: Path, world: World) -> None:
    """Write a world as a warehouse file."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(SCHEMA)
        indicators = sorted({str(row["indicator_code"]) for row in world.figures})
        ratios = sorted(
            {str(row["ratio_code"]) for row in world.ratios} | {str(row["measure_code"]) for row in world.targets}
        )
        for code in indicators:
            connection.execute("insert into core.dim_indicator values (?, ?, ?, true, 'dossier', 'higher')", [code] * 3)
        for code in ratios:
            strict = f"{code}_STRICT" if f"{code}_STRICT" in ratios else None
            connection.execute(
                "insert into core.dim_ratio values (?, ?, ?, 'percent', 'higher', ?)", [code, code, code, strict]
            )
        for name, rows, table, columns in (
            ("figures", world.figures, "core.fct_observation", _FIGURE),
            ("ratios", world.ratios, "marts.mart_ratio", _RATIO),
            ("targets", world.targets, "core.fct_target", _TARGET),
        ):
            if rows:
                connection.register(name, pa.Table.from_pylist(rows))
                connection.execute(
                    f"insert into {table} by name select {columns}, 'O' || organisation_key as organisation_code, "
                    f"organisation_key, time_key, period_code, 1 as target_group_key "
                    f"from {name} join core.dim_time using (time_key)"
                )


def rules_seen(path: Path) -> set[str]:
    """Rules that see a sign in a warehouse file."""
    with memory_database("simulation") as memory:
        memory.connection.execute(f"attach '{path.as_posix()}' as warehouse (read_only)")
        return {signal.rule_id for signal in ask(memory.connection, load_rule_book())}


@dataclass(frozen=True)
class Measured:
    """Shares of worlds in which the signal is seen."""

    power: float
    false_alarms: float


def measure(rule: str, worlds: int, seed: int = 68) -> Measured:
    """Power and false-alarm rate of one signal over honest and gamed worlds."""
    seen = {True: 0, False: 0}
    random = np.random.default_rng([seed, *rule.encode()])
    with tempfile.TemporaryDirectory() as folder:
        for number in range(worlds):
            for gamed in (False, True):
                path = Path(folder) / f"{number}_{gamed}.duckdb"
                build(path, WORLDS[rule](random, gamed))
                seen[gamed] += rule in rules_seen(path)
                path.unlink()
    return Measured(seen[True] / worlds, seen[False] / worlds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--worlds", type=int, default=200)
    worlds = parser.parse_args().worlds
    print(f"{'signal':10} {'power':>7} {'false alarms':>13}   ({worlds} honest and {worlds} gamed worlds each)")
    for rule in WORLDS:
        measured = measure(rule, worlds)
        print(f"{rule:10} {measured.power:7.2f} {measured.false_alarms:13.3f}")


if __name__ == "__main__":
    main()
