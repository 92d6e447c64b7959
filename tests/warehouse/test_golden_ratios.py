"""The worked examples of domain.md section 2, from accepted rows to mart_ratio."""

from __future__ import annotations

from typing import Any

import pytest

GUARDS = {
    # domain.md 2.6: ratio class, numerator, denominator -> value, status, reason
    "DEN_MISSING": ("proportion", 5, None, None, "O", "DEN_MISSING"),
    "NUM_MISSING": ("proportion", None, 5, None, "O", "NUM_MISSING"),
    "NO_ACTIVITY": ("proportion", 0, 0, None, "M", "NO_ACTIVITY"),
    "NUM_WITHOUT_DEN": ("proportion", 3, 0, None, "O", "NUM_WITHOUT_DEN"),
    "EVENTS": ("rate", 3, 0, None, "O", "EVENTS_WITHOUT_EXPOSURE"),
    "COST": ("unit_cost", 3, 0, None, "M", "COST_WITHOUT_OUTPUT"),
    "DEN_NEGATIVE": ("unit_cost", 3, -2, None, "O", "DEN_NEGATIVE"),
    "NUM_NEGATIVE": ("unit_cost", -3, 2, None, "O", "NUM_NEGATIVE"),
    "TRUE_ZERO": ("proportion", 0, 8, 0.0, "A", None),
    "SMALL_DEN": ("proportion", 4, 8, 0.5, "U", "SMALL_DEN"),
}


def fill(area: Any) -> None:
    on_time_share(area)
    unit_cost(area)
    cost_per_head(area)
    partial_coverage(area)
    training_with_lag(area)
    guards(area)
    suppressed_count(area)
    mean_days(area)
    means_with_a_gap(area)
    net_change(area)
    all_or_none(area)
    events(area)
    share_of_money(area)
    survey(area)
    pending_overdue(area)
    effectiveness(area)


def means_with_a_gap(area: Any) -> None:
    """Two means over a year; the numerator misses the first quarter, which is the denominator's smallest."""
    area.indicator("GAP.unemployed", frequency="Q", time_aggregation="average", unit="person", role="environment")
    area.indicator("GAP.active", frequency="Q", time_aggregation="average", unit="person", role="environment")
    area.ratio("GAP.rate", "GAP.unemployed", "GAP.active")
    area.organisation("GAP", "national")
    for quarter, unemployed, active in ((1, None, 100), (2, 400, 500), (3, 300, 400), (4, 500, 800)):
        if unemployed is not None:
            area.observe("GAP.unemployed", "GAP", f"2024-Q{quarter}", unemployed)
        area.observe("GAP.active", "GAP", f"2024-Q{quarter}", active)


def net_change(area: Any) -> None:
    """Slide 9 of domain.md 0: a stock of 1 000 at the baseline, 150 abolished and 120 new, half-year by half-year.

    The flows are reported since the start of the year, so that the year has a figure of its own; the stock is a level.
    """
    area.organisation("NET", "national")
    for code in ("NET.new", "NET.abolished"):
        area.indicator(code, frequency="S", accumulation="YTD", unit="regulation")
    area.indicator(
        "NET.base",
        frequency="S",
        accumulation="POINT_IN_TIME",
        time_aggregation="last",
        role="environment",
        unit="regulation",
    )
    area.ratio(
        "NET.change",
        "NET.new - NET.abolished",
        "NET.base",
        "growth",
        scale=100,
        coverage_gate="0.7",
        allow_negative=True,
    )
    for half, new, abolished in (("2024-S1", 50, 70), ("2024-S2", 120, 150)):
        area.observe("NET.new", "NET", half, new)
        area.observe("NET.abolished", "NET", half, abolished)
        area.observe("NET.base", "NET", half, 1000)


def all_or_none(area: Any) -> None:
    """WE-3: 10 of 10 and 0 of 10, in the ratio of WE-1."""
    area.organisation("WE3", "national")
    for unit, numerator in (("ALL", 10), ("NONE", 0)):
        code = area.organisation(f"WE3.{unit}", "province", "WE3")
        area.observe("WE1.onTime", code, "2024", numerator)
        area.observe("WE1.resolved", code, "2024", 10)


