"""What the warehouse costs beside the least SQL that gives the same fact, roll-ups and ratios, in the same run.

    python -m benchmarks.warehouse --rows 10000000

Communes report forty indicators month by month, and correct every fiftieth figure later; twenty of the indicators make
ten ratios. The query by hand (``warehouse_by_hand.sql``) knows all that: each figure is a sum, nothing is missing,
nobody is reorganised, so it windows once for the vintages, adds up and divides. The models know none of it. Both write
a DuckDB file with two threads; that they say the same is checked. The aim is a ratio of at most 3 at ten million rows.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import yaml

from benchmarks.measure import Measured, measure

SOURCE, SUBMISSION_ID = "benchmark", "ffffffffffffffff"
RECEIVED, CORRECTED = datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC)
MONTHS, INDICATORS, RATIOS, PROVINCES = 60, 40, 10, 34
#: One figure in so many is corrected a month later.
CORRECTED_EACH = 50
FIRST_MONTH = date(2020, 1, 1)
THREADS = 2
QUIET = "set enable_progress_bar = false"

WORKSPACE = 'name: {vi: "Đo tốc độ", en: "Benchmark"}\nlanguages: [en, vi]\ntime_zone: Asia/Ho_Chi_Minh\n'
RECIPE = """\
name: {vi: "Đo tốc độ", en: "Benchmark"}
files: "*.csv"
tables:
  - header: [commune, month, value]
    organisation: {column: commune}
    period: {column: month}
    values: [{columns: value, indicator: I0}]
