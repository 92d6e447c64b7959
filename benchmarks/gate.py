"""What the intake gate costs beside one hand-written query with the same predicates, in the same run.

    python -m benchmarks.gate --rows 1000000

The query counts, for every check that the gate runs, the rows at which it fails: row predicates in one scan, set
checks over the same tables. It keeps no findings, splits no rows and asks Great Expectations nothing. The aim is a
ratio of at most 1.5 at ten million rows and less than 4 GB (the rows are clean but for one in 100,000). Each side has a
process of its own, so that time and memory are its own; what counts is the best of the rounds.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks.measure import Measured, measure
from expectations.enforcement.validation import memory_database, suite_runner
from expectations.intake import judge
from expectations.intake.inputs import Inputs, files, load, run_file
from expectations.intake.row_checks import JUDGED_ROWS
from expectations.intake.set_checks import TABLES_OF_PHASE
from expectations.rules import CheckKind, Gate, load_rule_book
from expectations.rules.book import CheckInForce, checks_in_force
from expectations.rules.model import Phase

SOURCE, SUBMISSION_ID = "benchmark", "ffffffffffffffff"
RECEIVED = datetime(2026, 2, 1, tzinfo=UTC)
MONTHS, INDICATORS = 48, 40

#: Organisations × indicators × months, values around a level of their own; the columns are those of the contract.
OBSERVATIONS = f"""
copy (
    with figure as (
        select range // {MONTHS * INDICATORS} as organisation, range // {MONTHS} % {INDICATORS} as indicator,
            range % {MONTHS} as month, range as number
        from range($rows)
    )
    select '{SOURCE}' as source_code, '{SUBMISSION_ID}' as submission_id, 'Sheet ' || month as sheet,
        'C' || (number // {MONTHS}) as cell, null::varchar as raw_text, 'I' || indicator as indicator_code,
        'Indicator ' || indicator as indicator_label, 'O' || organisation as organisation_code,
        date '1900-01-01' as organisation_valid_from, 'Organisation ' || organisation as organisation_label,
        'CAL' as calendar_code, strftime(date '2022-01-01' + to_months(month::int), '%Y-M%m') as period_code,
        (date '2022-01-01' + to_months(month::int))::date as period_start,
        (date '2022-01-01' + to_months(month::int + 1))::date as period_end_exclusive, null::varchar as period_label,
        '_T' as target_group_code, null::varchar as target_group_label, 'ACTUAL' as measure_kind,
        (case when number % 100000 = 99999 then -1
            else 1000 + hash(organisation, indicator) % 1000 + hash(number) % 100 end)::decimal(38, 12) as value,
        null::decimal(38, 12) as value_low, null::decimal(38, 12) as value_high, 'dossier' as unit_code,
        null::varchar as reported_unit, 'A' as obs_status, null::varchar as flags, 'IN_PERIOD' as accumulation,
        null::varchar as note, timestamptz '{RECEIVED.isoformat()}' as recorded_at, 'r1' as recipe_version,
        null::varchar as value_problem, null::varchar as indicator_problem, null::varchar as organisation_problem,
        null::varchar as period_problem, null::varchar as target_group_problem, null::varchar as unit_problem,
        null::varchar as text_problem, null::varchar as candidates
    from figure
) to '$path' (format parquet, compression zstd)
"""
ORGANISATIONS = """
    select 'O' || range as code, 'Đơn vị ' || range as name_vi, 'Unit ' || range as name_en, 'province' as level,
        'VN' as parent_code, date '1900-01-01' as valid_from
    from range($organisations)
"""
INDICATOR_ROWS = f"""
    select 'I' || range as code, 1 as version, 'Chỉ tiêu ' || range as name_vi, 'Indicator ' || range as name_en,
        'dossier' as unit, 'province' as reporting_level, true as integer_only, false as allow_negative,
        'sum' as organisation_aggregation, 'sum' as group_aggregation, date '1900-01-01' as valid_from,
        0::decimal(38, 12) as hard_min, 1000000::decimal(38, 12) as hard_max
    from range({INDICATORS})
"""
REGISTRY = {"organisations": ORGANISATIONS, "indicators": INDICATOR_ROWS}


def prepare(folder: Path, rows: int) -> Inputs:
    """Write the Parquet files and say where they are."""
    (folder / "registry").mkdir()
    organisations = str(rows // (MONTHS * INDICATORS) + 1)
    with duckdb.connect() as connection:
        path = (folder / "tidy.parquet").as_posix()
        connection.execute(OBSERVATIONS.replace("$rows", str(rows)).replace("$path", path))
        for name, query in REGISTRY.items():
            target = (folder / "registry" / f"{name}.parquet").as_posix()
            connection.execute(
                f"copy ({query.replace('$organisations', organisations)}) to '{target}' (format parquet)"
            )
    submission = {
        "submission_id": SUBMISSION_ID,
        "source_code": SOURCE,
        "file_name": "benchmark",
        "received_at": RECEIVED,
    }
    return Inputs(files(folder / "tidy.parquet"), (), (), folder / "registry", (submission,), SOURCE)


def checks(*kinds: CheckKind) -> list[CheckInForce]:
    return [c for c in checks_in_force(load_rule_book(), Gate.INTAKE, SOURCE, *kinds) if not c.check.needs]


def by_hand(inputs: Inputs) -> int:
    """Count failures of every check, as one would without a product around it."""
    with memory_database("by_hand") as database:
        connection = database.connection
        load(connection, inputs)
        rows = [f"count(*) filter (where {c.sql(c.check.predicate or '')})" for c in checks(CheckKind.ROW)]
        failures = sum(connection.execute(f"select {', '.join(rows)} from {JUDGED_ROWS}").fetchone() or ())
        for phase in Phase:
            for name in TABLES_OF_PHASE[phase]:
                run_file(connection, name)
            for c in checks(CheckKind.SET):
                if c.check.phase is phase:
                    found = connection.execute(f"select count(*) from ({c.sql(c.check.query or '')})").fetchone()
                    failures += found[0] if found else 0
        return int(failures)


def by_gate(inputs: Inputs) -> tuple[int, int]:
    with judge(
        inputs.tidy, (), inputs.registry, source_code=SOURCE, submissions=[dict(row) for row in inputs.submissions]
    ) as verdict:
        return verdict.findings.num_rows, len(verdict.outcomes)


def warm_up() -> None:
    """The import of Great Expectations is paid once a process, not once a source."""
    with memory_database("warm_up") as database, suite_runner(database.url):
        pass


by_hand.prepare = by_gate.prepare = warm_up  # type: ignore[attr-defined]


def told(name: str, one: Measured) -> str:
    return (
        f"{name}: {one.seconds:.1f} s, {one.processor_seconds:.1f} s of processors, {one.peak_bytes / 1024**3:.2f} GB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        inputs = prepare(Path(folder), options.rows)
        rounds = [(measure(by_hand, inputs), measure(by_gate, inputs)) for _ in range(options.rounds)]
    hand, gate = (min(side, key=lambda one: one.seconds) for side in zip(*rounds, strict=True))
    findings, outcomes = gate.result
    print(f"{options.rows:,} rows, {outcomes} checks, {findings} findings ({hand.result} failures by hand)")
    print(told("by hand", hand))
    print(told("gate", gate))
    wall, processors = gate.seconds / hand.seconds, gate.processor_seconds / hand.processor_seconds
    print(f"ratio {wall:.2f} ({processors:.2f} of processors), peak of the gate {gate.peak_bytes / 1024**3:.2f} GB")


if __name__ == "__main__":
    main()
