"""Fair comparison where the mix of cases differs: the worked example WE-8 of domain.md 2.12 (GF-09)."""

from __future__ import annotations

from typing import Any

import pytest

#: Organisation → group → on time, resolved.
CASES = {
    "WE8.A": {"SIMPLE": (950, 1000), "COMPLEX": (60, 100)},
    "WE8.B": {"SIMPLE": (194, 200), "COMPLEX": (585, 900)},
}


def fill(area: Any) -> None:
    area.group("WE8G", "SIMPLE", "COMPLEX")
    area.indicator("WE8.onTime", role="output_quality")
    area.indicator("WE8.resolved")
    area.ratio("WE8.share", "WE8.onTime", "WE8.resolved", mix_dimension="WE8G", scale=100)
    area.organisation("WE8", "national")
    for unit, groups in CASES.items():
        area.organisation(unit, "province", "WE8")
        for group, figures in groups.items():
            for indicator, value in zip(("onTime", "resolved"), figures, strict=True):
                area.observe(f"WE8.{indicator}", unit, "2024", value, f"WE8G={group}")
                without = unit == "WE8.A" and group == "COMPLEX"
                area.observe(f"WE8.{indicator}", unit, "2025", 0 if without else value, f"WE8G={group}")


def standardised(warehouse: Any, unit: str, year: str = "2024") -> dict[str, Any]:
    return warehouse.row(
        "marts.mart_ratio_standardised",
        ratio_code="WE8.share",
        organisation_code=unit,
        period_code=year,
        structure="as_is",
    )


@pytest.mark.parametrize(
    ("unit", "crude", "direct", "observed"),
    [("WE8.A", 91.8182, 79.0909, 0.992304), ("WE8.B", 70.8182, 82.4545, 1.010158)],
)
def test_gf_09_direct_and_indirect_standardisation(warehouse, unit, crude, direct, observed):
    row = standardised(warehouse, unit)
    assert row["value"] == pytest.approx(crude, abs=1e-4)
    assert row["value_direct"] == pytest.approx(direct, abs=1e-4)
    assert row["observed_over_expected"] == pytest.approx(observed, abs=1e-6)
    assert row["value_indirect"] == pytest.approx(observed * 1789 / 22, abs=1e-4)
    assert (row["reference_organisation_code"], row["groups"], row["reason"]) == ("WE8", 2, None)


def test_the_reference_standardises_to_itself(warehouse):
    row = standardised(warehouse, "WE8")
    assert row["value_direct"] == pytest.approx(row["value"])
    assert row["observed_over_expected"] == pytest.approx(1)


def test_without_cases_in_a_group_there_is_no_direct_value(warehouse):
    row = standardised(warehouse, "WE8.A", "2025")
    assert (row["value_direct"], row["reason"]) == (None, "NO_CASES_IN_GROUP")
    assert row["observed_over_expected"] == pytest.approx(950 / (1000 * 1144 / 1200))