def events(area: Any) -> None:
    """domain.md 2.2.1: 12 complaints about 80 km of streets that are cleaned routinely, read both ways."""
    area.indicator("CP.complaints", role="final_outcome", unit="complaint")
    area.indicator("CP.km", unit="km")
    area.ratio("CP.perKm", "CP.complaints", "CP.km", "rate", scale=100, direction="lower")
    area.ratio("CP.kmPer", "CP.km", "CP.complaints", "mean", direction="higher")
    area.organisation("CP", "national")
    area.organisation("CP.NONE", "national")
    for unit, complaints in (("CP", 12), ("CP.NONE", 0)):
        area.observe("CP.complaints", unit, "2024", complaints)
        area.observe("CP.km", unit, "2024", 80)


def share_of_money(area: Any) -> None:
    """4 of 10 đồng: no Wilson interval of ten cases."""
    for code in ("MN.cut", "MN.base"):
        area.indicator(code, unit="VND", role="environment")
    area.ratio("MN.saved", "MN.cut", "MN.base", scale=100)
    area.organisation("MN", "national")
    for code, value in (("MN.cut", 4), ("MN.base", 10)):
        area.observe(code, "MN", "2024", value)


def survey(area: Any) -> None:
    """domain.md 2.7: 92 % of 400 respondents for 3.0 million people, 80 % of 400 for 1.0 million."""
    area.indicator("SV.satisfied", unit="1", time_aggregation="none", organisation_aggregation="none")
    area.indicator("SV.people", role="environment", unit="person", time_aggregation="average")
    area.indicator("SV.yes", unit="person")
    area.indicator("SV.asked", unit="person")
    area.ratio("SV.weighted", "SV.satisfied * SV.people", "SV.people", "mean", scale=100)
    area.ratio("SV.pooled", "SV.yes", "SV.asked", scale=100)
    first, second = family(area, "SV", "A B")
    for unit, share, people in ((first, "0.92", 3_000_000), (second, "0.80", 1_000_000)):
        area.observe("SV.satisfied", unit, "2024", share)
        area.observe("SV.people", unit, "2024", people)
        area.observe("SV.yes", unit, "2024", float(share) * 400)
        area.observe("SV.asked", unit, "2024", 400)


def pending_overdue(area: Any) -> None:
    area.indicator("GF33.onTime", role="output_quality")
    area.indicator("GF33.resolved")
    area.indicator("GF33.overdue", time_aggregation="last", accumulation="POINT_IN_TIME")
    area.ratio("GF33.share", "GF33.onTime", "GF33.resolved", scale=100, guardrail="GF33.strict")
    area.ratio("GF33.strict", "GF33.onTime", "GF33.resolved + GF33.overdue", scale=100)
    area.organisation("GF33", "national")
    for indicator, value in (("onTime", 950), ("resolved", 1000), ("overdue", 200)):
        area.observe(f"GF33.{indicator}", "GF33", "2024", value)


#: Roles of numerator and denominator → type of ratio (domain.md 2.2).
TYPES = {
    ("input", "input"): "economy",
    ("input", "output"): "efficiency",
    ("output", "input"): "productivity",
    ("output", "final_outcome"): "effectiveness_seed",
    ("intermediate_outcome", "activity"): "effectiveness_yield",
    ("final_outcome", "intermediate_outcome"): "effectiveness_attainment",
    ("input", "final_outcome"): "cost_effectiveness",
    ("output_quality", "output"): "quality_share",
    ("output", "environment"): "coverage",
    ("final_outcome", "environment"): "utility",
    ("environment", "input"): "other",
}


def effectiveness(area: Any) -> None:
    area.organisation("TY", "national")
    for numerator, denominator in TYPES:
        code = f"TY.{numerator}.{denominator}"
        area.indicator(f"{code}.n", role=numerator, unit="VND" if numerator == "input" else "dossier")
        area.indicator(f"{code}.d", role=denominator)
        area.ratio(code, f"{code}.n", f"{code}.d", "rate")
        area.observe(f"{code}.n", "TY", "2024", 1)
        area.observe(f"{code}.d", "TY", "2024", 2)


