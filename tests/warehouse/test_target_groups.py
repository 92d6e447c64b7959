"""Totals from parts: chia ra adds up, trong do does not, and no figure is counted twice (domain.md 5)."""

from __future__ import annotations

from typing import Any


def fill(area: Any) -> None:
    area.organisation("TG", "national")
    area.organisation("TG.A", "province", "TG")
    area.group("TGSEX", "F", "M", "_U")
    area.group("TGAGE", "Y0T14", "Y15T64", "Y_GE65")
    area.group("TGVULN", "POOR", "OLD", relation="overlapping")
    area.group("TGOF", "ONLINE", relation="of_which")
    area.group("TGUSED", "LAND", "CIVIL", relation="multi_response")
    owed_breakdowns(area)
    area.group("TGPROC", "LAND")
    area.group("TGPROC", "LAND1", "LAND2", parent="LAND")
    area.group("TGPROC", "CIVIL")
    cases: dict[str, dict[str, float | None]] = {
        "parts": {"TGSEX=F": 6, "TGSEX=M": 4},
        "twoWays": {"TGSEX=F": 6, "TGSEX=M": 4, "TGAGE=Y0T14": 1, "TGAGE=Y15T64": 2, "TGAGE=Y_GE65": 3},
        "overlapping": {"TGVULN=POOR": 6, "TGVULN=OLD": 4},
        "multiResponse": {"_T": 8, "TGUSED=LAND": 6, "TGUSED=CIVIL": 7},
        "unknown": {"TGSEX=F": 6, "TGSEX=M": 3, "TGSEX=_U": 1},
        "ofWhich": {"_T": 9, "TGOF=ONLINE": 6},
        "reported": {"_T": 11, "TGSEX=F": 6, "TGSEX=M": 4},
        "crossed": {
            f"TGAGE={a}|TGSEX={s}": v
            for (a, s), v in {("Y0T14", "F"): 1, ("Y0T14", "M"): 2, ("Y15T64", "F"): 3, ("Y15T64", "M"): 4}.items()
        },
        "nested": {"TGPROC=LAND1": 3, "TGPROC=LAND2": 4, "TGPROC=CIVIL": 5},
        "half": {"TGPROC=LAND": 8, "TGPROC=LAND1": 3, "TGPROC=LAND2": 4, "TGPROC=CIVIL": 5},
        "exceeding": {"_T": 9, "TGSEX=F": 6, "TGSEX=M": 4},
    }
    for name, figures in cases.items():
        area.indicator(f"TG.{name}")
        for group, value in figures.items():
            area.observe(f"TG.{name}", "TG.A", "2024", value, group)
    area.indicator("TG.scores", group_aggregation="none")
    area.observe("TG.scores", "TG.A", "2024", 5, "TGSEX=F")
    area.indicator("TG.lost", frequency="M")
    for month, groups in (("2024-M01", ("F", "M")), ("2024-M02", ("F",))):
        for member in groups:
            area.observe("TG.lost", "TG.A", month, 5, f"TGSEX={member}")
    area.indicator("TG.resolved")
    area.indicator("TG.onTime")
    area.ratio("TG.share", "TG.onTime", "TG.resolved", direction="higher")
    for member, numerator, denominator in (("F", 9, 10), ("M", 10, 20)):
        area.observe("TG.onTime", "TG.A", "2024", numerator, f"TGSEX={member}")
        area.observe("TG.resolved", "TG.A", "2024", denominator, f"TGSEX={member}")


def owed_breakdowns(area: Any) -> None:
    area.indicator("TG.owed", disaggregations="TGSEX|TGSEX*TGAGE")
    area.organisation("TG.B", "province", "TG")
    for group, value in (("TGSEX=F", 6), ("TGAGE=Y0T14|TGSEX=F", 1)):
        area.observe("TG.owed", "TG.A", "2024", value, group)
    area.observe("TG.owed", "TG.B", "2024", 9)
    area.observe("TG.owed", "TG.B", "2024", None, "TGSEX=M", value_low=0, value_high=4, obs_status="Q")
    area.observe("TG.owed", "TG.B", "2024", 5, "TGSEX=F")


def test_breakdowns_that_are_owed_and_missing_are_reported(warehouse):
    rows = warehouse.rows("""
        select organisation_code, dimension, groups_expected, groups_reported, missing_codes
        from marts.mart_missing_disaggregation where indicator_code = 'TG.owed' order by all
    """)
    assert [tuple(r.values())[:4] for r in rows] == [
        ("TG.A", "TGAGE|TGSEX", 6, 1),
        ("TG.A", "TGSEX", 2, 1),
        ("TG.B", "TGAGE|TGSEX", 6, 0),
    ]
    assert rows[1]["missing_codes"] == "TGSEX=M"
    assert "TGAGE=Y0T14|TGSEX=M" in rows[0]["missing_codes"].split("; ")


