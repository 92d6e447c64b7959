"""Each way a registry can be wrong: the message names file, row and column, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest.registry import RegistryError, load_registry

#: What is wrong → table, text replaced, its replacement, row, column, and words of the message in both languages.
WRONG: dict[str, tuple[str, str, str, int, str, str, str]] = {
    # what a row must satisfy by itself
    "misspelt_column": ("organisations", ",aliases", ",alias", 1, "alias", "aliases", "aliases"),
    "unnamed_column": ("organisations", "level,parent_code", "level,,parent_code", 1, "E", "không có tên", "no name"),
    "column_twice": ("ratios", "unit,lag", "lag,lag", 1, "lag", "lặp", "twice"),
    "required_column_missing": ("indicators", ",role,", ",", 1, "role", "thiếu cột", "missing"),
    "empty_required_cell": (
        "organisations",
        "89,An Giang,An Giang,province",
        "89,An Giang,,province",
        3,
        "name_en",
        "không được để trống",
        "must not be empty",
    ),
    "unknown_role": ("indicators", "Cost,input", "Cost,inputs", 2, "role", "inputs", "'input'"),
    "unknown_event": ("organisation_events", "merge,89", "fusion,89", 2, "event", "fusion", "'merge'"),
    "date_in_another_order": ("organisations", "1945-09-02", "02/09/1945", 2, "valid_from", "2025-07-01", "2025-07-01"),
    "date_that_is_a_year": ("organisations", "1945-09-02", "1945", 2, "valid_from", "không phải ngày", "no date"),
    "day_that_does_not_exist": ("organisations", "1945-09-02", "1945-02-30", 2, "valid_from", "1945-02-30", "no day"),
    "decimal_comma": (
        "organisation_events",
        "population,1\nmerge,91",
        'population,"0,5"\nmerge,91',
        2,
        "weight",
        "dấu chấm",
        "decimal point",
    ),
    "not_a_number": ("targets", "final,95", "final,NaN", 2, "value", "NaN", "NaN"),
    "too_many_decimals": ("targets", "final,95", "final,0.1234567890123", 2, "value", "12", "12"),
    "fraction_where_a_whole_number_belongs": ("indicators", "COST,1", "COST,1.5", 2, "version", "số nguyên", "whole"),
    "weight_above_one": (
        "organisation_events",
        "population,1\nmerge,91",
        "population,2\nmerge,91",
        2,
        "weight",
        "từ 1 trở xuống",
        "1 or less",
    ),
    "scale_of_zero": ("ratios", "proportion,100", "proportion,0", 2, "scale", "lớn hơn 0", "more than 0"),
    "row_with_an_extra_cell": (
        "peer_groups",
        "MEKONG,91,Đồng",
        "MEKONG,91,Cửu Long, Đồng",
        2,
        "E",
        "ngoặc kép",
        "quotation",
    ),
    # organisations
    "code_twice_at_the_same_time": (
        "organisations",
        "91,An Giang,An Giang,province,VN,2025-07-01",
        "91,An Giang,An Giang,province,VN,2025-06-01",
        5,
        "code",
        "dòng 4",
        "row 4",
    ),
    "ends_before_it_starts": (
        "organisations",
        "89,An Giang,An Giang,province,VN,1990-01-01,2025-07-01",
        "89,An Giang,An Giang,province,VN,2025-07-01,2025-07-01",
        3,
        "valid_to",
        "không sau",
        "not after",
    ),
    "unknown_parent": (
        "organisations",
        "Kien Giang,province,VN",
        "Kien Giang,province,VM",
        4,
        "parent_code",
        "VM",
        "VM",
    ),
    "parent_not_yet_valid": ("organisations", "1945-09-02", "1995-01-01", 3, "parent_code", "1990-01-01", "1990-01-01"),
    "parent_no_longer_valid": (
        "organisations",
        "1945-09-02,,",
        "1945-09-02,2026-01-01,",
        5,
        "parent_code",
        "2026-01-01",
        "2026-01-01",
    ),
    "cycle": ("organisations", "national,,1945", "national,91,1945", 2, "parent_code", "VN → 91 → VN", "VN → 91 → VN"),
    # events
    "merge_without_a_successor": (
        "organisation_events",
        "merge,89,91",
        "merge,89,",
        2,
        "to_code",
        "kế thừa",
        "successor",
    ),
    "event_of_an_unknown_organisation": (
        "organisation_events",
        "merge,89,91",
        "merge,98,91",
        2,
        "from_code",
        "98",
        "98",
    ),
    "event_to_an_unknown_organisation": ("organisation_events", "merge,89,91", "merge,89,19", 2, "to_code", "19", "19"),
    "event_on_a_day_nothing_ends": (
        "organisation_events",
        "merge,89,91,2025-07-01",
        "merge,89,91,2025-07-02",
        2,
        "date",
        "valid_to",
        "valid_to",
    ),
    "split_whose_parts_lose_some": (
        "organisation_events",
        "merge,89,91,2025-07-01,population,1",
        "split,89,91,2025-07-01,population,0.999",
        2,
        "weight",
        "0.999",
        "0.999",
    ),
    "transfer_from_a_body_that_is_gone": (
        "organisation_events",
        "merge,89,91,2025-07-01",
        "transfer,89,91,2025-08-01",
        2,
        "date",
        "2025-07-31",
        "2025-07-31",
    ),
    # indicators
    "version_twice": ("indicators", "STAFF,1", "COST,1", 3, "version", "dòng 2", "row 2"),
    "definitions_at_the_same_time": ("indicators", "STAFF,1", "COST,2", 3, "valid_from", "dòng 2", "row 2"),
    "level_nobody_has": (
        "indicators",
        "CAL,province,O1,0,,,\nSTAFF",
        "CAL,district,O1,0,,,\nSTAFF",
        2,
        "reporting_level",
        "district",
        "district",
    ),
    "objective_that_does_not_exist": (
        "indicators",
        "province,O1,0,,,\nSTAFF",
        "province,O9,0,,,\nSTAFF",
        2,
        "objective",
        "O9",
        "O9",
    ),
    "dimension_that_does_not_exist": ("indicators", "CHANNEL", "CHANEL", 4, "mix_dimension", "CHANEL", "CHANEL"),
    # ratios
    "ratio_with_an_indicators_code": ("ratios", "COMPLAINT_RATE,", "COST,", 4, "code", "COST", "COST"),
    "ratio_twice": ("ratios", "COMPLAINT_RATE,", "UNIT_COST,", 4, "code", "dòng 3", "row 3"),
    "unknown_indicator_in_a_ratio": (
        "ratios",
        "ON_TIME,RESOLVED",
        "ON_TIME,RESOLVD",
        2,
        "denominator",
        "RESOLVD",
        "RESOLVD",
    ),
    "terms_without_spaces": (
        "ratios",
        "ON_TIME,RESOLVED",
        "ON_TIME,RESOLVED+STAFF",
        2,
        "denominator",
        "dấu cách",
        "spaces",
    ),
    "expression_with_brackets": (
        "ratios",
        "ON_TIME,RESOLVED",
        "(ON_TIME + COST),RESOLVED",
        2,
        "numerator",
        "A + B",
        "A + B",
    ),
    "type_the_roles_do_not_permit": (
        "ratios",
        "RESOLVED,efficiency",
        "RESOLVED,economy",
        3,
        "ratio_type",
        "RAT-01",
        "RAT-01",
    ),
    "type_nobody_knows": (
        "ratios",
        "RESOLVED,efficiency",
        "RESOLVED,eficiency",
        3,
        "ratio_type",
        "eficiency",
        "efficiency",
    ),
    "proportion_of_unlike_units": (
        "ratios",
        "COST,RESOLVED,efficiency,unit_cost",
        "COST,RESOLVED,efficiency,proportion",
        3,
        "ratio_class",
        "VND/dossier",
        "VND/dossier",
    ),
    "sum_of_unlike_units": (
        "ratios",
        "COST,RESOLVED",
        "COST + STAFF,RESOLVED",
        3,
        "numerator",
        "VND, person",
        "RAT-02",
    ),
    "unit_that_is_not_the_quotients": ("ratios", "VND/dossier", "VND/person", 3, "unit", "VND/dossier", "VND/dossier"),
    "lag_without_the_part_that_lags": ("ratios", "1,numerator", "1,", 4, "lagged_part", "numerator", "numerator"),
    "guardrail_that_does_not_exist": ("ratios", "0,,ON_TIME_SHARE", "0,,QUALITY", 3, "guardrail", "QUALITY", "QUALITY"),
    # groups, objectives, targets, peers, scorecards
    "group_twice": ("target_groups", "COUNTER", "ONLINE", 3, "code", "dòng 2", "row 2"),
    "group_under_an_unknown_one": ("target_groups", "App,ONLINE", "App,WEB", 4, "parent", "CHANNEL=WEB", "CHANNEL=WEB"),
    "cycle_of_groups": ("target_groups", "Online,,", "Online,APP,", 2, "parent", "→", "→"),
    "cycle_of_objectives": (
        "objectives",
        "strategy,,",
        "strategy,O1,",
        2,
        "parent_code",
        "O0 → O1 → O0",
        "O0 → O1 → O0",
    ),
    "objective_of_an_unknown_owner": ("objectives", "policy,O0,VN", "policy,O0,UK", 3, "owner_code", "UK", "UK"),
    "target_of_an_unknown_measure": ("targets", "RESOLVED,91", "RESOLVE,91", 3, "measure_code", "RESOLVE", "RESOLVE"),
    "target_of_an_unknown_organisation": ("targets", "RESOLVED,91", "RESOLVED,19", 3, "organisation_code", "19", "19"),
    "target_for_an_unknown_group": (
        "targets",
        "CHANNEL=ONLINE",
        "CHANNEL=POST",
        3,
        "target_group_code",
        "POST",
        "POST",
    ),
    "target_without_a_value": ("targets", "final,95", "final,", 2, "value", "low", "low"),
    "target_with_its_ends_swapped": ("targets", ",1000,2000", ",2000,1000", 3, "high", "1000", "1000"),
    "peer_that_does_not_exist": ("peer_groups", "MEKONG,91", "MEKONG,19", 2, "organisation_code", "19", "19"),
    "siblings_that_do_not_add_to_one": ("scorecards", "UNIT_COST,0.4", "UNIT_COST,0.5", 3, "weight", "1.1", "1.1"),
    "measure_node_without_a_measure": (
        "scorecards",
        "measure,UNIT_COST",
        "measure,",
        4,
        "measure_code",
        "measure",
        "measure",
    ),
    "cycle_of_scorecard_nodes": ("scorecards", "SC,SERVICE,,", "SC,SERVICE,TIME,", 2, "parent", "→", "→"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_registry_with(wrong: str, write_registry: Any, right: dict[str, str]) -> None:
    table, text, replacement, row, column, vi, en = WRONG[wrong]
    assert text in right[table], "the test replaces nothing"
    folder = write_registry(**{table: right[table].replace(text, replacement, 1)})
    with pytest.raises(RegistryError) as refusal:
        load_registry(folder)
    problems = refusal.value.problems
    found = [problem for problem in problems if (problem.place.row, problem.place.column) == (row, column)]
    assert found, refusal.value.text("en")
    assert {problem.file for problem in found} == {f"registry/{table}.csv"}
    assert any(vi in problem.message_vi and en in problem.message_en for problem in found), refusal.value.text("en")
    assert f"dòng {row}, cột {column}" in found[0].text("vi")
    assert f"row {row}, column {column}" in str(refusal.value)


def test_all_problems_come_at_once(write_registry: Any, right: dict[str, str]) -> None:
    folder = write_registry(
        organisations=right["organisations"].replace("1945-09-02", "2/9/1945"),
        ratios=right["ratios"].replace("proportion,100", "proportion,0").replace("1,numerator", "x,numerator"),
        target_groups=right["target_groups"].replace("App,ONLINE", "App,WEB"),
    )
    with pytest.raises(RegistryError) as refusal:
        load_registry(folder)
    files = [problem.file for problem in refusal.value.problems]
    names = ("organisations", "ratios", "ratios", "target_groups")
    assert files == [f"registry/{name}.csv" for name in names]


def test_a_row_that_cannot_be_read_is_not_reported_as_unknown_codes_elsewhere(
    write_registry: Any, right: dict[str, str]
) -> None:
    folder = write_registry(organisations=right["organisations"].replace("1945-09-02", "?"))
    with pytest.raises(RegistryError) as refusal:
        load_registry(folder)
    assert len(refusal.value.problems) == 1


def test_registry_without_a_required_table(write_registry: Any) -> None:
    with pytest.raises(RegistryError) as refusal:
        load_registry(write_registry(indicators=None))
    assert [problem.file for problem in refusal.value.problems] == ["registry/indicators.csv"]


def test_registry_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"organisations\.csv"):
        load_registry(tmp_path / "registry")


def test_registry_with_a_misspelt_table(write_registry: Any) -> None:
    folder = write_registry()
    (folder / "organisation.csv").write_text("code\n", encoding="utf-8")
    with pytest.raises(RegistryError, match="did you mean organisations"):
        load_registry(folder)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        ("code,name_vi\nX,Bộ Tài chính\n".encode("cp1258", "replace"), "UTF-8"),
        (b'code,name_vi\n"X,Y\n', "well-formed"),
    ],
    ids=["zero_bytes", "not_utf_8", "quotation_mark_never_closed"],
)
def test_registry_with_a_table_that_cannot_be_read(write_registry: Any, content: bytes, says: str) -> None:
    folder = write_registry()
    (folder / "peer_groups.csv").write_bytes(content)
    with pytest.raises(RegistryError, match=says):
        load_registry(folder)


def test_registry_with_a_workbook_beside_its_tables(write_registry: Any) -> None:
    folder = write_registry()
    (folder / "registry.xlsx").write_bytes(b"this is no workbook")
    with pytest.raises(RegistryError) as refusal:
        load_registry(folder)
    messages = " ".join(problem.message_en for problem in refusal.value.problems)
    assert "cannot be opened" in messages
    assert "keep either" in messages
