"""Organisations that change: as they were and as they are (domain.md 4.4 to 4.7)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

REFORM = date(2025, 7, 1)
BEFORE, AFTER = "date '2025-06-30'", "date '2025-07-01'"


def fill(area: Any) -> None:
    merger(area)
    split(area)
    chain(area)
    transfer(area)
    straddling_stock(area)
    own_figures_above(area)
    abolished(area)


def merger(area: Any) -> None:
    area.organisation("S", "country")
    for code in ("S25", "S26", "S17"):
        area.organisation(code, "sProvince", "S", valid_to=REFORM)
        area.event("merge", code, "S25", REFORM)
    area.organisation("S25", "sProvince", "S", valid_from=REFORM)
    area.indicator("S.onTime", frequency="S")
    area.indicator("S.resolved", frequency="S")
    area.indicator("S.meanDays", frequency="S", time_aggregation="none", organisation_aggregation="none", unit="day")
    area.ratio("S.share", "S.onTime", "S.resolved")
    area.ratio("S.days", "S.meanDays * S.resolved", "S.resolved", "mean")
    area.ratio("S.plainDays", "S.meanDays", "S.meanDays", "mean")
    figures = {"S25": (46_000, 50_000, 12), "S26": (37_600, 40_000, 9.5), "S17": (15_300, 18_000, 15)}
    for code, (numerator, denominator, days) in figures.items():
        for period in ("2024-S1", "2025-S1"):
            area.observe("S.onTime", code, period, numerator)
            area.observe("S.resolved", code, period, denominator)
            area.observe("S.meanDays", code, period, days)
    area.observe("S.onTime", "S25", "2025-S2", 100_000)
    area.observe("S.resolved", "S25", "2025-S2", 110_000)


def split(area: Any) -> None:
    area.organisation("SP", "country")
    area.organisation("SPold", "county", "SP", valid_to=REFORM)
    for code, weight in (("SP1", "0.38"), ("SP2", "0.62")):
        area.organisation(code, "county", "SP", valid_from=REFORM)
        area.event("split", "SPold", code, REFORM, weight=weight, weight_basis="km")
    area.indicator("SP.km", unit="km")
    area.indicator("SP.cost", unit="VND", role="input")
    area.ratio("SP.costPerKm", "SP.cost", "SP.km", "unit_cost")
    area.observe("SP.km", "SPold", "2024", 8_000)
    area.observe("SP.cost", "SPold", "2024", 16_000)
    area.observe("SP.km", "SP1", "2026", 3_100)
    area.observe("SP.km", "SP2", "2026", 5_000)


def chain(area: Any) -> None:
    """A becomes B by name, B is merged with C into D: what A reported belongs to D."""
    area.organisation("CH", "country")
    area.organisation("CH.A", "office", "CH", valid_to=date(2024, 1, 1))
    area.organisation("CH.B", "office", "CH", valid_from=date(2024, 1, 1), valid_to=REFORM)
    area.organisation("CH.C", "office", "CH", valid_to=REFORM)
    area.organisation("CH.D", "office", "CH", valid_from=REFORM)
    area.event("rename", "CH.A", "CH.B", date(2024, 1, 1))
    area.event("merge", "CH.B", "CH.D", REFORM)
    area.event("merge", "CH.C", "CH.D", REFORM)
    area.organisation("CH.E", "office", "CH", valid_to=date(2024, 1, 1))
    area.organisation("CH.E2", "office", "CH", valid_from=date(2024, 1, 1))
    area.event("rename", "CH.E", "CH.E2", date(2024, 1, 1))
    area.indicator("CH.grade", time_aggregation="none", organisation_aggregation="none", unit="point")
    area.observe("CH.grade", "CH.E", "2023", 7)
    area.indicator("CH.n")
    area.indicator("CH.d")
    area.ratio("CH.r", "CH.n", "CH.d")
    for code, period, numerator, denominator in (
        ("CH.A", "2023", 1, 4),
        ("CH.C", "2023", 2, 4),
        ("CH.B", "2024", 3, 5),
    ):
        area.observe("CH.n", code, period, numerator)
        area.observe("CH.d", code, period, denominator)


def transfer(area: Any) -> None:
    """One function moves from a ministry that goes on; only the indicators of that function move with it."""
    area.organisation("TR", "country")
    area.organisation("TR.labour", "ministry", "TR")
    area.organisation("TR.health", "ministry", "TR")
    area.event("transfer", "TR.labour", "TR.health", REFORM, scope="TR.children|TR.cases")
    for code in ("TR.children", "TR.cases", "TR.jobs", "TR.seekers"):
        area.indicator(code)
        area.observe(code, "TR.labour", "2024", 10)
    area.ratio("TR.childShare", "TR.children", "TR.cases")
    area.ratio("TR.jobShare", "TR.jobs", "TR.seekers")


def straddling_stock(area: Any) -> None:
    """Staff of a body that ends and of its successor: means by months of life, closing levels by who is there."""
    area.organisation("ST", "country")
    area.organisation("ST.old", "body", "ST", valid_to=REFORM)
    area.organisation("ST.new", "body", "ST", valid_from=REFORM)
    area.event("rename", "ST.old", "ST.new", REFORM)
    area.indicator("ST.mean", frequency="M", time_aggregation="average", role="input", reporting_level="body")
    area.indicator("ST.end", frequency="M", time_aggregation="last", role="input", reporting_level="body")
    for month in range(1, 13):
        code, level = ("ST.old", 100) if month < 7 else ("ST.new", 80)
        area.observe("ST.mean", code, f"2025-M{month:02d}", level)
        area.observe("ST.end", code, f"2025-M{month:02d}", level)


def abolished(area: Any) -> None:
    """The district tier goes, and no successor is named: its figures are those of the province."""
    area.organisation("AB", "country")
    area.organisation("AB.province", "province", "AB")
    area.organisation("AB.district", "district", "AB.province", valid_to=REFORM)
    area.organisation("AB.other", "district", "AB.province", valid_to=REFORM)
    area.event("abolish", "AB.district", None, REFORM)
    area.event("abolish", "AB.other", None, REFORM)
    area.indicator("AB.x")
    area.observe("AB.x", "AB.district", "2024", 5)
    area.observe("AB.x", "AB.other", "2024", 7)


def own_figures_above(area: Any) -> None:
    area.organisation("OW", "country")
    area.organisation("OW.P", "oProvince", "OW")
    area.organisation("OW.Q", "oProvince", "OW")
    for parent in ("OW.P", "OW.Q"):
        for number in (1, 2):
            area.organisation(f"{parent}{number}", "district", parent)
    area.indicator("OW.x")
    for code, value in (("OW.P", 25), ("OW.P1", 10), ("OW.P2", 10), ("OW.Q1", 5), ("OW.Q2", 5)):
        area.observe("OW.x", code, "2024", value)


def test_gf_14_merged_province_as_it_is(warehouse):
    new = warehouse.ratio("S.share", "S25", "2024-S1", structure="as_is", organisation_valid_from=REFORM)
    assert new["value"] == pytest.approx(0.915741, abs=1e-6)
    assert (float(new["numerator"]), float(new["denominator"]), new["status"]) == (98_900, 108_000, "A")
    assert (new["units_matched"], new["units_expected"]) == (3, 3)
    days = warehouse.ratio("S.days", "S25", "2024-S1", structure="as_is", organisation_valid_from=REFORM)
    assert days["value"] == pytest.approx(11.574074, abs=1e-6)


def test_reused_code_keeps_two_organisations_apart(warehouse):
    rows = warehouse.rows("""
        select organisation_valid_from, cast(sum(denominator) as double) as denominator from marts.mart_ratio
        where ratio_code = 'S.share' and organisation_code = 'S25' and structure = 'as_was' and period_code = '2025'
        group by all order by all
    """)
    assert [r["denominator"] for r in rows] == [50_000, 110_000]


def test_year_of_the_reform_holds_predecessors_and_successor(warehouse):
    new = warehouse.ratio("S.share", "S25", "2025", structure="as_is", organisation_valid_from=REFORM)
    assert (float(new["numerator"]), float(new["denominator"])) == (198_900, 218_000)


def test_gf_14_national_totals_are_equal_in_both_structures(warehouse):
    assert (
        warehouse.rows("""
        select ratio_code, organisation_key, period_code, target_group_code from marts.mart_ratio
        inner join core.dim_organisation using (organisation_key)
        where parent_organisation_code is null and ratio_code not like 'ST%'
        group by all
        having max(numerator) - min(numerator) > 1e-9 or max(denominator) - min(denominator) > 1e-9 or count(*) <> 2
    """)
        == []
    )


def test_what_cannot_be_added_is_not_merged(warehouse):
    assert (
        warehouse.rows(
            "select 1 from marts.mart_indicator where indicator_code = 'S.meanDays' and organisation_code = 'S'"
        )
        == []
    )


def test_split_by_weight_is_an_estimate(warehouse):
    first = warehouse.ratio("SP.costPerKm", "SP1", "2024", structure="as_is")
    second = warehouse.ratio("SP.costPerKm", "SP2", "2024", structure="as_is")
    assert (float(first["denominator"]), float(second["denominator"])) == (3_040, 4_960)
    assert (first["status"], second["status"], first["value"]) == ("E", "E", 2.0)
    assert warehouse.ratio("SP.costPerKm", "SP", "2024", structure="as_is")["status"] == "A"


def test_chain_of_events_is_followed_to_its_end(warehouse):
    before = warehouse.ratio("CH.r", "CH.D", "2023", structure="as_is")
    assert (float(before["numerator"]), float(before["denominator"])) == (3, 8)
    assert float(warehouse.ratio("CH.r", "CH.D", "2024", structure="as_is")["numerator"]) == 3


def test_only_indicators_of_the_function_move(warehouse):
    assert warehouse.ratio("TR.childShare", "TR.health", "2024", structure="as_is")["value"] == 1
    assert warehouse.ratio("TR.jobShare", "TR.labour", "2024", structure="as_is")["value"] == 1
    moved = warehouse.rows("""
        select ratio_code, organisation_code from marts.mart_ratio
        where structure = 'as_is' and ratio_code like 'TR.%' and organisation_level = 'ministry' order by all
    """)
    assert moved == [
        {"ratio_code": "TR.childShare", "organisation_code": "TR.health"},
        {"ratio_code": "TR.jobShare", "organisation_code": "TR.labour"},
    ]


def test_means_enter_the_parent_by_months_of_life(warehouse):
    assert warehouse.value("ST.mean", "ST.old", "2025") == 100
    assert warehouse.value("ST.mean", "ST", "2025") == pytest.approx(90, abs=1e-9)
    assert warehouse.indicator("ST.mean", "ST", "2025")["coverage"] == 1


def test_closing_level_is_that_of_who_is_there_at_the_end(warehouse):
    assert warehouse.value("ST.end", "ST", "2025") == 80
    assert warehouse.value("ST.end", "ST", "2025-Q2") == 100


def test_no_organisation_is_added_to_one_below_it(warehouse):
    assert warehouse.value("OW.x", "OW.P", "2024") == 25
    assert warehouse.value("OW.x", "OW.Q", "2024") == 10
    assert warehouse.value("OW.x", "OW", "2024") == 35


def as_is(warehouse, code, organisation, period, table="marts.mart_indicator_as_is"):
    (row,) = warehouse.rows(
        f"select * from {table} where indicator_code = ? and organisation_code = ? and period_code = ? "
        "and organisation_key in (select organisation_key from core.dim_organisation where valid_to is null)",
        code,
        organisation,
        period,
    )
    return row


def test_an_indicator_is_summed_over_what_an_organisation_was_formed_from(warehouse):
    new = as_is(warehouse, "S.onTime", "S25", "2024-S1")
    assert (float(new["value"]), new["obs_status"], new["coverage"], new["share_estimated"]) == (98_900, "A", 1, 0)
    assert float(as_is(warehouse, "S.onTime", "S25", "2025")["value"]) == 198_900


def test_what_a_split_divides_says_how_much_of_it_is_estimated(warehouse):
    first = as_is(warehouse, "SP.km", "SP1", "2024")
    assert (float(first["value"]), first["obs_status"], first["share_estimated"]) == (3_040, "E", 1)
    assert as_is(warehouse, "SP.km", "SP", "2024")["share_estimated"] == 0
    ratio = warehouse.ratio("SP.costPerKm", "SP1", "2024", structure="as_is")
    assert ratio["share_estimated"] == 1
    assert warehouse.ratio("SP.costPerKm", "SP", "2024", structure="as_is")["share_estimated"] == 0


def test_what_cannot_be_added_is_refused_with_a_reason_and_does_not_vanish(warehouse):
    refused = as_is(warehouse, "S.meanDays", "S25", "2024-S1")
    assert (refused["value"], refused["obs_status"], refused["reason"]) == (None, "O", "NOT_ADDITIVE")
    ratio = warehouse.ratio("S.plainDays", "S25", "2024-S1", structure="as_is", organisation_valid_from=REFORM)
    assert (ratio["value"], ratio["numerator"], ratio["status"], ratio["reason"]) == (None, None, "O", "NOT_ADDITIVE")
    renamed = as_is(warehouse, "CH.grade", "CH.E2", "2023")
    assert (float(renamed["value"]), renamed["reason"]) == (7, None)


def test_only_the_named_indicators_follow_a_transfer_of_a_function(warehouse):
    assert float(as_is(warehouse, "TR.children", "TR.health", "2024")["value"]) == 10
    assert float(as_is(warehouse, "TR.jobs", "TR.labour", "2024")["value"]) == 10


def test_totals_of_the_country_are_equal_in_every_reading(warehouse):
    """Of every indicator that is added up, in every period and group, to the last decimal."""
    days = ("date '2023-06-30'", BEFORE, AFTER, "current_date")
    for reading in ("mart_indicator_as_is", *(f"mart_indicator_as_at({day})" for day in days)):
        assert (
            warehouse.rows(f"""
            with top as (select organisation_key from core.dim_organisation where parent_organisation_code is null),
            was as (select * from marts.mart_indicator inner join top using (organisation_key)),
            other as (select * from marts.{reading} inner join top using (organisation_key))
            select coalesce(was.indicator_code, other.indicator_code) as indicator_code
            from was full outer join other using (indicator_key, organisation_key, time_key, target_group_key)
            where abs(was.value - other.value) > 1e-9 or (was.value is null) <> (other.value is null)
        """)
            == []
        ), reading


def test_as_it_is_is_as_at_today(warehouse):
    differences = """
        select 1 from (
            (select {columns} from {one} except all select {columns} from {other})
            union all (select {columns} from {other} except all select {columns} from {one})
        )
    """
    ratio = "(select * from marts.mart_ratio where structure = 'as_is')"
    for columns, one, other in (
        ("*", "marts.mart_indicator_as_is", "marts.mart_indicator_as_at(current_date)"),
        ("* exclude (structure)", ratio, "marts.mart_ratio_as_at(current_date)"),
    ):
        assert warehouse.rows(differences.format(columns=columns, one=one, other=other)) == []


def test_on_the_day_before_the_reform_the_old_have_their_own_figures(warehouse):
    rows = warehouse.rows(f"""
        select organisation_code, cast(denominator as int) as denominator, structure
        from marts.mart_ratio_as_at({BEFORE})
        where ratio_code = 'S.share' and period_code = '2024-S1' and organisation_code <> 'S' order by all
    """)
    assert [(r["organisation_code"], r["denominator"]) for r in rows] == [
        ("S17", 18_000),
        ("S25", 50_000),
        ("S26", 40_000),
    ]
    assert {r["structure"] for r in rows} == {"as_at"}


def test_what_a_merged_body_did_later_is_not_divided_among_the_old(warehouse):
    later = warehouse.rows(f"""
        select organisation_code, cast(denominator as int) as denominator from marts.mart_ratio_as_at({BEFORE})
        where ratio_code = 'S.share' and period_code = '2025-S2'
    """)
    assert later == [{"organisation_code": "S", "denominator": 110_000}]


def test_what_the_parts_of_a_split_body_did_later_is_its_own_again(warehouse):
    (old,) = warehouse.rows(
        f"select value, obs_status from marts.mart_indicator_as_at({BEFORE}) "
        "where indicator_code = 'SP.km' and organisation_code = 'SPold' and period_code = '2026'"
    )
    assert (float(old["value"]), old["obs_status"]) == (8_100, "A")


def test_nothing_is_lost_of_what_was_abolished_without_a_successor(warehouse):
    assert float(as_is(warehouse, "AB.x", "AB", "2024")["value"]) == 12
    assert float(as_is(warehouse, "AB.x", "AB.province", "2024")["value"]) == 12
    assert warehouse.value("AB.x", "AB.district", "2024") == 5


def test_readings_alter_no_stored_figure(warehouse):
    before = warehouse.rows("select count(*) as n, sum(hash(o)::hugeint) as h from core.fct_observation as o")
    warehouse.rows(f"select count(*) from marts.mart_indicator_as_at({BEFORE})")
    assert before == warehouse.rows("select count(*) as n, sum(hash(o)::hugeint) as h from core.fct_observation as o")
    assert len(warehouse.rows("select 1 from core.fct_observation where indicator_code = 'S.onTime'")) == 7
