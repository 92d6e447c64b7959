"""The published files, mutated: the same facts, fewer, or a refusal. No value shifts.

Long lists are shortened first; ``OUTTURN_MUTATIONS=50 pytest tests/workspaces/test_drift.py`` makes fifty times as
many of each file.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path
from typing import Any

import pytest
from form_mutations import MUTATIONS, TIMES, Mutation, check_no_shift, duplicate_a_header, fallbacks_of

import ingest.tidy
from ingest.read import open_workbook
from ingest.resolve import Resolver
from ingest.workspace import load_workspace

HERE = Path(__file__).parent
#: Workspace → its case, and the functions of its tests that make rows of the registry from the case.
WORKSPACES: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "uk_performance_platform": ("01-uk-performance-platform", {"organisations": ("bodies_and_services",)}),
    "uk_sdg": ("02-uk-sdg-open-sdg", {"organisations": ("organisations",)}),
    "vietnam_reform_2025": ("04-vn-admin-reform-2025", {}),
    "messy_workbooks": (
        "05-messy-workbooks-and-csv",
        {"organisations": ("electoral_divisions", "providers"), "target_groups": ("specialities", "functions")},
    ),
    "italy_vaccination": ("06-it-vaccini", {"organisations": ("regions",)}),
}
#: Workspace, source and one file of it.
FILES = [
    *(("uk_performance_platform", source, name) for source, name in (
        ("dvla_satisfaction", "EVL Customer Satisfaction.xlsx"),
        ("dvla_tracker", "CEG Transaction Tracker.xlsx"),
        ("services", "services.csv"),
        ("transaction_volumes", "transaction-volumes.csv"),
    )),
    *(("uk_sdg", "open_sdg", f"data/indicator_{code}.csv") for code in (
        "1-a-2", "3-1-2", "3-2-2", "3-4-2", "3-8-2", "3-c-1", "4-c-1", "5-5-1", "8-5-2", "8-6-1", "11-6-1", "16-1-3",
        "16-3-2", "16-6-1", "16-6-2", "17-1-1",
    )),
    ("vietnam_reform_2025", "communes", "sapnhap.bando.com.vn_ward_2025-07-17.csv"),
    ("vietnam_reform_2025", "provinces", "sapnhap.bando.com.vn_province_2025-07-17.csv"),
    *(("messy_workbooks", source, name) for source, name in (
        ("detentions", "utf-16le_encoded.csv"),
        ("doctors", "weird_head_padding.csv"),
        ("federal_spending", "spanish_chars.csv"),
        ("hours_worked", "6202021.xls"),
        ("hours_worked", "6202021.xlsx"),
        ("marriage_survey", "ozmarriage.xlsx"),
        ("municipal_budgets", "begrotingsanalyse-2011.csv"),
        ("ridership", "toronto_transit.xlsx"),
    )),
    *(("italy_vaccination", source, name) for source, name in (
        ("campaign_2023_2024", "somministrazioni-vaccini-latest-campagna-2023-2024.csv"),
        ("deliveries", "consegne-vaccini-latest.csv"),
        ("doses_by_age", "somministrazioni-vaccini-latest-2020.csv"),
        ("doses_daily", "somministrazioni-vaccini-summary-latest.csv"),
        ("doses_to_date", "vaccini-summary-latest.csv"),
        ("doses_to_date", "anagrafica-vaccini-summary-latest.csv"),
        ("population", "platea.csv"),
        ("population", "platea-dose-addizionale-booster.csv"),
    )),
]  # fmt: skip
_LOADED: dict[str, tuple[Any, Path]] = {}


def _beside(name: str) -> Any:
    """The module of the workspace's own tests."""
    spec = importlib.util.spec_from_file_location(f"test_{name}", HERE / f"test_{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _loaded(name: str, real_workspace: Any) -> tuple[Any, Path]:
    """The workspace with its registry, read once, and the folder of its case."""
    if name not in _LOADED:
        case, makers = WORKSPACES[name]
        workspace = real_workspace(name, case)
        tests = _beside(name)
        for table, functions in makers.items():
            for function in functions:
                workspace.add_to_registry(table, getattr(tests, function)(workspace))
        if name == "vietnam_reform_2025":
            rows = workspace.read_csv(tests.MAPPING)
            for made in (tests.provinces(rows), tests.communes(rows)):
                workspace.add_to_registry("organisations", made[0])
        _LOADED[name] = load_workspace(workspace.folder), workspace.case
    return _LOADED[name]


def mutations_of(source: str) -> list[Mutation]:
    """Ten heading rows say what each series of hours worked is: a text copied there is another unit, and no mistake."""
    return [mutation for mutation in MUTATIONS if source != "hours_worked" or mutation is not duplicate_a_header]


@pytest.mark.parametrize(("name", "source", "file_name"), FILES)
def test_no_value_shifts(real_workspace: Any, name: str, source: str, file_name: str) -> None:
    loaded, case = _loaded(name, real_workspace)
    path, recipe, resolver = case / file_name, loaded.sources[source], Resolver(loaded.registry)
    whole = open_workbook(path, file_name, encoding=recipe.encoding, delimiter=recipe.delimiter)

    def tidied() -> Any:
        return ingest.tidy.tidy(
            path,
            file_name,
            recipe,
            resolver,
            loaded.calendars,
            submission_id="0" * 16,
            received_at=dt.datetime(2025, 10, 1, tzinfo=dt.UTC),
        )

    count, fallbacks = int(20 * TIMES), fallbacks_of(recipe, resolver)
    check_no_shift(f"{name} {file_name}", whole, tidied, count, mutations_of(source), fallbacks)