def test_a_part_known_as_an_interval_stays_one(warehouse):
    part = warehouse.row(
        "marts.mart_disaggregation",
        measure_code="TG.owed",
        organisation_code="TG.B",
        period_code="2024",
        member_code="M",
    )
    assert (part["value"], part["value_low"], part["value_high"]) == (None, 0, 4)


def test_the_unknown_is_a_member_that_is_counted_and_shown(warehouse):
    assert warehouse.value("TG.unknown", "TG.A", "2024") == 10
    unknown = warehouse.row(
        "marts.mart_disaggregation",
        measure_code="TG.unknown",
        organisation_code="TG.A",
        period_code="2024",
        member_code="_U",
    )
    assert (unknown["value"], unknown["share_of_total"], unknown["additivity"]) == (1, 0.1, "partition")


def test_answers_of_which_several_may_be_given_make_no_total(warehouse):
    assert warehouse.value("TG.multiResponse", "TG.A", "2024") == 8
    found = warehouse.rows(
        "select distinct additivity from marts.mart_disaggregation where measure_code = 'TG.multiResponse'"
    )
    assert found == [{"additivity": "multi_response"}]


def test_total_of_a_partition_is_summed_where_it_is_not_reported(warehouse):
    total = warehouse.indicator("TG.parts", "TG.A", "2024")
    assert (float(total["value"]), total["is_rolled_up"], total["coverage"]) == (10, True, 1)


def test_two_breakdowns_of_one_figure_are_not_both_added(warehouse):
    assert warehouse.value("TG.twoWays", "TG.A", "2024") == 6  # AGE before SEX, both complete


def test_overlapping_groups_make_no_total(warehouse):
    assert (
        warehouse.rows("""
        select 1 from marts.mart_indicator
        where indicator_code in ('TG.overlapping', 'TG.scores') and target_group_code = '_T'
    """)
        == []
    )


def test_reported_total_stays_as_reported(warehouse):
    assert warehouse.value("TG.reported", "TG.A", "2024") == 11
    assert warehouse.value("TG.ofWhich", "TG.A", "2024") == 9


def test_margins_of_a_crossing(warehouse):
    assert warehouse.value("TG.crossed", "TG.A", "2024", "TGSEX=F") == 4
    assert warehouse.value("TG.crossed", "TG.A", "2024", "TGAGE=Y15T64") == 7
    assert warehouse.value("TG.crossed", "TG.A", "2024") == 10


def test_members_make_their_parent_and_no_branch_counts_twice(warehouse):
    assert warehouse.value("TG.nested", "TG.A", "2024", "TGPROC=LAND") == 7
    assert warehouse.value("TG.nested", "TG.A", "2024") == 12
    assert warehouse.value("TG.half", "TG.A", "2024") == 13


def test_a_total_without_half_of_its_parts_is_not_made(warehouse):
    assert warehouse.value("TG.lost", "TG.A", "2024-M01") == 10
    assert (
        warehouse.rows("""
        select 1 from marts.mart_indicator
        where indicator_code = 'TG.lost' and period_code = '2024-M02' and target_group_code = '_T'
    """)
        == []
    )


def test_additivity_is_said_for_each_group(warehouse):
    found = {
        (r["measure_code"], r["additivity"])
        for r in warehouse.rows("""
            select distinct measure_code, additivity from marts.mart_disaggregation
            where organisation_code = 'TG.A' and period_code = '2024' and dimension in ('TGSEX', 'TGOF', 'TGVULN')
        """)
    }
    assert found >= {
        ("TG.parts", "partition"),
        ("TG.ofWhich", "of_which"),
        ("TG.overlapping", "overlapping"),
        ("TG.reported", "incomplete"),
        ("TG.exceeding", "exceeds_total"),
        ("TG.scores", "not_additive"),
        ("TG.share", "not_additive"),
    }


def test_gap_to_total_and_to_the_best(warehouse):
    member = warehouse.row(
        "marts.mart_disaggregation",
        measure_code="TG.share",
        organisation_code="TG.A",
        period_code="2024",
        member_code="M",
    )
    assert (member["value"], round(member["gap_to_total"], 9), round(member["gap_to_best"], 9)) == (
        0.5,
        -0.133333333,
        -0.4,
    )
    part = warehouse.row(
        "marts.mart_disaggregation",
        measure_code="TG.parts",
        organisation_code="TG.A",
        period_code="2024",
        member_code="F",
    )
    assert part["share_of_total"] == 0.6