"""
#: Communes × indicators × months, some of them again with a later moment and another value.
OBSERVATIONS = f"""
copy (
    with figure as (
        select range // {MONTHS * INDICATORS} as organisation, range // {MONTHS} % {INDICATORS} as indicator,
            range % {MONTHS} as month, range as number, false as is_correction
        from range($figures)
        union all
        select range // {MONTHS * INDICATORS}, range // {MONTHS} % {INDICATORS}, range % {MONTHS}, range, true
        from range($figures // {CORRECTED_EACH})
    )
    select '{SOURCE}' as source_code, '{SUBMISSION_ID}' as submission_id, 'Sheet ' || month as sheet,
        'C' || (number // {MONTHS}) as cell, null::varchar as raw_text, 'I' || indicator as indicator_code,
        'Indicator ' || indicator as indicator_label, 'C' || organisation as organisation_code,
        date '1900-01-01' as organisation_valid_from, 'Commune ' || organisation as organisation_label,
        'CAL' as calendar_code, strftime(date '{FIRST_MONTH}' + to_months(month::int), '%Y-M%m') as period_code,
        (date '{FIRST_MONTH}' + to_months(month::int))::date as period_start,
        (date '{FIRST_MONTH}' + to_months(month::int + 1))::date as period_end_exclusive, null::varchar as period_label,
        '_T' as target_group_code, null::varchar as target_group_label, 'ACTUAL' as measure_kind,
        (1000 + hash(organisation, indicator) % 1000 + hash(number) % 100 + if(is_correction, 7, 0))::decimal(38, 12)
            as value,
        null::decimal(38, 12) as value_low, null::decimal(38, 12) as value_high, 'dossier' as unit_code,
        null::varchar as reported_unit, 'A' as obs_status, null::varchar as flags, 'IN_PERIOD' as accumulation,
        null::varchar as note,
        if(is_correction, timestamptz '{CORRECTED.isoformat()}', timestamptz '{RECEIVED.isoformat()}') as recorded_at,
        'r1' as recipe_version
    from figure
) to '$path' (format parquet, compression zstd)
"""


@dataclass(frozen=True)
class Place:
    """Where the input of one run stands, and where its two warehouses go."""

    folder: Path
    #: What DuckDB may take of memory, as in ``8GB``; more is spilled to disk. None: as it comes.
    memory: str | None = None

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    @property
    def accepted(self) -> Path:
        return self.workspace / ".outturn" / "accepted"

    @property
    def observations(self) -> Path:
        return self.accepted / "observation" / SOURCE / "part.parquet"

    @property
    def config(self) -> dict[str, str | bool | int | float | list[str]]:
        """How DuckDB is opened."""
        config: dict[str, str | bool | int | float | list[str]] = {"threads": THREADS}
        if self.memory:
            config["memory_limit"] = self.memory
        return config

    def warehouse(self, name: str) -> Path:
        return self.folder / f"{name}.duckdb"


def prepare(place: Place, rows: int) -> None:
    """Write a workspace of that size and, beside its registry, the observations as intake would have accepted them."""
    from ingest.reference import write_reference_tables
    from ingest.workspace import load_workspace
    from stewardship.export import write_empty_tables

    communes = max(1, round(rows * CORRECTED_EACH / (CORRECTED_EACH + 1) / (MONTHS * INDICATORS)))
    for name, lines in registry(communes).items():
        path = place.workspace / "registry" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (place.workspace / "workspace.yml").write_text(WORKSPACE, encoding="utf-8")
    recipe = place.workspace / "sources" / f"{SOURCE}.yml"
    recipe.parent.mkdir()
    recipe.write_text(RECIPE, encoding="utf-8")
    place.observations.parent.mkdir(parents=True)
    with duckdb.connect() as connection:
        figures = str(communes * MONTHS * INDICATORS)
        query = OBSERVATIONS.replace("$figures", figures).replace("$path", place.observations.as_posix())
        connection.execute(f"{QUIET}; {query}")
    workspace = load_workspace(place.workspace)
    workspace.registry.write(workspace.state.registry)
    write_reference_tables(workspace)
    write_empty_tables(place.accepted)


def registry(communes: int) -> dict[str, list[str]]:
    """The tables of the registry as lines of CSV: a country of provinces of communes, indicators and ratios."""
    places = ["code,name_vi,name_en,level,parent_code", "VN,Việt Nam,Viet Nam,national,"]
    places += [f"P{n},Tỉnh {n},Province {n},province,VN" for n in range(PROVINCES)]
    places += [f"C{n},Xã {n},Commune {n},commune,P{n % PROVINCES}" for n in range(communes)]
    indicators = ["code,name_vi,name_en,role,unit,frequency,reporting_level"]
    indicators += [f"I{n},Chỉ tiêu {n},Indicator {n},output,dossier,M,commune" for n in range(INDICATORS)]
    ratios = ["code,name_vi,name_en,numerator,denominator,ratio_type,ratio_class"]
    ratios += [f"R{n},Tỷ số {n},Ratio {n},I{2 * n},I{2 * n + 1},other,mean" for n in range(RATIOS)]
    return {"organisations": places, "indicators": indicators, "ratios": ratios}


def by_hand(place: Place) -> None:
    """The fact, the roll-ups and the ratios in as little SQL as they can be had with."""
    script = Path(__file__).with_suffix("").with_name("warehouse_by_hand.sql").read_text(encoding="utf-8")
    with duckdb.connect(str(place.warehouse("by_hand")), config=place.config) as connection:
        connection.execute(f"set file_search_path = '{place.accepted}'; set timezone = 'UTC'; {QUIET}")
        connection.execute(script)


#: The models that give what the query by hand gives.
SAME_TABLES = ("--select", "+fct_observation", "+mart_indicator", "+mart_ratio")


def by_models(place: Place, *selection: str) -> dict[str, float]:
    """``dbt run`` of the selected models, or of every one, and of no test. Returns seconds by model."""
    return _dbt(place, "run", *selection)


def by_tests(place: Place) -> dict[str, float]:
    """The data tests on what ``by_models`` built, as ``outturn run`` has them."""
    return _dbt(place, "test", "--exclude", "test_type:unit")


def _dbt(place: Place, *command: str) -> dict[str, float]:
    from dbt.cli.main import dbtRunner

    from orchestration.warehouse_build import DBT_PROJECT

    os.environ |= {"OUTTURN_ACCEPTED": str(place.accepted), "OUTTURN_WAREHOUSE": str(place.warehouse("by_models"))}
    folders = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(_profiles(place, DBT_PROJECT))]
    folders += ["--target-path", str(place.folder / "target"), "--log-path", str(place.folder / "logs")]
    outcome = dbtRunner().invoke([*command, "--quiet", "--threads", str(THREADS), *folders])
    if not outcome.success:
        failed = [f"{r.node.name}: {r.message}" for r in getattr(outcome.result, "results", []) if r.failures]
        raise RuntimeError("\n".join(failed) or str(outcome.exception))
    return {result.node.name: result.execution_time for result in getattr(outcome.result, "results", [])}


def _profiles(place: Place, project: Path) -> Path:
    """Where dbt finds the profile of the project, with the limit of memory if there is one."""
    if not place.memory:
        return project
    profile = yaml.safe_load((project / "profiles.yml").read_text(encoding="utf-8"))
    profile["outturn"]["outputs"]["duckdb"]["settings"]["memory_limit"] = place.memory
    folder = place.folder / "profiles"
    folder.mkdir(exist_ok=True)
    (folder / "profiles.yml").write_text(yaml.safe_dump(profile), encoding="utf-8")
    return folder


def differences(place: Place) -> dict[str, int]:
    """Rows that one of the two has and the other has not, by table, over the columns that both have."""
    counted = {}
    with duckdb.connect(config=place.config) as connection:
        connection.execute(QUIET)
        for name in ("by_hand", "by_models"):
            connection.execute(f"attach '{place.warehouse(name)}' as {name} (read_only)")
        for table in ("core.fct_observation", "marts.mart_indicator", "marts.mart_ratio"):
            columns = ", ".join(f'"{row[0]}"' for row in connection.execute(f"describe by_hand.{table}").fetchall())
            sides = [
                f"select count(*), sum(hash(row)::hugeint) from (select {columns} from {warehouse}.{table}) as row"
                for warehouse in ("by_hand", "by_models")
            ]
            hand, models = (connection.execute(side).fetchone() or (0, 0) for side in sides)
            counted[table] = 0 if hand == models else abs(hand[0] - models[0]) or -1
    return counted


def told(name: str, measured: Measured) -> str:
    return (
        f"{name} {measured.seconds:.1f} s, {measured.processor_seconds:.1f} s of processor time, "
        f"peak {measured.peak_bytes / 2**30:.2f} GB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="folder to work in and leave as it is")
    parser.add_argument("--memory", help="what DuckDB may take of memory, for either side: 8GB")
    parser.add_argument("--all", action="store_true", help="build every model, those of all other marts too")
    parser.add_argument("--tests", action="store_true", help="run the data tests as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = Place(options.keep or Path(temporary), options.memory)
        if not place.observations.exists():
            prepare(place, options.rows)
        for name in ("by_hand", "by_models"):
            place.warehouse(name).unlink(missing_ok=True)
        hand = measure(by_hand, place)
        models = measure(by_models, place, *(() if options.all else SAME_TABLES))
        tests = measure(by_tests, place) if options.tests else None
        different = differences(place)
    slowest = sorted(models.result.items(), key=lambda item: -item[1])[:10]
    print(f"{options.rows:,} observations; slowest models: " + ", ".join(f"{n} {s:.1f} s" for n, s in slowest))
    print(told("by hand", hand))
    print(told("models", models))
    if tests:
        print(told("tests", tests))
    busy = models.processor_seconds / hand.processor_seconds
    print(f"ratio {models.seconds / hand.seconds:.2f} ({busy:.2f} of processor time)")
    print("tables that differ:", ", ".join(table for table, rows in different.items() if rows) or "none")


if __name__ == "__main__":
    main()
