"""Small tidy tables with known content: a clean one, and rows that differ from it where a test says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from expectations.intake.inputs import COMPANIONS, _model_schema
from ingest.contract import OBSERVATION, TIDY, TOTAL
from ingest.registry.models import REGISTRY_TABLES

RECEIVED = datetime(2026, 1, 20, 8, 0, tzinfo=UTC)
SOURCE = "one_stop_shop"
SUBMISSION_ID = "aaaaaaaaaaaaaaaa"
Row = dict[str, Any]


def tidy_row(**differences: Any) -> Row:
    """A row nothing is wrong with: dossiers received by province 01 in 2025."""
    row: Row = dict.fromkeys(TIDY.column_names)
    row |= {
        "source_code": SOURCE,
        "submission_id": SUBMISSION_ID,
        "sheet": "Biểu 1",
        "cell": "C5",
        "raw_text": "120",
        "indicator_code": "RECEIVED",
        "indicator_label": "Hồ sơ tiếp nhận",
        "organisation_code": "01",
        "organisation_valid_from": date(1900, 1, 1),
        "organisation_label": "Hà Nội",
        "calendar_code": "CAL",
        "period_code": "2025",
        "period_start": date(2025, 1, 1),
        "period_end_exclusive": date(2026, 1, 1),
        "period_label": "Năm 2025",
        "target_group_code": "_T",
        "measure_kind": "ACTUAL",
        "value": Decimal(120),
        "unit_code": "dossier",
        "obs_status": "A",
        "accumulation": "IN_PERIOD",
        "recorded_at": RECEIVED,
        "recipe_version": "r1",
    }
    row |= differences
    if "value" in differences and "raw_text" not in differences and differences["value"] is not None:
        row["raw_text"] = str(differences["value"])
    if isinstance(row["value"], int | float | str):
        row["value"] = Decimal(str(row["value"]))
    return row


def submission(submission_id: str = SUBMISSION_ID, received_at: datetime = RECEIVED, **differences: Any) -> Row:
    row = {
        "submission_id": submission_id,
        "source_code": SOURCE,
        "file_name": f"{submission_id[:2]}.xlsx",
        "file_sha256": "0" * 64,
        "file_bytes": 1,
        "received_at": received_at,
        "recipe_version": "r1",
    }
    return row | differences


ORGANISATIONS: Sequence[Mapping[str, Any]] = (
    {"code": "VN", "name_vi": "Cả nước", "name_en": "Viet Nam", "level": "national"},
    {"code": "01", "name_vi": "Hà Nội", "name_en": "Ha Noi", "level": "province", "parent_code": "VN"},
    {"code": "02", "name_vi": "Hải Phòng", "name_en": "Hai Phong", "level": "province", "parent_code": "VN"},
    {"code": "03", "name_vi": "Đà Nẵng", "name_en": "Da Nang", "level": "province", "parent_code": "VN"},
    {
        "code": "91",
        "name_vi": "Kiên Giang",
        "name_en": "Kien Giang",
        "level": "province",
        "parent_code": "VN",
        "valid_to": date(2025, 7, 1),
    },
    {
        "code": "91",
        "name_vi": "An Giang",
        "name_en": "An Giang",
        "level": "province",
        "parent_code": "VN",
        "valid_from": date(2025, 7, 1),
    },
)
_INDICATOR = {
    "version": 1,
    "role": "output",
    "unit": "dossier",
    "direction": "neutral",
    "integer_only": True,
    "allow_negative": False,
    "organisation_aggregation": "sum",
    "group_aggregation": "sum",
    "time_aggregation": "sum",
    "reporting_level": "province",
    "valid_from": date(1900, 1, 1),
}
INDICATORS: Sequence[Mapping[str, Any]] = tuple(
    {**_INDICATOR, "code": code, "name_vi": name_vi, "name_en": name_en, **more}
    for code, name_vi, name_en, more in (
        (
            "RECEIVED",
            "Hồ sơ tiếp nhận",
            "Dossiers received",
            {"hard_max": Decimal(1000000), "soft_max": Decimal(500000)},
        ),
        ("RESOLVED", "Hồ sơ đã giải quyết", "Dossiers resolved", {}),
        ("ON_TIME", "Hồ sơ đúng hạn", "Dossiers on time", {}),
        ("PENDING", "Hồ sơ đang giải quyết", "Dossiers pending", {}),
        ("COST", "Chi phí", "Cost", {"unit": "VND", "integer_only": False}),
        ("NET_CHANGE", "Thay đổi ròng", "Net change", {"allow_negative": True}),
        ("OLD", "Chỉ tiêu cũ", "Retired indicator", {"valid_to": date(2024, 1, 1)}),
    )
)
RATIOS: Sequence[Mapping[str, Any]] = (
    {
        "code": "ON_TIME_RATE",
        "name_vi": "Tỷ lệ đúng hạn",
        "name_en": "On-time rate",
        "numerator": "ON_TIME",
        "denominator": "RESOLVED",
        "ratio_class": "proportion",
        "scale": Decimal(100),
        "unit": "percent",
        "lag": 0,
        "decimals": 1,
        "direction": "higher",
        "allow_negative": False,
        "minimum_denominator": Decimal(30),
        "coverage_gate": Decimal("0.7"),
    },
)
RATIO_TERMS: Sequence[Mapping[str, Any]] = (
    {"ratio_code": "ON_TIME_RATE", "part": "numerator", "term_number": 1, "sign": 1, "factor_1": "ON_TIME"},
    {"ratio_code": "ON_TIME_RATE", "part": "denominator", "term_number": 1, "sign": 1, "factor_1": "RESOLVED"},
)
TARGET_GROUPS: Sequence[Mapping[str, Any]] = tuple(
    {"dimension": dimension, "code": code, "name_vi": code, "name_en": code, "relation": relation}
    for dimension, code, relation in (
        ("SEX", "F", "partition"),
        ("SEX", "M", "partition"),
        ("CHANNEL", "ONLINE", "of_which"),
        ("CHANNEL", "POST", "of_which"),
        ("VULNERABLE", "POOR", "overlapping"),
        ("VULNERABLE", "ELDERLY", "overlapping"),
    )
)
PERIODS: Sequence[Mapping[str, Any]] = tuple(
    {
        "calendar_code": "CAL",
        "period_code": str(year),
        "frequency": "A",
        "period_start": date(year, 1, 1),
        "period_end_exclusive": date(year + 1, 1, 1),
        "year_label": str(year),
        "label_vi": f"Năm {year}",
        "label_en": str(year),
        "sdmx_time_period": str(year),
    }
    for year in range(2010, 2028)
)


def write_registry(folder: Path, **tables: Sequence[Mapping[str, Any]]) -> Path:
    """The registry of the tests as Parquet; a table given by name replaces the one here."""
    content: dict[str, Sequence[Mapping[str, Any]]] = {
        "organisations": ORGANISATIONS,
        "indicators": INDICATORS,
        "ratios": RATIOS,
        "target_groups": TARGET_GROUPS,
        "ratio_term": RATIO_TERMS,
        "period": PERIODS,
    } | tables
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in content.items():
        schema = COMPANIONS[name] if name in COMPANIONS else _model_schema(REGISTRY_TABLES[name])
        defaults = {"valid_from": date(1900, 1, 1)} if "valid_from" in schema.names else {}
        filled = [{**dict.fromkeys(schema.names), **defaults, **row} for row in rows]
        pq.write_table(pa.Table.from_pylist(filled, schema=schema), folder / f"{name}.parquet")
    return folder


def write_tidy(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    return _write(path, rows, TIDY.schema)


def write_totals(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    return _write(path, rows, TOTAL.schema)


def write_observations(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    return _write(
        path, [{name: row.get(name) for name in OBSERVATION.column_names} for row in rows], OBSERVATION.schema
    )


def _write(path: Path, rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema=schema), path)
    return path


def moved(rows: Iterable[Row], submission_id: str) -> list[Row]:
    """The rows in another submission, about organisations with codes of their own."""
    return [
        row
        | {
            "submission_id": submission_id,
            "organisation_code": row["organisation_code"] and f"{submission_id}_{row['organisation_code']}",
            "organisation_label": f"{submission_id}_{row['organisation_label']}"
            if row["organisation_label"] == row["organisation_code"] and row["organisation_label"]
            else row["organisation_label"],
        }
        for row in rows
    ]


def organisations(submission_id: str) -> list[Mapping[str, Any]]:
    return [
        row
        | {
            "code": f"{submission_id}_{row['code']}",
            "parent_code": row.get("parent_code") and f"{submission_id}_{row['parent_code']}",
        }
        for row in map(dict, ORGANISATIONS)
    ]
