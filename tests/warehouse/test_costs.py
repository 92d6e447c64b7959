"""Money made comparable: constant prices, full costs, a year's worth, price and volume (domain.md 2.5, 2.9, 2.10)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

MILLION = 1_000_000
#: domain.md WE-6: service → direct cost, staff, dossiers.
SERVICES = {"LAND": (1200, 20, 30_000), "BUSINESS": (800, 15, 20_000), "CIVIL": (400, 10, 50_000)}
FULL = {"LAND": 1600, "BUSINESS": 1100, "CIVIL": 600}


def fill(area: Any) -> None:
    constant_prices(area)
    prices_of_quarters(area)
    full_costs(area)
    thirds(area)
    full_costs_of_units(area)
    pools_alone(area)
    missing_parts(area)
    annual_rates(area)
    price_and_volume(area)


def constant_prices(area: Any) -> None:
    """WE-5, its years 2022 to 2024 told as 2023 to 2025."""
    area.deflator("WE5.CPI", {"2023": 100, "2024": 107, "2025": 125})
    area.indicator("WE5.cost", role="input", unit="VND", price_basis="current")
    area.indicator(
        "WE5.costReal",
        role="input",
        unit="VND",
        price_basis="constant",
        derived_from="WE5.cost",
        deflator="WE5.CPI",
        price_base_period="2023",
    )
    area.indicator("WE5.staff", role="input", unit="person", time_aggregation="average")
    area.ratio("WE5.perHead", "WE5.cost", "WE5.staff", "unit_cost")
    area.ratio("WE5.perHeadReal", "WE5.costReal", "WE5.staff", "unit_cost")
    area.organisation("WE5", "national")
    area.organisation("WE5.A", "province", "WE5")
    for year, cost, staff in (("2023", 5000, 50), ("2024", 5400, 50), ("2025", 6600, 52)):
        area.observe("WE5.cost", "WE5.A", year, cost)
        area.observe("WE5.staff", "WE5.A", year, staff)
    area.observe("WE5.cost", "WE5.A", "2026", 7000)
    area.observe("WE5.staff", "WE5.A", "2026", 50)


def prices_of_quarters(area: Any) -> None:
    """A quarterly index: each quarter at its own prices before they are summed; a year of VNR by its middle day."""
    area.deflator("PQ.CPI", {"2024-Q1": 100, "2024-Q2": 100, "2024-Q3": 200, "2024-Q4": 200, "2025": 300})
    common: dict[str, Any] = {"role": "input", "unit": "VND"}
    derived = {"price_basis": "constant", "deflator": "PQ.CPI", "price_base_period": "2024-Q1"}
    area.indicator("PQ.cost", frequency="Q", **common)
    area.indicator("PQ.real", frequency="Q", derived_from="PQ.cost", **common, **derived)
    area.indicator("PQ.vnr", calendar="VNR", **common)
    area.indicator("PQ.vnrReal", calendar="VNR", derived_from="PQ.vnr", **common, **derived)
    area.organisation("PQ", "national")
    for quarter, cost in enumerate((10, 10, 40, 40), start=1):
        area.observe("PQ.cost", "PQ", f"2024-Q{quarter}", cost)
    area.observe("PQ.vnr", "PQ", "VNR2025", 600)


def cost_indicators(area: Any, prefix: str, **fields: Any) -> None:
    for name, scope in (("direct", "direct"), ("overhead", None), ("full", "full")):
        area.indicator(f"{prefix}.{name}", role="input", unit="VND", cost_scope=scope, **fields)
    area.indicator(f"{prefix}.staff", role="input", unit="person")
    area.indicator(f"{prefix}.dossiers")


def full_costs(area: Any) -> None:
    area.group("WE6S", *SERVICES)
    cost_indicators(area, "WE6")
    area.allocation("WE6.full", "WE6.direct", "WE6.overhead", "WE6.staff", "WE6S")
    area.ratio("WE6.unitDirect", "WE6.direct", "WE6.dossiers", "unit_cost")
    area.ratio("WE6.unitFull", "WE6.full", "WE6.dossiers", "unit_cost")
    area.organisation("WE6", "national")
    area.organisation("WE6.A", "province", "WE6")
    area.observe("WE6.overhead", "WE6.A", "2024", 900 * MILLION)
    for service, (direct, staff, dossiers) in SERVICES.items():
        area.observe("WE6.direct", "WE6.A", "2024", direct * MILLION, f"WE6S={service}")
        area.observe("WE6.staff", "WE6.A", "2024", staff, f"WE6S={service}")
        area.observe("WE6.dossiers", "WE6.A", "2024", dossiers, f"WE6S={service}")


def thirds(area: Any) -> None:
    """A thousand over three equal services; and two pools, one of which does not divide."""
    area.group("TH", "A", "B", "C")
    cost_indicators(area, "TH")
    area.indicator("TH.rent", role="input", unit="VND")
    area.allocation("TH.full", "TH.direct", "TH.overhead", "TH.staff", "TH")
    area.allocation("TH.full", "TH.direct", "TH.rent", "TH.dossiers", "TH")
    area.organisation("TH", "national")
    area.observe("TH.overhead", "TH", "2024", 1000)
    area.observe("TH.rent", "TH", "2024", "100.5")
    for service, dossiers in (("A", 1), ("B", 1), ("C", 5)):
        area.observe("TH.direct", "TH", "2024", 0, f"TH={service}")
        area.observe("TH.staff", "TH", "2024", 7, f"TH={service}")
        area.observe("TH.dossiers", "TH", "2024", dossiers, f"TH={service}")


def full_costs_of_units(area: Any) -> None:
    """The services are the units below the one that bears the pool."""
    cost_indicators(area, "FU")
    area.allocation("FU.full", "FU.direct", "FU.overhead", "FU.staff", "ORGANISATION")
    area.organisation("FU", "national")
    area.organisation("FU.P", "province", "FU")
    area.observe("FU.overhead", "FU.P", "2024", 900)
    for service, (direct, staff, _) in SERVICES.items():
        unit = area.organisation(f"FU.{service}", "service", "FU.P")
        area.observe("FU.direct", unit, "2024", direct)
        area.observe("FU.staff", unit, "2024", staff)


def pools_alone(area: Any) -> None:
    area.group("PA", "A", "B")
    cost_indicators(area, "PA")
    area.allocation("PA.full", None, "PA.overhead", "PA.staff", "PA")
    area.organisation("PA", "national")
    area.observe("PA.overhead", "PA", "2024", 100)
    for service, staff in (("A", 3), ("B", 1)):
        area.observe("PA.staff", "PA", "2024", staff, f"PA={service}")


def missing_parts(area: Any) -> None:
    area.group("MP", "A", "B")
    cost_indicators(area, "MP")
    area.allocation("MP.full", "MP.direct", "MP.overhead", "MP.staff", "MP")
    for unit, overhead, staff in (("MP.NOPOOL", None, (1, 1)), ("MP.NODRIVER", 10, (1, None)), ("MP.ZERO", 10, (0, 0))):
        area.organisation(unit, "national")
        if overhead is not None:
            area.observe("MP.overhead", unit, "2024", overhead)
        for service, driver in zip(("A", "B"), staff, strict=True):
            area.observe("MP.direct", unit, "2024", 5, f"MP={service}")
            if driver is not None:
                area.observe("MP.staff", unit, "2024", driver, f"MP={service}")


def annual_rates(area: Any) -> None:
    """WE-2: 300 million in the first quarter of a year of 365 days, 100 and 104 heads around it."""
    area.indicator("AN.cost", role="input", unit="VND", frequency="Q")
    area.indicator(
        "AN.staff",
        role="input",
        unit="person",
        frequency="Q",
        time_aggregation="average",
        accumulation="POINT_IN_TIME",
    )
    for method in ("days", "periods"):
        area.ratio(f"AN.{method}", "AN.cost", "AN.staff", "unit_cost", annualisation=method)
    area.ratio("AN.none", "AN.cost", "AN.staff", "unit_cost")
    area.organisation("AN", "national")
    area.observe("AN.staff", "AN", "2024-Q4", 100)
    area.observe("AN.staff", "AN", "2025-Q1", 104)
    area.observe("AN.cost", "AN", "2025-Q1", 300)


def price_and_volume(area: Any) -> None:
    area.indicator("PV.cost", role="input", unit="VND")
    area.indicator("PV.dossiers")
    area.ratio("PV.unitCost", "PV.cost", "PV.dossiers", "unit_cost")
    area.organisation("PV", "national")
    for year, cost, dossiers in (("2024", 24_000, 200_000), ("2025", 30_000, 230_000)):
        area.observe("PV.cost", "PV", year, cost * MILLION)
        area.observe("PV.dossiers", "PV", year, dossiers)


@pytest.mark.parametrize(
    ("year", "nominal", "real"), [("2023", 100, 100), ("2024", 108, 100.9346), ("2025", 126.9231, 101.5385)]
)
def test_gf_06_cost_per_head_in_constant_prices(warehouse, year, nominal, real):
    assert warehouse.ratio("WE5.perHead", "WE5", year)["value"] == pytest.approx(nominal, abs=1e-4)
    assert warehouse.ratio("WE5.perHeadReal", "WE5", year)["value"] == pytest.approx(real, abs=1e-4)


def test_gf_06_each_year_is_deflated_before_pooling(warehouse):
    (pooled,) = warehouse.rows("""
        select cast(sum(numerator) as double) / sum(denominator) as value from marts.mart_ratio
        where ratio_code = 'WE5.perHeadReal' and organisation_code = 'WE5' and structure = 'as_was'
            and period_code between '2023' and '2025' and frequency = 'A'
    """)
    assert pooled["value"] == pytest.approx(100.8337, abs=1e-4)


def test_without_an_index_there_is_no_figure_in_constant_prices(warehouse):
    cell = warehouse.indicator("WE5.costReal", "WE5.A", "2026")
    assert (cell["value"], cell["obs_status"], cell["value_state"]) == (None, "O", "missing")
    row = warehouse.ratio("WE5.perHeadReal", "WE5.A", "2026")
    assert (row["value"], row["reason"]) == (None, "NUM_MISSING")


def test_a_restated_figure_leads_to_the_cell_it_restates(warehouse):
    nominal = warehouse.indicator("WE5.cost", "WE5.A", "2024")
    real = warehouse.indicator("WE5.costReal", "WE5.A", "2024")
    assert float(real["value"]) == pytest.approx(5046.728972)
    assert (real["submission_id"], real["cell"]) == (nominal["submission_id"], nominal["cell"])


def test_quarters_are_deflated_before_the_year_is_summed(warehouse):
    assert warehouse.value("PQ.real", "PQ", "2024") == 60
    assert warehouse.value("PQ.vnrReal", "PQ", "VNR2025") == 200


def test_levels_of_a_deflator_for_other_periods(warehouse):
    levels = {
        r["period_code"]: (float(r["value"]), r["method"])
        for r in warehouse.rows("select * from core.fct_deflator where deflator_code = 'PQ.CPI'")
    }
    assert levels["2024"] == (150, "mean_of_shorter_periods")
    assert levels["2024-M08"] == (200, "longer_period")
    assert levels["VNR2025"] == (300, "longer_period")
    assert "2026" not in levels


@pytest.mark.parametrize("service", SERVICES)
def test_gf_07_full_costs_and_unit_costs(warehouse, service):
    direct, _, dossiers = SERVICES[service]
    group = f"WE6S={service}"
    assert warehouse.value("WE6.full", "WE6.A", "2024", group) == FULL[service] * MILLION
    assert warehouse.ratio("WE6.unitDirect", "WE6", "2024", group)["value"] == direct * MILLION / dossiers
    full = warehouse.ratio("WE6.unitFull", "WE6", "2024", group)["value"]
    assert full == pytest.approx({"LAND": 53_333.333333, "BUSINESS": 55_000, "CIVIL": 12_000}[service], abs=1e-6)


def test_gf_07_nothing_is_lost_or_made(warehouse):
    assert warehouse.value("WE6.full", "WE6.A", "2024") == 3300 * MILLION
    assert warehouse.value("WE6.full", "WE6", "2024") == 3300 * MILLION
    wrong = """
        select 1 from marts.mart_cost_allocation where allocated is not null
        group by indicator_key, overhead_indicator_key, bearer_organisation_key, time_key, accumulation
        having sum(allocated) <> max(overhead)
    """
    assert warehouse.rows(wrong) == []


def test_gf_07_the_largest_remainder_takes_what_is_left(warehouse):
    rows = warehouse.rows(
        "select * from marts.mart_cost_allocation where indicator_code = 'TH.full' order by target_group_code"
    )
    shares: dict[str, list[Decimal]] = {}
    for row in rows:
        shares.setdefault(row["overhead_indicator_code"], []).append(row["allocated"])
    assert sorted(shares["TH.overhead"]) == [333, 333, 334]
    assert sum(shares["TH.rent"]) == Decimal("100.5")
    assert {s for s in shares["TH.rent"] if s == s.to_integral_value()} != set()
    by_service: dict[str, Decimal] = {}
    for row in rows:
        by_service[row["target_group_code"]] = by_service.get(row["target_group_code"], Decimal(0)) + row["allocated"]
        assert row["reason"] is None
    assert {r["target_group_code"]: r["full_cost"] for r in rows} == by_service


def test_the_services_may_be_the_units_below(warehouse):
    for service, full in FULL.items():
        assert warehouse.value("FU.full", f"FU.{service}", "2024") == full
    assert warehouse.value("FU.full", "FU", "2024") == 3300


def test_all_cost_may_be_in_a_pool(warehouse):
    assert [warehouse.value("PA.full", "PA", "2024", f"PA={service}") for service in ("A", "B")] == [75, 25]
    assert warehouse.value("PA.full", "PA", "2024") == 100


@pytest.mark.parametrize(
    ("unit", "reasons"),
    [
        ("MP.NOPOOL", {"OVERHEAD_MISSING"}),
        ("MP.NODRIVER", {"DRIVER_MISSING"}),
        ("MP.ZERO", {"DRIVER_ZERO"}),
    ],
)
def test_a_pool_that_cannot_be_shared_withholds_the_full_cost(warehouse, unit, reasons):
    rows = warehouse.rows("select * from marts.mart_cost_allocation where organisation_code = ?", unit)
    assert len(rows) == 2
    assert {r["reason"] for r in rows} == reasons
    assert {(r["allocated"], r["full_cost"]) for r in rows} == {(None, None)}
    assert warehouse.indicator("MP.full", unit, "2024", "MP=A")["obs_status"] == "O"


@pytest.mark.parametrize(("method", "value"), [("days", 11.928), ("periods", 11.765), ("none", None)])
def test_gf_02_a_quarter_is_annualised_as_registered(warehouse, method, value):
    row = warehouse.ratio(f"AN.{method}", "AN", "2025-Q1")
    assert row["value"] == pytest.approx(300 / 102)
    assert row["annualisation"] == (None if method == "none" else method)
    assert row["value_annualised"] == (None if value is None else pytest.approx(value, abs=5e-4))


def test_price_and_volume_effects_add_to_the_change_of_cost(warehouse):
    row = warehouse.row(
        "marts.mart_price_volume",
        ratio_code="PV.unitCost",
        organisation_code="PV",
        period_to="2025",
        structure="as_was",
        target_group_code="_T",
        comparison="previous_period",
    )
    assert row["price_effect"] == pytest.approx(2_243.48 * MILLION, abs=0.01 * MILLION)
    assert row["volume_effect"] == pytest.approx(3_756.52 * MILLION, abs=0.01 * MILLION)
    assert row["price_effect"] + row["volume_effect"] == row["total_change"] == 6_000 * MILLION
    assert row["price_effect"] == pytest.approx(215_000 * (30_000e6 / 230_000 - 120_000))
