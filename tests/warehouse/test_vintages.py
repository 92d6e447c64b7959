"""Every figure ever received stays; one is in force (domain.md 3.4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

FIRST = datetime(2025, 1, 10, tzinfo=UTC)
SECOND = datetime(2025, 2, 10, tzinfo=UTC)
THIRD = datetime(2025, 3, 10, tzinfo=UTC)


def fill(area: Any) -> None:
    area.organisation("V", "national")
    area.organisation("V.A", "province", "V")
    area.source("second", priority=2)
    for source, at in (("main", FIRST), ("main", SECOND), ("main", THIRD), ("second", FIRST), ("second", THIRD)):
        area.submission(source, at)
    for code in ("V.corrected", "V.repeated", "V.twoSources", "V.fallback", "V.withdrawn"):
        area.indicator(code)
    for at, value in ((FIRST, 10), (SECOND, 12)):
        area.observe("V.corrected", "V.A", "2024", value, at=at)
    for at in (FIRST, SECOND, THIRD):
        area.observe("V.repeated", "V.A", "2024", 10, at=at)
    area.observe("V.twoSources", "V.A", "2024", 1, at=FIRST)
    area.observe("V.twoSources", "V.A", "2024", 2, at=THIRD, source="second")
    area.observe("V.fallback", "V.A", "2024", None, at=FIRST, obs_status="O")
    area.observe("V.fallback", "V.A", "2024", 2, at=FIRST, source="second")
    area.observe("V.twoSources", "V.A", "2024", 99, at=THIRD, measure_kind="TARGET")


def vintages(warehouse, code):
    return warehouse.rows(
        """
        select vintage_no, cast(value as int) as value, recorded_at, superseded_at, is_current, is_preferred
        from core.fct_observation where indicator_code = ? and measure_kind = 'ACTUAL' order by source_code, vintage_no
    """,
        code,
    )


def test_correction_is_a_new_vintage_and_the_old_one_stays(warehouse):
    first, second = vintages(warehouse, "V.corrected")
    assert (first["value"], first["is_current"], first["superseded_at"]) == (10, False, SECOND.replace(tzinfo=None))
    assert (second["value"], second["is_current"], second["superseded_at"], second["is_preferred"]) == (
        12,
        True,
        None,
        True,
    )
    assert warehouse.value("V.corrected", "V", "2024") == 12


def test_each_correction_is_a_revision(warehouse):
    change = warehouse.row("marts.mart_revision", indicator_code="V.corrected")
    assert (change["value_before"], change["value_after"], change["revision"]) == (10, 12, 2)
    assert change["relative_revision"] == 0.2
    assert change["days_between"] == (SECOND.date() - FIRST.date()).days


def test_repeated_figure_is_no_new_vintage(warehouse):
    (only,) = vintages(warehouse, "V.repeated")
    assert (only["vintage_no"], only["recorded_at"]) == (1, FIRST.replace(tzinfo=None))


def test_preferred_source_wins_over_the_later_one(warehouse):
    assert warehouse.value("V.twoSources", "V.A", "2024") == 1
    assert [v["is_preferred"] for v in vintages(warehouse, "V.twoSources")] == [True, False]


def test_a_source_without_a_figure_yields_to_one_with(warehouse):
    assert warehouse.value("V.fallback", "V.A", "2024") == 2


def test_targets_are_no_actuals(warehouse):
    assert warehouse.value("V.twoSources", "V", "2024") == 1
    assert len(warehouse.rows("select 1 from core.fct_observation where measure_kind = 'TARGET'")) == 1


def test_a_number_carries_its_cell(warehouse):
    row = warehouse.indicator("V.corrected", "V.A", "2024")
    fact = warehouse.row("core.fct_observation", indicator_code="V.corrected", vintage_no=2)
    assert (row["submission_id"], row["sheet"], row["cell"]) == (fact["submission_id"], fact["sheet"], fact["cell"])