def family(area: Any, prefix: str, units: str, **fields: Any) -> list[str]:
    area.organisation(prefix, "national")
    return [area.organisation(f"{prefix}.{unit}", "province", prefix, **fields) for unit in units.split()]


def on_time_share(area: Any) -> None:
    area.indicator("WE1.onTime")
    area.indicator("WE1.resolved")
    area.ratio("WE1.share", "WE1.onTime", "WE1.resolved")
    figures = ((900, 1000), (40, 50), (9, 10))
    for unit, (numerator, denominator) in zip(family(area, "WE1", "A B C"), figures, strict=True):
        area.observe("WE1.onTime", unit, "2024", numerator)
        area.observe("WE1.resolved", unit, "2024", denominator)


def unit_cost(area: Any) -> None:
    area.indicator("WE1.cost", role="input", unit="VND")
    area.ratio("WE1.unitCost", "WE1.cost", "WE1.resolved", "unit_cost")
    area.organisation("WE1U", "national")
    figures = ((4_800_000_000, 12_000), (1_500_000_000, 2_500), (900_000_000, 1_000))
    for unit, (cost, dossiers) in zip(("X", "Y", "Z"), figures, strict=True):
        code = area.organisation(f"WE1U.{unit}", "province", "WE1U")
        area.observe("WE1.cost", code, "2024", cost)
        area.observe("WE1.resolved", code, "2024", dossiers)


def cost_per_head(area: Any) -> None:
    area.indicator(
        "WE2.staff",
        role="input",
        unit="person",
        frequency="Q",
        time_aggregation="average",
        accumulation="POINT_IN_TIME",
    )
    area.indicator("WE2.cost", role="input", unit="VND", frequency="Q")
    area.ratio("WE2.costPerHead", "WE2.cost", "WE2.staff", "unit_cost")
    (unit,) = family(area, "WE2", "A")
    for period, level in zip(
        ("2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"), (100, 104, 110, 98, 92), strict=True
    ):
        area.observe("WE2.staff", unit, period, level)
    for quarter, cost in enumerate((300, 310, 330, 300), start=1):
        area.observe("WE2.cost", unit, f"2024-Q{quarter}", cost)


def partial_coverage(area: Any) -> None:
    area.indicator("WE4.n")
    area.indicator("WE4.d")
    area.ratio("WE4.share", "WE4.n", "WE4.d")
    area.ratio("WE4.strict", "WE4.n", "WE4.d", coverage_gate="0.95")
    figures = ((1200, 4000), (900, 3000), (600, None), (None, 1000), (300, 1000))
    for unit, (numerator, denominator) in zip(family(area, "WE4", "P1 P2 P3 P4 P5"), figures, strict=True):
        if numerator is not None:
            area.observe("WE4.n", unit, "2024", numerator)
        if denominator is not None:
            area.observe("WE4.d", unit, "2024", denominator)
    # Nobody knows the denominator of the greater one, so that the known denominator is matched as a whole.
    small, great = family(area, "WE4.unknown", "P6 P7")
    area.observe("WE4.n", small, "2024", 900)
    area.observe("WE4.d", small, "2024", 3000)
    area.observe("WE4.n", great, "2024", 2700)


def training_with_lag(area: Any) -> None:
    area.indicator("WE7.trained", frequency="Q", unit="person")
    area.indicator("WE7.placed", frequency="Q", unit="person", role="final_outcome")
    area.ratio("WE7.yield", "WE7.placed", "WE7.trained", lag=2, lagged_part="numerator")
    (unit,) = family(area, "WE7", "A")
    for quarter, trained in zip(
        ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2"), (400, 500, 600, 700, 800, 900), strict=True
    ):
        area.observe("WE7.trained", unit, quarter, trained)
    for quarter, placed in zip(
        ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2"), (90, 110, 240, 310, 372, 448), strict=True
    ):
        area.observe("WE7.placed", unit, quarter, placed)


