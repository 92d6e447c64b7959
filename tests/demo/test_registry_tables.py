"""The registry of the demo: the reform of 2025 complete, and every row valid by itself (GF-12)."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from demo.generate import SEED
from demo.generator.regulation_register import REGISTERED, RegulationRegister
from demo.generator.truth.regulations import FUNCTIONS, TYPES, Half, Regulations
from ingest.registry.models import REGISTRY_TABLES

DEMO = Path(__file__).resolve().parents[2] / "demo"
REFORM = "2025-07-01"


def rows(table: str) -> list[dict[str, str]]:
    with (DEMO / "registry" / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("table", sorted(REGISTRY_TABLES))
def test_every_row_satisfies_its_model(table: str) -> None:
    model = REGISTRY_TABLES[table]
    for row in rows(table):
        model.model_validate({field: value for field, value in row.items() if value != ""})


def test_gf_12_sixty_three_provinces_become_thirty_four() -> None:
    provinces = [row for row in rows("organisations") if row["level"] == "province"]
    before = {r["code"]: r for r in provinces if r["valid_from"] < REFORM}
    after = {r["code"]: r for r in provinces if not r["valid_to"]}
    mergers = [r for r in rows("organisation_events") if r["date"] == REFORM]
    unchanged = [code for code, row in after.items() if row["valid_from"] < REFORM]
    kept = [
        code for code, row in after.items() if row["valid_from"] == REFORM and row["name_vi"] == before[code]["name_vi"]
    ]
    reused = [
        code for code, row in after.items() if row["valid_from"] == REFORM and row["name_vi"] != before[code]["name_vi"]
    ]
    assert (len(before), len(after)) == (63, 34)
    assert (len(unchanged), len(kept), sorted(reused)) == (11, 16, ["15", "24", "44", "52", "80", "82", "91"])
    assert len(set(before) - set(after)) == 29
    assert Counter(r["from_code"] for r in mergers) == Counter(before.keys() - set(unchanged))
    assert {r["to_code"] for r in mergers} == set(kept) | set(reused)


def test_the_eleven_and_the_twenty_three_have_the_right_predecessors() -> None:
    names = {
        (r["code"], r["valid_from"] == REFORM): r["name_vi"] for r in rows("organisations") if r["level"] == "province"
    }
    merged: dict[str, set[str]] = {}
    for row in rows("organisation_events"):
        if row["date"] == REFORM:
            merged.setdefault(names[row["to_code"], True], set()).add(names[row["from_code"], False])
    assert merged["An Giang"] == {"An Giang", "Kiên Giang"}
    assert merged["Phú Thọ"] == {"Phú Thọ", "Vĩnh Phúc", "Hòa Bình"}
    assert merged["Hồ Chí Minh"] == {"Hồ Chí Minh", "Bình Dương", "Bà Rịa - Vũng Tàu"}
    assert all(name in parts for name, parts in merged.items())


def test_ministries_before_and_after_march_2025() -> None:
    ministries = [row for row in rows("organisations") if row["level"] == "ministry"]
    assert sum(not r["valid_to"] or r["valid_to"] > "2025-02-28" for r in ministries if r["valid_from"] < "2025") == 22
    assert sum(not r["valid_to"] for r in ministries) == 17


def test_weights_of_every_divided_organisation_add_to_one() -> None:
    weights: dict[tuple[str, str], Decimal] = {}
    for row in rows("organisation_events"):
        key = (row["from_code"], row["date"])
        weights[key] = weights.get(key, Decimal(0)) + Decimal(row["weight"])
    assert set(weights.values()) == {Decimal(1)}


def test_every_merged_organisation_ends_on_the_day_of_its_event() -> None:
    organisations = rows("organisations")
    for event in rows("organisation_events"):
        ended = [o for o in organisations if o["code"] == event["from_code"] and o["valid_to"] == event["date"]]
        began = [
            o
            for o in organisations
            if o["code"] == event["to_code"] and (o["valid_from"] == event["date"] or event["event"] == "transfer")
        ]
        assert ended, event
        assert began, event


def test_every_code_that_a_table_names_exists() -> None:
    indicators = {r["code"] for r in rows("indicators")}
    ratios = {r["code"] for r in rows("ratios")}
    objectives = {r["code"] for r in rows("objectives")}
    organisations = {r["code"] for r in rows("organisations")}
    for ratio in rows("ratios"):
        terms = (ratio["numerator"] + " " + ratio["denominator"]).replace("+", " ").replace("-", " ").split()
        assert set(terms) <= indicators, ratio["code"]
        assert ratio["guardrail"] in ratios | {""}
        assert ratio["objective"] in objectives
    for target in rows("targets"):
        assert target["measure_code"] in indicators | ratios
        assert target["organisation_code"] in organisations
    for node in rows("scorecards"):
        assert node["measure_code"] in indicators | ratios | {""}


def test_all_five_seed_types_of_ratio_are_there() -> None:
    types = {row["ratio_type"] for row in rows("ratios")}
    assert {"economy", "efficiency", "productivity", "effectiveness", "cost_effectiveness"} <= types


def test_weights_of_sibling_scorecard_nodes_add_to_one() -> None:
    sums: dict[tuple[str, str], Decimal] = {}
    for node in rows("scorecards"):
        above = (node["scorecard"], node["parent"])
        sums[above] = sums.get(above, Decimal(0)) + Decimal(node["weight"])
    assert set(sums.values()) == {Decimal(1)}


def test_regions_hold_every_province_once_at_any_time() -> None:
    for day, count in ((date(2024, 1, 1), 63), (date(2025, 7, 1), 34)):
        members = [
            r["organisation_code"]
            for r in rows("peer_groups")
            if r["peer_group"].startswith("REGION_")
            and date.fromisoformat(r["valid_from"]) <= day
            and (not r["valid_to"] or day < date.fromisoformat(r["valid_to"]))
        ]
        assert len(members) == len(set(members)) == count


def test_the_register_of_regulations_is_what_its_generator_writes_and_counts_as_ministries_report(
    tmp_path: Path,
) -> None:
    RegulationRegister(SEED).write(tmp_path)
    for table in ("regulations", "regulation_actions", "compliance_costs", "function_holders"):
        written = (tmp_path / f"{table}.csv").read_text(encoding="utf-8")
        assert written == (DEMO / "registry" / f"{table}.csv").read_text(encoding="utf-8")
    whole = {code for number, (code, *_) in REGISTERED.items() if FUNCTIONS[number].before in ("BNG", "TTCP", "VPCP")}
    function_of = {row["code"]: row["function"] for row in rows("regulations")}
    done = {
        row["regulation"]
        for row in rows("regulation_actions")
        if row["stage"] == "implemented" and function_of[row["regulation"]] in whole
    }
    reported = [
        progress.cut_since_start
        for ministry in ("BNG", "TTCP", "VPCP")
        for kind in TYPES
        if (progress := Regulations(SEED).progress(ministry, kind, Half(2025, 2))) is not None
    ]
    assert len(done) == sum(reported)
