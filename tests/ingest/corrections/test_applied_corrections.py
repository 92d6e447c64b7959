"""What a correction does to figures, and when it stops the submission instead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from ingest.contract import TOTAL
from ingest.corrections import Corrected, Correction, correct

NO_TOTALS = TOTAL.schema.empty_table()
RECEIVED = dt.date(2025, 4, 10)
Table = Callable[..., pa.Table]


def correction(**differences: Any) -> Correction:
    given = {
        "id": "cor-1",
        "source": "dossiers",
        "where": {"file": "*2025-Q1*", "cell": "B4"},
        "action": "override",
        "value": 45,
        "expect": "40",
        "reason": {"vi": "Gõ nhầm", "en": "Typing error"},
        "owner": "ds",
        "expires": dt.date(2025, 12, 31),
    } | differences
    return Correction.model_validate({key: value for key, value in given.items() if value is not None})


def apply(table: pa.Table, *corrections: Correction, received: dt.date = RECEIVED) -> Corrected:
    name = "received=2025-04-10/hoso_2025-Q1.xlsx"
    return correct(table, NO_TOTALS, corrections, file_name=name, received_on=received)


def test_an_override_changes_the_value_and_leaves_raw_text_and_cell(tidy_table: Table) -> None:
    result = apply(tidy_table({}, {"cell": "B5"}), correction())
    changed, other = result.observations.to_pylist()
    assert (changed["value"], changed["raw_text"], changed["cell"]) == (Decimal(45), "40", "B4")
    assert changed["flags"] == "CORRECTED"
    assert "[cor-1] Gõ nhầm / Typing error" in changed["note"]
    assert (other["value"], other["flags"], other["note"]) == (Decimal(40), None, None)
    assert result.met == {"cor-1"}


def test_an_override_mends_a_cell_that_could_not_be_read(tidy_table: Table) -> None:
    bad = {"raw_text": "l00", "value": None, "obs_status": "O", "value_problem": "not_a_number"}
    row = apply(tidy_table(bad), correction(expect="l00", value=100)).observations.to_pylist()[0]
    assert (row["value"], row["obs_status"], row["value_problem"]) == (Decimal(100), "A", None)


def test_an_override_may_say_why_there_is_no_figure(tidy_table: Table) -> None:
    row = apply(tidy_table({}), correction(value=None, status="M")).observations.to_pylist()[0]
    assert (row["value"], row["obs_status"]) == (None, "M")


def test_scaling_is_exact_and_keeps_other_flags(tidy_table: Table) -> None:
    large = {"value": Decimal("12345678901234.7"), "cell": "B5"}
    rows = tidy_table({"value": Decimal("0.1"), "flags": "FORMULA"}, large)
    by_key = {"indicator": "RESOLVED"}
    given = correction(action="scale", value=None, factor=1000, where=by_key, expect={"max": 99999999999999})
    first, second = apply(rows, given).observations.to_pylist()
    assert (first["value"], first["flags"]) == (Decimal(100), "FORMULA,CORRECTED")
    assert second["value"] == Decimal("12345678901234700")


def test_a_scaled_figure_that_no_longer_fits_is_a_problem_of_its_cell(tidy_table: Table) -> None:
    given = correction(action="scale", value=None, factor=10**20, expect={"min": 0})
    row = apply(tidy_table({"value": Decimal(10**15)}), given).observations.to_pylist()[0]
    assert (row["value"], row["value_problem"], row["obs_status"]) == (None, "out_of_precision", "O")


def test_a_drop_is_stated(tidy_table: Table) -> None:
    result = apply(tidy_table({}, {"cell": "B5"}), correction(action="drop", value=None))
    assert result.observations.column("cell").to_pylist() == ["B5"]
    (remark,) = result.remarks
    assert (remark.rule_id, remark.cell, remark.observed) == ("COR-04", "B4", "cor-1")


def test_a_flag_changes_no_figure(tidy_table: Table) -> None:
    row = apply(tidy_table({}), correction(action="flag", value=None, expect=None)).observations.to_pylist()[0]
    assert (row["value"], row["flags"]) == (Decimal(40), "FLAGGED")


def test_ranges_and_several_places_are_meant(tidy_table: Table) -> None:
    table = tidy_table(*({"cell": cell} for cell in ("B4", "C9", "D10", "AA4", "B11")))
    where = [{"file": "*", "cell": "B4:D10"}, {"file": "*", "cell": ["AA4"], "sheet": "Biểu 1"}]
    rows = apply(table, correction(where=where)).observations.to_pylist()
    assert [row["cell"] for row in rows if row["flags"]] == ["B4", "C9", "D10", "AA4"]


@pytest.mark.parametrize(
    ("row", "there"),
    [({"raw_text": "45", "value": Decimal(45)}, "«45»"), ({"cell": "B5"}, "no figure")],
    ids=["fixed_upstream", "cell_moved"],
)
def test_the_guard_stops_the_submission(tidy_table: Table, row: dict[str, Any], there: str) -> None:
    result = apply(tidy_table(row), correction())
    assert result.refusal is not None
    assert result.refusal.rule_id == "COR-01"
    for words in ("cor-1", "«40»", there, "corrections.yml", "hoso_2025-Q1.xlsx"):
        assert words in result.refusal.message_en
    assert "đính chính" in result.refusal.message_vi
    assert result.met == {"cor-1"}


@pytest.mark.parametrize(
    ("expect", "holds"),
    [(40, True), (41, False), ({"min": 39, "max": 41}, True), ({"max": 39}, False), ("40", True), ("4O", False)],
)
def test_the_guard_asks_for_text_or_value(tidy_table: Table, expect: Any, holds: bool) -> None:
    assert (apply(tidy_table({}), correction(expect=expect)).refusal is None) is holds


def test_a_place_by_key_stops_nothing_where_the_key_is_not(tidy_table: Table) -> None:
    given = correction(where={"organisation": "31", "period": "2025-Q1"})
    result = apply(tidy_table({"organisation_code": "01"}), given)
    assert result.refusal is None
    assert result.met == frozenset()


def test_the_day_of_receipt_decides_whether_a_correction_has_expired(tidy_table: Table) -> None:
    assert apply(tidy_table({}), correction(expires=RECEIVED)).observations.to_pylist()[0]["value"] == 45
    late = apply(tidy_table({}), correction(expires=RECEIVED - dt.timedelta(days=1)))
    assert late.observations.to_pylist()[0]["value"] == 40
    (remark,) = late.remarks
    assert (remark.rule_id, remark.expected) == ("COR-02", "2025-04-09")


def test_totals_are_corrected_too(tidy_table: Table) -> None:
    total = tidy_table({"cell": "B9"}).append_column("total_of", pa.array(["organisation"]))
    where = {"file": "*", "cell": "B9"}
    result = correct(
        tidy_table({}), total, [correction(where=where)], file_name="hoso_2025-Q1.xlsx", received_on=RECEIVED
    )
    assert result.totals.column("value").to_pylist() == [Decimal(45)]
    assert result.totals.schema.equals(TOTAL.schema)