def guards(area: Any) -> None:
    for name, (ratio_class, numerator, denominator, *_) in GUARDS.items():
        area.indicator(f"G.{name}.n")
        area.indicator(f"G.{name}.d")
        area.ratio(
            f"G.{name}",
            f"G.{name}.n",
            f"G.{name}.d",
            ratio_class,
            minimum_denominator=30 if name == "SMALL_DEN" else None,
        )
        unit, whole = family(area, f"G.{name}", "U V")
        if numerator is not None:
            area.observe(f"G.{name}.n", unit, "2024", numerator)
        if denominator is not None:
            area.observe(f"G.{name}.d", unit, "2024", denominator)
        area.observe(f"G.{name}.n", whole, "2024", 50)
        area.observe(f"G.{name}.d", whole, "2024", 100)


def suppressed_count(area: Any) -> None:
    area.indicator("IV.n")
    area.indicator("IV.d")
    area.ratio("IV.share", "IV.n", "IV.d", scale=100)
    first, second = family(area, "IV", "A B")
    area.observe("IV.n", first, "2024", None, value_low=0, value_high=4, obs_status="Q")
    area.observe("IV.n", second, "2024", 36)
    area.observe("IV.d", first, "2024", 30)
    area.observe("IV.d", second, "2024", 70)


def mean_days(area: Any) -> None:
    area.indicator("DAYS.mean", unit="day", time_aggregation="none", organisation_aggregation="none")
    area.indicator("DAYS.n")
    area.ratio("DAYS.overall", "DAYS.mean * DAYS.n", "DAYS.n", "mean")
    for unit, mean, number in zip(
        family(area, "DAYS", "A B C"), (12.0, 9.5, 15.0), (50_000, 40_000, 18_000), strict=True
    ):
        area.observe("DAYS.mean", unit, "2024", mean)
        area.observe("DAYS.n", unit, "2024", number)


def test_gf_01_ratio_of_sums_not_average_of_ratios(warehouse):
    share = warehouse.ratio("WE1.share", "WE1", "2024")
    assert share["value"] == pytest.approx(949 / 1060, abs=1e-12)
    assert (share["status"], share["reason"], share["coverage_denominator"], share["matched_share"]) == (
        "A",
        None,
        1,
        1,
    )
    assert warehouse.ratio("WE1.unitCost", "WE1U", "2024")["value"] == pytest.approx(464_516.129032, abs=1e-6)


@pytest.mark.parametrize(("numerator", "denominator"), TYPES)
def test_each_pair_of_roles_is_a_type(warehouse, numerator, denominator):
    row = warehouse.ratio(f"TY.{numerator}.{denominator}", "TY", "2024")
    assert (row["ratio_type"], row["value"]) == (TYPES[numerator, denominator], 0.5)


def test_effectiveness_is_read_as_registered_and_its_interval_is_byars(warehouse):
    per_km = warehouse.ratio("CP.perKm", "CP", "2024")
    assert (per_km["value"], per_km["ratio_type"]) == (pytest.approx(15), "effectiveness_yield")
    assert (per_km["lower"], per_km["upper"]) == (pytest.approx(7.7, abs=0.05), pytest.approx(26.2, abs=0.05))
    polarity = warehouse.rows("select distinct outcome_polarity from core.dim_ratio where ratio_code like 'CP.%'")
    assert polarity == [{"outcome_polarity": "bad"}]
    seed = warehouse.ratio("CP.kmPer", "CP", "2024")
    assert (seed["value"], seed["ratio_type"]) == (pytest.approx(6.67, abs=0.005), "effectiveness_seed")
    # The seed's reading has no value in the best case of all; the other way round it has.
    assert warehouse.ratio("CP.kmPer", "CP.NONE", "2024")["status"] == "M"
    assert warehouse.ratio("CP.perKm", "CP.NONE", "2024")["value"] == 0


