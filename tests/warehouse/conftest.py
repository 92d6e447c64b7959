"""A small accepted area, written from Python literals, and the warehouse that dbt builds from it.

All cases live in one workspace, each under its own prefix of codes, so that one dbt build serves the whole room.
"""

from __future__ import annotations

import os
import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.contract import (
    DAY,
    DECIMAL,
    FINDING,
    OBLIGATION,
    OBSERVATION,
    PERIOD,
    RATIO_TERM,
    SOURCE,
    SUBMISSION,
    Table,
)
from ingest.registry.models import REGISTRY_TABLES
from ingest.registry.ratio_type import is_count
from stewardship.export import write_empty_tables

PROJECT = Path(__file__).parents[2] / "dbt_project"
RECEIVED = datetime(2026, 1, 10, tzinfo=UTC)


def arrow_type(annotation: Any) -> pa.DataType:
    """The Parquet type of a registry field."""
    arguments = [a for a in typing.get_args(annotation) if a is not type(None)]
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return arrow_type(arguments[0])
    known = {int: pa.int64(), bool: pa.bool_(), date: pa.date32(), Decimal: DECIMAL}
    return known.get(annotation, pa.string())


def calendar_periods(calendar: str, prefix: str, years: range) -> Iterator[dict[str, Any]]:
    """Months, quarters, half-years and years; those of the calendar VNR run from the 15th to the 14th."""
    move = _fifteenth_before if calendar == "VNR" else (lambda day: day)
    for frequency, months in (("A", 12), ("S", 6), ("Q", 3), ("M", 1)):
        for year in years:
            for number in range(12 // months):
                end = (number + 1) * months
                before = (year, number - 1) if number else (year - 1, 12 // months - 1)
                yield {
                    "calendar_code": calendar,
                    "period_code": prefix + _code(frequency, year, number),
                    "frequency": frequency,
                    "period_start": move(date(year, number * months + 1, 1)),
                    "period_end_exclusive": move(date(year + end // 12, end % 12 + 1, 1)),
                    "year_label": str(year),
                    "label_vi": f"Kỳ {_code(frequency, year, number)}",
                    "label_en": _code(frequency, year, number),
                    "previous_period_code": prefix + _code(frequency, *before) if before[0] in years else None,
                    "same_period_last_year_code": prefix + _code(frequency, year - 1, number)
                    if year - 1 in years
                    else None,
                    "sdmx_time_period": prefix + _code(frequency, year, number),
                }


def _code(frequency: str, year: int, number: int) -> str:
    return {"A": f"{year}", "M": f"{year}-M{number + 1:02d}"}.get(frequency, f"{year}-{frequency}{number + 1}")


def working_days(first: date, last: date) -> list[dict[str, Any]]:
    """Days without holidays, Saturdays and Sundays off."""
    rows, number = [], 0
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        number += day.weekday() < 5
        rows.append({"date": day, "is_working_day": day.weekday() < 5, "working_day_number": number})
    return rows


class AcceptedArea:
    """Collects rows of every table between intake and warehouse, and writes them where dbt reads them."""

    def __init__(self) -> None:
        self.registry: dict[str, list[dict[str, Any]]] = {name: [] for name in REGISTRY_TABLES}
        self.sources: list[dict[str, Any]] = []
        self.obligations: list[dict[str, Any]] = []
        self.terms: list[dict[str, Any]] = []
        self.submissions: list[dict[str, Any]] = []
        self.findings: list[dict[str, Any]] = []
        self.observations: list[dict[str, Any]] = []
        self.periods = {
            period["period_code"]: period
            for period in (
                *calendar_periods("CAL", "", range(2023, 2027)),
                *calendar_periods("VNR", "VNR", range(2025, 2026)),
            )
        }

    def organisation(self, code: str, level: str = "unit", parent: str | None = None, **fields: Any) -> str:
        self._register(
            "organisations",
            code=code,
            name_vi=f"{code} vi",
            name_en=f"{code} en",
            level=level,
            parent_code=parent,
            **fields,
        )
        return code

    def event(self, event: str, from_code: str, to_code: str | None, day: date, **fields: Any) -> None:
        self._register("organisation_events", event=event, from_code=from_code, to_code=to_code, date=day, **fields)

    def indicator(self, code: str, **fields: Any) -> str:
        given = {"role": "output", "unit": "dossier"} | fields
        self._register("indicators", code=code, name_vi=f"{code} vi", name_en=f"{code} en", **given)
        return code

    def group(self, dimension: str, *members: str, **fields: Any) -> None:
        for member in members:
            self._register("target_groups", dimension=dimension, code=member, name_vi=member, name_en=member, **fields)

    def ratio(self, code: str, numerator: str, denominator: str, ratio_class: str = "proportion", **fields: Any) -> str:
        """``numerator`` and ``denominator`` as in the registry: terms ``A`` or ``A * B``, joined by ``+`` and ``-``."""
        self._register(
            "ratios",
            code=code,
            name_vi=f"{code} vi",
            name_en=f"{code} en",
            numerator=numerator,
            denominator=denominator,
            ratio_class=ratio_class,
            **fields,
        )
        for part, text in (("numerator", numerator), ("denominator", denominator)):
            terms = text.replace(" - ", " + -").split(" + ")
            for number, term in enumerate(terms, start=1):
                factors = term.lstrip("-").split(" * ")
                counted = {i["code"]: is_count(i["unit"]) and not i["from_sample"] for i in self.registry["indicators"]}
                self.terms.append(
                    {
                        "ratio_code": code,
                        "part": part,
                        "term_number": number,
                        "sign": -1 if term[0] == "-" else 1,
                        "factor_1": factors[0],
                        "factor_2": factors[1] if len(factors) > 1 else None,
                        "is_count": len(factors) == 1 and counted.get(factors[0], False),
                    }
                )
        return code

    def deflator(self, code: str, levels: dict[str, float]) -> str:
        for period, level in levels.items():
            self._register(
                "deflators", code=code, name_vi=f"{code} vi", name_en=f"{code} en", period_code=period, value=str(level)
            )
        return code

    def allocation(
        self, indicator: str, direct: str | None, overhead: str, driver: str, across: str, **fields: Any
    ) -> str:
        self._register(
            "cost_allocations",
            indicator=indicator,
            direct=direct,
            overhead=overhead,
            driver=driver,
            across=across,
            **fields,
        )
        return indicator

    def _register(self, table: str, **fields: Any) -> None:
        model = REGISTRY_TABLES[table]
        self.registry[table].append(model(**fields).model_dump())

    def source(self, code: str, priority: int = 1) -> str:
        self.sources.append(
            {
                "source_code": code,
                "name_vi": code,
                "name_en": code,
                "publisher": None,
                "steward": None,
                "licence": None,
                "priority": priority,
                "recipe_version": "r1",
            }
        )
        return code

    def submission(self, source: str, at: datetime = RECEIVED, **fields: Any) -> str:
        code = fields.pop("submission_id", f"{source}-{at:%Y%m%d%H}")
        self.submissions.append(
            {
                "submission_id": code,
                "source_code": source,
                "file_name": f"{source}/{code}.xlsx",
                "file_sha256": "0" * 64,
                "file_bytes": 1,
                "received_at": at,
                "medium": "file",
                "status": "accepted",
                "recipe_version": "r1",
                "cells_read": 1,
                "rows_read": 1,
                "rows_accepted": 1,
                "rows_quarantined": 0,
                "refusal_vi": None,
                "refusal_en": None,
                "notes": None,
                **fields,
            }
        )
        return code

    def finding(self, rule: str, **fields: Any) -> None:
        """What a gate would have said; without more of it, that one warned."""
        code = f"found{len(self.findings)}"
        self.findings.append(
            {
                "finding_id": code,
                "fault_id": code,
                "rule_id": rule,
                "severity": "WARN",
                "route": "SU",
                "gate": "release",
                "message_vi": "Sai.",
                "message_en": "Wrong.",
                "found_at": RECEIVED,
                **fields,
            }
        )

    def observe(
        self,
        indicator: str,
        organisation: str,
        period: str,
        value: float | str | Decimal | None,
        group: str = "_T",
        **fields: Any,
    ) -> None:
        """One accepted figure; the organisation is the bearer of the code at the end of the period."""
        at = fields.pop("at", RECEIVED)
        source = fields.pop("source", "main")
        row = self.periods[period]
        registered = next(i for i in self.registry["indicators"] if i["code"] == indicator)
        bearers = [
            o
            for o in self.registry["organisations"]
            if o["code"] == organisation
            and o["valid_from"] < row["period_end_exclusive"]
            and (o["valid_to"] is None or o["valid_to"] > row["period_start"])
        ]
        number = len(self.observations) + 1
        self.observations.append(
            {
                "source_code": source,
                "submission_id": f"{source}-{at:%Y%m%d%H}",
                "sheet": "Sheet1",
                "cell": f"B{number}",
                "raw_text": None if value is None else str(value),
                "indicator_code": indicator,
                "indicator_label": None,
                "organisation_code": organisation,
                "organisation_valid_from": bearers[-1]["valid_from"],
                "organisation_label": None,
                "calendar_code": row["calendar_code"],
                "period_code": period,
                "period_start": row["period_start"],
                "period_end_exclusive": row["period_end_exclusive"],
                "period_label": None,
                "target_group_code": group,
                "target_group_label": None,
                "measure_kind": "ACTUAL",
                "value": None if value is None else Decimal(str(value)),
                "value_low": None,
                "value_high": None,
                "unit_code": registered["unit"],
                "reported_unit": None,
                "obs_status": "A",
                "flags": None,
                "accumulation": registered["accumulation"],
                "note": None,
                "recorded_at": at,
                "recipe_version": "r1",
                **fields,
            }
        )

    def write(self, folder: Path) -> Path:
        """Write every table below ``folder`` as intake does, and return it."""
        by_source: dict[str, list[dict[str, Any]]] = {}
        for row in self.observations:
            by_source.setdefault(row["source_code"], []).append(row)
        (folder / "registry").mkdir(parents=True, exist_ok=True)
        for source, rows in (by_source or {"main": []}).items():
            _write(folder / "observation" / source / "part.parquet", OBSERVATION, rows)
        _write(folder / "submission" / "all" / "part.parquet", SUBMISSION, self.submissions)
        _write(folder / "finding" / "all" / "part.parquet", FINDING, self.findings)
        write_empty_tables(folder)
        for table, rows in (
            (PERIOD, list(self.periods.values())),
            (SOURCE, self.sources),
            (OBLIGATION, self.obligations),
            (RATIO_TERM, self.terms),
            (DAY, working_days(date(2023, 1, 1), date(2027, 12, 31))),
        ):
            _write(folder / "registry" / f"{table.name}.parquet", table, rows)
        for name, model in REGISTRY_TABLES.items():
            schema = pa.schema([pa.field(n, arrow_type(f.annotation)) for n, f in model.model_fields.items()])
            target = folder / "registry" / f"{name}.parquet"
            pq.write_table(pa.Table.from_pylist(self.registry[name], schema=schema), target)
        return folder


def _fifteenth_before(day: date) -> date:
    return date(day.year - 1, 12, 15) if day.month == 1 else date(day.year, day.month - 1, 15)


def _write(target: Path, table: Table, rows: list[dict[str, Any]]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), target)


#: The project as dbt parsed it, once a process: it is the same for every accepted area.
_PARSED: list[Any] = []


def build(accepted: Path, folder: Path, *, arguments: tuple[str, ...] = (), threads: int = 2) -> Path:
    """Run ``dbt build`` over ``accepted`` and return the warehouse file; raise with dbt's own message if it fails."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    warehouse = folder / "warehouse.duckdb"
    os.environ |= {"OUTTURN_ACCEPTED": str(accepted), "OUTTURN_WAREHOUSE": str(warehouse)}
    common = [
        "--project-dir",
        str(PROJECT),
        "--profiles-dir",
        str(PROJECT),
        "--target-path",
        str(folder / "target"),
        "--log-path",
        str(folder / "logs"),
        "--threads",
        str(threads),
        "--quiet",
    ]
    if not _PARSED:
        _PARSED.append(dbtRunner().invoke(["parse", *common]).result)
    result = dbtRunner(manifest=_PARSED[0]).invoke(["build", *common, *arguments])
    DuckDBConnectionManager.close_all_connections()
    failed = [
        f"{r.node.name}: {r.message}" for r in getattr(result.result, "results", []) if r.status in ("error", "fail")
    ]
    assert result.success, "\n".join(failed) or str(result.exception)
    return warehouse


@dataclass(frozen=True)
class Warehouse:
    """A built warehouse and the accepted area it came from."""

    area: AcceptedArea
    accepted: Path
    path: Path

    def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        """Rows of ``query`` as dictionaries."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            cursor = connection.execute(query, list(parameters))
            names = [d[0] for d in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def row(self, table: str, **key: Any) -> dict[str, Any]:
        """The one row of ``table`` with this key; fails if there is none or there are several."""
        condition = " and ".join(f"{column} = ?" for column in key)
        found = self.rows(f"select * from {table} where {condition}", *key.values())
        assert len(found) == 1, f"{len(found)} rows of {table} for {key}"
        return found[0]

    def ratio(
        self, code: str, organisation: str, period: str, group: str = "_T", structure: str = "as_was", **key: Any
    ) -> dict[str, Any]:
        return self.row(
            "marts.mart_ratio",
            ratio_code=code,
            organisation_code=organisation,
            period_code=period,
            target_group_code=group,
            structure=structure,
            **key,
        )

    def indicator(self, code: str, organisation: str, period: str, group: str = "_T", **key: Any) -> dict[str, Any]:
        return self.row(
            "marts.mart_indicator",
            indicator_code=code,
            organisation_code=organisation,
            period_code=period,
            target_group_code=group,
            **key,
        )

    def value(self, code: str, organisation: str, period: str, group: str = "_T", **key: Any) -> float | None:
        value = self.indicator(code, organisation, period, group, **key)["value"]
        return None if value is None else float(value)


@pytest.fixture(scope="session")
def warehouse(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """One warehouse with the cases of every collected module: each fills the area by its own ``fill(area)``."""
    area = AcceptedArea()
    area.source("main")
    area.submission("main")
    here = [item for item in request.session.items if item.path.parent == Path(__file__).parent]
    modules = {item.module.__name__: item.module for item in here if hasattr(item, "module")}
    for name in sorted(modules):
        if hasattr(modules[name], "fill"):
            modules[name].fill(area)
    accepted = area.write(tmp_path_factory.mktemp("accepted"))
    return Warehouse(area, accepted, build(accepted, tmp_path_factory.mktemp("warehouse")))


@pytest.fixture(scope="session")
def empty_area() -> type[AcceptedArea]:
    return AcceptedArea


@pytest.fixture(scope="session")
def build_warehouse() -> Callable[..., Path]:
    return build
