"""Every golden fixture of the domain (domain.md section 12) is proven by a test that names it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Fixture → the files that prove it: tests, and unit tests of the models whose formula it is.
UNIT_TESTS = "dbt_project/models"
PROOFS: dict[str, tuple[str, ...]] = {
    "GF-01": ("tests/warehouse/test_golden_ratios.py",),
    "GF-02": ("tests/warehouse/test_golden_ratios.py", "tests/warehouse/test_costs.py"),
    "GF-03": ("tests/warehouse/test_golden_ratios.py",),
    "GF-04": ("tests/warehouse/test_golden_ratios.py",),
    "GF-05": ("tests/warehouse/test_golden_ratios.py",),
    "GF-06": ("tests/warehouse/test_costs.py", f"{UNIT_TESTS}/intermediate/_costs__unit_tests.yml"),
    "GF-07": ("tests/warehouse/test_costs.py", f"{UNIT_TESTS}/intermediate/_costs__unit_tests.yml"),
    "GF-08": ("tests/warehouse/test_golden_ratios.py",),
    "GF-09": ("tests/warehouse/test_standardisation.py",),
    "GF-10": ("tests/warehouse/test_decomposition.py",),
    "GF-11": ("tests/warehouse/test_time.py", "tests/expectations/plants.py"),
    "GF-12": ("tests/demo/test_registry_tables.py",),
    "GF-13": ("tests/ingest/resolve/test_resolver.py",),
    "GF-14": ("tests/warehouse/test_structures.py",),
    "GF-15": ("tests/ingest/recipe/test_straddling_periods.py",),
    "GF-16": ("tests/disclosure/test_published_table.py",),
    "GF-17": ("tests/expectations/plants.py",),
    "GF-18": ("tests/expectations/plants.py", "tests/expectations/test_golden_claims.py"),
    "GF-19": ("tests/expectations/plants.py", "tests/expectations/test_golden_claims.py"),
    "GF-20": ("tests/expectations/plants.py", "tests/expectations/test_golden_claims.py"),
    "GF-21": ("tests/expectations/plants.py", "tests/expectations/test_golden_claims.py"),
    "GF-22": ("tests/expectations/plants.py", "tests/expectations/test_golden_claims.py"),
    "GF-23": ("tests/expectations/plants.py", "tests/expectations/test_golden_claims.py"),
    "GF-24": ("tests/warehouse/test_golden_vintages.py",),
    "GF-25": ("tests/expectations/plants.py",),
    "GF-26": ("tests/ingest/parse/test_number_table.py",),
    "GF-27": ("tests/ingest/parse/test_number_columns.py",),
    "GF-28": ("tests/ingest/parse/test_legacy_vietnamese.py",),
    "GF-29": (f"{UNIT_TESTS}/marts/_mart_scorecard__unit_tests.yml",),
    "GF-30": ("tests/appraisal/test_schemes.py",),
    "GF-31": ("tests/warehouse/test_targets.py",),
    "GF-32": ("tests/ingest/time/test_calendars.py",),
    "GF-33": ("tests/warehouse/test_golden_ratios.py",),
    "GF-34": ("tests/warehouse/test_regulations.py", f"{UNIT_TESTS}/marts/_marts_of_steering__unit_tests.yml"),
    "GF-35": ("tests/warehouse/test_determinism.py",),
}


def names(fixture: str, text: str) -> bool:
    """Whether a text names a fixture, as ``GF-07`` or in the name of a test, ``test_gf_07_…``."""
    return (
        re.search(rf"GF-{fixture[3:]}\b|\bgf_{fixture[3:]}_|_gf_{fixture[3:]}\b|_gf_{fixture[3:]}_", text) is not None
    )


def test_every_fixture_has_its_proof() -> None:
    assert PROOFS.keys() == {f"GF-{number:02d}" for number in range(1, 36)}


@pytest.mark.parametrize("fixture", sorted(PROOFS))
def test_the_tests_that_prove_a_fixture_name_it(fixture: str) -> None:
    for file in PROOFS[fixture]:
        assert names(fixture, (ROOT / file).read_text(encoding="utf-8")), f"{file} does not name {fixture}"