def test_surveys_are_weighted_by_the_people_they_speak_for(warehouse):
    assert warehouse.ratio("SV.weighted", "SV", "2024")["value"] == pytest.approx(89.0)
    assert warehouse.ratio("SV.pooled", "SV", "2024")["value"] == pytest.approx(86.0)


def test_what_was_not_counted_case_by_case_has_no_interval(warehouse):
    """A share of people by weights and a share of money are exact or estimated, but no draw of so many cases."""
    weighted, pooled = (warehouse.ratio(f"SV.{name}", "SV", "2024") for name in ("weighted", "pooled"))
    assert [weighted[column] for column in ("lower", "upper", "interval_method")] == [None, None, None]
    assert pooled["interval_method"] == "wilson"
    assert pooled["lower"] < pooled["value"] < pooled["upper"]
    saved = warehouse.ratio("MN.saved", "MN", "2024")
    assert (saved["value"], saved["lower"], saved["upper"]) == (40.0, None, None)
    assert warehouse.ratio("CP.perKm", "CP", "2024")["interval_method"] == "byar"


def test_gf_33_on_time_share_with_and_without_what_is_overdue(warehouse):
    share, strict = (warehouse.ratio(f"GF33.{name}", "GF33", "2024")["value"] for name in ("share", "strict"))
    assert (share, strict) == (pytest.approx(95.0), pytest.approx(79.17, abs=0.005))


def test_ratio_type_follows_from_the_roles(warehouse):
    assert warehouse.ratio("WE1.unitCost", "WE1U", "2024")["ratio_type"] == "efficiency"
    assert warehouse.ratio("WE2.costPerHead", "WE2", "2024")["ratio_type"] == "economy"
    assert warehouse.ratio("WE7.yield", "WE7", "2024")["ratio_type"] == "effectiveness_yield"


def test_a_level_that_stands_in_each_half_covers_the_year(warehouse):
    year = warehouse.ratio("NET.change", "NET", "2024")
    assert (year["numerator"], year["denominator"], year["value"]) == (-30, 1000, pytest.approx(-3.0))
    assert (year["coverage_numerator"], year["coverage_denominator"], year["status"]) == (1, 1, "A")
    assert warehouse.ratio("NET.change", "NET", "2024-S1")["value"] == pytest.approx(-2.0)
    assert warehouse.ratio("NET.change", "NET", "2024-S2")["value"] == pytest.approx(-1.0)


def test_the_coverage_of_means_with_a_gap_is_a_share(warehouse):
    year = warehouse.ratio("GAP.rate", "GAP", "2024")
    assert year["value"] == pytest.approx(1200 / 1700)
    assert float(year["numerator"]) == 400
    assert year["coverage_denominator"] == pytest.approx(1700 / 1800)


def test_gf_02_stock_is_averaged_over_time_before_the_division(warehouse):
    year = warehouse.ratio("WE2.costPerHead", "WE2.A", "2024")
    assert float(year["denominator"]) == 102.0
    assert year["value"] == pytest.approx(12.156863, abs=1e-6)
    assert warehouse.ratio("WE2.costPerHead", "WE2.A", "2024-Q1")["value"] == pytest.approx(300 / 102, abs=1e-12)
    assert warehouse.value("WE2.staff", "WE2.A", "2024") == 102.0
    assert warehouse.value("WE2.staff", "WE2.A", "2024-Q1") == 104.0
    wrong = warehouse.rows(
        "select 1 from marts.mart_ratio where ratio_code = 'WE2.costPerHead' and round(value, 3) = 3.039"
    )
    assert wrong == []


@pytest.mark.parametrize(
    ("unit", "lower", "upper"),
    [
        ("WE1.C", 0.595850, 0.982124),
        ("WE1.A", 0.879848, 0.917091),
        ("WE3.ALL", 0.722467, 1),
        ("WE3.NONE", 0, 0.277533),
    ],
)
def test_gf_04_wilson_interval(warehouse, unit, lower, upper):
    row = warehouse.ratio("WE1.share", unit, "2024")
    assert (row["lower"], row["upper"]) == (pytest.approx(lower, abs=1e-6), pytest.approx(upper, abs=1e-6))


