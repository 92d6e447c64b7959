"""Tidy rows in memory, and a workspace with a ledger on disk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from ingest.contract import TIDY

ROW = {
    "source_code": "dossiers",
    "submission_id": "s1",
    "sheet": "Biểu 1",
    "cell": "B4",
    "raw_text": "40",
    "indicator_code": "RESOLVED",
    "organisation_code": "31",
    "organisation_valid_from": dt.date(2000, 1, 1),
    "calendar_code": "CAL",
    "period_code": "2025-Q1",
    "period_start": dt.date(2025, 1, 1),
    "period_end_exclusive": dt.date(2025, 4, 1),
    "target_group_code": "_T",
    "measure_kind": "ACTUAL",
    "value": Decimal(40),
    "unit_code": "dossier",
    "obs_status": "A",
    "accumulation": "IN_PERIOD",
    "recorded_at": dt.datetime(2025, 4, 10, tzinfo=dt.UTC),
    "recipe_version": "r",
}


@pytest.fixture
def tidy_table() -> Callable[..., pa.Table]:
    """A tidy table of rows that differ from one plain figure as said."""

    def table(*rows: dict[str, Any]) -> pa.Table:
        return pa.Table.from_pylist([ROW | row for row in rows], schema=TIDY.schema)

    return table


@pytest.fixture
def workspace_folder(tmp_path: Path) -> Path:
    """The smallest workspace that a ledger can be checked against."""
    for name, content in {
        "workspace.yml": "name: {vi: a, en: b}\nstewards: [{code: ds, name: {vi: a, en: b}}]\n",
        "registry/organisations.csv": "code,name_vi,name_en,level\n31,Hải Phòng,Hai Phong,province\n",
        "registry/indicators.csv": "code,name_vi,name_en,role,unit\nRESOLVED,Đã giải quyết,Resolved,output,dossier\n",
        "sources/dossiers.yml": (
            "name: {vi: a, en: b}\ntables:\n  - header: [x]\n    indicator: RESOLVED\n"
            '    organisation: {column: x}\n    period: "2025"\n    values: y\n'
        ),
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path
