"""Sixteen indicators of the sustainable development goals, each file with a schema of its own."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.shared_cases, pytest.mark.end_to_end]

ENGLAND_AND_WALES, ENGLAND, UK, GREAT_BRITAIN = "K04000001", "E92000001", "K02000001", "K03000001"


def organisations(workspace: Any) -> list[dict[str, str]]:
    """Health boards, local authorities and waste collection authorities, by name: the data has no code of theirs."""
    region_codes = {"East of England": "E12000006", "Inner London": "E13000001", "Outer London": "E13000002"}
    region_codes |= {
        name: code for name, code in workspace.distinct("data/indicator_16-6-2.csv", "Region", "GeoCode") if name
    }
    found: dict[str, dict[str, str]] = {}
    for file, column, level in (
        ("data/indicator_4-c-1.csv", "Local authority", "local_authority"),
        ("data/indicator_11-6-1.csv", "Waste collection authority", "waste_collection_authority"),
    ):
        for name, region in workspace.distinct(file, column, "Region"):
            if name:
                found.setdefault(name, {"level": level, "parent_code": region_codes[region]})
    for (name,) in workspace.distinct("data/indicator_3-1-2.csv", "Health board"):
        if name:
            found[name] = {"level": "health_board", "parent_code": "W92000004"}
    return [
        {"code": f"UKA{number:04}", "name_vi": name, "name_en": name, **place}
        for number, (name, place) in enumerate(sorted(found.items()), start=1)
    ]


@pytest.fixture(scope="module")
def release(real_workspace: Any) -> Any:
    workspace = real_workspace("uk_sdg", "02-uk-sdg-open-sdg")
    workspace.add_to_registry("organisations", organisations(workspace))
    return workspace.run()


class TestLoad:
    """Known answer 7: every row is a fact or an explained gap, and what has no data says so."""

    def test_rows(self, release: Any) -> None:
        assert release.query(
            "select count(*), sum(rows_read), sum(rows_accepted), sum(rows_quarantined) from core.fct_submission"
        ) == [(16, 32_644, 32_644, 0)], release.output
        assert release.one("select count(*) from core.fct_observation") == 32_644

    def test_rows_by_file(self, release: Any) -> None:
        rows = dict(
            release.query("select regexp_extract(file_name, '_(.+).csv', 1), rows_read from core.fct_submission")
        )
        assert rows == {
            "1-a-2": 22,
            "3-1-2": 526,
            "3-2-2": 2_173,
            "3-4-2": 7_115,
            "3-8-2": 913,
            "3-c-1": 609,
            "4-c-1": 2_694,
            "5-5-1": 130,
            "8-5-2": 9_261,
            "8-6-1": 1_917,
            "11-6-1": 5_345,
            "16-1-3": 1_237,
            "16-3-2": 498,
            "16-6-1": 0,
            "16-6-2": 84,
            "17-1-1": 120,
        }

    def test_the_placeholder_is_no_data(self, release: Any) -> None:
        assert release.one("select count(*) from core.fct_observation where indicator_code = 'BUDGET_EXECUTION'") == 0
        [(status, notes)] = release.query(
            "select status, notes from core.fct_submission where file_name like '%16-6-1.csv'"
        )
        assert status == "accepted"
        assert "There is no data for this indicator yet" in notes

    @pytest.mark.parametrize(
        ("indicator", "status", "gaps"),
        [
            ("NEONATAL_MORTALITY", "Q", 54),
            ("NEONATAL_MORTALITY", "O", 1),
            ("UNEMPLOYMENT_%", "Q", 61),
            ("%VIOLENCE%", "Q", 59),
            ("%VIOLENCE%", "O", 9),
            ("BIRTHS_IN_FACILITY", "M", 6),
            ("BIRTHS_IN_FACILITY", "O", 5),
            ("HEALTH_SPENDING%", "Q", 5),
        ],
    )
    def test_gaps_are_explained(self, release: Any, indicator: str, status: str, gaps: int) -> None:
        assert (
            release.one(
                "select count(*) from core.fct_observation "
                "where indicator_code like ? and obs_status = ? and value is null",
                indicator,
                status,
            )
            == gaps
        )

    def test_every_gap_has_a_status_and_every_value_none_of_them(self, release: Any) -> None:
        assert (
            release.one(
                "select count(*) from core.fct_observation "
                "where (value is null) <> (obs_status in ('O', 'L', 'M', 'Q'))"
            )
            == 0
        )
        assert release.one("select count(*) from core.fct_observation where value is null") == 54 + 1 + 61 + 68 + 11 + 5


@pytest.mark.parametrize(("group", "rate"), [("_T", 10.0), ("SEX=F", 4.9), ("SEX=M", 15.4)])
def test_suicide(release: Any, group: str, rate: float) -> None:
    """Known answer 1."""
    assert release.figure("SUICIDE_RATE", ENGLAND_AND_WALES, "2020", group) == pytest.approx(rate)


@pytest.mark.parametrize(
    ("group", "rate"),
    [("_T", 2.7), ("ETHNICITY=BLACK_CARIBBEAN", 4.9), ("ETHNICITY=WHITE_BRITISH", 2.1), ("ETHNICITY=_U", 4.9)],
)
def test_neonatal_mortality(release: Any, group: str, rate: float) -> None:
    """Known answer 2."""
    assert release.figure("NEONATAL_MORTALITY", ENGLAND_AND_WALES, "2020", group) == pytest.approx(rate)


@pytest.mark.parametrize(
    ("service", "share"), [("HEALTHCARE", 53.9), ("EDUCATION", 66.7), ("POLICE", 63.5), ("COURTS", 56.2)]
)
def test_satisfaction(release: Any, service: str, share: float) -> None:
    """Known answer 3: one fieldwork period, a range of days."""
    assert release.figure(f"SATISFIED_{service}", GREAT_BRITAIN, "2023-05-17/P26D") == pytest.approx(share)


@pytest.mark.parametrize(("series", "rate"), [("SA", 3.7), ("NSA", 3.7876234173178784)])
def test_unemployment(release: Any, series: str, rate: float) -> None:
    """Known answer 4: two series that are never summed."""
    assert release.figure(f"UNEMPLOYMENT_{series}", UK, "2022-Q4") == pytest.approx(rate, abs=1e-12)


def test_household_waste(release: Any) -> None:
    """Known answer 5: the parts of a structure make 100 per cent."""
    shares = dict(
        release.query(
            "select target_group_code, value from marts.mart_indicator where indicator_code = 'WASTE_BY_METHOD' "
            "and organisation_code = ? and period_code = 'FY2019'",
            ENGLAND,
        )
    )
    assert {group: float(share) for group, share in shares.items()} == {
        "DISPOSAL=LANDFILL": pytest.approx(8.5),
        "DISPOSAL=INCINERATION_EFW": pytest.approx(44.800000000000004),
        "DISPOSAL=INCINERATION": pytest.approx(0.7000000000000001),
        "DISPOSAL=RECYCLED": pytest.approx(42.8),
        "DISPOSAL=OTHER": pytest.approx(3.2),
    }
    assert float(sum(shares.values())) == pytest.approx(100)


def test_spending_on_education(release: Any) -> None:
    """Known answer 6."""
    share = release.figure("EDUCATION_SPENDING_SHARE", UK, "FY2021")
    assert share == pytest.approx(10.532395253596556, abs=1e-12)


def test_an_unreliable_code_does_not_move_a_figure(release: Any) -> None:
    """In 4.c.1 a local authority carries the code of its region: the name decides."""
    assert release.query(
        "select level, count(distinct organisation_code) from core.fct_observation "
        "inner join core.dim_organisation using (organisation_key, organisation_code) "
        "where indicator_code = 'QUALIFIED_TEACHERS' group by 1 order by 1"
    ) == [("country", 1), ("local_authority", 155), ("region", 8), ("sub_region", 2)]


def test_series_that_are_not_asked_for_are_not_added(release: Any) -> None:
    """A percentage has no total over groups, places or time."""
    assert release.one("select count(*) from marts.mart_indicator where is_rolled_up") == 0


def test_shares_below_nothing_are_reported(release: Any) -> None:
    """Remainders that were rounded apart from the other parts: kept, and marked for the publisher."""
    assert release.query(
        "select indicator_code, count(*) from core.fct_finding where rule_id = 'VAL-03' and severity = 'WARN' "
        "group by 1 order by 1"
    ) == [("REVENUE_TO_GDP", 1), ("WASTE_BY_METHOD", 79)]


def test_invariants_hold(release: Any, invariant: Any, rows_that_break: Any) -> None:
    """domain.md 11.3."""
    assert rows_that_break(invariant, release.database) == []