def test_gf_05_only_matched_units_count(warehouse):
    row = warehouse.ratio("WE4.share", "WE4", "2024")
    assert row["value"] == pytest.approx(0.30, abs=1e-12)
    assert row["coverage_numerator"] == pytest.approx(0.80)
    assert row["coverage_denominator"] == pytest.approx(0.888889, abs=1e-6)
    assert (row["units_matched"], row["units_expected"]) == (3, 5)
    assert row["matched_share"] == pytest.approx(0.6)
    assert (row["status"], row["reason"]) == ("E", "PARTIAL_COVERAGE")


def test_below_its_coverage_gate_a_ratio_is_withheld(warehouse):
    row = warehouse.ratio("WE4.strict", "WE4", "2024")
    assert (row["value"], row["status"], row["reason"]) == (None, "O", "COVERAGE")


def test_a_denominator_that_most_units_do_not_know_covers_nothing(warehouse):
    row = warehouse.ratio("WE4.share", "WE4.unknown", "2024")
    assert (row["coverage_numerator"], row["coverage_denominator"]) == (0.25, 1)
    assert (row["value"], row["status"], row["reason"]) == (None, "O", "COVERAGE")


@pytest.mark.parametrize(
    ("period", "value"),
    [
        ("2024-Q1", 0.60),
        ("2024-Q2", 0.62),
        ("2024-Q3", 0.62),
        ("2024-Q4", 0.64),
        ("2024", 0.622727),
    ],
)
def test_gf_08_outcome_of_a_later_period(warehouse, period, value):
    assert warehouse.ratio("WE7.yield", "WE7.A", period)["value"] == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("period", ["2025-Q1", "2025-Q2", "2025"])
def test_gf_08_outcome_that_is_not_due_yet_is_pending(warehouse, period):
    row = warehouse.ratio("WE7.yield", "WE7.A", period)
    assert (row["value"], row["status"], row["reason"]) == (None, "O", "PENDING_LAG")


@pytest.mark.parametrize("name", GUARDS)
def test_gf_03_guard(warehouse, name):
    *_, value, status, reason = GUARDS[name]
    row = warehouse.ratio(f"G.{name}", f"G.{name}.U", "2024")
    assert (row["value"], row["status"], row["reason"]) == (value, status, reason)


@pytest.mark.parametrize(
    ("name", "numerator", "denominator"),
    [
        ("NO_ACTIVITY", 50, 100),
        ("NUM_WITHOUT_DEN", 50, 100),
        ("EVENTS", 50, 100),
        ("COST", 53, 100),
        ("DEN_NEGATIVE", 50, 100),
        ("TRUE_ZERO", 50, 108),
        ("SMALL_DEN", 54, 108),
    ],
)
def test_gf_03_guarded_unit_in_the_higher_aggregate(warehouse, name, numerator, denominator):
    row = warehouse.ratio(f"G.{name}", f"G.{name}", "2024")
    assert (float(row["numerator"]), float(row["denominator"])) == (numerator, denominator)
    assert row["value"] == pytest.approx(numerator / denominator)


def test_interval_goes_through_sum_and_ratio_as_bounds(warehouse):
    total = warehouse.indicator("IV.n", "IV", "2024")
    assert (total["value"], float(total["value_low"]), float(total["value_high"])) == (None, 36, 40)
    assert total["obs_status"] == "Q"
    row = warehouse.ratio("IV.share", "IV", "2024")
    assert (row["value"], row["reason"]) == (None, "INTERVAL")
    assert (row["lower"], row["upper"]) == (pytest.approx(36.0), pytest.approx(40.0))


def test_product_of_indicators_is_formed_in_each_unit(warehouse):
    assert warehouse.ratio("DAYS.overall", "DAYS", "2024")["value"] == pytest.approx(11.574074, abs=1e-6)
    means = warehouse.rows(
        "select * from marts.mart_indicator where indicator_code = 'DAYS.mean' and organisation_code = 'DAYS'"
    )
    assert means == []
